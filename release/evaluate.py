"""Evaluate a `Predicate` over the columns of a table, vectorised over dictionary codes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from release.crs import Crs
from release.errors import UnfitLiteral
from release.predicate import And, BBox, Between, Compare, Ids, In, IsNull, Like, Literal, Not, Operator, Or, Predicate
from release.schema import FieldType
from release.table import PublicTable

Mask = NDArray[np.bool_]
Boxes = Callable[[Crs], NDArray[np.float64]]

_OPERATORS: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}

_ARROW: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: pc.equal,
    Operator.NOT_EQUAL: pc.not_equal,
    Operator.LESS: pc.less,
    Operator.LESS_OR_EQUAL: pc.less_equal,
    Operator.GREATER: pc.greater,
    Operator.GREATER_OR_EQUAL: pc.greater_equal,
}


@dataclass(frozen=True, eq=False)
class Truth:
    """Where a predicate is true and where it is false; elsewhere it is unknown."""

    true: Mask
    false: Mask

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.true & other.true, self.false | other.false)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.true | other.true, self.false & other.false)

    def __invert__(self) -> Truth:
        return Truth(self.false, self.true)


@dataclass(frozen=True)
class Evaluator:
    """Evaluates predicates over one table; `boxes` gives coordinates (n, 2) or extents (n, 4) in a CRS, NaN where there are none."""

    table: PublicTable
    boxes: Boxes

    def mask(self, predicate: Predicate) -> Mask:
        """The rows for which the predicate is true; raises `QueryError`."""
        return self._truth(predicate).true

    def _truth(self, predicate: Predicate) -> Truth:
        match predicate:
            case And(parts):
                return reduce(operator.and_, map(self._truth, parts))
            case Or(parts):
                return reduce(operator.or_, map(self._truth, parts))
            case Not(part):
                return ~self._truth(part)
            case IsNull(field):
                return self._known(~self._present(field))
            case Ids(ids):
                held = [number for number in ids if abs(number) < 2**63]  # a client may send any number
                return self._known(np.isin(self.table.ids, np.array(held, dtype=np.int64)))
            case BBox():
                return self._inside(predicate)
            case _:
                return self._value(predicate)

    def _value(self, predicate: Compare | In | Between | Like) -> Truth:
        kind = self.table.feature_type.field(predicate.field).type
        match predicate:
            case Compare(_, op, literal, match_case):
                wanted, fold = _fold(fit(literal, kind), match_case)
                exact = match_case or not isinstance(wanted, str)
                if exact and (truth := self._vectorised(predicate.field, op, wanted)) is not None:
                    return truth
                return self._test(predicate.field, lambda value: bool(_OPERATORS[op](fold(value), wanted)))
            case In(_, literals):
                fitted = {fit(literal, kind) for literal in literals}
                return self._test(predicate.field, fitted.__contains__)
            case Between(_, lower, upper):
                low, high = fit(lower, kind), fit(upper, kind)
                return self._test(predicate.field, lambda value: bool(low <= value <= high))
            case Like(_, pattern, match_case):
                expression = re.compile(pattern, re.DOTALL | (re.NOFLAG if match_case else re.IGNORECASE))
                return self._test(predicate.field, lambda value: expression.fullmatch(str(value)) is not None)

    def _vectorised(self, name: str, op: Operator, wanted: Any) -> Truth | None:
        """Compare a column that is not dictionary-encoded in one call; null when Arrow has no such comparison."""
        column = self.table.arrow[name]
        if pa.types.is_dictionary(column.type) or (isinstance(wanted, Decimal) and not _fits(wanted, column.type)):
            return None
        try:
            found = _ARROW[op](column, pa.scalar(wanted, column.type))
        except (pa.ArrowException, TypeError, OverflowError):
            return None
        true = np.asarray(found.fill_null(False), dtype=np.bool_)
        return Truth(true, np.asarray(found.is_valid(), dtype=np.bool_) & ~true)

    def _test(self, name: str, test: Callable[[Any], bool]) -> Truth:
        """Apply a test to each distinct value of a column and spread the answer over the rows."""
        values, codes = distinct(self.table, name)
        answers = np.fromiter((test(value) for value in values), dtype=np.bool_, count=len(values))
        present = codes >= 0
        true = np.append(answers, False)[codes]
        return Truth(true, present & ~true)

    def _present(self, name: str) -> Mask:
        if name == self.table.feature_type.geometry_name and self.table.feature_type.geometry is not None:
            return self.table.located
        self.table.feature_type.field(name)
        return np.asarray(pc.is_valid(self.table.arrow[name]), dtype=np.bool_)

    def _inside(self, box: BBox) -> Truth:
        if self.table.feature_type.geometry is None:
            return self._known(np.zeros(len(self.table), dtype=np.bool_))
        extents = self.boxes(box.crs)
        low, high = extents[:, :2], extents[:, -2:]
        inside = (high[:, 0] >= box.min_x) & (low[:, 0] <= box.max_x) & (high[:, 1] >= box.min_y) & (low[:, 1] <= box.max_y)
        return Truth(inside, self.table.located & ~inside)

    @staticmethod
    def _known(mask: Mask) -> Truth:
        return Truth(mask, ~mask)


def distinct(table: PublicTable, name: str) -> tuple[Sequence[Any], NDArray[np.int64]]:
    """The distinct values of a column and each row's code among them, -1 where there is none."""
    column = table.arrow[name].combine_chunks()
    array = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1), dtype=np.int64)
    return encoded.dictionary.to_pylist(), codes


def fit(literal: Literal, kind: FieldType) -> Any:
    """The literal as the type of the field; raises `UnfitLiteral`."""
    try:
        match kind:
            case FieldType.INTEGER:
                number = _number(literal)
                return int(number) if -(2**63) < number < 2**63 and number == number.to_integral_value() else number
            case FieldType.NUMBER:
                return _number(literal)
            case FieldType.DATE:
                return literal if isinstance(literal, date) else date.fromisoformat(str(literal).strip()[:10])
            case _:
                return str(literal)
    except (ValueError, ArithmeticError) as error:
        raise UnfitLiteral(f"{str(literal)[:40]!r} is no {kind.value}") from error


def _number(literal: Literal) -> Decimal:
    """A finite number; NaN could not be ordered."""
    number = Decimal(str(literal))
    if not number.is_finite():
        raise ValueError
    return number


def _fits(number: Decimal, kind: pa.DataType) -> bool:
    """Whether a column of this type could hold the number; Arrow would cut 1.5 to 1, and crashes on 1e999999999."""
    exponent = number.as_tuple().exponent
    if not pa.types.is_decimal(kind) or not isinstance(exponent, int) or exponent < -kind.scale:
        return False
    limit = 10 ** (kind.precision - kind.scale)
    return bool(-limit < number < limit)


def _fold(value: Any, match_case: bool) -> tuple[Any, Callable[[Any], Any]]:
    if match_case or not isinstance(value, str):
        return value, lambda other: other
    return value.casefold(), str.casefold
