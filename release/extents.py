"""Where rows are, by blocks of neighbours: rows are stored in spatial order, so that a small area is sought in a few blocks only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from release.truth import Mask, Rows

Box = tuple[float, float, float, float]
"""min x, min y, max x, max y."""

BLOCK = 256
"""Rows in a block: a box of 1 km² in 300,000 points is sought in 200 to 500 rows (measured; 64 and 256 are not faster)."""


@dataclass(frozen=True, eq=False)
class Extents:
    """`rows` are points (n, 2) or extents (n, 4) in one CRS, NaN where there is no geometry; `blocks` (4, blocks) is around them."""

    rows: NDArray[np.float64]
    known: Mask
    blocks: NDArray[np.float64]

    @classmethod
    def of(cls, rows: NDArray[np.float64]) -> Extents:
        """Gather the blocks of all rows."""
        starts = np.arange(0, len(rows), BLOCK)
        corners = (rows[:, 0], rows[:, 1], rows[:, -2], rows[:, -1])
        reduced = (np.fmin, np.fmin, np.fmax, np.fmax)
        blocks = [reduce.reduceat(corner, starts) if len(rows) else corner for reduce, corner in zip(reduced, corners, strict=True)]
        return cls(rows, ~np.isnan(rows[:, 0]), np.array(blocks))

    def meeting(self, box: Box) -> NDArray[np.intp]:
        """The blocks whose extent meets the box."""
        return np.flatnonzero(_meet(self.blocks, box))

    def rows_of(self, blocks: NDArray[np.intp]) -> Rows:
        """The rows in these blocks."""
        rows = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return rows[: np.searchsorted(rows, len(self.rows))]

    def met(self, box: Box, rows: Rows | None = None) -> Mask:
        """Which of the rows (null: of all rows) have an extent that meets the box, edges included."""
        if rows is not None:
            return _met(np.take(self.rows, rows, axis=0), box)
        meeting = self.meeting(box)
        low_x, low_y, high_x, high_y = self.blocks[:, meeting]
        inside = (low_x >= box[0]) & (high_x <= box[2]) & (low_y >= box[1]) & (high_y <= box[3])
        found = self.spread(meeting[inside]) & self.known
        rest = self.rows_of(meeting[~inside])
        found[rest] = _met(np.take(self.rows, rest, axis=0), box)
        return found

    def spread(self, blocks: NDArray[np.intp]) -> Mask:
        """Which of all rows are in these blocks."""
        found = np.zeros((self.blocks.shape[1], BLOCK), dtype=np.bool_)
        found[blocks] = True
        return found.ravel()[: len(self.rows)]

    def within(self, box: Box, rows: Rows) -> Mask:
        """Which of the rows have an extent that lies in the box, edges included."""
        found = np.take(self.rows, rows, axis=0)
        inside: Mask = (found[:, 0] >= box[0]) & (found[:, -2] <= box[2]) & (found[:, 1] >= box[1]) & (found[:, -1] <= box[3])
        return inside


def _met(extents: NDArray[np.float64], box: Box) -> Mask:
    return _meet((extents[:, 0], extents[:, 1], extents[:, -2], extents[:, -1]), box)


def _meet(corners: Iterable[NDArray[np.float64]], box: Box) -> Mask:
    """Which extents, given as four columns, meet a box, edges included."""
    low_x, low_y, high_x, high_y = corners
    found: Mask = (high_x >= box[0]) & (low_x <= box[2]) & (high_y >= box[1]) & (low_y <= box[3])
    return found
