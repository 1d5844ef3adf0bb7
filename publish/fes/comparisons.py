"""Comparison operators of FES (§7.7)."""

from __future__ import annotations

from collections.abc import Callable

from publish.fes.documents import Element, children, local, text_of
from publish.fes.expressions import Expressions
from publish.filters import comparisons
from publish.filters.comparisons import NOTHING
from publish.filters.errors import Unfit, Unreadable
from publish.filters.targets import Target
from publish.like import like_pattern
from release.predicate import Operator, Predicate

COMPARISONS: dict[str, Operator] = {
    "PropertyIsEqualTo": Operator.EQUAL,
    "PropertyIsNotEqualTo": Operator.NOT_EQUAL,
    "PropertyIsLessThan": Operator.LESS,
    "PropertyIsGreaterThan": Operator.GREATER,
    "PropertyIsLessThanOrEqualTo": Operator.LESS_OR_EQUAL,
    "PropertyIsGreaterThanOrEqualTo": Operator.GREATER_OR_EQUAL,
}


def read_comparison(element: Element, expressions: Expressions) -> Predicate:
    """The predicate of a comparison; raises `FilterError`."""
    if local(element) in COMPARISONS:
        return _binary(element, expressions)
    return _READERS[local(element)](element, expressions)


def _binary(element: Element, expressions: Expressions) -> Predicate:
    _match_action(element)
    # FES 2.0 §7.7.3.2: expressions in either order; the suite of the OGC sends the literal first
    first, second = expressions.operands(element, 2)
    return comparisons.compare(first, COMPARISONS[local(element)], second, _match_case(element))


def _between(element: Element, expressions: Expressions) -> Predicate:
    _match_action(element)
    parts = children(element)
    if [local(part) for part in parts[1:]] != ["LowerBoundary", "UpperBoundary"]:
        raise Unreadable("PropertyIsBetween holds an expression, LowerBoundary and UpperBoundary")
    value = expressions.operand(parts[0])
    lower, upper = (_boundary(part, expressions) for part in parts[1:])
    return comparisons.between(value, lower, upper)


def _boundary(element: Element, expressions: Expressions) -> Target | str:
    """An expression, or, as some clients write it, the bare text of a literal."""
    inner = children(element)
    if not inner and text_of(element).strip():
        return text_of(element)
    if len(inner) != 1:
        raise Unreadable("each boundary holds one expression")
    return expressions.operand(inner[0])


def _like(element: Element, expressions: Expressions) -> Predicate:
    first, second = expressions.operands(element, 2)
    if not isinstance(first, Target) or not isinstance(second, str):
        raise Unreadable("PropertyIsLike holds a property, then a literal")
    escape = element.get("escapeChar", element.get("escape", "\\"))  # Filter 1.0 has escape
    pattern = like_pattern(second, element.get("wildCard", "*"), element.get("singleChar", "?"), escape)
    return comparisons.like(first, pattern, _match_case(element))


def _null(element: Element, expressions: Expressions) -> Predicate:
    (operand,) = expressions.operands(element, 1)
    if not isinstance(operand, Target):
        raise Unreadable("PropertyIsNull holds a property")
    return comparisons.is_null(operand)


def _nil(element: Element, expressions: Expressions) -> Predicate:
    """FES 2.0 §7.7.3.6: no property is ever present with xsi:nil."""
    expressions.operands(element, 1)
    return NOTHING


_READERS: dict[str, Callable[[Element, Expressions], Predicate]] = {
    "PropertyIsBetween": _between,
    "PropertyIsLike": _like,
    "PropertyIsNull": _null,
    "PropertyIsNil": _nil,
}

OPERATORS = (*COMPARISONS, *_READERS)
"""Comparison operators, for the capabilities document."""


def _match_case(element: Element) -> bool:
    match element.get("matchCase", "true").strip():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            raise Unfit("matchCase is true or false")


def _match_action(element: Element) -> None:
    """FES 2.0 §7.7.3.3: every property has one value, so that Any, All and One say the same."""
    if element.get("matchAction", "Any") not in ("Any", "All", "One"):
        raise Unfit("matchAction is Any, All or One")
