"""Rows of bytes of unequal length, made and joined without a loop over rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]

_BITS = 7
"""Bits of a number in each byte of a varint (Protocol Buffers, encoding: base 128, the lowest first)."""

_FEW = 100
"""Numbers up to which they are written one by one in less time than columns take."""


@dataclass(frozen=True, eq=False)
class Ragged:
    """`data` has the bytes of all rows one after another, `lengths` how many each row has."""

    data: Bytes
    lengths: Counts

    @classmethod
    def constant(cls, rows: int, value: bytes) -> Ragged:
        """The same bytes in every row."""
        return cls(np.tile(np.frombuffer(value, np.uint8), rows), np.full(rows, len(value), np.int64))

    @classmethod
    def texts(cls, texts: Sequence[str]) -> Ragged:
        """UTF-8."""
        encoded = [text.encode() for text in texts]
        return cls(np.frombuffer(b"".join(encoded), np.uint8), np.fromiter(map(len, encoded), np.int64, len(encoded)))

    @classmethod
    def varints(cls, values: NDArray[np.int64], counts: Counts | None = None) -> Ragged:
        """Numbers from 0 as varints, one a row; with `counts`, so many consecutive ones in each row."""
        if len(values) <= _FEW:
            each = list(map(varint, values.tolist()))
            data, lengths = np.frombuffer(b"".join(each), np.uint8), np.fromiter(map(len, each), np.int64, len(each))
            return cls(data, lengths if counts is None else _summed(lengths, counts))
        width = max(1, -(-int(values.max(initial=0)).bit_length() // _BITS))
        shifted = values[:, None] >> (np.arange(width) * _BITS)
        present = shifted > 0
        present[:, 0] = True
        more = np.zeros_like(present)
        more[:, :-1] = present[:, 1:]
        data = ((shifted & 0x7F) | (more << _BITS)).astype(np.uint8)[present]
        lengths = present.sum(axis=1, dtype=np.int64)
        return cls(data, lengths if counts is None else _summed(lengths, counts))

    @classmethod
    def joined(cls, *columns: Ragged) -> Ragged:
        """Columns of as many rows side by side."""
        lengths = np.sum([column.lengths for column in columns], axis=0)
        data = np.empty(int(lengths.sum()), np.uint8)
        starts = np.cumsum(lengths) - lengths
        for column in columns:
            data[_places(starts, column.lengths)] = column.data
            starts = starts + column.lengths
        return cls(data, lengths)

    def rows(self) -> list[bytes]:
        """The bytes of each row."""
        data, ends = self.data.tobytes(), np.cumsum(self.lengths).tolist()
        return [data[start:end] for start, end in pairwise([0, *ends])]

    def only(self, wanted: NDArray[np.bool_]) -> Ragged:
        """The same, with nothing in the rows that are not wanted."""
        if wanted.all():
            return self
        return Ragged(self.data[np.repeat(wanted, self.lengths)], np.where(wanted, self.lengths, 0))


def delimited(tag: int, *columns: Ragged) -> tuple[Ragged, ...]:
    """What stands before columns of as many rows to make each row a field of its own, and the columns: tag (one byte), length, bytes."""
    lengths = np.sum([column.lengths for column in columns], axis=0)
    return Ragged.constant(len(lengths), bytes([tag])), Ragged.varints(lengths), *columns


def varint(value: int) -> bytes:
    """A number from 0."""
    if value < 1 << _BITS:
        return bytes((value,))
    parts = []
    while value >= 1 << _BITS:
        parts.append(value & 0x7F | 0x80)
        value >>= _BITS
    return bytes((*parts, value))


def _summed(lengths: Counts, counts: Counts) -> Counts:
    """Lengths of groups of so many consecutive items; a group may be empty."""
    total = np.concatenate(([0], np.cumsum(lengths)))
    ends = np.cumsum(counts)
    summed: Counts = total[ends] - total[ends - counts]
    return summed


def _places(starts: Counts, lengths: Counts) -> Counts:
    """The places from each start on, as many as there are bytes."""
    ends = np.cumsum(lengths)
    places: Counts = np.repeat(starts - ends + lengths, lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
    return places
