"""Reading a record against its definition: what is dropped unparsed, what is checked, what is unknown."""

from __future__ import annotations

import math
from typing import Any

import pytest

from etl.definitions import load_all
from etl.findings import Effect
from etl.records import Reading, RecordReader, used_paths
from tests.etl.deliveries import (
    ATTESTS,
    CLAIMS,
    DECISIONS,
    GONE,
    PARAMETERS,
    PERSON,
    Record,
    certificate,
    changed,
    claim,
    decision,
    municipality,
    rule,
)

DEFINITIONS = {definition.id: definition for definition in load_all()}


def read(dataset: str, document: object) -> Reading:
    return RecordReader(DEFINITIONS[dataset]).read(7, document)


def codes(reading: Reading) -> list[tuple[str, str, Effect]]:
    return [(finding.rule, finding.field, finding.effect) for finding in reading.findings]


@pytest.mark.parametrize(
    ("dataset", "document"),
    [(ATTESTS, certificate(1)), (DECISIONS, decision(1)), (CLAIMS, claim(1)), (PARAMETERS, municipality("44021", rule(1), rule(2)))],
)
def test_a_good_record_has_no_finding_and_holds_nothing_personal_but_what_the_law_needs(dataset: str, document: Record) -> None:
    reading = read(dataset, document)
    assert (reading.findings, reading.unknown, reading.removed) == ((), frozenset(), False)
    assert reading.record is not None
    paths = {field.path.replace("[]", "") for field in DEFINITIONS[dataset].record.fields if field.personal and not field.used}
    assert {path.replace("[]", "") for path in reading.record.values} & paths == set()
    text = repr(sorted(map(str, reading.record.values.values())))
    assert not [value for value in PERSON.values() if str(value) in text]
    assert "E0000001" not in repr(reading.record)


def test_what_the_law_needs_is_named_by_the_definitions() -> None:
    assert used_paths(DEFINITIONS[DECISIONS]) >= {
        "besluitId",
        "entiteit.entiteitId",
        "beroep",
        "beroep.uitspraak",
        "opgehevenOp",
        "adres.busnummer",
    }
    assert not used_paths(DEFINITIONS[DECISIONS]) & {"rechtsgrond", "besluitdatum", "dossiernummer", "eigenaars", "beroep.ingediendOp"}
    assert "adressen[].straatnaam" in used_paths(DEFINITIONS[CLAIMS])
    assert "contact" not in used_paths(DEFINITIONS[PARAMETERS])


@pytest.mark.parametrize("document", [None, 5, "x", [], [{}], True])
def test_a_line_that_is_no_object_is_a_broken_record(document: object) -> None:
    reading = read(DECISIONS, document)
    assert (reading.record, reading.key) == (None, None)
    assert codes(reading) == [("schema.type", "", Effect.KEEP_OUT)]


def test_a_removed_record_says_only_its_key() -> None:
    reading = read(DECISIONS, {"besluitId": "BO-1", "verwijderd": True})
    assert (reading.record, reading.key, reading.removed, reading.findings) == (None, "BO-1", True, ())


@pytest.mark.parametrize("document", [{"besluitId": "BO-1", "verwijderd": False}, {"verwijderd": True}])
def test_what_only_looks_like_a_removal_is_none(document: Record) -> None:
    reading = read(DECISIONS, document)
    assert not reading.removed
    assert reading.unknown == {"verwijderd"}
    assert reading.record is None


@pytest.mark.parametrize("key", [5, None, "", "  ", "BO\u0000"])
def test_a_removal_of_what_has_no_key_removes_nothing_and_is_a_finding(key: object) -> None:
    reading = read(DECISIONS, {"besluitId": key, "verwijderd": True})
    assert (reading.removed, reading.record, codes(reading)) == (False, None, [("schema.required", "besluitId", Effect.KEEP_OUT)])


def test_a_removal_with_more_in_it_is_an_unknown_field() -> None:
    reading = read(DECISIONS, decision(1) | {"verwijderd": True})
    assert not reading.removed
    assert reading.unknown == {"verwijderd"}


def test_a_field_may_be_null_or_absent_unless_it_is_required() -> None:
    optional = [field.path for field in DEFINITIONS[ATTESTS].record.fields if not field.required]
    for value in (None, GONE):
        tops = {path: value for path in optional if "." not in path}
        inner = {path: value for path in optional if "." in path and path.partition(".")[0] not in tops}
        reading = read(ATTESTS, changed(certificate(1), tops | inner))
        assert (reading.record is not None, reading.findings) == (True, ())


def test_a_record_without_anything_lacks_what_is_required() -> None:
    lacking = {field for _, field, _ in codes(read(ATTESTS, {}))}
    assert lacking == {"attestId", "entiteit", "adres", "afgiftedatum", "geldigTot", "gewijzigdOp"}


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300, "104000", True, [104000]])
def test_a_coordinate_is_a_number_of_possible_size(value: object) -> None:
    reading = read(ATTESTS, changed(certificate(1), {"positie.x": value}))
    assert codes(reading) == [("schema.type", "positie.x", Effect.KEEP_OUT)]


@pytest.mark.parametrize("value", [2**53, -(2**60), 1e20, 1.0, True, "5"])
def test_an_identifier_is_an_integer_that_every_program_can_hold(value: object) -> None:
    reading = read(ATTESTS, changed(certificate(1), {"adres.adresId": value}))
    assert codes(reading) == [("schema.type", "adres.adresId", Effect.KEEP_OUT)]


@pytest.mark.parametrize("value", ["Kerk\x00straat", "Kerk\nstraat", "Kerk\u0085straat", "Kerk\ud800straat", "Kerk\uffffstraat"])
def test_a_text_holds_only_characters_that_xml_has_a_place_for(value: str) -> None:
    reading = read(ATTESTS, changed(certificate(1), {}) | {"adres": certificate(1)["adres"] | {"straatnaam": value}})
    assert codes(reading) == [("schema.characters", "adres.straatnaam", Effect.KEEP_OUT)]


@pytest.mark.parametrize("value", ["2026-11-21", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_a_date_is_a_day_of_the_calendar(value: str) -> None:
    reading = read(ATTESTS, certificate(1, {"geldigTot": value}))
    assert reading.record is not None
    assert reading.record.get("geldigTot") == value


@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_an_empty_text_is_no_value(value: str) -> None:
    for path in ("adres.straatnaam", "geldigTot", "attestId", "entiteit.entiteitId"):
        assert ("schema.required", path, Effect.KEEP_OUT) in codes(read(ATTESTS, changed(certificate(1), {path: value})))


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-1-1", "20261121", "2026-W47-6", "2026-325", "21-11-2026", "2026-11-21T00:00", "١٩٩٩-٠١-٠١"]
)
def test_what_is_no_day_of_the_calendar_is_no_date(value: str) -> None:
    assert codes(read(ATTESTS, certificate(1, {"geldigTot": value}))) == [("schema.date", "geldigTot", Effect.KEEP_OUT)]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T01:00:00", 0),
        ("2026-07-01T02:00:00", 1782864000),
        ("2026-11-21T02:00:00.123456+01:00", 1795222800.123456),
    ],
)
def test_a_time_without_offset_is_that_of_brussels(value: str, seconds: float) -> None:
    reading = read(ATTESTS, certificate(1, {"gewijzigdOp": value}))
    assert reading.record is not None
    assert reading.record.get("gewijzigdOp") == round(seconds * 1_000_000)


def test_the_names_of_fields_are_exact() -> None:
    reading = read(ATTESTS, certificate(1) | {"houders": PERSON, "attestid": "x"})
    assert reading.unknown == {"houders", "attestid"}


@pytest.mark.parametrize("name", ["85073003328", "Jan Peeters", "Peeters", "", "x" * 41, "naam\n", "é"])
def test_the_name_of_an_unknown_field_that_could_hold_a_value_is_withheld(name: str) -> None:
    assert read(ATTESTS, certificate(1) | {name: 1}).unknown == {"(name withheld)"}
    assert read(ATTESTS, changed(certificate(1), {"adres.verdieping": 1})).unknown == {"adres.verdieping"}


def rules_of(reading: Reading) -> list[Any]:
    assert reading.record is not None
    return [item["regelId"] for item in reading.record.items("regels")]


def test_a_bad_rule_is_left_out_with_its_place_in_the_list() -> None:
    reading = read(PARAMETERS, municipality("44021", rule(1), rule(2, {"soort": "x"}), rule(3), rule(4, {"vanaf": "x", "tot": 5})))
    assert rules_of(reading) == ["R-1", "R-3"]
    assert [(finding.field, finding.item) for finding in reading.findings] == [
        ("regels[].soort", 1),
        ("regels[].vanaf", 3),
        ("regels[].tot", 3),
    ]


@pytest.mark.parametrize("rules", [[5], ["x", None], [[]]])
def test_a_rule_that_is_no_object_is_left_out(rules: list[object]) -> None:
    reading = read(PARAMETERS, municipality("44021") | {"regels": rules})
    assert rules_of(reading) == []
    assert {finding.rule for finding in reading.findings} == {"schema.type"}


@pytest.mark.parametrize("changes", [{"gemeentenaam": 5}, {"niscode": "x"}, {"gewijzigdOp": "x"}])
@pytest.mark.parametrize("first", [True, False], ids=["before the rules", "after them"])
def test_a_bad_rule_does_not_mend_a_bad_municipality(changes: Record, first: bool) -> None:
    good = municipality("44021", rule(1), rule(2, {"soort": "x"}))
    bad = {**changes, **{name: value for name, value in good.items() if name not in changes}} if first else good | changes
    assert read(PARAMETERS, bad).record is None


def test_one_bad_address_breaks_the_whole_record() -> None:
    good = claim(1)["adressen"][0]
    assert read(CLAIMS, claim(1, {"adressen": [good, good | {"postcode": 9000}]})).record is None
