"""Comparisons of fields with literals and with each other, over the rows of a table or some of them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from release import texts
from release.columns import Columns, Numbers, Texts
from release.errors import QueryError
from release.literals import threshold
from release.predicate import Between, Compare, CompareFields, In, Like, Operator
from release.schema import FieldType
from release.truth import Mask, Rows, Truth

_TEXTUAL = (FieldType.TEXT, FieldType.URI)
_NUMERIC = (FieldType.INTEGER, FieldType.NUMBER)

_OPERATORS: dict[Operator, Callable[[Any, Any], Mask]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def compared(columns: Columns, asked: Compare | In | Between | Like, rows: Rows | None) -> Truth:
    """A field and literals; raises `UnknownField`, `UnfitLiteral`."""
    kind = columns.kind(asked.field)
    if isinstance(asked, Like):
        return _like(columns, asked, kind, rows)
    if kind in _TEXTUAL:
        column = columns.texts(asked.field)
        return Truth.of(_text_truth(column, asked, rows), column.present(rows))
    numbers = columns.numbers(asked.field)
    return Truth.of(_number_test(asked, kind, numbers.places)(numbers.each(rows)), numbers.present(rows))


def beside(columns: Columns, asked: CompareFields, rows: Rows | None) -> Truth:
    """Two fields of one row; raises `UnknownField`, and `QueryError` when they cannot be compared."""
    left, right = columns.kind(asked.left), columns.kind(asked.right)
    present = _both(columns.present(asked.left, rows), columns.present(asked.right, rows))
    if left in _TEXTUAL and right in _TEXTUAL:
        first, second = columns.texts(asked.left).each(rows), columns.texts(asked.right).each(rows)
        return Truth.of(texts.compare(first, asked.operator, second, asked.match_case), present)
    if left is right or (left in _NUMERIC and right in _NUMERIC):
        order = _order(columns.numbers(asked.left), columns.numbers(asked.right), rows)
        return Truth.of(_OPERATORS[asked.operator](order, 0), present)
    raise QueryError(f"{asked.left} is {left.value} and {asked.right} is {right.value}: they cannot be compared")


def _like(columns: Columns, asked: Like, kind: FieldType, rows: Rows | None) -> Truth:
    """Numbers and dates are matched as they are published."""
    if kind in _TEXTUAL:
        column = columns.texts(asked.field)
        true = column.where(lambda values: texts.like(values, asked.pattern, asked.match_case), rows)
    else:
        true = texts.like(columns.written(asked.field, rows), asked.pattern, asked.match_case)
    return Truth.of(true, columns.present(asked.field, rows))


def _text_truth(column: Texts, asked: Compare | In | Between, rows: Rows | None) -> Mask:
    match asked:
        case Compare(_, op, literal, match_case):
            text = str(literal)
            quick = column.equal(text, rows) if op is Operator.EQUAL and match_case else None
            return column.where(lambda values: texts.compare(values, op, text, match_case), rows) if quick is None else quick
        case In(_, literals):
            return column.where(lambda values: texts.among(values, set(map(str, literals))), rows)
        case Between(_, lower, upper):
            return column.where(lambda values: texts.between(values, str(lower), str(upper)), rows)


def _number_test(asked: Compare | In | Between, kind: FieldType, places: int) -> Callable[[NDArray[np.signedinteger[Any]]], Mask]:
    match asked:
        case Compare(_, op, literal):
            limit = threshold(literal, kind, places)
            return lambda values: limit.compare(values, op)
        case In(_, literals):
            limits = [threshold(literal, kind, places) for literal in literals]
            held = [limit.floor for limit in limits if limit.exact and abs(limit.floor) < 2**63]
            return lambda values: np.isin(values, np.array(held, dtype=np.int64))
        case Between(_, lower, upper):
            low, high = threshold(lower, kind, places), threshold(upper, kind, places)
            return lambda values: low.compare(values, Operator.GREATER_OR_EQUAL) & high.compare(values, Operator.LESS_OR_EQUAL)


def _order(left: Numbers, right: Numbers, rows: Rows | None) -> NDArray[np.int8]:
    """-1, 0 or 1 as the first number is less than, equal to or greater than the second, whatever decimals they are stored with."""
    if left.places > right.places:
        return -_order(right, left, rows)
    whole, rest = np.divmod(right.each(rows), 10 ** (right.places - left.places))
    first = left.each(rows)
    order = (first > whole).astype(np.int8) - (first < whole).astype(np.int8)
    return np.where((order == 0) & (rest > 0), np.int8(-1), order)


def _both(first: Mask | None, second: Mask | None) -> Mask | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second
