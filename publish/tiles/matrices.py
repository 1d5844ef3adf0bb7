"""Tile matrix sets: the registered WebMercatorQuad, and one in Lambert 72 over Flanders (OGC 17-083r4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publish.documents import Json
from release.crs import LAMBERT72, WEB_MERCATOR, Crs

_PIXEL = 0.00028
"""Metres; OGC 17-083r4 §6.1.1: the width of a pixel in a scale denominator."""
_SIDE = 256
"""Pixels along a side of a tile."""


@dataclass(frozen=True)
class Place:
    """A tile: its matrix (the level), row from above, column from the left."""

    level: int
    row: int
    column: int


@dataclass(frozen=True)
class TileMatrixSet:
    """A quadtree of square tiles: `span` is the side of the one tile of level 0, in units of `crs`; `left`, `top` its upper left corner.

    `base` is the level at which every object is on its own, or a deeper one where many objects are close together. `uri` is the
    registered name, empty where there is none.
    """

    id: str
    title: str
    crs: Crs
    left: float
    top: float
    span: float
    levels: int
    base: int
    uri: str = ""
    well_known_scales: str = ""

    def side(self, level: int) -> float:
        """Side of a tile of a level, in units of the CRS."""
        return self.span / (1 << level)

    def corner(self, place: Place) -> tuple[float, float]:
        """The upper left corner of a tile."""
        side = self.side(place.level)
        return self.left + place.column * side, self.top - place.row * side

    def box(self, place: Place) -> tuple[float, float, float, float]:
        """A tile as left, bottom, right, top."""
        side = self.side(place.level)
        left, top = self.corner(place)
        return left, top - side, left + side, top

    def cells(self, points: NDArray[np.float64], size: float) -> NDArray[np.int64]:
        """Column and row, shape (n, 2), of the square of this size in which each point lies.

        The upper and the left edge belong to a square, so that each point is in one.
        """
        return np.floor((points - (self.left, self.top)) / (size, -size)).astype(np.int64)

    def cells_of(self, points: Sequence[tuple[float, float]], level: int) -> list[tuple[int, int]]:
        """Column and row of the tile of a level in which each point lies."""
        found = self.cells(np.asarray(points, np.float64), self.side(level)).tolist()
        return [(column, row) for column, row in found]

    def document(self) -> Json:
        """OGC 17-083r4 §8: the definition as JSON."""
        named = {"uri": self.uri} if self.uri else {}
        scales = {"wellKnownScaleSet": self.well_known_scales} if self.well_known_scales else {}
        matrices = [self._matrix(level) for level in range(self.levels)]
        axes = {"orderedAxes": ["X", "Y"]}
        return {"id": self.id, "title": self.title, **named, "crs": self.crs.url, **axes, **scales, "tileMatrices": matrices}

    def _matrix(self, level: int) -> Json:
        cell = self.side(level) / _SIDE
        return {
            "id": str(level),
            "scaleDenominator": cell / _PIXEL,
            "cellSize": cell,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [self.left, self.top],
            "matrixWidth": 2**level,
            "matrixHeight": 2**level,
            "tileWidth": _SIDE,
            "tileHeight": _SIDE,
        }


WEB_MERCATOR_QUAD = TileMatrixSet(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    crs=WEB_MERCATOR,
    left=-20037508.342789244,
    top=20037508.342789244,
    span=2 * 20037508.342789244,
    levels=25,
    base=14,
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    well_known_scales="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)
"""OGC 17-083r4 Annex D.1. At level 14 a tile is about 1.5 km wide in Flanders."""

BELGIAN_LAMBERT72 = TileMatrixSet(
    id="BelgianLambert72Quad",
    title="Belgian Lambert 72: Vlaanderen in één tegel van 262 144 m (cellen van 1024 m tot 0,125 m)",
    crs=LAMBERT72,
    left=9_000.0,
    top=330_000.0,
    span=262_144.0,
    levels=14,
    base=8,
)
"""Ours. The box of Flanders (DOMAIN 6.3: 21 492 to 259 367, 152 558 to 244 522) lies in the middle of the one tile of level 0; cells are
powers of two in metres. At level 8 a tile is 1024 m wide."""

SETS = {known.id: known for known in (WEB_MERCATOR_QUAD, BELGIAN_LAMBERT72)}
"""The tile matrix sets that are served, by id."""
