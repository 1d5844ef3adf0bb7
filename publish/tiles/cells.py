"""Which points lie in which tile of one level: looked up, where any other level is sought through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publish.tiles.matrices import Place
from release.truth import Rows


@dataclass(frozen=True, eq=False)
class Cells:
    """The rows of a layer by tile: `places` has for each column and row the first and the end of its own among `rows`."""

    rows: Rows
    places: dict[tuple[int, int], tuple[int, int]]

    @classmethod
    def of(cls, rows: Rows, cells: NDArray[np.int64]) -> Cells:
        """From the column and row of the tile in which each row lies, shape (n, 2); the rows of a tile stay in order."""
        order = np.lexsort((cells[:, 0], cells[:, 1]))
        sorted_ = cells[order]
        starts = np.flatnonzero(np.append(True, (sorted_[1:] != sorted_[:-1]).any(axis=1))) if len(rows) else order
        ends = [*starts[1:].tolist(), len(rows)]
        keys = map(tuple, sorted_[starts].tolist())
        return cls(rows[order], dict(zip(keys, zip(starts.tolist(), ends, strict=False), strict=False)))

    @property
    def most(self) -> int:
        """How many the fullest tile has."""
        return max((end - start for start, end in self.places.values()), default=0)

    def count(self, place: Place) -> int:
        """How many a tile has."""
        start, end = self.places.get((place.column, place.row), (0, 0))
        return end - start

    def within(self, place: Place) -> Rows:
        """The rows of a tile."""
        start, end = self.places.get((place.column, place.row), (0, 0))
        return self.rows[start:end]
