"""Columns in the form in which they are compared: texts with small codes, numbers and days as integers, ranks for sorting.

Each is made when it is first asked for. At 300,000 rows a column of codes takes 0.3 to 1.2 MB, ranks take 1.2 MB; texts that are
not dictionary-encoded, and integers, stay in the memory-mapped file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from release.once import Once
from release.schema import FieldType
from release.table import PublicTable
from release.truth import Mask, Rows

Codes = NDArray[np.signedinteger[Any]]

_FEW_TEXTS = 4_096
"""Distinct texts that are also kept as Python has them, so that one of them is found at once."""

_NO_CODE = -2

_FEW_RUNS = 6
"""Stretches of codes that are found sooner by comparing than by looking each code up."""


@dataclass(frozen=True, eq=False)
class Texts:
    """`codes` gives the place of each row's text in `values`, -1 where there is none; null when `values` has one text a row."""

    values: pa.Array
    codes: Codes | None
    complete: bool
    """Whether every row has a value."""

    def where(self, test: Callable[[pa.Array], Mask], rows: Rows | None) -> Mask:
        """Of which of the rows the text passes a test, which sees each distinct text once where that is known."""
        if self.codes is None:
            return test(self.values if rows is None else self.values.take(pa.array(rows)))
        return _spread(test(self.values), self.codes if rows is None else self.codes[rows])

    def equal(self, text: str, rows: Rows | None) -> Mask | None:
        """Of which of the rows the text is this one; null when there is no quick way to know."""
        if self.codes is None or self._places is None:
            return None
        codes = self.codes if rows is None else self.codes[rows]
        true: Mask = codes == self._places.get(text, _NO_CODE)
        return true

    @cached_property
    def _places(self) -> dict[str, int] | None:
        if len(self.values) > _FEW_TEXTS:
            return None
        places = {text: place for place, text in enumerate(self.values.to_pylist())}
        return places if len(places) == len(self.values) else None

    def present(self, rows: Rows | None) -> Mask | None:
        """Which of the rows have a value; null when all have."""
        if self.complete:
            return None
        if self.codes is None:
            return _valid(self.values if rows is None else self.values.take(pa.array(rows)))
        return (self.codes if rows is None else self.codes[rows]) >= 0

    def each(self, rows: Rows | None) -> pa.Array:
        """The text of each of the rows."""
        if self.codes is None:
            return self.values if rows is None else self.values.take(pa.array(rows))
        codes = self.codes if rows is None else self.codes[rows]
        return self.values.take(pa.array(codes, mask=codes < 0))


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers as integers of `places` decimals (days: none); `known` is null when every row has a value."""

    values: NDArray[np.int64] | NDArray[np.int32]
    known: Mask | None
    places: int

    def present(self, rows: Rows | None) -> Mask | None:
        """Which of the rows have a value; null when all have."""
        return self.known if self.known is None or rows is None else self.known[rows]

    def each(self, rows: Rows | None) -> NDArray[np.int64] | NDArray[np.int32]:
        """The number of each of the rows; anything where there is none."""
        return self.values if rows is None else self.values[rows]


@dataclass(frozen=True, eq=False)
class Ranks:
    """The place of each row's value in the order of a column; equal values share one, absent ones have the last, below `count`."""

    values: NDArray[np.int32]
    count: int


@dataclass(frozen=True, eq=False)
class Columns:
    """The public fields of a table; safe for several threads."""

    table: PublicTable
    _texts: Once[str, Texts] = field(default_factory=Once)
    _numbers: Once[str, Numbers] = field(default_factory=Once)
    _ranks: Once[str, Ranks] = field(default_factory=Once)

    def kind(self, name: str) -> FieldType:
        """Type of a field; raises `UnknownField`."""
        return self.table.feature_type.field(name).type

    def texts(self, name: str) -> Texts:
        """A field of type text or uri."""
        return self._texts.get(name, lambda: self._made_texts(name))

    def numbers(self, name: str) -> Numbers:
        """A field of type integer, number or date."""
        return self._numbers.get(name, lambda: self._made_numbers(name))

    def written(self, name: str, rows: Rows | None) -> pa.Array:
        """Any other field of the rows, as it is published."""
        array = self._array(name)
        return (array if rows is None else array.take(pa.array(rows))).cast(pa.string())

    def ranks(self, name: str) -> Ranks:
        """The order of a field; raises `UnknownField`."""
        textual = self.kind(name) in (FieldType.TEXT, FieldType.URI)
        return self._ranks.get(name, lambda: _text_ranks(self.texts(name)) if textual else _number_ranks(self.numbers(name)))

    def present(self, name: str, rows: Rows | None) -> Mask | None:
        """Which of the rows have a value of a field; null when all have. Raises `UnknownField`."""
        if self.kind(name) in (FieldType.TEXT, FieldType.URI):
            return self.texts(name).present(rows)
        return self.numbers(name).present(rows)

    def _array(self, name: str) -> pa.Array:
        column = self.table.arrow[name]
        if column.num_chunks == 1:
            return column.chunk(0)
        whole = column.unify_dictionaries().combine_chunks()
        return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)

    def _made_texts(self, name: str) -> Texts:
        array = self._array(name)
        if not pa.types.is_dictionary(array.type):
            return Texts(array.cast(pa.string()), None, array.null_count == 0)
        codes = np.asarray(array.indices.fill_null(-1))
        size = len(array.dictionary)
        small = np.int8 if size < 2**7 else np.int16 if size < 2**15 else np.int32
        return Texts(array.dictionary, codes.astype(small, copy=False), array.null_count == 0)

    def _made_numbers(self, name: str) -> Numbers:
        array, places = self._array(name), 0
        if pa.types.is_decimal(array.type):
            places = array.type.scale
            array = pc.multiply(array, pa.scalar(Decimal(10**places))).cast(pa.int64())
        elif pa.types.is_date(array.type):
            array = array.cast(pa.int32())
        if not array.null_count:
            return Numbers(np.asarray(array), None, places)
        return Numbers(np.asarray(array.fill_null(0)), _valid(array), places)


def _valid(array: pa.Array) -> Mask:
    return np.asarray(array.is_valid(), dtype=np.bool_)


def _spread(answers: Mask, codes: Codes) -> Mask:
    """The answer for each code; no answer is true for -1. In a sorted dictionary most answers are one stretch of codes."""
    around = np.concatenate(([False], answers, [False]))
    edges = np.flatnonzero(around[1:] != around[:-1]).tolist()
    if len(edges) > 2 * _FEW_RUNS:
        looked_up: Mask = np.append(answers, False)[codes]
        return looked_up
    true = np.zeros(len(codes), dtype=np.bool_)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        true |= codes == start if end == start + 1 else (codes >= start) & (codes < end)
    return true


def _text_ranks(texts: Texts) -> Ranks:
    """Arrow orders UTF-8 by its bytes, which is the order of code points."""
    found = np.asarray(pc.rank(texts.values, tiebreaker="dense"), dtype=np.int32) - np.int32(1)
    count = int(found.max(initial=-1)) + 2
    if texts.codes is None:
        present = texts.present(None)
        return Ranks(found if present is None else np.where(present, found, np.int32(count - 1)), count)
    return Ranks(np.append(found, np.int32(count - 1))[texts.codes], count)


def _number_ranks(numbers: Numbers) -> Ranks:
    distinct, found = np.unique(numbers.values, return_inverse=True)
    ranks, count = found.astype(np.int32), len(distinct) + 1
    return Ranks(ranks if numbers.known is None else np.where(numbers.known, ranks, np.int32(count - 1)), count)
