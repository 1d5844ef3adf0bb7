"""Days and date-times in filters.

A field of type date is the instant at which its day begins. A day has no zone, so what a date-time says of its zone is not looked at:
2026-01-01 is equal to 2026-01-01T00:00:00Z, and before 2026-01-01T00:00:01Z.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from publish.filters.errors import Unfit
from release.predicate import Compare, Operator, Predicate

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,12}))?)?(?:[Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant, by the clock of whoever wrote it."""

    at: datetime

    @property
    def day(self) -> date:
        """The day in which it lies."""
        return self.at.date()

    @property
    def within_day(self) -> bool:
        """Whether its day has begun before it."""
        return self.at.time() != time.min


def moment(text: str) -> Moment:
    """`2026-01-01`, `2026-01-01T12:00:00Z`; raises `Unfit`."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise Unfit(f"{text[:40]!r} is no date; write 2026-01-31, or 2026-01-31T12:00:00Z")
    try:
        at = datetime.combine(date.fromisoformat(match[1]), time.fromisoformat(match[2] or "00:00"))
    except ValueError as error:
        raise Unfit(f"the date {text[:40]!r} does not exist") from error
    fraction = int((match[3] or "0")[:6].ljust(6, "0"))
    return Moment(at.replace(microsecond=fraction))


def compare_day(field: str, operator: Operator, at: Moment) -> Predicate:
    """`field operator at` for a field of type date."""
    if not at.within_day:
        return Compare(field, operator, at.day)
    match operator:
        case Operator.LESS | Operator.LESS_OR_EQUAL:
            return Compare(field, Operator.LESS_OR_EQUAL, at.day)
        case Operator.GREATER | Operator.GREATER_OR_EQUAL:
            return Compare(field, Operator.GREATER, at.day)
        case Operator.EQUAL:
            return never(field)
        case Operator.NOT_EQUAL:
            return ever(field)


def ever(field: str) -> Predicate:
    """True for every value of a field of type date, unknown where there is none."""
    return Compare(field, Operator.GREATER_OR_EQUAL, date.min)


def never(field: str) -> Predicate:
    """False for every value of a field of type date, unknown where there is none."""
    return Compare(field, Operator.LESS, date.min)
