"""Geometries as the commands of a vector tile (Mapbox Vector Tile 2.1 §4.3), in whole units from the upper left corner of the tile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from exports.vector_tile.ragged import Ragged

Units = NDArray[np.int64]
"""Places in a tile, x to the right and y down, shape (n, 2)."""

_MOVE, _LINE, _CLOSE = 1, 2, 7
_ONE_MOVE, _CLOSED = _MOVE | 1 << 3, _CLOSE | 1 << 3
_POINT, _POLYGON = 1, 3
_CORNERS = 3
"""Places that a ring has at least."""


@dataclass(frozen=True, eq=False)
class Geometries:
    """One geometry a row: its type in the tile, and its commands."""

    kind: int
    commands: Ragged


def points(places: Units) -> Geometries:
    """A point a row."""
    numbers = np.column_stack([np.full(len(places), _ONE_MOVE), _zigzag(places)]).ravel()
    return Geometries(_POINT, Ragged.varints(numbers, np.full(len(places), 3, np.int64)))


def polygons(rows: Sequence[Sequence[Units]]) -> Geometries:
    """The rings of a multipolygon a row, as `rings` gives them."""
    numbers = [np.concatenate([*_commands(rings)], dtype=np.int64) for rings in rows]
    counts = np.fromiter(map(len, numbers), np.int64, len(numbers))
    return Geometries(_POLYGON, Ragged.varints(np.concatenate(numbers) if numbers else np.empty(0, np.int64), counts))


def rings(shape: BaseGeometry, left: float, top: float, unit: float) -> list[Units]:
    """The rings of a polygon or multipolygon, y up, seen from the corner of a tile; what is too small to be seen is left out.

    MVT 2.1 §4.3.4.4: an exterior ring has a positive area in the tile, its holes after it a negative one; the first place is not repeated.
    """
    found: list[Units] = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue  # what clipping leaves of an edge
        outer = _ring(part.exterior, left, top, unit, clockwise=True)
        if outer is not None:
            inner = (_ring(ring, left, top, unit, clockwise=False) for ring in part.interiors)
            found += [outer, *(ring for ring in inner if ring is not None)]
    return found


def _ring(line: BaseGeometry, left: float, top: float, unit: float, *, clockwise: bool) -> Units | None:
    positions = shapely.get_coordinates(line)
    places: Units = np.rint((positions - (left, top)) / (unit, -unit)).astype(np.int64)[:-1]
    places = places[(places != np.roll(places, 1, axis=0)).any(axis=1)]
    if len(places) < _CORNERS:
        return None
    following = np.roll(places, -1, axis=0)
    area = int((places[:, 0] * following[:, 1] - following[:, 0] * places[:, 1]).sum())
    if not area:
        return None
    right_way: Units = places if (area > 0) == clockwise else places[::-1]
    return right_way


def _commands(rows: Sequence[Units]) -> Iterator[Units]:
    """Each ring: move to its first place, lines to the others, close; all relative to the place before."""
    before = np.zeros(2, np.int64)
    for ring in rows:
        steps = _zigzag(np.diff(ring, axis=0, prepend=before[None, :])).ravel()
        yield np.concatenate([[_ONE_MOVE], steps[:2], [_LINE | (len(ring) - 1) << 3], steps[2:], [_CLOSED]])
        before = ring[-1]


def _zigzag(numbers: Units) -> Units:
    """MVT 2.1 §4.3.2: small numbers of either sign become small numbers from 0."""
    return (numbers << 1) ^ (numbers >> 63)
