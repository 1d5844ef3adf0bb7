"""Which questions are sure to be answered in a few milliseconds, so that they need no thread."""

from __future__ import annotations

from publish.shelf import View
from release.predicate import And, BBox, Between, Compare, Ids, In, IsNull, Not, Operator, Or, Predicate
from release.query import SortKey
from release.schema import FeatureType

MOST = 4_000_000
"""Rows times passes that a request may take in haste: 4 ms at a nanosecond each (measured)."""

_ORDER_PASSES = 8
"""What the order of texts costs, which are not numbered in it."""

_FOR_A_THREAD = MOST + 1


class Lengthy(Exception):
    """A request that was begun in haste is not sure to be quick: it has to begin anew in a thread."""


def work(view: View, kind: FeatureType, predicate: Predicate | None, sort: tuple[SortKey, ...]) -> int:
    """Rows times passes over them that finding the rows takes at most."""
    rows = len(view.release.table(kind.qualified).table)
    return _FOR_A_THREAD if sort else rows * _passes(predicate)


def _passes(predicate: Predicate | None) -> int:
    """How often a filter goes over all rows; what depends on the length of texts, or on shapes, is never quick."""
    match predicate:
        case None:
            return 0
        case And(parts) | Or(parts):
            return sum(map(_passes, parts))
        case Not(part):
            return _passes(part)
        case IsNull() | BBox() | Ids():
            return 1
        case Compare(_, Operator.EQUAL | Operator.NOT_EQUAL, _, True) | In():
            return 2
        case Compare(match_case=True) | Between():
            return _ORDER_PASSES
        case _:
            return _FOR_A_THREAD
