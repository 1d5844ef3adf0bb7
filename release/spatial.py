"""Spatial predicates: where the features of a table are, against a box or a geometry of a client.

Compared are the stored coordinates of the CRS in which the client asks; distances are measured in EPSG:31370.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from release.crs import LAMBERT72, Crs
from release.extents import BLOCK, Box, Extents
from release.once import Once
from release.outline import Budget, Outline
from release.predicate import BBox, Distance, Relation, Spatial
from release.schema import Geometry
from release.truth import Mask, Rows

Shapes = NDArray[np.object_]
Wkb = Callable[[Rows, Crs], Sequence[bytes | None]]
Coordinates = Callable[[Crs], NDArray[np.float64]]

_CONVERSE: dict[Relation, Callable[[object, Shapes], Mask]] = {
    Relation.INTERSECTS: shapely.intersects,
    Relation.WITHIN: shapely.contains,
    Relation.CONTAINS: shapely.within,
    Relation.TOUCHES: shapely.touches,
    Relation.CROSSES: shapely.crosses,
    Relation.OVERLAPS: shapely.overlaps,
    Relation.EQUALS: shapely.equals,
}
"""For the client's geometry, which is prepared, and then the feature's."""

_ROUNDED = 0.001
"""Metres by which a distance that is worked out in another way may differ."""

_MANY = 4_096
"""Points from which it pays to judge whole blocks of them first."""


@dataclass(frozen=True, eq=False)
class Places:
    """The geometries of a table: `coordinates` gives points (n, 2) or extents (n, 4), `wkb` multipolygons. Safe for several threads."""

    kind: Geometry | None
    coordinates: Coordinates
    wkb: Wkb
    _extents: Once[str, Extents] = field(default_factory=Once)
    _shapes: Once[str, Shapes] = field(default_factory=Once)

    def extents(self, crs: Crs) -> Extents:
        """Where the rows are in a CRS."""
        return self._extents.get(crs.columns, lambda: Extents.of(np.asarray(self.coordinates(crs))))

    def shapes(self, crs: Crs) -> Shapes:
        """The multipolygons of all rows in a CRS, null where there is none."""
        return self._shapes.get(crs.columns, lambda: self._read(crs))

    def _read(self, crs: Crs) -> Shapes:
        stored = self.wkb(np.arange(len(self.extents(crs).rows)), crs)
        return np.asarray(shapely.from_wkb(np.array(stored, dtype=object)), dtype=object)

    def met(self, box: BBox, rows: Rows | None) -> Mask:
        """Which of the rows have a geometry that meets a box, edges included (FES 2.0 §7.8.3.2: BBOX is Not Disjoint)."""
        extents, bounds = self.extents(box.crs), (box.min_x, box.min_y, box.max_x, box.max_y)
        true = extents.met(bounds, rows)
        if self.kind is Geometry.POINT:
            return true
        places, numbers = _chosen(true, rows)
        doubtful = ~extents.within(bounds, numbers)
        if doubtful.any():
            outline = Outline.of(_box_shape(bounds), Budget())
            true[places[doubtful]] = shapely.intersects(outline.geometry, self.shapes(box.crs)[numbers[doubtful]])
        return true

    def related(self, asked: Spatial, outline: Outline, rows: Rows | None) -> Mask:
        """Which of the rows have the relation, `DISJOINT` apart; `outline` is that of the geometry. Raises `QueryError`."""
        extents = self.extents(asked.crs)
        if self.kind is Geometry.POINT:
            return _of_points(_Related(asked.relation, outline), extents, rows)
        true = extents.met(outline.box, rows)
        places, numbers = _chosen(true, rows)
        never = outline.thin and asked.relation in (Relation.WITHIN, Relation.OVERLAPS, Relation.EQUALS)  # GEOS knows at once
        outline.budget.spend(outline.relating(len(numbers), nodes=not never and asked.relation is not Relation.INTERSECTS))
        true[places] = _CONVERSE[asked.relation](outline.geometry, self.shapes(asked.crs)[numbers])
        return true

    def near(self, asked: Distance, outline: Outline, rows: Rows | None) -> Mask:
        """Which of the rows are at most so far from the outline, which is in EPSG:31370. Raises `QueryError`."""
        extents, near = self.extents(LAMBERT72), _Near(outline, asked.metres)
        if self.kind is Geometry.POINT:
            return _of_points(near, extents, rows)
        true = extents.met(near.box, rows)
        places, numbers = _chosen(true, rows)
        outline.budget.spend(outline.relating(len(numbers), nodes=False))
        true[places] = outline.near(self.shapes(LAMBERT72)[numbers], asked.metres)
        return true


@dataclass(frozen=True, eq=False)
class _Related:
    """A relation of points to an outline."""

    relation: Relation
    outline: Outline

    @property
    def box(self) -> Box:
        """Outside of it no point has the relation."""
        nowhere = (np.inf, np.inf, -np.inf, -np.inf)
        low_x, low_y, high_x, high_y = box = self.outline.box
        match self.relation:
            case Relation.CROSSES | Relation.OVERLAPS:
                return nowhere  # OGC 06-103r4 §6.1.15.3: one point is wholly in another geometry or wholly outside it
            case Relation.CONTAINS | Relation.EQUALS if (low_x, low_y) != (high_x, high_y):
                return nowhere
        return box

    def judge(self, boxes: Shapes) -> tuple[Mask, Mask]:
        """In which boxes a point may have the relation, and in which every point has it; raises `QueryError`."""
        outline, none = self.outline, np.zeros(len(boxes), dtype=np.bool_)
        outline.budget.spend(outline.crossings(*shapely.bounds(boxes).T[1::2]))
        met = shapely.intersects(outline.lines if outline.thin else outline.geometry, boxes)
        inside = shapely.contains_properly(outline.geometry, boxes) if outline.areal else none
        return (met & ~inside, none) if self.relation is Relation.TOUCHES else (met, inside)

    def exact(self, points: NDArray[np.float64]) -> Mask:
        """Which points have the relation; raises `QueryError`."""
        if not self.outline.thin or len(points) * self.outline.vertices < _MANY:
            return self._located(points)
        self.outline.budget.spend(self.outline.searching(len(points)))
        little = 1e-9 * np.abs(self.outline.box).max()
        true: Mask = shapely.dwithin(self.outline.lines, shapely.points(points), little)
        true[true] = self._located(points[true])
        return true

    def _located(self, points: NDArray[np.float64]) -> Mask:
        self.outline.budget.spend(self.outline.locating(points[:, 1]))
        geometry, x, y = self.outline.geometry, points[:, 0], points[:, 1]
        true: Mask
        match self.relation:
            case Relation.INTERSECTS:
                true = shapely.intersects_xy(geometry, x, y)
            case Relation.WITHIN:
                true = shapely.contains_xy(geometry, x, y)
            case _:
                true = _CONVERSE[self.relation](geometry, shapely.points(points))
        return true


@dataclass(frozen=True, eq=False)
class _Near:
    """The points at most so many metres from an outline."""

    outline: Outline
    metres: float

    @property
    def box(self) -> Box:
        """Outside of it no point is so near."""
        return margin(self.outline.box, self.metres)

    def judge(self, boxes: Shapes) -> tuple[Mask, Mask]:
        """In which boxes a point may be so near, and in which every point is; raises `QueryError`."""
        outline = self.outline
        outline.budget.spend(outline.searching(len(boxes)))
        low_x, low_y, high_x, high_y = shapely.bounds(boxes).T
        left = self.metres - np.hypot(high_x - low_x, high_y - low_y) - _ROUNDED
        return outline.near(boxes, self.metres + _ROUNDED), (left > 0) & outline.near(boxes, np.maximum(0, left))

    def exact(self, points: NDArray[np.float64]) -> Mask:
        """Which points are so near, those inside included; raises `QueryError`."""
        outline = self.outline
        true = np.zeros(len(points), dtype=np.bool_)
        if not outline.thin:
            outline.budget.spend(outline.locating(points[:, 1]))
            true = shapely.intersects_xy(outline.geometry, points[:, 0], points[:, 1])
        outside = points[~true]
        outline.budget.spend(outline.searching(len(outside)))
        true[~true] = shapely.dwithin(outline.lines, shapely.points(outside), self.metres)
        return true


def margin(box: Box, metres: float) -> Box:
    """A box with so much around it, and a little more, since distances are rounded."""
    wide = metres + _ROUNDED
    return box[0] - wide, box[1] - wide, box[2] + wide, box[3] + wide


def _of_points(asked: _Related | _Near, extents: Extents, rows: Rows | None) -> Mask:
    """What is asked of points: first of whole blocks of them when there are many, then of each that is left."""
    true = extents.met(asked.box, rows)
    places, numbers = _chosen(true, rows)
    if len(numbers) > _MANY:
        block = numbers // BLOCK
        blocks = np.unique(block)
        may, surely = asked.judge(_around(extents.blocks[:, blocks]))
        spread = np.zeros((2, blocks[-1] + 1), dtype=np.bool_)
        spread[:, blocks] = may, surely
        true[places] = spread[0, block]
        left = spread[0, block] & ~spread[1, block]
        places, numbers = places[left], numbers[left]
    true[places] = asked.exact(extents.rows[numbers])
    return true


def _around(blocks: NDArray[np.float64]) -> Shapes:
    """Boxes a little larger than the extents of blocks, so that each has an area."""
    little = 1e-9 * np.abs(blocks).max()
    boxes: Shapes = shapely.box(*blocks[:2] - little, *blocks[2:] + little)
    return boxes


def _chosen(mask: Mask, rows: Rows | None) -> tuple[NDArray[np.intp], Rows]:
    """Where a mask is true, and which rows these are."""
    places = np.flatnonzero(mask)
    return places, places if rows is None else rows[places]


def _box_shape(box: Box) -> shapely.Polygon | shapely.LineString | shapely.Point:
    """A box as a geometry; it may have no width or no height."""
    low_x, low_y, high_x, high_y = box
    if low_x == high_x and low_y == high_y:
        return shapely.Point(low_x, low_y)
    if low_x == high_x or low_y == high_y:
        return shapely.LineString([(low_x, low_y), (high_x, high_y)])
    return shapely.box(*box)
