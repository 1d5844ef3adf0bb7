"""Temporal relations between instants and periods, of dates and of literals."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.filters.errors import Unfit, Unsupported
from publish.filters.moments import Moment, moment
from publish.filters.periods import Open, Span, Temporal, instant, lies, period
from publish.filters.targets import field_target
from release.predicate import And, Compare, CompareFields, Ids, Not, Operator, Predicate
from tests.publish.filters.strategies import THING
from tests.publish.filters.test_moments import PLAIN

VANAF, TOT, NAAM = (field_target(THING.field(name)) for name in ("VANAF", "TOT", "NAAM"))
BEGIN, END = moment("2024-01-01"), moment("2024-12-31")
YEAR = period(BEGIN, END)


def compare(operator: Operator, day: str, field: str = "VANAF") -> Compare:
    return Compare(field, operator, date.fromisoformat(day))


WITH_A_PERIOD = {
    Temporal.AFTER: compare(Operator.GREATER, "2024-12-31"),
    Temporal.BEFORE: compare(Operator.LESS, "2024-01-01"),
    Temporal.DURING: And((compare(Operator.GREATER, "2024-01-01"), compare(Operator.LESS, "2024-12-31"))),
    Temporal.BEGINS: And((compare(Operator.EQUAL, "2024-01-01"), compare(Operator.LESS, "2024-12-31"))),
    Temporal.ENDS: And((compare(Operator.GREATER, "2024-01-01"), compare(Operator.EQUAL, "2024-12-31"))),
    Temporal.INTERACTS: And((compare(Operator.LESS_OR_EQUAL, "2024-12-31"), compare(Operator.GREATER_OR_EQUAL, "2024-01-01"))),
}


@pytest.mark.parametrize(("relation", "wanted"), WITH_A_PERIOD.items())
def test_a_date_lies_to_a_period_as_two_comparisons_say(relation: Temporal, wanted: Predicate) -> None:
    assert lies(relation, instant(VANAF), YEAR) == wanted


@pytest.mark.parametrize(
    ("relation", "operator"),
    [(Temporal.AFTER, ">"), (Temporal.BEFORE, "<"), (Temporal.EQUALS, "="), (Temporal.INTERACTS, "=")],
)
def test_a_date_lies_to_an_instant_as_one_comparison_says(relation: Temporal, operator: str) -> None:
    assert lies(relation, instant(VANAF), instant(BEGIN)) == compare(Operator(operator), "2024-01-01")


def test_open_ends_are_before_and_after_everything() -> None:
    assert lies(Temporal.DURING, instant(VANAF), period(BEGIN, Open.FUTURE)) == And(
        (compare(Operator.GREATER, "2024-01-01"), Compare("VANAF", Operator.GREATER_OR_EQUAL, date.min))
    )
    assert lies(Temporal.AFTER, instant(VANAF), period(BEGIN, Open.FUTURE)) == Compare("VANAF", Operator.LESS, date.min)
    assert lies(Temporal.EQUALS, period(Open.PAST, BEGIN), period(Open.PAST, BEGIN)) == Not(Ids(()))


def test_two_fields_may_make_a_period() -> None:
    assert lies(Temporal.INTERACTS, period(VANAF, TOT), instant(BEGIN)) == And(
        (compare(Operator.LESS_OR_EQUAL, "2024-01-01"), compare(Operator.GREATER_OR_EQUAL, "2024-01-01", "TOT"))
    )
    assert lies(Temporal.BEFORE, instant(VANAF), instant(TOT)) == CompareFields("VANAF", Operator.LESS, "TOT")


def test_a_period_that_ends_before_it_begins_and_a_text_are_refused() -> None:
    with pytest.raises(Unfit):
        period(END, BEGIN)
    with pytest.raises(Unsupported):
        instant(NAAM)


def holds(predicate: Predicate, row: dict[str, date]) -> bool:
    match predicate:
        case And(parts):
            return all(holds(part, row) for part in parts)
        case Not(part):
            return not holds(part, row)
        case Compare(field, operator, date() as literal):
            return PLAIN[operator](row[field], literal)
        case CompareFields(left, operator, right):
            return PLAIN[operator](row[left], row[right])
        case Ids(()):
            return False
    raise AssertionError(predicate)


def by_definition(relation: Temporal, left: tuple[datetime, datetime], right: tuple[datetime, datetime]) -> bool:
    """ISO 19108 §5.2.3.5, written out from its table; an instant is a period without length."""
    (a, b), (c, d) = left, right
    instants = (a == b, c == d)
    match relation:
        case Temporal.BEFORE:
            return b < c
        case Temporal.AFTER:
            return a > d
        case Temporal.MEETS | Temporal.MET_BY:
            return not any(instants) and (b == c if relation is Temporal.MEETS else a == d)
        case Temporal.DURING | Temporal.CONTAINS:
            return c < a <= b < d if relation is Temporal.DURING else a < c <= d < b
        case Temporal.EQUALS:
            return (a, b) == (c, d)
        case Temporal.INTERACTS:
            return max(a, c) <= min(b, d)
    return by_ends(relation, left, right)


def by_ends(relation: Temporal, left: tuple[datetime, datetime], right: tuple[datetime, datetime]) -> bool:
    (a, b), (c, d) = left, right
    match relation:
        case Temporal.BEGINS:
            return a == c and b < d
        case Temporal.BEGUN_BY:
            return a == c and b > d
        case Temporal.ENDS:
            return b == d and a > c
        case Temporal.ENDED_BY:
            return b == d and a < c
        case Temporal.OVERLAPS:
            return a < c < b < d
        case Temporal.OVERLAPPED_BY:
            return c < a < d < b
    raise AssertionError(relation)


days = st.dates(date(2024, 1, 1), date(2024, 1, 5))
spans = st.tuples(days, days).map(sorted)


@given(relation=..., row=spans, literal=spans, one=st.booleans())
def test_every_relation_is_that_of_its_definition(relation: Temporal, row: list[date], literal: list[date], one: bool) -> None:
    start, stop = (datetime(day.year, day.month, day.day) for day in row)
    begin, end = (datetime(day.year, day.month, day.day) for day in literal)
    left: Span = instant(VANAF) if one else period(VANAF, TOT)
    right = instant(Moment(begin)) if begin == end else period(Moment(begin), Moment(end))
    ours = (start, start) if one else (start, stop)
    if not one and start == stop:
        return  # two fields make a period, whatever is in them
    assert holds(lies(relation, left, right), {"VANAF": row[0], "TOT": row[1]}) == by_definition(relation, ours, (begin, end))


@given(relation=..., left=spans, right=spans)
def test_two_literals_are_compared_at_once(relation: Temporal, left: list[date], right: list[date]) -> None:
    ends = [datetime(day.year, day.month, day.day) for day in (*left, *right)]
    one, other = period(Moment(ends[0]), Moment(ends[1])), period(Moment(ends[2]), Moment(ends[3]))
    wanted = by_definition(relation, (ends[0], ends[1]), (ends[2], ends[3]))
    assert holds(lies(relation, one, other), {}) == wanted
