"""Names, literals and comparisons of any language as predicates."""

from __future__ import annotations

from datetime import date

import pytest

from publish.filters.comparisons import EVERYTHING, NOTHING, Operand, between, compare, is_null, like, one_of
from publish.filters.errors import Unfit, Unreadable, Unsupported
from publish.filters.literals import number
from publish.filters.moments import moment, never
from publish.filters.targets import AbsentTarget, GeometryTarget, IdTarget, field_target
from release.predicate import And, Between, Compare, CompareFields, Ids, In, IsNull, Like, Not, Operator, Or, Predicate
from tests.publish.filters.strategies import THING

NAAM, STRAAT, LINK1, OIDN, UIDN, BEDRAG, VANAF, TOT = (
    field_target(THING.field(name)) for name in ("NAAM", "STRAAT", "LINK1", "OIDN", "UIDN", "BEDRAG", "VANAF", "TOT")
)
SHAPE, NAME = GeometryTarget("SHAPE"), AbsentTarget("name")
ID = IdTarget("id", lambda text: int(text[4:]) if text.startswith("POI.") else None)
EQUAL, LESS, GREATER = Operator.EQUAL, Operator.LESS, Operator.GREATER
NOON, DAY = moment("2026-01-31T12:00:00Z"), date(2026, 1, 31)


@pytest.mark.parametrize(
    ("left", "operator", "right", "wanted"),
    [
        (NAAM, EQUAL, "x", Compare("NAAM", EQUAL, "x")),
        ("x", LESS, NAAM, Compare("NAAM", GREATER, "x")),
        (NAAM, EQUAL, 9000, Compare("NAAM", EQUAL, "9000")),
        (NAAM, EQUAL, 9000.0, Compare("NAAM", EQUAL, "9000")),
        (NAAM, EQUAL, 1.5, Compare("NAAM", EQUAL, "1.5")),
        (OIDN, EQUAL, " 12 ", Compare("OIDN", EQUAL, 12)),
        (OIDN, EQUAL, "12.0", Compare("OIDN", EQUAL, 12)),
        (OIDN, EQUAL, 281474976710655.0, Compare("OIDN", EQUAL, 281474976710655)),
        (OIDN, EQUAL, "9" * 30, Compare("OIDN", EQUAL, int("9" * 30))),
        (BEDRAG, LESS, "62.50", Compare("BEDRAG", LESS, 62.5)),
        (VANAF, EQUAL, "2026-01-31", Compare("VANAF", EQUAL, DAY)),
        (VANAF, GREATER, NOON, Compare("VANAF", GREATER, DAY)),
        (NOON, GREATER, VANAF, Compare("VANAF", Operator.LESS_OR_EQUAL, DAY)),
        (VANAF, EQUAL, NOON, never("VANAF")),
        (NAAM, EQUAL, STRAAT, CompareFields("NAAM", EQUAL, "STRAAT")),
        (NAAM, EQUAL, LINK1, CompareFields("NAAM", EQUAL, "LINK1")),
        (OIDN, LESS, BEDRAG, CompareFields("OIDN", LESS, "BEDRAG")),
        (VANAF, LESS, TOT, CompareFields("VANAF", LESS, "TOT")),
        (ID, EQUAL, "POI.7", Ids((7,))),
        ("POI.7", Operator.NOT_EQUAL, ID, Not(Ids((7,)))),
        (ID, EQUAL, "LWKB.7", Ids(())),
    ],
)
def test_a_literal_gets_the_type_of_its_field(left: Operand, operator: Operator, right: Operand, wanted: Predicate) -> None:
    assert compare(left, operator, right) == wanted


def test_letter_case_counts_in_texts_only() -> None:
    assert compare(NAAM, EQUAL, "X", match_case=False) == Compare("NAAM", EQUAL, "X", match_case=False)
    assert compare(OIDN, EQUAL, "1", match_case=False) == Compare("OIDN", EQUAL, 1)
    assert compare(OIDN, EQUAL, UIDN, match_case=False) == CompareFields("OIDN", EQUAL, "UIDN")
    assert like(OIDN, "1.*", match_case=False) == Like("OIDN", "1.*")


@pytest.mark.parametrize(
    ("left", "right", "error"),
    [
        (OIDN, "many", Unfit),
        (OIDN, NOON, Unfit),
        (OIDN, "nan", Unfit),
        (OIDN, "1e999", Unfit),
        (OIDN, "9" * 5000, Unfit),
        (OIDN, "١", Unfit),
        (BEDRAG, "1,5", Unfit),
        (VANAF, 2024, Unfit),
        (VANAF, "soon", Unfit),
        (NAAM, NOON, Unfit),
        (NAAM, OIDN, Unfit),
        (NAAM, VANAF, Unfit),
        (NAAM, SHAPE, Unsupported),
        (SHAPE, "x", Unsupported),
        (NAME, "x", Unsupported),
        (ID, 7, Unsupported),
        ("x", "x", Unsupported),
        (1, 1, Unsupported),
    ],
)
def test_what_does_not_fit_is_refused(left: Operand, right: Operand, error: type[Exception]) -> None:
    with pytest.raises(error):
        compare(left, EQUAL, right)


def test_an_identifier_has_no_order() -> None:
    with pytest.raises(Unsupported):
        compare(ID, LESS, "POI.7")


def test_between_is_one_test_where_it_can_be() -> None:
    assert between(OIDN, "1", 2) == Between("OIDN", 1, 2)
    assert between(VANAF, "2026-01-31", "2026-02-01") == Between("VANAF", DAY, date(2026, 2, 1))
    assert between(VANAF, NOON, NOON) == And((Compare("VANAF", GREATER, DAY), Compare("VANAF", Operator.LESS_OR_EQUAL, DAY)))
    assert between(5, OIDN, UIDN) == And((Compare("OIDN", Operator.LESS_OR_EQUAL, 5), Compare("UIDN", Operator.GREATER_OR_EQUAL, 5)))


def test_a_list_is_one_test_where_it_can_be() -> None:
    assert one_of(NAAM, ["a", 1]) == In("NAAM", ("a", "1"))
    assert one_of(VANAF, ["2026-01-31", NOON]) == Or((Compare("VANAF", EQUAL, DAY), never("VANAF")))
    assert one_of(NAAM, ["a", STRAAT]) == Or((Compare("NAAM", EQUAL, "a"), CompareFields("NAAM", EQUAL, "STRAAT")))
    assert one_of(ID, ["POI.1", "x", "POI.2"]) == Ids((1, 2))
    with pytest.raises(Unreadable):
        one_of(NAAM, [])


def test_only_properties_can_be_absent() -> None:
    assert [is_null(target) for target in (NAAM, SHAPE, NAME, ID)] == [IsNull("NAAM"), IsNull("SHAPE"), EVERYTHING, NOTHING]
    with pytest.raises(Unsupported):
        is_null("x")


@pytest.mark.parametrize("target", [SHAPE, NAME, ID, "x"])
def test_patterns_are_for_fields(target: Operand) -> None:
    with pytest.raises(Unsupported):
        like(target, "x")


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("-1", -1), ("+1.5", 1.5), (".5", 0.5), ("1.", 1), ("1e3", 1000), ("1E-2", 0.01)])
def test_numbers_are_read_in_every_form(text: str, value: float) -> None:
    assert number(text) == value
    assert type(number(text)) is type(value)
