"""Points in tiles: each on its own at the deepest level, above it one for each product and cell of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exports.vector_tile import EXTENT, Attribute, Features, points
from publish.tiles.attributes import COUNT, attribute, numbers, told
from publish.tiles.cells import Cells
from publish.tiles.content import Located, reaching
from publish.tiles.matrices import Place, TileMatrixSet
from release.truth import Rows

GRID = 32
"""Cells along a side of a tile: 16 pixels apart where a tile is drawn 512 pixels wide, a little more than a symbol."""

CROWD = 12_000
"""Objects in a tile at most, where there is a deeper level: with their ids alone they take 350 kB."""

_SHARED = "PRODUCT"
"""What points that are told as one have in common."""
_SPARED = ("NAAM",)
"""What is left out of a tile that would be too large."""

_FEW = 100
"""Points that are told in less time than it takes to hand them to a thread."""

_MARGIN = 1e-6
"""Of the side of a tile: far more than what is lost in reckoning, so that no point falls between two tiles."""


@dataclass(frozen=True, eq=False)
class Points:
    """The points of a layer in a tile matrix set."""

    located: Located
    matrices: TileMatrixSet

    def deepest(self) -> int:
        """The base level, or the first one below it where no tile is crowded."""
        return self._deepest[0]

    def few(self, place: Place) -> bool:
        """Whether a tile of the deepest level has so few points that they are told at once."""
        return place.level == self.deepest() and self._deepest[1].count(place) <= _FEW

    def features(self, place: Place, spare: int, *, alone: bool) -> Features:
        """Each point of a tile `alone`, or thinned."""
        names = tuple(name for name in self._kept if not (spare and name in _SPARED))
        if alone:
            rows = self._deepest[1].within(place)
            return self._each(rows, self._units(rows, place), names)
        return self._thinned(*self._within(place), names)

    @cached_property
    def _deepest(self) -> tuple[int, Cells]:
        """The deepest level, of which most tiles are asked, and what lies in each of its tiles."""
        rows = self.located.rows
        places = self.located.table.coordinates(self.matrices.crs)[rows]
        for level in range(self.matrices.base, self.matrices.levels):
            cells = Cells.of(rows, self.matrices.cells(places, self.matrices.side(level)))
            if cells.most <= CROWD:
                break
        return level, cells

    @property
    def _kept(self) -> Sequence[str]:
        return [field.name for field in told(self.located.layer.feature_type)]

    def _within(self, place: Place) -> tuple[Rows, NDArray[np.float64]]:
        """The rows that lie in a tile, each in one tile alone, and where in it."""
        rows = self.located.within(self.matrices.crs, reaching(self.matrices, place, _MARGIN))
        positions = self.located.table.coordinates(self.matrices.crs)[rows]
        inside = (self.matrices.cells(positions, self.matrices.side(place.level)) == (place.column, place.row)).all(axis=1)
        return rows[inside], self._units(rows[inside], place)

    def _units(self, rows: Rows, place: Place) -> NDArray[np.float64]:
        """Where in a tile its rows are."""
        side, positions = self.matrices.side(place.level), self.located.table.coordinates(self.matrices.crs)[rows]
        units: NDArray[np.float64] = (positions - self.matrices.corner(place)) * (EXTENT / side, -EXTENT / side)
        return np.clip(units, 0, EXTENT - 1)

    def _each(self, rows: Rows, units: NDArray[np.float64], names: Sequence[str]) -> Features:
        table = self.located.table
        attributes = [attribute(table.columns, name, rows) for name in names]
        one = Attribute(COUNT, [1], np.zeros(len(rows), np.int64))
        return Features(table.table.ids[rows], points(units.astype(np.int64)), (*attributes, one))

    def _thinned(self, rows: Rows, units: NDArray[np.float64], names: Sequence[str]) -> Features:
        """One point for each product and cell, in the middle of those that it stands for; a lone one is told as it is."""
        products, many = self._products(rows)
        cells = (units // (EXTENT // GRID)).astype(np.int64)
        keys = (cells[:, 1] * GRID + cells[:, 0]) * many + products
        counts = np.bincount(keys)
        used = np.flatnonzero(counts)
        middle = np.column_stack([np.bincount(keys, units[:, axis])[used] / counts[used] for axis in (0, 1)])
        representative = np.zeros(len(counts), np.int64)
        representative[keys] = rows
        chosen, lone, table = representative[used], counts[used] == 1, self.located.table
        found = [attribute(table.columns, name, chosen) for name in names]
        told = [whole if whole.name == _SHARED else _only(whole, lone) for whole in found]
        ids = np.where(lone, table.table.ids[chosen], -1)
        return Features(ids, points(middle.astype(np.int64)), (*told, numbers(COUNT, counts[used])))

    def _products(self, rows: Rows) -> tuple[NDArray[np.int64], int]:
        """The number of the product of each row, and how many there may be. Codes are taken as they are: there may be millions of rows."""
        if _SHARED not in self._kept:
            return np.zeros(len(rows), np.int64), 1
        texts = self.located.table.columns.texts(_SHARED)
        if texts.codes is None:
            whole = attribute(self.located.table.columns, _SHARED, rows)
            return whole.codes + 1, len(whole.values) + 1
        return texts.codes[rows].astype(np.int64) + 1, len(texts.values) + 1


def _only(whole: Attribute, wanted: NDArray[np.bool_]) -> Attribute:
    """The attribute of the wanted features alone, with no value that none of them has."""
    codes = np.where(wanted, whole.codes, -1)
    used, places = np.unique(codes, return_inverse=True)
    absent = int(np.count_nonzero(used < 0))
    return Attribute(whole.name, [whole.values[place] for place in used[absent:].tolist()], places.astype(np.int64) - absent)
