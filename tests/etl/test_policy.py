"""The monthly dataset: one row per municipality and the rules in force, on each day."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from etl.definitions import DIRECTORY, Derived, PublicField, load
from etl.municipalities import name, today_code
from etl.policy import FLAGS, Cell, Version, merge, stored, versions
from etl.records import RecordReader
from etl.register import PublicValues
from etl.table import Scalar, SourceRecord
from release.schema import FieldType

DEFINITION = load(DIRECTORY / "parameters.toml")
DAY = date(2026, 11, 21)
YES: dict[str, Scalar] = {"soort": "verplicht_conformiteitsattest", "waarde.ja": True, "vanaf": "2020-01-01"}
APPROVED: dict[str, Scalar] = {**YES, "ministerieleGoedkeuring": "2019-09-01"}
WHOLE: dict[str, Scalar] = {**APPROVED, "toepassing.huurwoning": "alle"}

Rule = Mapping[str, Scalar]


def municipality(*rules: Rule, code: str = "11001", today: str = "11001") -> PublicValues:
    record = SourceRecord(
        1, {"niscode": code, "gemeentenaam": "Naam", "regels": tuple({"regelId": f"R{i}", **rule} for i, rule in enumerate(rules))}
    )
    return stored(record, today, name(today))


def calendar(*rules: Rule, day: date = DAY, approval_needed: bool = True) -> tuple[Version, ...]:
    return versions(municipality(*rules), day, peildatum=DAY, approval_needed=approval_needed)


def row(*rules: Rule, day: date = DAY, approval_needed: bool = True) -> Mapping[str, Cell]:
    return calendar(*rules, day=day, approval_needed=approval_needed)[0].row


def texts(rule: Rule, approval_needed: bool = True) -> Mapping[str, Cell]:
    (only,) = calendar(rule, approval_needed=approval_needed)[0].rules
    return only.values


# What is kept


def test_nothing_is_kept_but_what_the_public_rows_need() -> None:
    rule = {**WHOLE, "gemeenteraadsbesluit": "2019-06-01", "publicatie": "www.stad.be/a", "tot": None, "waarde.tekst": "  "}
    values = municipality(rule)
    assert values == {
        "NISCODE": "11001",
        "NAAM": "Aartselaar",
        "rules": (
            {
                "soort": "verplicht_conformiteitsattest",
                "toepassing.huurwoning": "alle",
                "waarde.ja": True,
                "vanaf": "2020-01-01",
                "ministerieleGoedkeuring": "2019-09-01",
                "publicatie": "https://www.stad.be/a",
            },
        ),
    }


def test_a_bad_link_is_not_kept_and_its_rule_is() -> None:
    assert "publicatie" not in municipality({**WHOLE, "publicatie": "www.stad.be/a (2018)"})["rules"][0]  # type: ignore[index] # a tuple of rules


@pytest.mark.parametrize("number", [float("inf"), float("nan"), -1.0, 1e12])
def test_a_number_that_no_rule_can_set_is_not_kept(number: float) -> None:
    assert row({"soort": "vergoeding", "waarde.bedragEuro": number})["CAVERGOED"] is None


def test_kept_values_survive_a_store_of_json() -> None:
    values = municipality(WHOLE, {"soort": "vergoeding", "waarde.bedragEuro": 62.5})
    again = json.loads(json.dumps(values))
    assert versions(again, DAY, peildatum=DAY, approval_needed=True) == versions(values, DAY, peildatum=DAY, approval_needed=True)


# The flag of the obligation


@pytest.mark.parametrize(
    ("rule", "flag"),
    [
        (WHOLE, "J"),
        (APPROVED, "D"),
        ({**WHOLE, "toepassing.huurwoning": "student"}, "D"),
        ({**WHOLE, "toepassing.bouwjaarVoor": 1970}, "D"),
        ({**WHOLE, "toepassing.gebied": "centrum"}, "D"),
        ({**WHOLE, "toepassing.niscodeVoor": "11056"}, "D"),
        ({**WHOLE, "toepassing.tekst": "nieuwe verhuringen"}, "D"),
        ({**WHOLE, "waarde.tekst": "bij nieuwe verhuringen"}, "D"),
        ({**WHOLE, "toepassing.tekst": "ja"}, "J"),
        ({**WHOLE, "ministerieleGoedkeuring": None}, "D"),
        ({**WHOLE, "ministerieleGoedkeuring": "2026-11-22"}, "D"),
        ({**WHOLE, "ministerieleGoedkeuring": "2026-11-21"}, "J"),
        ({**WHOLE, "waarde.ja": False}, "N"),
        ({**WHOLE, "waarde.ja": False, "toepassing.huurwoning": None}, "N"),
        ({**WHOLE, "waarde.ja": False, "toepassing.huurwoning": "student"}, None),
        ({**WHOLE, "waarde.ja": False, "toepassing.tekst": "behalve nieuwe verhuringen"}, None),
        ({**WHOLE, "waarde.ja": None}, None),
        ({**WHOLE, "waarde.ja": None, "waarde.tekst": "Nee"}, "N"),
        ({**WHOLE, "waarde.ja": None, "waarde.tekst": "zie reglement"}, None),
        ({**WHOLE, "vanaf": "2026-11-22"}, None),
        ({**WHOLE, "vanaf": None}, "J"),
        ({**WHOLE, "tot": "2026-11-20"}, None),
        ({**WHOLE, "tot": "2026-11-21"}, "J"),
    ],
)
def test_the_flag_says_wholly_partly_no_or_nothing(rule: Rule, flag: str | None) -> None:
    assert row(rule)["CAVERPL"] == flag


def test_silence_is_never_no() -> None:
    assert {row()[flag] for flag in FLAGS} == {None}
    assert row()["AANTREGELS"] == 0


def test_a_whole_obligation_outweighs_partial_ones_and_a_yes_outweighs_a_no() -> None:
    part, no = {**WHOLE, "toepassing.huurwoning": "kamer"}, {**WHOLE, "waarde.ja": False}
    assert row(part, WHOLE)["CAVERPL"] == "J"
    assert row(no, part)["CAVERPL"] == "D"


def test_a_setting_says_whether_approval_is_needed() -> None:
    unapproved = {**WHOLE, "ministerieleGoedkeuring": None}
    assert row(unapproved, approval_needed=False)["CAVERPL"] == "J"
    assert row(unapproved, approval_needed=False)["CAVERPLVAN"] == date(2020, 1, 1)
    assert (row(unapproved)["CAVERPLVAN"], row(unapproved)["CABOUWJR"]) == (None, None)


@pytest.mark.parametrize(("flag", "kind"), [(flag, kind) for flag, kind in FLAGS.items() if flag != "CAVERPL"])
def test_the_other_flags_need_no_approval(flag: str, kind: str) -> None:
    assert row({"soort": str(kind), "waarde.ja": True})[flag] == "J"
    assert row({"soort": str(kind), "waarde.ja": True, "toepassing.gebied": "centrum"})[flag] == "D"
    assert row({"soort": str(kind), "waarde.ja": False})[flag] == "N"
    assert row({"soort": "reglement", "waarde.ja": True})[flag] is None


def test_a_kamerreglement_for_rooms_is_whole() -> None:
    rooms: dict[str, Scalar] = {"soort": "kamerreglement", "toepassing.huurwoning": "kamer"}
    assert row({**rooms, "waarde.ja": True})["KAMERREGL"] == "J"
    assert row({**rooms, "waarde.ja": False})["KAMERREGL"] == "N"
    assert row({**rooms, "soort": "afsprakenkader", "waarde.ja": True})["AFSPRKADER"] == "D"


# Values


def test_the_obligation_shows_the_earliest_date_and_the_latest_year() -> None:
    phases = [
        {**WHOLE, "toepassing.bouwjaarVoor": year, "vanaf": start}
        for year, start in ((1970, "2020-01-01"), (1950, "2018-01-01"), (1990, "2022-01-01"))
    ]
    assert (row(*phases)["CAVERPLVAN"], row(*phases)["CABOUWJR"]) == (date(2018, 1, 1), 1990)


def test_no_year_is_shown_when_one_obligation_names_none() -> None:
    assert row({**WHOLE, "toepassing.bouwjaarVoor": 1970}, {**WHOLE, "toepassing.huurwoning": "kamer"})["CABOUWJR"] is None


def test_an_obligation_that_is_not_approved_lends_neither_date_nor_year() -> None:
    early = {**YES, "vanaf": "2015-01-01", "toepassing.bouwjaarVoor": 1990}
    approved = {**WHOLE, "toepassing.bouwjaarVoor": 1950}
    assert (row(early, approved)["CAVERPLVAN"], row(early, approved)["CABOUWJR"]) == (date(2020, 1, 1), 1950)


ALL: dict[str, Scalar] = {"toepassing.huurwoning": "alle"}
ROOM: dict[str, Scalar] = {"toepassing.huurwoning": "kamer"}
FEE: dict[str, Scalar] = {"soort": "vergoeding"}
LENGTH: dict[str, Scalar] = {"soort": "geldigheidsduur"}


@pytest.mark.parametrize(
    ("rules", "fee"),
    [
        ([{**FEE, **ALL, "waarde.bedragEuro": 62.5}], Decimal("62.50")),
        ([{**FEE, **ALL, "waarde.bedragEuro": 0}], Decimal("0.00")),
        ([{**FEE, "waarde.bedragEuro": 90}], Decimal("90.00")),
        ([{**FEE, **ALL, "waarde.bedragEuro": 90.0}, {**FEE, **ROOM, "waarde.bedragEuro": 90}], Decimal("90.00")),
        ([{**FEE, **ALL, "waarde.bedragEuro": 62.505}], Decimal("62.51")),
        ([{**FEE, **ROOM, "waarde.bedragEuro": 90}], None),
        ([{**FEE, **ALL, "waarde.bedragEuro": 90}, {**FEE, **ROOM, "waarde.bedragEuro": 60}], None),
        ([{**FEE, **ALL, "waarde.bedragEuro": 90}, {**FEE, "toepassing.tekst": "hercontrole", "waarde.bedragEuro": 90}], None),
        ([{**FEE, "toepassing.tekst": "60 EUR", "waarde.bedragEuro": 60}], None),
        ([{**FEE, **ALL, "waarde.bedragEuro": 90}, {**FEE, "waarde.tekst": "maximale tarieven"}], None),
        ([{**FEE, **ALL, "waarde.bedragEuro": 90, "tot": "2025-12-31"}], None),
        ([], None),
    ],
)
def test_a_fee_is_shown_when_one_holds_for_all(rules: list[Rule], fee: Decimal | None) -> None:
    found = row(*rules)["CAVERGOED"]
    assert (found, str(found)) == (fee, str(fee))


@pytest.mark.parametrize(
    ("rules", "years", "end"),
    [
        ([{**LENGTH, **ALL, "waarde.jaren": 5}], 5, None),
        ([{**LENGTH, **ALL, "waarde.einddatum": "2027-12-31"}], None, date(2027, 12, 31)),
        ([{**LENGTH, **ALL, "waarde.jaren": 5}, {**LENGTH, **ROOM, "waarde.einddatum": "2027-12-31"}], None, None),
        ([{**LENGTH, **ALL, "waarde.jaren": 10, "toepassing.tekst": "in sommige gevallen 5 jaar"}], None, None),
        ([{**LENGTH, **ALL, "waarde.jaren": 10, "toepassing.gebied": "centrum"}], None, None),
    ],
)
def test_a_validity_is_shown_when_one_holds_for_all(rules: list[Rule], years: int | None, end: date | None) -> None:
    assert (row(*rules)["CAGELDJR"], row(*rules)["CAGELDTOT"]) == (years, end)


def test_every_rule_in_force_counts_approved_or_not() -> None:
    assert row(WHOLE, YES, {**WHOLE, "tot": "2020-01-01"}, {**WHOLE, "vanaf": "2027-01-01"}, {"soort": "reglement"})["AANTREGELS"] == 3


# The rules as they read


@pytest.mark.parametrize(
    ("rule", "scope"),
    [
        ({"toepassing.huurwoning": "alle"}, "alle huurwoningen"),
        ({"toepassing.huurwoning": "hoofdverblijf", "toepassing.bouwjaarVoor": 1970}, "huurwoningen als hoofdverblijf, gebouwd voor 1970"),
        ({"toepassing.huurwoning": "student", "toepassing.gebied": "centrum"}, "huurwoningen voor studenten, gebied: centrum"),
        ({"toepassing.huurwoning": "seizoenarbeider"}, "woningen voor seizoenarbeiders"),
        ({"toepassing.huurwoning": "kamer", "toepassing.tekst": "enkel\nnieuwe verhuringen"}, "kamers; enkel nieuwe verhuringen"),
        ({"toepassing.niscodeVoor": "11056"}, "in de vroegere gemeente Zwijndrecht (11056)"),
        ({"toepassing.niscodeVoor": "99999"}, "in de vroegere gemeente met NIS-code 99999"),
        ({"toepassing.tekst": "60 EUR"}, "60 EUR"),
        ({"toepassing.tekst": "ja"}, None),
        ({}, None),
    ],
)
def test_the_scope_of_a_rule_reads_in_dutch(rule: Rule, scope: str | None) -> None:
    assert texts({"soort": "reglement", **rule})["TOEPASSING"] == scope


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"waarde.ja": True}, "ja"),
        ({"waarde.ja": False}, "nee"),
        ({"waarde.jaren": 5}, "5 jaar"),
        ({"waarde.einddatum": "2027-12-31"}, "tot 31 december 2027"),
        ({"waarde.bedragEuro": 62.5}, "62,50 euro"),
        ({"waarde.bedragEuro": 1250, "waarde.tekst": "ten hoogste"}, "1250,00 euro; ten hoogste"),
        ({"waarde.tekst": "maximale tarieven"}, "maximale tarieven"),
        ({}, None),
    ],
)
def test_the_value_of_a_rule_reads_in_dutch(rule: Rule, value: str | None) -> None:
    assert texts({"soort": "reglement", **rule})["WAARDE"] == value


def test_the_status_of_an_obligation_is_that_of_its_approval() -> None:
    assert texts({**YES, "ministerieleGoedkeuring": "2024-09-01"})["STATUS"] == "goedgekeurd op 1 september 2024"
    assert texts(YES)["STATUS"] == "nog niet goedgekeurd"
    assert texts(YES, approval_needed=False)["STATUS"] is None
    assert texts({**YES, "waarde.ja": False})["STATUS"] is None
    assert texts({**FEE, "waarde.bedragEuro": 90})["STATUS"] is None


def test_a_rule_shows_its_dates_and_its_link() -> None:
    shown = texts({**WHOLE, "tot": "2030-12-31", "publicatie": "www.stad.be/a"})
    assert (shown["SOORT"], shown["VANAF"], shown["TOT"]) == ("verplicht_conformiteitsattest", date(2020, 1, 1), date(2030, 12, 31))
    assert shown["LINK1"] == "https://www.stad.be/a"


def test_the_number_of_a_rule_stays_while_it_says_the_same() -> None:
    def numbers(*rules: Rule, day: date = DAY) -> list[int]:
        return [rule.id for rule in calendar(*rules, day=day)[0].rules]

    (first,) = numbers(WHOLE)
    assert first in numbers(YES, WHOLE, day=DAY + timedelta(days=30))
    assert numbers({**WHOLE, "toepassing.tekst": "nieuwe verhuringen"}) != [first]
    assert len(set(numbers(WHOLE, WHOLE, WHOLE))) == 3
    assert all(0 <= number < 2**48 for number in numbers(WHOLE, YES))


# The calendar


def test_every_change_that_the_dates_bring_is_a_version() -> None:
    ends = {**WHOLE, "tot": "2026-12-31"}
    begins = {**FEE, **ALL, "waarde.bedragEuro": 90, "vanaf": "2027-02-01"}
    waits = {**YES, **ROOM, "ministerieleGoedkeuring": "2026-12-01"}
    found = calendar(ends, begins, waits)
    assert [(version.start, version.until) for version in found] == [
        (DAY, date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), None),
    ]
    assert [version.row["CAVERPL"] for version in found] == ["J", "J", "D", "D"]
    assert [version.row["AANTREGELS"] for version in found] == [2, 2, 1, 2]
    assert [version.row["CAVERGOED"] for version in found] == [None, None, None, Decimal("90.00")]


def test_each_version_is_what_a_run_on_its_day_would_publish() -> None:
    rules = [
        {**WHOLE, "tot": "2026-12-31"},
        {**YES, "ministerieleGoedkeuring": "2026-12-24"},
        {**FEE, "waarde.jaren": 1, "vanaf": "2027-01-15"},
    ]
    for days in range(120):
        day = DAY + timedelta(days=days)
        (version,) = [v for v in calendar(*rules) if v.start <= day and (v.until is None or day <= v.until)]
        fresh = calendar(*rules, day=day)[0]
        assert (version.row, version.rules) == (fresh.row, fresh.rules)


def test_a_date_that_changes_nothing_public_makes_no_version() -> None:
    assert len(calendar({**WHOLE, "tot": "9999-12-31"})) == 1
    assert len(calendar({**WHOLE, "vanaf": "2027-06-01", "tot": "2027-01-01"})) == 1


# Mergers


def test_the_rules_of_a_merged_municipality_hold_for_its_own_area() -> None:
    old, other, new = "11056", "46013", "46030"
    parts = [municipality(WHOLE, code=old, today=new), municipality(code=other, today=new)]
    whole = merge(parts, new, name(new))
    (version,) = versions(whole, DAY, peildatum=DAY, approval_needed=True)
    assert (version.row["NISCODE"], version.row["NAAM"]) == (new, "Beveren-Kruibeke-Zwijndrecht")
    assert (version.row["CAVERPL"], version.row["AANTREGELS"]) == ("D", 1)
    assert version.rules[0].values["TOEPASSING"] == "alle huurwoningen, in de vroegere gemeente Zwijndrecht (11056)"


def test_a_municipality_that_merged_since_it_was_kept_is_limited_then() -> None:
    kept = municipality(WHOLE, code="44034", today="44034")
    (version,) = versions(merge([kept], "44087", name("44087")), DAY, peildatum=DAY, approval_needed=True)
    assert (version.row["NISCODE"], version.row["CAVERPL"]) == ("44087", "D")


def test_a_rule_that_two_records_carry_counts_once_and_two_of_one_record_count_twice() -> None:
    old = municipality(WHOLE, WHOLE, code="11056", today="46030")
    new = municipality({**WHOLE, "toepassing.niscodeVoor": "11056"}, code="46030", today="46030")
    both = merge([old, new], "46030", name("46030"))
    assert len(both["rules"]) == 2  # type: ignore[arg-type] # a tuple of rules
    assert merge([new, old], "46030", name("46030")) == both


# Against the definition and the deliveries


def fits(field: PublicField, value: Cell) -> bool:
    kinds = {FieldType.INTEGER: int, FieldType.DATE: date, FieldType.NUMBER: Decimal}
    if value is None:
        return not field.required
    return isinstance(value, kinds.get(field.type, str)) and (field.length is None or len(str(value)) <= field.length)


def assert_fits(version: Version) -> None:
    derived = {field.name: field for field in DEFINITION.public if field.derived is Derived.POLICY}
    assert version.row.keys() == derived.keys()
    assert all(fits(derived[name], value) for name, value in version.row.items())
    fields = {field.name: field for field in DEFINITION.tables[0].fields}
    for rule in version.rules:
        assert rule.values.keys() == fields.keys()
        assert all(fits(fields[name], value) for name, value in rule.values.items())


def test_the_longest_texts_fit_their_fields() -> None:
    words = "w" * 254
    rule: dict[str, Scalar] = {"toepassing.huurwoning": "hoofdverblijf", "toepassing.bouwjaarVoor": 999_999_999, "toepassing.gebied": words}
    rule |= {"toepassing.niscodeVoor": "46030", "toepassing.tekst": words, "waarde.ja": True, "waarde.jaren": 999_999_999}
    rule |= {"waarde.einddatum": "2027-09-30", "waarde.bedragEuro": 999_999_999.99, "waarde.tekst": words}
    rule |= {"publicatie": "https://www.stad.be/".ljust(500, "a"), "ministerieleGoedkeuring": "2020-09-30"}
    for kind in ("verplicht_conformiteitsattest", "heffing_ongeschikt_onbewoonbaar"):
        for version in calendar({"soort": kind, **rule}):
            assert_fits(version)


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21)], ids=str)
def test_each_delivery_gives_285_municipalities_with_every_rule(shared: Path, day: date) -> None:
    reader = RecordReader(DEFINITION)
    delivered, first = 0, []
    with gzip.open(shared / "deliveries" / f"{day}" / "parameters" / "parameters.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            record = reader.read(number, json.loads(line)).record
            assert record is not None
            code = today_code(record.text("niscode") or "", day)
            assert code is not None
            found = versions(stored(record, code, name(code)), day, peildatum=day, approval_needed=True)
            for version in found:
                assert_fits(version)
            delivered += len(record.items("regels"))
            first.append(found[0])
    assert len({version.row["NISCODE"] for version in first}) == 285
    assert sum(len(version.rules) for version in first) == delivered == 362
    assert len({rule.id for version in first for rule in version.rules}) == delivered
    assert Counter(version.row["CAVERPL"] for version in first) == {None: 140, "D": 140, "J": 5}
    assert Counter(rule.values["STATUS"] for version in first for rule in version.rules)["goedgekeurd op 1 september 2024"] > 50


def test_a_fee_with_a_supplement_per_room_is_not_one_fee_for_all(shared: Path) -> None:
    """Ravels: the same amount three times, once with words that raise it."""
    with gzip.open(shared / "deliveries" / "2026-11-21" / "parameters" / "parameters.jsonl.gz", "rt", encoding="utf-8") as lines:
        (document,) = [document for line in lines if (document := json.loads(line))["niscode"] == "13035"]
    record = RecordReader(DEFINITION).read(1, document).record
    assert record is not None
    (version,) = versions(stored(record, "13035", name("13035")), DAY, peildatum=DAY, approval_needed=True)
    assert version.row["CAVERGOED"] is None
    assert "62.50 EUR + 12.50 EUR per kamer, max 1250.00 EUR" in [rule.values["TOEPASSING"] for rule in version.rules]
