"""Comparisons between properties and literals, in either order, as predicates."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Sequence
from typing import Any

from publish.filters.errors import Unfit, Unreadable, Unsupported
from publish.filters.literals import Raw, day_literal, typed
from publish.filters.moments import Moment, compare_day
from publish.filters.targets import AbsentTarget, FieldTarget, GeometryTarget, IdTarget, Target
from release.predicate import And, Between, Compare, CompareFields, Ids, In, IsNull, Like, Not, Operator, Or, Predicate
from release.schema import FieldType

EVERYTHING: Predicate = Not(Ids(()))
NOTHING: Predicate = Ids(())

Operand = Target | Raw

_MIRRORED = {
    Operator.LESS: Operator.GREATER,
    Operator.GREATER: Operator.LESS,
    Operator.LESS_OR_EQUAL: Operator.GREATER_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS_OR_EQUAL,
}
_OPERATORS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operators.eq,
    Operator.NOT_EQUAL: operators.ne,
    Operator.LESS: operators.lt,
    Operator.LESS_OR_EQUAL: operators.le,
    Operator.GREATER: operators.gt,
    Operator.GREATER_OR_EQUAL: operators.ge,
}
_FAMILIES = {FieldType.URI: FieldType.TEXT, FieldType.INTEGER: FieldType.NUMBER}


def mirrored(operator: Operator) -> Operator:
    """The operator with its operands exchanged."""
    return _MIRRORED.get(operator, operator)


def compare(left: Operand, operator: Operator, right: Operand, match_case: bool = True) -> Predicate:
    """`left operator right`; raises `FilterError`."""
    if not isinstance(left, Target):
        if not isinstance(right, Target):
            raise Unsupported("a comparison is of a property with a literal, or of two properties")
        return compare(right, mirrored(operator), left, match_case)
    if not isinstance(right, Target):
        return _with_literal(left, operator, right, match_case)
    if isinstance(left, FieldTarget) and isinstance(right, FieldTarget):
        return _fields(left, operator, right, match_case)
    raise Unsupported(f"{left.name} and {right.name} cannot be compared")


def literals(left: Raw, operator: Operator, right: Raw, match_case: bool = True) -> Predicate:
    """Two literals, texts by their code points; raises `Unfit` when they are of different kinds."""
    match left, right:
        case str(), str():
            true = _OPERATORS[operator](left, right) if match_case else _OPERATORS[operator](left.casefold(), right.casefold())
        case (int() | float(), int() | float()) | (Moment(), Moment()):
            true = _OPERATORS[operator](left, right)
        case _:
            raise Unfit("two literals that are compared are both texts, both numbers or both moments")
    return always(true)


def always(true: bool) -> Predicate:
    """What says the same of every feature."""
    return EVERYTHING if true else NOTHING


def between(value: Operand, lower: Operand, upper: Operand) -> Predicate:
    """`lower <= value <= upper`; raises `FilterError`."""
    parts = compare(value, Operator.GREATER_OR_EQUAL, lower), compare(value, Operator.LESS_OR_EQUAL, upper)
    match parts:
        case Compare(field, Operator.GREATER_OR_EQUAL, low), Compare(_, Operator.LESS_OR_EQUAL, high) if isinstance(value, Target):
            return Between(field, low, high)
    return And(parts)


def one_of(value: Operand, choices: Sequence[Operand], match_case: bool = True) -> Predicate:
    """`value` is one of `choices`; raises `FilterError`."""
    if not choices:
        raise Unreadable("a list of values has at least one")
    parts = tuple(compare(value, Operator.EQUAL, choice, match_case) for choice in choices)
    equals = [part for part in parts if isinstance(part, Compare) and part.operator is Operator.EQUAL and part.match_case]
    if isinstance(value, FieldTarget) and len(equals) == len(parts):
        return In(value.name, tuple(part.literal for part in equals))
    if isinstance(value, IdTarget):
        return Ids(tuple(number for part in parts if isinstance(part, Ids) for number in part.ids))
    return Or(parts)


def like(value: Operand, pattern: str, match_case: bool = True) -> Predicate:
    """`value` matches a regular expression of `publish.like`; raises `FilterError`."""
    if not isinstance(value, FieldTarget):
        raise Unsupported("a pattern is for a property with a text")
    return Like(value.name, pattern, match_case or not _is_text(value.field.type))


def is_null(value: Operand) -> Predicate:
    """`value` is absent; raises `FilterError`."""
    match value:
        case FieldTarget() | GeometryTarget():
            return IsNull(value.name)
        case AbsentTarget():
            return EVERYTHING
        case IdTarget():
            return NOTHING
    raise Unsupported("only a property can be absent")


def _with_literal(target: Target, operator: Operator, raw: Raw, match_case: bool) -> Predicate:
    match target:
        case FieldTarget(name, field) if field.type is FieldType.DATE:
            return compare_day(name, operator, day_literal(field, raw))
        case FieldTarget(name, field):
            return Compare(name, operator, typed(field, raw), match_case or not _is_text(field.type))
        case IdTarget() if operator in (Operator.EQUAL, Operator.NOT_EQUAL) and isinstance(raw, str):
            number = target.number(raw)
            found = Ids(()) if number is None else Ids((number,))
            return found if operator is Operator.EQUAL else Not(found)
    raise Unsupported(f"{target.name} cannot be compared with a literal in this way")


def _fields(left: FieldTarget, operator: Operator, right: FieldTarget, match_case: bool) -> Predicate:
    families = {_FAMILIES.get(target.field.type, target.field.type) for target in (left, right)}
    if len(families) > 1:
        raise Unfit(f"{left.name} and {right.name} are of different types")
    return CompareFields(left.name, operator, right.name, match_case or not _is_text(left.field.type))


def _is_text(kind: FieldType) -> bool:
    return kind in (FieldType.TEXT, FieldType.URI)
