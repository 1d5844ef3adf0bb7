"""Rules on addresses, one by one, and what `screen` makes of their findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from etl.addresses import AddressFile
from etl.definitions import AddressSpec, load_all
from etl.findings import Effect, Finding
from etl.rules import Rule, screen
from etl.rules.address import AddressPersonal, AddressPresent, AddressWords, MunicipalityCode, address_rules, addresses, to_address
from etl.rules.policy import PolicyLink, PolicyMunicipality, PolicyText
from etl.table import Scalar, SourceRecord

DAY = date(2026, 11, 21)
ONE = AddressSpec(
    id="a.id",
    street="a.street",
    house="a.house",
    box="a.box",
    postcode="a.code",
    municipality="a.place",
    niscode="a.nis",
    neutral_words=("glvl", "app"),
)
MANY = AddressSpec(many="list", street="street", house="house", box="box", postcode="code", niscode_constant="11002")
GOOD: Mapping[str, Scalar] = {"a.street": "Kerkstraat", "a.house": "1", "a.code": "9000", "a.place": "Gent", "a.nis": "44021", "a.id": 5}


def record(**more: Scalar) -> SourceRecord:
    return SourceRecord(9, {**GOOD, **{f"a.{name}": value for name, value in more.items()}})


def found(rule: Rule, item: SourceRecord) -> list[tuple[str, str]]:
    findings = list(rule.check(item))
    assert {finding.rule for finding in findings} <= set(rule.codes)
    assert {(finding.record, finding.effect) for finding in findings} <= {(9, Effect.KEEP_OUT)}
    return [(finding.rule, finding.field) for finding in findings]


def test_an_address_is_text_without_white_space_around_it() -> None:
    address = to_address({"a.street": " Kerkstraat\t", "a.house": 12, "a.box": "  ", "a.code": "9000", "a.nis": "44021", "a.id": 7}, ONE)
    assert (address.street, address.house, address.box, address.municipality, address.address_id) == ("Kerkstraat", "12", None, None, "7")
    assert to_address({}, MANY).niscode == "11002"


def test_a_record_has_its_own_address_or_a_list_of_them() -> None:
    assert addresses(record(), ONE) == (record().values,)
    assert addresses(SourceRecord(1, {"list": ({"street": "A"}, {"street": "B"})}), MANY) == ({"street": "A"}, {"street": "B"})
    assert addresses(SourceRecord(1, {}), MANY) == ()


@pytest.mark.parametrize("missing", ["street", "house", "code"])
def test_an_address_identifies_nothing_without_street_house_number_and_postcode(missing: str) -> None:
    assert found(AddressPresent(ONE), record()) == []
    for value in (None, "", " \t"):
        assert found(AddressPresent(ONE), record(**{missing: value})) == [("address.missing", "a.street")]


def test_a_list_without_addresses_identifies_nothing() -> None:
    assert found(AddressPresent(MANY), SourceRecord(9, {"list": ()})) == [("address.missing", "list")]


@pytest.mark.parametrize("field", ["street", "house", "box", "code", "place", "id"])
def test_every_part_of_an_address_is_looked_at_for_what_is_personal(field: str) -> None:
    assert found(AddressPersonal(ONE, ()), record(**{field: "85073003328"})) == [("personal.insz", f"a.{field}")]
    assert found(AddressPersonal(ONE, ()), record(**{field: 85073003328})) == [("personal.insz", f"a.{field}")]


def test_other_public_values_are_looked_at_too() -> None:
    item = SourceRecord(9, {**GOOD, "unit": "jan@voorbeeld.be"})
    assert found(AddressPersonal(ONE, ("unit",)), item) == [("personal.email", "unit")]


@pytest.mark.parametrize(
    ("value", "known"), [("glvl", True), ("APP 3", True), ("A", True), ("2.1", True), ("tuinhuis", False), ("app Jan", False), (None, True)]
)
def test_words_in_a_box_number_are_known_or_keep_the_record_out(value: str | None, known: bool) -> None:
    assert found(AddressWords(ONE), record(box=value)) == ([] if known else [("address.unknown-word", "a.box")])


def test_words_that_a_local_register_knows_at_this_address_are_no_names(tmp_path: Path) -> None:
    text = "PKANCODE,COMMUNE_NL,STREET_NL,HUISNR,BUSNR,X_L72,Y_L72\n9000,Gent,Kerkstraat,1,Tuinhuis,104000,193500\n"
    (tmp_path / "register.csv").write_text(text)
    rule = AddressWords(ONE, AddressFile.read(tmp_path / "register.csv", DAY))
    assert found(rule, record(box="tuinhuis")) == []
    assert found(rule, record(box="tuinhuis Jan")) == [("address.unknown-word", "a.box")]
    assert found(rule, record(box="tuinhuis", house="2")) == [("address.unknown-word", "a.box")]


@pytest.mark.parametrize(
    ("code", "known"), [("44021", True), ("44012", True), ("11056", True), ("21004", False), ("", False), (None, False), ("99999", False)]
)
def test_a_code_is_that_of_a_flemish_municipality_of_any_time(code: str | None, known: bool) -> None:
    assert found(MunicipalityCode(ONE, DAY), record(nis=code)) == ([] if known else [("municipality.unknown", "a.nis")])
    item = SourceRecord(9, {"niscode": code})
    assert found(PolicyMunicipality(DAY), item) == ([] if known else [("municipality.unknown", "niscode")])


def test_a_definition_without_addresses_has_no_rules_on_them() -> None:
    definitions = {definition.id: definition for definition in load_all()}
    assert address_rules(definitions["parameters"], DAY, None) == ()
    assert len(address_rules(definitions["besluiten"], DAY, None)) >= 4


# Rules of a municipality


def municipality(*rules: Mapping[str, Scalar]) -> SourceRecord:
    return SourceRecord(9, {"niscode": "44021", "regels": rules})


def test_a_personal_text_strikes_its_rule_and_a_bad_link_only_itself() -> None:
    item = municipality(
        {"waarde.tekst": "85073003328"}, {"publicatie": "x y"}, {"publicatie": "www.stad.be"}, {"toepassing.gebied": " =A1"}
    )
    texts, links = list(PolicyText().check(item)), list(PolicyLink().check(item))
    assert [(finding.rule, finding.item, finding.effect) for finding in texts] == [
        ("personal.insz", 0, Effect.KEEP_OUT),
        ("text.formula", 3, Effect.KEEP_OUT),
    ]
    assert [(finding.item, finding.field, finding.effect) for finding in links] == [(1, "regels[].publicatie", Effect.DROP_VALUE)]


class Finds:
    codes = ("x",)

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        return iter(self.findings)


def test_screening_takes_away_records_items_and_values_as_the_findings_say() -> None:
    item = municipality({"a": 1, "b": 2}, {"a": 3, "b": 4}, {"a": 5, "b": 6})
    out = Finding("x", "regels[].a", 9, Effect.KEEP_OUT, 0)
    bare = Finding("x", "regels[].b", 9, Effect.DROP_VALUE, 2)
    note = Finding("x", "regels[].b", 9, Effect.NOTE, 1)
    kept, findings = screen(item, [Finds(out), Finds(bare, note)])
    assert kept is not None
    assert kept.items("regels") == ({"a": 3, "b": 4}, {"a": 5})
    assert kept.get("niscode") == "44021"
    assert findings == (out, bare, note)
    assert screen(item, [Finds()]) == (item, ())
    assert screen(item, [Finds(bare), Finds(Finding("x", "niscode", 9, Effect.KEEP_OUT))])[0] is None
