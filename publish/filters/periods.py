"""How an instant or a period lies to another: the relations of FES 2.0 §7.14 and CQL2 §7.8, as comparisons of their ends.

A field of type date is an instant (see `moments`); two fields, or one field and an open end, may make a period.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from publish.filters.comparisons import EVERYTHING, NOTHING, mirrored
from publish.filters.errors import Unfit, Unsupported
from publish.filters.moments import Moment, compare_day, ever, never
from publish.filters.targets import FieldTarget
from release.predicate import And, CompareFields, Operator, Predicate
from release.schema import FieldType


class Temporal(StrEnum):
    """Temporal operators by their names in FES 2.0."""

    AFTER = "After"
    BEFORE = "Before"
    BEGINS = "Begins"
    BEGUN_BY = "BegunBy"
    CONTAINS = "TContains"
    DURING = "During"
    ENDED_BY = "EndedBy"
    ENDS = "Ends"
    EQUALS = "TEquals"
    MEETS = "Meets"
    MET_BY = "MetBy"
    OVERLAPS = "TOverlaps"
    OVERLAPPED_BY = "OverlappedBy"
    INTERACTS = "AnyInteracts"


class Open(Enum):
    """An end that is not there."""

    PAST = -1
    FUTURE = 1


End = FieldTarget | Moment | Open


@dataclass(frozen=True, slots=True)
class Span:
    """An instant (both ends are the same) or a period."""

    begin: End
    end: End

    @property
    def instant(self) -> bool:
        """Whether it has no duration."""
        return self.begin == self.end


_Formula = tuple[tuple[str, Operator, str], ...]

_FORMULAS: dict[Temporal, _Formula] = {
    Temporal.AFTER: (("begin", Operator.GREATER, "end"),),
    Temporal.BEFORE: (("end", Operator.LESS, "begin"),),
    Temporal.BEGINS: (("begin", Operator.EQUAL, "begin"), ("end", Operator.LESS, "end")),
    Temporal.BEGUN_BY: (("begin", Operator.EQUAL, "begin"), ("end", Operator.GREATER, "end")),
    Temporal.CONTAINS: (("begin", Operator.LESS, "begin"), ("end", Operator.GREATER, "end")),
    Temporal.DURING: (("begin", Operator.GREATER, "begin"), ("end", Operator.LESS, "end")),
    Temporal.ENDED_BY: (("begin", Operator.LESS, "begin"), ("end", Operator.EQUAL, "end")),
    Temporal.ENDS: (("begin", Operator.GREATER, "begin"), ("end", Operator.EQUAL, "end")),
    Temporal.EQUALS: (("begin", Operator.EQUAL, "begin"), ("end", Operator.EQUAL, "end")),
    Temporal.MEETS: (("end", Operator.EQUAL, "begin"),),
    Temporal.MET_BY: (("begin", Operator.EQUAL, "end"),),
    Temporal.OVERLAPS: (("begin", Operator.LESS, "begin"), ("end", Operator.GREATER, "begin"), ("end", Operator.LESS, "end")),
    Temporal.OVERLAPPED_BY: (("begin", Operator.GREATER, "begin"), ("begin", Operator.LESS, "end"), ("end", Operator.GREATER, "end")),
    Temporal.INTERACTS: (("begin", Operator.LESS_OR_EQUAL, "end"), ("end", Operator.GREATER_OR_EQUAL, "begin")),
}
"""Ends of the left that are compared with ends of the right (ISO 19108 §5.2.3.5; where one side is an instant, its ends are the same)."""


_HOLDS: dict[Operator, Callable[[int, int], bool]] = {
    Operator.EQUAL: python.eq,
    Operator.NOT_EQUAL: python.ne,
    Operator.LESS: python.lt,
    Operator.LESS_OR_EQUAL: python.le,
    Operator.GREATER: python.gt,
    Operator.GREATER_OR_EQUAL: python.ge,
}


def instant(at: End) -> Span:
    """An instant; raises `Unsupported` for a field that is no date."""
    return Span(_temporal(at), at)


def period(begin: End, end: End) -> Span:
    """A period; raises `FilterError` when it ends before it begins."""
    if isinstance(begin, Moment) and isinstance(end, Moment) and end < begin:
        raise Unfit("the period ends before it begins")
    return Span(_temporal(begin), _temporal(end))


def lies(relation: Temporal, left: Span, right: Span) -> Predicate:
    """Whether `left` has the relation to `right`."""
    formula = _FORMULAS[relation]
    if left.instant and right.instant and relation is Temporal.INTERACTS:
        formula = _FORMULAS[Temporal.EQUALS]
    parts = [_compare(getattr(left, one), operator, getattr(right, other)) for one, operator, other in formula]
    if relation in (Temporal.MEETS, Temporal.MET_BY) and (left.instant or right.instant):
        # ISO 19108 §5.2.3.5: only periods meet; an instant at the end of one begins or ends it
        parts += [_compare(getattr(left, one), Operator.NOT_EQUAL, getattr(right, other)) for one, _, other in formula]
    different = [part for part in dict.fromkeys(parts) if part != EVERYTHING] or [EVERYTHING]
    return different[0] if len(different) == 1 else And(tuple(different))


def _compare(left: End, operator: Operator, right: End) -> Predicate:
    match left, right:
        case FieldTarget(), FieldTarget():
            return CompareFields(left.name, operator, right.name)
        case FieldTarget(), Moment():
            return compare_day(left.name, operator, right)
        case FieldTarget(), Open():
            return ever(left.name) if _HOLDS[operator](0, right.value) else never(left.name)
        case _, FieldTarget():
            return _compare(right, mirrored(operator), left)
        case Moment(), Moment():
            return EVERYTHING if _HOLDS[operator]((left > right) - (left < right), 0) else NOTHING
    return EVERYTHING if _HOLDS[operator](_place(left), _place(right)) else NOTHING


def _place(end: End) -> int:
    return end.value if isinstance(end, Open) else 0


def _temporal(end: End) -> End:
    if isinstance(end, FieldTarget) and end.field.type is not FieldType.DATE:
        raise Unsupported(f"{end.name} is no date")
    return end
