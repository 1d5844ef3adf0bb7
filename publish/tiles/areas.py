"""Municipalities in tiles: simplified for each level as one coverage, so that neighbours keep one border between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from exports.vector_tile import EXTENT, Features, polygons, rings
from publish.tiles.attributes import attribute, told
from publish.tiles.content import Extent, Located, reaching
from publish.tiles.matrices import Place, TileMatrixSet
from release.once import Once
from release.truth import Rows

_COARSER = 2
"""Levels above the base at which borders are as fine as a screen shows: a unit is 2.4 m in WebMercatorQuad, 1 m in Lambert 72."""

_TOLERANCE = 4
"""Units that a border may move: half a pixel where a tile is drawn 512 pixels wide."""

_BUFFER = 1 / 64
"""Of the side of a tile: drawn outside of it, so that the edge of a tile is no border."""


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of a layer in a tile matrix set."""

    located: Located
    matrices: TileMatrixSet
    _shapes: Once[tuple[int, int], NDArray[np.object_]] = field(default_factory=Once)

    def deepest(self) -> int:
        """Always the same."""
        return self.matrices.base - _COARSER

    def few(self, place: Place) -> bool:
        """Never: an area may have any number of corners."""
        return False

    def features(self, place: Place, spare: int, *, alone: bool) -> Features:
        """The areas that meet a tile; to spare is to simplify more. `alone` changes nothing."""
        rows, shapes = self._meeting(place, spare)
        left, top = self.matrices.corner(place)
        drawn = [rings(shape, left, top, self.matrices.side(place.level) / EXTENT) for shape in shapes]
        kept = np.fromiter(map(bool, drawn), np.bool_, len(drawn))
        rows, table = rows[kept], self.located.table
        attributes = tuple(attribute(table.columns, field.name, rows) for field in told(table.feature_type))
        return Features(table.table.ids[rows], polygons([part for part in drawn if part]), attributes)

    def _meeting(self, place: Place, spare: int) -> tuple[Rows, NDArray[np.object_]]:
        box = reaching(self.matrices, place, _BUFFER)
        near = _near(self.located.boxes(self.matrices.crs), box)
        clipped = shapely.clip_by_rect(self._simplified(place.level, spare)[near], *box)
        there = ~shapely.is_empty(clipped)
        return self.located.rows[near][there], clipped[there]

    def _simplified(self, level: int, spare: int) -> NDArray[np.object_]:
        """All areas as they are drawn at a level, made once."""
        return self._shapes.get((level, spare), lambda: self._made(level, spare))

    def _made(self, level: int, spare: int) -> NDArray[np.object_]:
        stored = self.located.table.geometries(self.located.rows, self.matrices.crs)
        shapes = np.asarray(shapely.from_wkb(np.array(stored, dtype=object)), dtype=object)
        tolerance = _TOLERANCE * self.matrices.side(level) / EXTENT * 2**spare
        simplified: NDArray[np.object_] = shapely.coverage_simplify(shapes, tolerance)
        return simplified


def _near(boxes: NDArray[np.float64], box: Extent) -> NDArray[np.bool_]:
    left, bottom, right, top = box
    near: NDArray[np.bool_] = (boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 1] <= top) & (boxes[:, 3] >= bottom)
    return near
