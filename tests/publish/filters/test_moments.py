"""Days and date-times: a day is the instant at which it begins."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.filters.errors import Unfit
from publish.filters.moments import compare_day, ever, moment, never
from release.predicate import And, Compare, Not, Operator, Or, Predicate

DAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-31", datetime(2026, 1, 31)),
        (" 2026-01-31 ", datetime(2026, 1, 31)),
        ("2026-01-31Z", datetime(2026, 1, 31)),
        ("2026-01-31+01:00", datetime(2026, 1, 31)),
        ("2026-01-31T00:00:00Z", datetime(2026, 1, 31)),
        ("2026-01-31T12:30", datetime(2026, 1, 31, 12, 30)),
        ("2026-01-31T12:30:15.5+02:00", datetime(2026, 1, 31, 12, 30, 15, 500_000)),
        ("2026-01-31t12:30:15z", datetime(2026, 1, 31, 12, 30, 15)),
    ],
)
def test_a_moment_is_read_by_the_clock_of_its_writer(text: str, at: datetime) -> None:
    assert moment(text).at == at


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-30", "2026-1-1", "20260131", "2026", "2026-01-31T25:00", "2026-01-31x", "2026-01-31T12", "٢٠٢٦-٠١-٣١"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        moment(text)


def holds(predicate: Predicate, day: date) -> bool:
    match predicate:
        case And(parts):
            return all(holds(part, day) for part in parts)
        case Or(parts):
            return any(holds(part, day) for part in parts)
        case Not(part):
            return not holds(part, day)
        case Compare(_, operator, date() as literal):
            return PLAIN[operator](day, literal)
    raise AssertionError(predicate)


PLAIN = {
    Operator.EQUAL: lambda left, right: left == right,
    Operator.NOT_EQUAL: lambda left, right: left != right,
    Operator.LESS: lambda left, right: left < right,
    Operator.LESS_OR_EQUAL: lambda left, right: left <= right,
    Operator.GREATER: lambda left, right: left > right,
    Operator.GREATER_OR_EQUAL: lambda left, right: left >= right,
}
near = st.dates(date(2026, 1, 30), date(2026, 2, 1))


@given(day=near, at=st.builds(datetime.combine, near, st.times()) | near.map(lambda d: datetime(d.year, d.month, d.day)), operator=...)
def test_a_day_is_compared_as_the_instant_at_which_it_begins(day: date, at: datetime, operator: Operator) -> None:
    predicate = compare_day("VANAF", operator, moment(at.isoformat()))
    assert holds(predicate, day) == PLAIN[operator](datetime(day.year, day.month, day.day), at)


def test_ever_and_never_are_what_they_say() -> None:
    for day in (date.min, DAY, date.max):
        assert holds(ever("VANAF"), day)
        assert not holds(never("VANAF"), day)
