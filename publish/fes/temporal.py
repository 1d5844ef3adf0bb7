"""Temporal operators of FES 2.0 (§7.14) on fields of type date."""

from __future__ import annotations

from publish.fes.documents import Element, children, local
from publish.fes.expressions import REFERENCES, Expressions, refuse_computed, unwrapped
from publish.fes.times import read_time
from publish.filters.errors import Unreadable, Unsupported
from publish.filters.moments import moment
from publish.filters.periods import Span, Temporal, instant, lies
from publish.filters.targets import FieldTarget
from release.predicate import Predicate

OPERATORS: dict[str, Temporal] = {relation.value: relation for relation in Temporal}


def read_temporal(element: Element, expressions: Expressions) -> Predicate:
    """The predicate of a temporal operator; raises `FilterError`."""
    parts = children(element)
    if len(parts) != 2:
        raise Unreadable(f"{local(element)} holds a property, and an instant or a period")
    if all(local(part) not in REFERENCES for part in parts):
        raise Unsupported(f"{local(element)} has a property, named by a ValueReference")
    left, right = (_span(part, expressions) for part in parts)
    return lies(OPERATORS[local(element)], left, right)


def _span(element: Element, expressions: Expressions) -> Span:
    refuse_computed(element)
    if local(element) in REFERENCES:
        target = expressions.reference(element)
        if not isinstance(target, FieldTarget):
            raise Unsupported(f"{target.name} is no date")
        return instant(target)
    found = unwrapped(element)
    return instant(moment(expressions.literal(found))) if local(found) == "Literal" else read_time(found)
