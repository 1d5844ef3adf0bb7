"""Literals as the type of the field that they are compared with."""

from __future__ import annotations

import math
import re

from publish.filters.errors import Unfit
from publish.filters.moments import Moment, moment
from release.predicate import Literal
from release.schema import Field, FieldType

Raw = str | int | float | Moment
"""A literal as a language gives it: FES has texts only, CQL2 has numbers and moments too."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LARGEST = 2**63


def typed(field: Field, raw: Raw) -> Literal:
    """The literal for a field of any type but date; raises `Unfit`."""
    match field.type, raw:
        case ((FieldType.INTEGER | FieldType.NUMBER), (str() | int() | float())):
            return number(raw) if isinstance(raw, str) else _plain(raw)
        case ((FieldType.TEXT | FieldType.URI), (str() | int() | float())):
            return str(raw if isinstance(raw, str) else _plain(raw))  # house numbers and postal codes are often written without quotes
    raise Unfit(f"{field.name} is of type {field.type.value}; {_shown(raw)} does not fit it")


def day_literal(field: Field, raw: Raw) -> Moment:
    """The literal for a field of type date; raises `Unfit`."""
    match raw:
        case Moment():
            return raw
        case str():
            return moment(raw)
    raise Unfit(f"{field.name} is of type {field.type.value}; {_shown(raw)} does not fit it")


def number(text: str) -> int | float:
    """A finite number, whole ones as integers; raises `Unfit`."""
    text = text.strip()
    if _NUMBER.fullmatch(text) is None or len(text) > 400:
        raise Unfit(f"{text[:40]!r} is no number")
    if text.lstrip("+-").isdecimal():
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise Unfit(f"{text[:40]!r} is out of bounds")
    return _plain(value)


def _plain(value: int | float) -> int | float:
    """Whole numbers as integers, so that 9000.0 fits a text and equals 9000."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST else value


def _shown(raw: Raw) -> str:
    return f"{raw.at:%Y-%m-%d}" if isinstance(raw, Moment) else repr(raw)[:40]
