"""Values of any type as the one text that every channel must give for them, a column of Arrow at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat

import pyarrow as pa
import pyarrow.compute as pc

from release.schema import Field, FieldType, Geometry
from release.table import PublicTable
from schedules.parity import places
from schedules.parity.errors import Undecodable
from schedules.parity.rows import BATCH, NOWHERE, SEPARATOR, Row

_STEPS: dict[FieldType, tuple[pa.DataType, ...]] = {
    FieldType.TEXT: (),
    FieldType.URI: (),
    FieldType.INTEGER: (pa.int64(),),
    FieldType.NUMBER: (pa.decimal128(38, 2),),
    FieldType.DATE: (pa.date32(),),
}
"""Through which types a value goes before it is a text, so that 62.5 and 62.50 are one amount, and a date with an hour is a date."""


def column(values: pa.Array, field: Field) -> pa.Array:
    """A column as texts; empty where there is none. Raises `Undecodable` when a value is not of the field's type."""
    plain = plain_values(values)
    try:
        if pa.types.is_string(plain.type) and _STEPS[field.type]:
            plain = pc.if_else(pc.equal(plain, ""), None, plain)
        for type_ in _steps(plain.type, field):
            plain = _rounded(plain, type_).cast(type_)
        texts = plain.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Undecodable(f"{field.name} holds what is no {field.type.value}") from error
    return pc.fill_null(texts, "")


def _steps(given: pa.DataType, field: Field) -> tuple[pa.DataType, ...]:
    if not _STEPS[field.type] and not (pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_null(given)):
        raise Undecodable(f"{field.name} holds what is no {field.type.value}")
    return _STEPS[field.type]


def _rounded(values: pa.Array, type_: pa.DataType) -> pa.Array:
    """An amount that a format holds as a binary fraction is the nearest cent."""
    return pc.round(values, 2) if pa.types.is_floating(values.type) and pa.types.is_decimal(type_) else values


def plain_values(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array of the values themselves, where they are the entries of a dictionary."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole


def text(value: str | float | None, field: Field) -> str:
    """One value."""
    return str(column(pa.array([value]), field)[0])


def joined(columns: Sequence[pa.Array]) -> list[bytes]:
    """The texts of every row, with separators."""
    whole: list[bytes] = pc.binary_join_element_wise(*columns, SEPARATOR).cast(pa.binary()).to_pylist()
    return whole


def sealed_texts(table: PublicTable, adapted: Callable[[pa.StringArray], pa.StringArray] | None = None) -> Iterator[list[bytes]]:
    """The texts of every row of a sealed table, some at a time; `adapted` is what becomes of each column."""
    fields = table.feature_type.fields
    for start in range(0, len(table), BATCH):
        batch = table.arrow.slice(start, BATCH)
        columns = [column(batch[field.name], field) for field in fields]
        yield joined(columns if adapted is None else list(map(adapted, columns)))


def rows_of(table: pa.Table | pa.RecordBatch, fields: Sequence[Field], kind: Geometry | None, geometry: str | None) -> Iterator[Row]:
    """Rows of Arrow columns that bear the names of the fields; `geometry` names the column of WKB."""
    texts = joined([column(table.column(field.name), field) for field in fields])
    if geometry is None:
        yield from zip(texts, repeat(NOWHERE), strict=False)
        return
    shapes = table.column(geometry).to_pylist()
    found = places.wkb_points(shapes) if kind is Geometry.POINT else map(places.wkb_area, shapes)
    yield from zip(texts, found, strict=True)
