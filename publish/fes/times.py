"""`gml:TimeInstant` and `gml:TimePeriod` (GML 3.2.1 §14.2), and dates in literals."""

from __future__ import annotations

from publish.fes.coordinates import METADATA
from publish.fes.documents import Element, children, local, text_of
from publish.filters.errors import Unreadable, Unsupported
from publish.filters.moments import Moment, moment
from publish.filters.periods import Span, instant, period

TIMES = ("TimeInstant", "TimePeriod")
"""Objects that are read."""

_ENDS = (("begin", "beginPosition"), ("end", "endPosition"))


def read_time(element: Element) -> Span:
    """An instant or a period; raises `FilterError`."""
    if local(element) == "TimeInstant":
        return instant(_instant(element))
    if local(element) != "TimePeriod":
        raise Unsupported(f"{local(element)[:40]!r} is not offered; offered are {', '.join(TIMES)}")
    parts = [part for part in children(element) if local(part) not in METADATA]
    if len(parts) != 2 or any(local(part) not in names for part, names in zip(parts, _ENDS, strict=True)):
        raise Unreadable("a TimePeriod has a beginPosition and an endPosition; a duration is not offered")
    begin, end = map(_end, parts)
    return period(begin, end)


def _end(element: Element) -> Moment:
    """`beginPosition`, or `begin` with a TimeInstant in it."""
    if local(element).endswith("Position"):
        return _position(element)
    inner = children(element)
    if len(inner) != 1 or local(inner[0]) != "TimeInstant":
        raise Unreadable(f"{local(element)} holds a TimeInstant")
    return _instant(inner[0])


def _instant(element: Element) -> Moment:
    parts = [part for part in children(element) if local(part) not in METADATA]
    if [local(part) for part in parts] != ["timePosition"]:
        raise Unreadable("a TimeInstant has a timePosition")
    return _position(parts[0])


def _position(element: Element) -> Moment:
    if (indeterminate := element.get("indeterminatePosition")) is not None:
        raise Unsupported(f"the position {indeterminate[:20]!r} is not offered; write a date, or ask for Before or After")
    return moment(text_of(element))
