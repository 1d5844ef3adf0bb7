"""Which points lie in which tile of one level: looked up, where any other level is sought through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from publish.tiles.matrices import Place
from release.truth import Rows

Number = TypeVar("Number", int, NDArray[np.int64])

_BITS = 32  # of a column


@dataclass(frozen=True, eq=False)
class Cells:
    """The rows of a layer by tile: those of tile `keys[n]` are `rows[starts[n]:starts[n + 1]]`, in release order."""

    keys: NDArray[np.int64]
    starts: NDArray[np.int64]
    rows: Rows

    @classmethod
    def of(cls, rows: Rows, cells: NDArray[np.int64]) -> Cells:
        """From the column and row of the tile in which each row lies, shape (n, 2)."""
        whole = _key(cells[:, 0], cells[:, 1])
        order = np.argsort(whole, kind="stable")
        keys, starts = np.unique(whole[order], return_index=True)
        return cls(keys, np.append(starts, len(rows)), rows[order])

    @property
    def most(self) -> int:
        """How many the fullest tile has."""
        return int(np.diff(self.starts).max(initial=0))

    def within(self, place: Place) -> Rows:
        """The rows of a tile."""
        key = _key(place.column, place.row)
        found = int(np.searchsorted(self.keys, key))
        if found == len(self.keys) or self.keys[found] != key:
            return self.rows[:0]
        return self.rows[self.starts[found] : self.starts[found + 1]]


def _key(column: Number, row: Number) -> Number:
    return row << _BITS | column
