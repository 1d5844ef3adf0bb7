"""Address register and municipality polygons, through a whole job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from etl.intake import Outcome
from tests.etl.deliveries import DAY, DECISIONS, Record, World, changed, decision

REGISTER = """PKANCODE,COMMUNE_NL,STREET_NL,HUISNR,BUSNR,LAT,LON,X_L72,Y_L72
9000,Gent,Besluit-Plein,1,,51.05,3.72,104010.00,193500.00
9000,Gent,Besluit-Plein,2,Tuinhuis,51.05,3.72,104020.00,193510.00
9000,Gent,Besluit-Plein,3,,51.05,3.72,104030.00,193520.00
"""


def in_world(folder: Path, records: list[Record], settings: Mapping[str, object]) -> tuple[list[Record], Outcome]:
    """The public decisions of a day's job with these settings, by house number, and what became of the delivery."""
    register = folder / "register.csv"
    register.write_text(REGISTER, "utf-8")
    world = World(folder, settings={"addresses": str(register)} | dict(settings))
    world.deliver(DECISIONS, DAY, records)
    report = world.run(DAY)
    rows = sorted(world.rows(DECISIONS, DAY), key=lambda row: str(row["HUISNR"]))
    return rows, next(outcome for outcome in report.outcomes if outcome.dataset == DECISIONS)


def rules(outcome: Outcome) -> set[str]:
    return {tally.rule for tally in outcome.findings}


def test_a_missing_position_is_looked_up_and_said_to_come_from_the_register(tmp_path: Path) -> None:
    rows, _ = in_world(tmp_path, [decision(1, {"positie": None}), decision(2)], {})
    assert [(row["POSHERK"], row["_x"]) for row in rows] == [("adresregister", 104010.0), ("geleverd", decision(2)["positie"]["x"])]


def test_street_and_municipality_are_published_as_the_register_spells_them(tmp_path: Path) -> None:
    rows, _ = in_world(tmp_path, [decision(1, {"adres.straatnaam": "BESLUITPLEIN", "adres.gemeentenaam": "GENT"})], {})
    assert [(row["STRAAT"], row["GEMEENTE"]) for row in rows] == [("Besluit-Plein", "Gent")]


def test_a_word_in_a_box_number_that_the_register_knows_is_no_name(tmp_path: Path) -> None:
    rows, outcome = in_world(tmp_path, [decision(number, {"adres.busnummer": "tuinhuis"}) for number in (1, 2)], {})
    assert [row["HUISNR"] for row in rows] == ["2"]
    assert "address.unknown-word" in rules(outcome)


@pytest.mark.parametrize(("setting", "public"), [("publish", ["1", "77"]), ("keep_out", ["1"])])
def test_a_setting_says_what_an_address_gets_that_the_register_does_not_know(tmp_path: Path, setting: str, public: list[str]) -> None:
    records = [decision(1), changed(decision(77), {"adres.huisnummer": "77"})]
    rows, outcome = in_world(tmp_path, records, {"unmatched_addresses": setting})
    assert [row["HUISNR"] for row in rows] == public
    assert "address.unmatched" in rules(outcome)


def test_a_point_far_outside_its_municipality_is_no_position_when_polygons_are_configured(tmp_path: Path) -> None:
    ring = [[100_000, 190_000], [120_000, 190_000], [120_000, 200_000], [100_000, 200_000], [100_000, 190_000]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}}
    gent = {"type": "Feature", "properties": {"NISCODE": "44021"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    polygons = tmp_path / "polygons.geojson"
    polygons.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [gent]}), "utf-8")
    records = [decision(70, {"positie.x": 150_000.0}), decision(71, {"positie.x": 193_500.0, "positie.y": 104_500.0}), decision(72)]
    rows, outcome = in_world(tmp_path, records, {"municipalities": str(polygons)})
    assert [(row["POSHERK"], row["_x"]) for row in rows] == [
        ("geen", None),
        ("geleverd", 104_500.0),
        ("geleverd", decision(72)["positie"]["x"]),
    ]
    assert {"position.implausible", "position.swapped"} <= rules(outcome)
