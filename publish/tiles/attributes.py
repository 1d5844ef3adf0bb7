"""Attributes of tiles, taken from the columns of a release."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from exports.vector_tile import Attribute
from release.columns import Columns
from release.schema import FeatureType, Field, FieldType, Geometry
from release.truth import Rows

COUNT = "AANTAL"
"""How many objects a point stands for; one that stands for several has no id, and of its attributes the product alone."""

_FEW = 50

_OF_POINTS = frozenset({"PRODUCT", "NISCODE", "NAAM"})
"""What a map needs of a point; all of its facts are found by its id."""


def told(kind: FeatureType) -> tuple[Field, ...]:
    """The fields that tiles have: of an area all but links, because a map may be coloured by any."""
    if kind.geometry is Geometry.POINT:
        return tuple(field for field in kind.fields if field.name in _OF_POINTS)
    return tuple(field for field in kind.fields if field.type is not FieldType.URI)


def attribute(columns: Columns, name: str, rows: Rows) -> Attribute:
    """A field of these rows; dates are texts (MVT knows none). Raises `UnknownField`."""
    if columns.kind(name) in (FieldType.TEXT, FieldType.URI) and (codes := columns.texts(name).codes) is not None:
        wanted = codes[rows].tolist()
        used = sorted({*wanted} - {-1})
        places = {code: place for place, code in enumerate(used)} | {-1: -1}
        values = _taken(columns.texts(name).values, used)
        return Attribute(name, values, np.fromiter(map(places.__getitem__, wanted), np.int64, len(wanted)))
    return constants(name, [_written(value) for value in _taken(columns.table.arrow[name], rows.tolist())])


def _taken(column: pa.Array | pa.ChunkedArray, rows: list[int]) -> list[Any]:
    """The values of these rows: one by one where they are few, for which Arrow takes as long as for a hundred."""
    return [column[row].as_py() for row in rows] if len(rows) <= _FEW else column.take(pa.array(rows)).to_pylist()


def constants(name: str, values: list[str | int | float | None]) -> Attribute:
    """An attribute from the value of each feature, null for none."""
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    places = {value: place for place, value in enumerate(distinct)}
    codes: NDArray[np.int64] = np.fromiter((-1 if value is None else places[value] for value in values), np.int64, len(values))
    return Attribute(name, distinct, codes)


def numbers(name: str, values: NDArray[np.int64]) -> Attribute:
    """An attribute that every feature has, from whole numbers."""
    distinct, places = np.unique(values, return_inverse=True)
    return Attribute(name, distinct.tolist(), places.astype(np.int64))


def _written(value: str | int | Decimal | date | None) -> str | int | float | None:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
