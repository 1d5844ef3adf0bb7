"""The example registers: the same for the same seed and day, changing from day to day, full of persons and of mistakes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyproj import Transformer

from etl.definitions import DIRECTORY, load
from etl.sources.folder import FolderSource
from simulator.dossiers import Sizes
from simulator.lives import Fate, lives
from simulator.municipalities import municipalities
from simulator.persons import persons
from simulator.registers import DATASETS, number_of, records, write_deliveries

DAY = date(2026, 11, 21)
SEED = 7
DAILY = DATASETS[:3]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def register(dataset: str, day: date = DAY) -> list[Any]:
    return list(records(dataset, SEED, day))


def addresses() -> list[Any]:
    found = [record["adres"] for dataset in DAILY[:2] for record in register(dataset)]
    return found + [address for record in register("herstelvorderingen") for address in record["adressen"]]


def test_the_registers_have_about_the_promised_sizes() -> None:
    counts = {dataset: len(register(dataset)) for dataset in DATASETS}
    assert 1900 < counts["conformiteitsattesten"] < 2100
    assert 270 < counts["besluiten"] < 330
    assert 100 < counts["herstelvorderingen"] < 150
    assert counts["parameters"] == 285


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_day_of_a_seed_is_always_the_same_and_keys_are_unique(dataset: str) -> None:
    found = register(dataset)
    assert found == register(dataset)
    assert found != list(records(dataset, SEED + 1, DAY))
    key = next(iter(found[0]))
    assert len({record[key] for record in found}) == len(found)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_record_holds_a_person(dataset: str) -> None:
    names = {person.last for person in persons(SEED)}
    assert all(any(text in names for text in texts(record)) for record in register(dataset))


@pytest.mark.parametrize(("name", "slots", "lively"), [("certificate", 2000, 10), ("decision", 300, 4), ("claim", 120, 2)])
def test_within_a_week_dossiers_are_new_end_are_lifted_and_vanish(name: str, slots: int, lively: int) -> None:
    seen: Counter[Fate] = Counter()
    new = renewed = 0
    for offset in range(7):
        day = DAY + timedelta(days=offset)
        before = {(life.slot, life.turn) for life in lives(SEED, name, slots, day - timedelta(days=1), lively=lively)}
        today = {(life.slot, life.turn): life for life in lives(SEED, name, slots, day, lively=lively)}
        seen.update(life.fate for life in today.values() if life.turning == day)
        seen.update([Fate.VANISHES] * len({key for key in before - set(today) if (key[0], key[1] + 1) not in today}))
        new += len(set(today) - before)
        renewed += sum(1 for slot, turn in today if (slot, turn + 1) in today)
    assert all(seen[fate] for fate in Fate), seen
    assert new
    assert renewed


@pytest.mark.parametrize("dataset", DAILY)
def test_a_day_changes_little(dataset: str) -> None:
    today, tomorrow = ({json.dumps(record) for record in register(dataset, day)} for day in (DAY, DAY + timedelta(days=1)))
    assert 0 < len(tomorrow - today) < 0.1 * len(today)


def test_certificates_expire_and_lapse_decisions_are_lifted_and_annulled_and_claims_executed() -> None:
    certificates, decisions, claims = map(register, DAILY)
    assert any(record["geldigTot"] < DAY.isoformat() for record in certificates)
    assert any(record["vervallenOp"] for record in certificates)
    assert any(record["opgehevenOp"] for record in decisions)
    assert any(record["beroep"] and record["beroep"]["uitspraak"] == "vernietigd" for record in decisions)
    assert {"overbewoond", "ongeschikt"} <= {record["aard"] for record in decisions}
    assert {"uitgevoerd", "ingetrokken", "vonnis"} <= {record["status"] for record in claims}
    assert any(record["uitvoeringVastgesteldOp"] and record["status"] != "uitgevoerd" for record in claims)


def test_codes_from_before_the_mergers_and_codes_of_nowhere_occur() -> None:
    today = {place.niscode for place in municipalities()}
    before = {code for place in municipalities() for code, _ in place.before}
    codes = {address["niscode"] for address in addresses()}
    assert codes & (before - today)
    assert "21004" in codes
    assert len(codes & today) > 200


def test_positions_are_missing_zero_swapped_elsewhere_and_in_other_systems() -> None:
    found = [record["positie"] for dataset in DAILY for record in register(dataset)]
    assert None in found
    lambert = [(place["x"], place["y"]) for place in found if place and place["crs"] == "EPSG:31370"]
    assert (0.0, 0.0) in lambert
    assert any(x > 150_000 and 0 < y < 150_000 for x, y in lambert)  # 90 km too far south
    assert any(150_000 < x < 245_000 < y + 200_000 and y < 100_000 for x, y in lambert)  # swapped
    others = {place["crs"] for place in found if place}
    assert others == {"EPSG:31370", "EPSG:4326", "EPSG:3812"}
    degrees = next(place for place in found if place and place["crs"] == "EPSG:4326")
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:31370", always_xy=True).transform(degrees["x"], degrees["y"])
    assert 20_000 < x < 260_000
    assert 150_000 < y < 245_000


def test_persons_stand_where_house_and_box_numbers_should() -> None:
    found = addresses()
    assert any(str(address["busnummer"]).startswith("bij ") for address in found)
    assert any(str(address["busnummer"]).startswith("tel. +32") for address in found)
    assert any(len(address["huisnummer"]) == 11 and address["huisnummer"].isdigit() for address in found)
    assert any(str(address["busnummer"]).startswith("=") for address in found)
    assert any(str(address["busnummer"]).startswith("BE") for address in found)


def test_dwellings_and_panden_have_several_records_and_panden_several_addresses() -> None:
    certificates, decisions, claims = map(register, DAILY)
    dwellings = Counter(record["entiteit"]["entiteitId"] for record in certificates)
    assert max(dwellings.values()) > 1
    assert max(Counter(record["pand"]["pandId"] for record in claims).values()) > 1
    assert max(len(record["adressen"]) for record in claims) > 1
    issued = {record["entiteit"]["entiteitId"]: record["afgiftedatum"] for record in certificates if not record["vervallenOp"]}
    later = [record for record in decisions if issued.get(record["entiteit"]["entiteitId"], "9999") < record["inventarisatiedatum"]]
    assert any(record["opgehevenOp"] is None for record in later)


def test_municipalities_write_words_and_bad_links_and_their_rules_come_and_end() -> None:
    rules = [rule for record in register("parameters") for rule in record["regels"]]
    assert any("tekst" in rule["waarde"] and rule["soort"] != "reglement" for rule in rules)
    words = [rule["toepassing"]["tekst"] for rule in rules if "tekst" in rule["toepassing"]]
    assert any("+32 400" in text for text in words)
    assert any("@example.org" in text for text in words)
    links = [rule["publicatie"] for rule in rules]
    assert None in links
    assert any(link and link.startswith("www.") for link in links)
    assert any(rule["vanaf"] > DAY.isoformat() for rule in rules)
    assert any(rule["soort"] == "verplicht_conformiteitsattest" and rule["ministerieleGoedkeuring"] is None for rule in rules)
    assert len({rule["regelId"] for rule in rules}) == len(rules)
    assert any(record["regels"] == [] for record in register("parameters"))
    assert register("parameters") != register("parameters", DAY + timedelta(days=31))


def test_a_name_in_the_words_of_a_municipality_never_stands_without_a_number_or_an_address() -> None:
    names = [name for person in persons(SEED) for name in (person.first, person.last)]
    for record in register("parameters"):
        for rule in record["regels"]:
            text = " ".join(texts(rule))
            if "Zz" in text or "+32" in text:
                assert "@" in text or "+32 400" in text
            else:
                assert not any(name in text for name in names[:200])


@pytest.mark.parametrize("dataset", DATASETS)
def test_written_deliveries_are_read_back_and_are_the_same_every_time(tmp_path: Path, dataset: str) -> None:
    sizes = Sizes(50, 20, 10)
    for name in ("one", "two"):
        write_deliveries(tmp_path / name, DAY, SEED, sizes)
    delivery = FolderSource(tmp_path / "one").pull(load(DIRECTORY / f"{dataset}.toml"), DAY)
    assert [record for _, record in delivery.records()] == list(records(dataset, SEED, DAY, sizes))
    assert delivery.header.number == number_of(DAY)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) == 8
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)


def test_numbers_grow_by_one_a_day() -> None:
    assert number_of(DAY + timedelta(days=1)) == number_of(DAY) + 1


def test_another_register_does_not_exist() -> None:
    with pytest.raises(KeyError):
        records("epc", SEED, DAY)
