"""Borders of areas, ready to be drawn: all rings of a table, with no more positions than a scale can show.

Positions are rounded to a grid, the same for every ring, so that neighbours keep one border between them. What is made is kept with
the open release, and goes when that goes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from exports.rings import Rings
from publish.wms.frame import DEGREE
from release.crs import Crs
from release.once import Once
from release.reader import ReleaseTable

_FINEST, _COARSEST = -1, 11
"""Exponents of two of the sides of grids in metres: half a metre, which is finer than the data, to 2 km."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """Rings one after another: `positions` (n, 2) in x, y order, `starts` (rings + 1); `rows` says whose each ring is, `outer` not a hole.

    The rings are in the order in which they are drawn: large ones first, so that what lies in a hole comes after the hole. `bounds` has
    shape (rings, 4).
    """

    positions: NDArray[np.float64]
    starts: NDArray[np.intp]
    rows: NDArray[np.intp]
    outer: NDArray[np.bool_]
    bounds: NDArray[np.float64]

    @classmethod
    def of(cls, table: ReleaseTable, crs: Crs) -> Outlines:
        """Every ring of every row, of any day."""
        rings = Rings.parse(table.geometries(np.arange(len(table.table)), crs))
        polygons = np.repeat(np.arange(len(rings.in_polygons) - 1), np.diff(rings.in_polygons))
        rows = np.repeat(np.arange(len(rings.in_shapes) - 1), np.diff(rings.in_shapes))[polygons]
        whole = cls(rings.coordinates, rings.in_rings.astype(np.intp), rows, rings.outer, _bounds(rings.coordinates, rings.in_rings))
        # a hole before what fills it exactly
        return whole.picked(np.lexsort((whole.outer, -whole._areas())))

    def picked(self, order: NDArray[np.intp]) -> Outlines:
        """These rings, in this order."""
        sizes = np.diff(self.starts)[order]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        places = np.repeat(self.starts[order] - starts[:-1], sizes) + np.arange(starts[-1])
        return Outlines(self.positions[places], starts, self.rows[order], self.outer[order], self.bounds[order])

    def on_grid(self, side: float) -> Outlines:
        """Positions rounded to a grid, each once; rings that are nothing any more are left out."""
        rounded = np.rint(self.positions / side)
        kept = np.ones(len(rounded), dtype=np.bool_)
        kept[1:] = (rounded[1:] != rounded[:-1]).any(axis=1)
        kept[self.starts[:-1]] = True
        sizes = np.add.reduceat(kept, self.starts[:-1]) if len(self.rows) else np.empty(0, dtype=np.intp)
        fewer = Outlines(rounded[kept] * side, np.concatenate(([0], np.cumsum(sizes))).astype(np.intp), self.rows, self.outer, self.bounds)
        return fewer.picked(np.flatnonzero(sizes > 3))

    def _areas(self) -> NDArray[np.float64]:
        """The area of each ring."""
        x, y = (self.positions - self.positions.mean(axis=0)).T if len(self.positions) else np.empty((2, 0))
        crossed = np.zeros(len(x))
        crossed[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
        crossed[self.starts[1:] - 1] = 0  # from one ring to the next
        return np.abs(np.add.reduceat(crossed, self.starts[:-1])) / 2 if len(self.rows) else np.empty(0)


def _bounds(positions: NDArray[np.float64], starts: NDArray[np.int32]) -> NDArray[np.float64]:
    if len(starts) < 2:
        return np.empty((0, 4))
    low, high = (reduce.reduceat(positions, starts[:-1], axis=0) for reduce in (np.minimum, np.maximum))
    return np.hstack([low, high])


@dataclass(frozen=True, eq=False)
class _Kept:
    """What is kept of one table: at most every scale of every CRS."""

    whole: Once[str, Outlines]
    coarser: Once[tuple[str, int], Outlines]


_kept: WeakKeyDictionary[ReleaseTable, _Kept] = WeakKeyDictionary()
_lock = Lock()


def outlines(table: ReleaseTable, crs: Crs, pixel: float) -> Outlines:
    """The borders of a table for pixels of a size, in the units of the CRS."""
    with _lock:
        kept = _kept.setdefault(table, _Kept(Once(), Once()))
    unit = 1 / DEGREE if crs.columns == "lonlat" else 1.0
    exponent = min(_COARSEST, math.floor(math.log2(pixel / unit)))
    if exponent < _FINEST:
        return kept.whole.get(crs.columns, lambda: Outlines.of(table, crs))
    return kept.coarser.get(
        (crs.columns, exponent),
        lambda: kept.whole.get(crs.columns, lambda: Outlines.of(table, crs)).on_grid(2.0**exponent * unit),
    )
