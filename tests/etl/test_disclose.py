"""The second half of disclosure: from kept entries to public rows, by the allow-list of the definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl import disclose, survey
from etl.definitions import DatasetDefinition, load_all
from etl.disclose import Waiting, dwellings, public_table
from etl.errors import BadDefinition, Collision
from etl.register import PublicValues, RegisterEntry
from etl.schema import schema
from etl.store.rows import RegisterBatch, _line, batch
from release.schema import Schema
from release.table import FROM, ID, OPEN_END, UNTIL, to_day
from schedules import jobs
from tests.etl.deliveries import ATTESTS, CLAIMS, DAY, NEXT, World, certificate, register

DEFINITIONS = {definition.id: definition for definition in load_all()}
TODAY = to_day(DAY)
ADDRESS: PublicValues = {
    "UIDN": 7,
    "STRAAT": "Kerkstraat",
    "HUISNR": "1",
    "POSTCODE": "9000",
    "GEMEENTE": "Gent",
    "NISCODE": "44021",
    "AANTADRES": 1,
}


def the_schema(*definitions: DatasetDefinition) -> Schema:
    return schema(definitions or tuple(DEFINITIONS.values()), publisher="Wij", contact="hier", withdraw_after={})


def entry(number: int = 1, **more: Any) -> RegisterEntry:
    values: PublicValues = {**ADDRESS, "UIDN": 100 + number, **more.pop("values", {})}
    plain = RegisterEntry(
        key=number.to_bytes(16),
        oidn=1000 + number,
        subject=number.to_bytes(16),
        changed=0,
        start=TODAY - 10,
        until=OPEN_END,
        position=(104_000.0 + number, 193_000.0),
        values=values,
    )
    return replace(plain, **more)


def batches(entries: Iterable[RegisterEntry]) -> Iterator[RegisterBatch]:
    """As the store gives them, two at a time."""
    lines = [(line[1], line[2], line[3], line[4], line[5], line[6], line[7], line[8]) for line in (_line("x", item) for item in entries)]
    for start in range(0, len(lines), 2):
        yield batch(lines[start : start + 2])


def rows(*entries: RegisterEntry, dataset: str = ATTESTS, waiting: Iterable[Waiting] = ()) -> list[dict[str, Any]]:
    found = dwellings(DEFINITIONS[dataset], the_schema().feature_type("POI:POI"), partial(batches, entries), TODAY, list(waiting))
    listed: list[dict[str, Any]] = found.rows.to_pylist()
    return sorted(listed, key=lambda row: (row[ID], row[FROM]))


def spans(found: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    """UIDN, and first and last day counted from today."""
    return [(row["UIDN"], row[FROM] - TODAY, row[UNTIL] if row[UNTIL] == OPEN_END else row[UNTIL] - TODAY) for row in found]


def test_a_row_has_the_columns_of_the_definition_and_no_other() -> None:
    (row,) = rows(entry(values={"GEHEIM": "x", "OIDN": 5, "houder": "Jan"}))
    assert set(row) == {ID, FROM, UNTIL, "_x", "_y", *(field.name for field in DEFINITIONS[ATTESTS].public)}
    assert row["OIDN"] == row[ID] == 1001, "the number of the object comes from its key, never from a value"
    assert row["THEMA"] == "Bouwen en wonen"
    assert row["NAAM"] == "Conformiteitsattest: Kerkstraat 1, 9000 Gent"
    assert row["BUSNR"] is None


def test_a_title_names_the_box() -> None:
    (row,) = rows(entry(values={"BUSNR": "glvl"}))
    assert row["NAAM"] == "Conformiteitsattest: Kerkstraat 1 bus glvl, 9000 Gent"


def test_every_public_field_has_its_ground() -> None:
    for definition in DEFINITIONS.values():
        for field in (*definition.public, *(field for table in definition.tables for field in table.fields)):
            assert field.ground, (definition.id, field.name)


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [(0, 0, [(101, 0, 0)]), (-5, 3, [(101, 0, 3)]), (1, 9, []), (-9, -1, []), (-9, None, [(101, 0, OPEN_END)])],
)
def test_what_is_public_today_holds_from_today_until_its_last_day(
    start: int, until: int | None, expected: list[tuple[int, int, int]]
) -> None:
    made = entry(start=TODAY + start, until=OPEN_END if until is None else TODAY + until)
    assert spans(rows(made)) == expected


def test_records_of_one_object_follow_one_another_as_they_end() -> None:
    same = {"oidn": 1, "subject": b"s" * 16}
    versions = rows(
        entry(1, **same, changed=1, until=OPEN_END),
        entry(2, **same, changed=3, until=TODAY + 2),
        entry(3, **same, changed=2, until=TODAY + 5),
        entry(4, **same, changed=0, until=TODAY + 90),
    )
    assert spans(versions) == [(102, 0, 2), (103, 3, 5), (101, 6, OPEN_END)]


def test_records_with_the_same_values_are_one_version() -> None:
    same = {"oidn": 1, "subject": b"s" * 16, "values": {"UIDN": 9}}
    assert spans(rows(entry(1, **same, changed=2, until=TODAY + 2), entry(2, **same, changed=1))) == [(9, 0, OPEN_END)]


def test_records_with_the_same_change_time_are_told_apart_by_what_is_public() -> None:
    same = {"oidn": 1, "subject": b"s" * 16}
    pair = [entry(1, **same), entry(2, **same)]
    assert spans(rows(*pair)) == spans(rows(*pair[::-1])) == [(101, 0, OPEN_END)]


def test_two_dwellings_with_one_number_stop_the_run() -> None:
    with pytest.raises(Collision, match="two objects have the same OIDN"):
        rows(entry(1, oidn=5), entry(2, oidn=5))


def test_two_objects_of_two_datasets_with_one_number_stop_the_run() -> None:
    kind = the_schema().feature_type("POI:POI")
    parts = [dwellings(DEFINITIONS[name], kind, partial(batches, [entry(1, oidn=5)]), TODAY, []).rows for name in (ATTESTS, CLAIMS)]
    with pytest.raises(Collision, match="POI:POI: two objects have the same number"):
        public_table(kind, parts)


def test_one_object_may_have_versions_one_after_the_other() -> None:
    kind = the_schema().feature_type("POI:POI")
    same = {"oidn": 1, "subject": b"s" * 16}
    part = dwellings(
        DEFINITIONS[ATTESTS], kind, partial(batches, [entry(1, **same, changed=1, until=TODAY), entry(2, **same)]), TODAY, []
    ).rows
    assert len(public_table(kind, [part]).on(DAY)) == len(public_table(kind, [part]).on(NEXT)) == 1


@pytest.mark.parametrize(("since", "waits"), [(-11, False), (-10, False), (-9, True)])
def test_what_is_older_than_a_current_record_in_another_dataset_waits(since: int, waits: bool) -> None:
    starts = Waiting({(1).to_bytes(16): TODAY + since})
    assert len(rows(entry(1), entry(2), waiting=[starts])) == (1 if waits else 2)


def test_a_record_that_waits_leaves_the_object_to_a_newer_one() -> None:
    same = {"oidn": 1, "subject": b"s" * 16}
    starts = Waiting({b"s" * 16: TODAY - 5})
    old, new = entry(1, **same, changed=9), entry(2, **same, changed=1, start=TODAY - 1)
    assert spans(rows(old, new, waiting=[starts])) == [(102, 0, OPEN_END)]


def test_the_addresses_of_a_pand_are_rows_of_their_own() -> None:
    more = {"addresses": ({"STRAAT": "A", "HUISNR": "1"}, {"STRAAT": "B", "HUISNR": "2", "GEHEIM": "x"}), "AANTADRES": 2}
    found = dwellings(DEFINITIONS[CLAIMS], the_schema().feature_type("POI:POI"), partial(batches, [entry(values=more)]), TODAY, [])
    table = found.tables["RegisterHerstelvorderingen_Adressen"].to_pylist()
    assert [(row["OIDN"], row["STRAAT"], row["HUISNR"]) for row in table] == [(1001, "A", "1"), (1001, "B", "2")]
    assert len({row[ID] for row in table}) == 2
    assert "GEHEIM" not in table[1]


def test_rows_near_one_another_lie_near_one_another() -> None:
    dice = np.random.default_rng(3)
    entries = [entry(number, position=tuple(dice.uniform((22_000, 153_000), (259_000, 244_000)).tolist())) for number in range(1, 400)]
    entries.append(entry(400, position=None))
    kind = the_schema().feature_type("POI:POI")
    table = public_table(kind, [dwellings(DEFINITIONS[ATTESTS], kind, partial(batches, entries), TODAY, []).rows])
    assert table.ids[-1] == 1400, "what has no position comes last"
    points = np.array([[row["_x"], row["_y"]] for row in table.arrow.slice(0, 399).to_pylist()])
    steps = np.hypot(*np.diff(points, axis=0).T)
    shuffled = np.hypot(*np.diff(points[dice.permutation(399)], axis=0).T)
    assert steps.mean() < shuffled.mean() / 4


def test_the_size_of_the_parts_in_which_a_delivery_is_read_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seals = []
    for size in (survey.BATCH, 3):
        monkeypatch.setattr(survey, "BATCH", size)
        world = World(tmp_path / str(size))
        twice = certificate(1, {"adres.huisnummer": "1A"})
        world.deliver(ATTESTS, DAY, [*register(ATTESTS), twice, certificate(2, {"adres.busnummer": "bij Jan"})])
        assert world.run(DAY).release
        seals.append(world.release().folder.name)
        assert {"1A", "3"} <= world.public(ATTESTS, DAY)
        assert not {"1", "2"} & world.public(ATTESTS, DAY)
    assert seals[0] == seals[1]


def test_a_collision_stops_the_run_and_leaves_the_release(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from etl.keys import Keys

    world.deliver(ATTESTS, NEXT, register(ATTESTS)[:19])
    before, oidn = world.release().folder, Keys.oidn
    with monkeypatch.context() as patch, pytest.raises(Collision):
        patch.setattr(Keys, "oidn", lambda keys, product, key: oidn(keys, product, "E0000001" if key == "E0000002" else key))
        world.run(NEXT)
    assert world.release().folder == before
    assert world.installation(NEXT).store.runs.last("daily").outcome == "failed"  # type: ignore[union-attr] # it ran
    assert jobs.run(world.installation(NEXT + timedelta(days=1)), "purge", NEXT).exit == jobs.Exit.DONE


# The public schema of all definitions


def test_the_schema_names_types_products_and_datasets() -> None:
    made = the_schema()
    assert [kind.qualified for kind in made.feature_types] == [
        "POI:POI",
        "POI:RegisterHerstelvorderingen_Adressen",
        "LWKB:Woningkwaliteitsbeleid",
        "LWKB:WoningkwaliteitsbeleidRegels",
    ]
    assert {product.id: product.datasets for product in made.products} == {
        "VlaamseInventarisOngeschikteOnbewoonbareWoningen": ("besluiten",),
        "Conformiteitsattest": ("conformiteitsattesten",),
        "RegisterHerstelvorderingen": ("herstelvorderingen",),
        "Woningkwaliteitsbeleid": ("parameters",),
        "POI": ("besluiten", "conformiteitsattesten", "herstelvorderingen"),
    }
    assert {dataset.id: dataset.withdraw_after_days for dataset in made.datasets} == {
        "besluiten": 3,
        "conformiteitsattesten": 7,
        "herstelvorderingen": 3,
        "parameters": 62,
    }
    assert made.words.attribution == "Bron: Wij – {dataset}, toestand {datum}"


def test_the_schema_holds_no_rule_and_no_field_of_the_source() -> None:
    text = the_schema().model_dump_json()
    sources = {field.path for definition in DEFINITIONS.values() for field in definition.record.fields if "." in field.path}
    assert [
        path for path in {*sources, "houder", "overtreders", "dossiernummer", "neutral_words", "vlok_besluiten_v1_G"} if path in text
    ] == []


def test_definitions_of_one_type_must_agree_on_its_fields() -> None:
    odd = DEFINITIONS[CLAIMS].model_copy(update={"public": DEFINITIONS[CLAIMS].public[:-1]})
    with pytest.raises(BadDefinition, match="herstelvorderingen: the public fields of POI:POI differ"):
        the_schema(DEFINITIONS[ATTESTS], odd)


def test_one_service_has_one_licence() -> None:
    odd = DEFINITIONS[CLAIMS].model_copy(update={"licence": "https://example.org/other"})
    with pytest.raises(BadDefinition, match="the definitions name 2 licences"):
        the_schema(DEFINITIONS[ATTESTS], odd)


def test_only_disclosure_knows_which_columns_are_worth_a_dictionary() -> None:
    assert {field.name for field in DEFINITIONS[ATTESTS].public} > disclose._PLAIN
