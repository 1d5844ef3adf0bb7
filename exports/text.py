"""Columns of a public table as texts, made by Arrow for a whole batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exports.errors import UnfitText
from release.fragments import CUT, RESUME, START
from release.schema import Field, FieldType, Geometry
from release.table import PublicTable, X, Y

Escape = Callable[[pa.StringArray], pa.StringArray]
"""Makes texts fit for an encoding; null stays null."""

Parts = tuple[pa.StringArray, pa.StringArray, pa.StringArray]
"""Text before, in and after the cut of every row; null is no text."""

TEXTUAL = frozenset({FieldType.TEXT, FieldType.URI})

_BATCH_ROWS = 50_000
_BATCH_ROWS_POLYGONS = 2_000  # an Arrow text array holds at most 2 GB; a municipality takes up to 1 MB


def batches(table: PublicTable, rows: int | None = None) -> Iterator[PublicTable]:
    """The table in parts, each column in one chunk, so that memory does not grow with the table; nothing for no rows.

    `rows` is how many a part has at most; null is as many as an Arrow array can hold as text.
    """
    most = _BATCH_ROWS_POLYGONS if table.feature_type.geometry is Geometry.MULTIPOLYGON else _BATCH_ROWS
    size = most if rows is None else min(rows, most)
    for start in range(0, len(table), size):
        yield replace(table, arrow=table.arrow.slice(start, size).combine_chunks())


def joined(*parts: pa.StringArray | str) -> pa.StringArray:
    """Row by row one after another; what is null is left out."""
    return pc.binary_join_element_wise(*parts, "", null_handling="skip")


def wrapped(column: pa.ChunkedArray, escape: Escape, before: str = "", after: str = "", absent: str | None = None) -> pa.StringArray:
    """Values of any public type between two texts; `absent` (or null) where there is no value.

    A dictionary is escaped once per distinct value, unless it has more values than the batch has rows.
    """
    values = _single(column)
    if pa.types.is_dictionary(values.type) and len(values.dictionary) > len(values):
        values = values.dictionary_decode()
    if pa.types.is_dictionary(values.type):
        texts = _between(values.dictionary, escape, before, after).take(values.indices)
    else:
        texts = _between(values, escape, before, after)
    return texts if absent is None else pc.fill_null(texts, absent)


def _single(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _between(values: pa.Array, escape: Escape, before: str, after: str) -> pa.StringArray:
    texts = escape(values if pa.types.is_string(values.type) else values.cast(pa.string()))
    return pc.binary_join_element_wise(before, texts, after, "", null_handling="emit_null") if before or after else texts


def decoded(column: pa.ChunkedArray) -> pa.Array:
    """A column without its dictionary."""
    values = _single(column)
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def unchanged(texts: pa.StringArray) -> pa.StringArray:
    """The escape of values that need none: numbers and dates."""
    return texts


def refusing(field: Field, pattern: str, reason: str, escape: Escape) -> Escape:
    """`escape`, after raising `UnfitText` when a value of the field matches the pattern."""

    def checked(texts: pa.StringArray) -> pa.StringArray:
        if pc.any(pc.match_substring_regex(texts, pattern)).as_py():
            raise UnfitText(f"{field.name} holds {reason}; the check of deliveries keeps such records out (CONTRACT A.4)")
        return escape(texts)

    return checked


def fixed(values: NDArray[np.float64], decimals: int) -> pa.StringArray:
    """Numbers with a fixed count of decimals, rounded; null where not finite. Right up to 2**53 units of the last decimal."""
    finite = np.isfinite(values)
    scaled = np.rint(np.where(finite, values, 0.0) * 10**decimals).astype(np.int64)
    whole, fraction = np.divmod(np.abs(scaled), 10**decimals)
    sign = pc.if_else(pa.array(scaled < 0), "-", "")
    digits = pc.utf8_lpad(pa.array(fraction).cast(pa.string()), decimals, padding="0")
    texts = joined(sign, pa.array(whole).cast(pa.string()), ".", digits)
    return pc.if_else(pa.array(finite), texts, None)


def coordinates(table: PublicTable) -> NDArray[np.float64]:
    """Points of a table in EPSG:31370, shape (n, 2); NaN where there is none."""
    return np.column_stack([pc.fill_null(table.arrow[axis], np.nan).to_numpy() for axis in (X, Y)])


def assembled(rows: Iterable[Parts]) -> tuple[bytes, NDArray[np.int64]]:
    """Bytes and index of `release.fragments.Fragments` from the parts of batches that follow one another."""
    offset, data, indexes = 0, [], []
    for parts in rows:
        whole = joined(*parts)
        index = _offsets(parts) + offset
        data.append(texts_bytes(whole))
        indexes.append(index)
        offset += len(data[-1])
    indexes.append(np.full((1, 3), offset, dtype=np.int64))
    return b"".join(data), np.concatenate(indexes)


def _offsets(parts: Parts) -> NDArray[np.int64]:
    lengths = np.column_stack([pc.fill_null(pc.binary_length(part), 0).to_numpy() for part in parts]).astype(np.int64)
    ends = np.cumsum(lengths.sum(axis=1))
    index = np.empty((len(lengths), 3), dtype=np.int64)
    index[:, START] = ends - lengths.sum(axis=1)
    index[:, CUT] = index[:, START] + lengths[:, 0]
    index[:, RESUME] = index[:, CUT] + lengths[:, 1]
    return index


def texts_bytes(texts: pa.StringArray) -> bytes:
    """The UTF-8 bytes of all texts, one after another; the array must not be a slice and hold no null."""
    buffer = texts.buffers()[2]
    end = int(np.frombuffer(texts.buffers()[1], dtype=np.int32)[len(texts)])
    return buffer.slice(0, end).to_pybytes() if buffer is not None else b""


def texts_list(texts: pa.StringArray) -> list[bytes]:
    """Every text as bytes; empty for null."""
    values: list[bytes] = pc.fill_null(texts.cast(pa.binary()), b"").to_pylist()
    return values
