"""Symbols of points as pixels: a shape with an outline, its edges smoothed, made once for each size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from publish.wms.palette import LEVELS
from release.schema import Shape

_FINE, _MOST_PARTS = 8, 400
"""Parts of a pixel's side in which the coverage of an edge is counted, and how many there are at most in a symbol, unless it is huge."""

_OUTLINE = 0.13
"""Width of the outline in sizes of the symbol."""
_SMALLEST = 4.0
"""Pixels of a symbol's width."""

_THINNEST = 0.6
"""Pixels of it, at least."""


@dataclass(frozen=True, eq=False)
class Sprite:
    """The pixels of a symbol around its middle one, as far as `radius`: where they are (dx, dy), and how they look.

    `solid` pixels are opaque, and `levels` say how much of the outline's colour is in them (0: the fill alone); `edge` pixels have the
    outline's colour, and `levels` say how opaque they are.
    """

    radius: int
    solid: NDArray[np.intp]  # (n, 2)
    solid_levels: NDArray[np.int32]
    edge: NDArray[np.intp]
    edge_levels: NDArray[np.int32]


def sprite(shape: Shape, size: float) -> Sprite:
    """The symbol of a width in pixels, without its outline; a smaller one than can be told apart is not made."""
    return _made(shape, round(2 * max(_SMALLEST, size)) / 2)


def reach(size: float) -> float:
    """Pixels from the middle of a symbol to its end, at most."""
    return 0.75 * size + _outline(size)


@lru_cache(maxsize=256)
def _made(shape: Shape, size: float) -> Sprite:
    inside = _outlined(shape, size)
    radius = math.ceil(reach(size))
    inner, outer = (_coverage(form, radius) for form in (inside, shapely.buffer(inside, _outline(size))))
    top = LEVELS - 1
    solid = outer >= 0.5 + 0.5 / LEVELS
    solid |= inner > 0.25
    mixed = np.where(outer > 0, 1 - inner / np.where(outer > 0, outer, 1), 1.0)
    edges = ~solid & (outer * LEVELS >= 0.5)
    full = solid & (outer > 0.98)
    # where a symbol ends within a pixel that is more outline than nothing, it stays see-through
    edges |= solid & ~full & (inner == 0)
    solid &= ~edges
    return Sprite(
        radius,
        _places(solid, radius),
        np.rint(mixed[solid] * top).astype(np.int32),
        _places(edges, radius),
        np.clip(np.rint(outer[edges] * LEVELS), 1, top).astype(np.int32),
    )


def _outline(size: float) -> float:
    return max(_THINNEST, _OUTLINE * size)


def _outlined(shape: Shape, size: float) -> shapely.Polygon:
    """The shape around 0, 0; sizes differ so that all shapes look equally large. y grows downwards."""
    half = size / 2
    match shape:
        case Shape.CIRCLE:
            return shapely.Point(0, 0).buffer(half, quad_segs=16)
        case Shape.SQUARE:
            side = 0.9 * half
            return shapely.box(-side, -side, side, side)
        case Shape.DIAMOND:
            reach = 1.22 * half
            return shapely.Polygon([(0, -reach), (reach, 0), (0, reach), (-reach, 0)])
        case Shape.TRIANGLE:
            reach = 1.3 * half
            corners = [(math.sin(turn) * reach, 0.25 * half - math.cos(turn) * reach) for turn in (0, 2 * math.pi / 3, 4 * math.pi / 3)]
            return shapely.Polygon(corners)


def _coverage(form: shapely.Polygon, radius: int) -> NDArray[np.float64]:
    """How much of each pixel a shape covers, 0 to 1; shape (2 radius + 1, 2 radius + 1)."""
    side = 2 * radius + 1
    parts = max(2, min(_FINE, _MOST_PARTS // side))
    middles = (np.arange(side * parts) + 0.5) / parts - side / 2
    shapely.prepare(form)
    x, y = np.meshgrid(middles, middles)
    covered: NDArray[np.float64] = shapely.contains_xy(form, x, y).reshape(side, parts, side, parts).mean(axis=(1, 3))
    return covered


def _places(mask: NDArray[np.bool_], radius: int) -> NDArray[np.intp]:
    rows, columns = np.nonzero(mask)
    return np.column_stack([columns - radius, rows - radius])
