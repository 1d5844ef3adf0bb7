"""Whose turn it is: a request that is sure to be answered in a few milliseconds is answered at once, any other waits for a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from publish.wfs.binding import Bound, Part
from publish.wfs.file_formats import FileFormat
from publish.wfs.formats import OutputFormat
from publish.wfs.offer import Offer
from publish.wfs.requests import GetCapabilities, GetPropertyValue, Presentation, Request
from release.predicate import And, BBox, Between, Compare, Ids, In, IsNull, Not, Operator, Or, Predicate

_MOST = 4_000_000
"""Rows times passes that a request may take in haste: 4 ms at a nanosecond each (measured)."""

_ORDER_PASSES = 8
"""What the order of texts costs, which are not numbered in it."""

_FOR_A_THREAD = _MOST + 1


class Lengthy(Exception):
    """A request that was begun in haste is not sure to be quick: it has to begin anew in a thread."""


def hurried(request: Request, offer: Offer) -> Offer:
    """The offer for a request in haste; raises `Lengthy` for the operations that are never quick."""
    if isinstance(request, GetCapabilities | GetPropertyValue):
        raise Lengthy
    return replace(offer, haste=True)


def require_quick(bounds: Sequence[Bound], form: OutputFormat, presentation: Presentation, offer: Offer) -> None:
    """Raise `Lengthy` when the answer is wanted in haste and is not sure to be quick; what is made while it is sent does not count."""
    if not offer.haste:
        return
    one_page = presentation.release is None or presentation.release == offer.view.token
    if len(bounds) > 1 or not one_page or isinstance(form, FileFormat):
        raise Lengthy
    if sum(_work(part, offer) for part in bounds[0].parts) > _MOST:
        raise Lengthy


def _work(part: Part, offer: Offer) -> int:
    rows = len(offer.view.release.table(part.kind.qualified).table)
    return _FOR_A_THREAD if part.sort else rows * _passes(part.predicate)


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
