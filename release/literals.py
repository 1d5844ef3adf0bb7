"""Literals of a question as the type of the field that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from release.errors import UnfitLiteral
from release.predicate import Literal, Operator
from release.schema import FieldType
from release.table import to_day

_DIGITS = 20
"""No stored number has more; what a client sends may have a billion, and larger ones are all alike."""


def fit(literal: Literal, kind: FieldType) -> str | int | Decimal | date:
    """The literal as the type of the field; raises `UnfitLiteral`."""
    try:
        match kind:
            case FieldType.INTEGER | FieldType.NUMBER:
                return _number(literal)
            case FieldType.DATE:
                return literal if isinstance(literal, date) else date.fromisoformat(str(literal).strip()[:10])
            case _:
                return str(literal)
    except (ValueError, ArithmeticError) as error:
        raise UnfitLiteral(f"{str(literal)[:40]!r} is no {kind.value}") from error


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number between stored integers: `floor` is the largest integer that is not above it, `exact` says that it is that integer."""

    floor: int
    exact: bool

    def compare(self, values: NDArray[np.signedinteger[Any]], operator: Operator) -> NDArray[np.bool_]:
        """Which of the stored integers are so compared to it."""
        match operator:
            case Operator.EQUAL:
                return values == self.floor if self.exact else np.zeros(len(values), dtype=np.bool_)
            case Operator.NOT_EQUAL:
                return values != self.floor if self.exact else np.ones(len(values), dtype=np.bool_)
            case Operator.LESS:
                return values < self.floor if self.exact else values <= self.floor
            case Operator.LESS_OR_EQUAL:
                return values <= self.floor
            case Operator.GREATER:
                return values > self.floor
            case Operator.GREATER_OR_EQUAL:
                return values >= self.floor if self.exact else values > self.floor


def threshold(literal: Literal, kind: FieldType, places: int) -> Threshold:
    """Where a literal lies among numbers that are stored as integers of `places` decimals, or among days; raises `UnfitLiteral`."""
    fitted = fit(literal, kind)
    if isinstance(fitted, date):
        return Threshold(to_day(fitted), True)
    number = Decimal(fitted)
    if not number:
        return Threshold(0, True)
    if number.adjusted() > _DIGITS:
        return Threshold(-(2**64) if number < 0 else 2**64, False)
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # `_number` lets no NaN through
    number = Decimal((sign, digits, exponent + places))  # multiplied without the rounding of a product
    floor = number.to_integral_value(ROUND_FLOOR)
    return Threshold(int(floor), floor == number)


def _number(literal: Literal) -> Decimal:
    """A finite number; NaN could not be ordered."""
    number = Decimal(str(literal))
    if not number.is_finite():
        raise ValueError
    return number
