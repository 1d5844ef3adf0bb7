"""A geometry that a client sent, checked and taken apart, and what it costs to compare it with many points.

GEOS looks at every edge that a horizontal line through a point meets (polygons), or at every edge (lines), and does so for each
point: 10,000 edges, laid out with bad intent, take 10 to 160 seconds with 300,000 points (measured). So the work is estimated
before it is done, in edges looked at, of about 10 ns each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from release.crs import Crs
from release.errors import QueryError
from release.extents import Box
from release.transform import to_lambert72

MOST_WORK = 100_000_000
"""Edges that are looked at for all geometries of a question: about a second."""

_FAR = 1e15

_LITTLE_WORK = 1_000_000
"""Edges that are not counted more exactly."""

_POINTS, _POLYGON = 0, 3
_SEARCH, _OVERLAP, _MEETING = 300, 32, 3
"""Edges' worth of a search for the nearest edge, of each edge whose extent hides it, and of two edges that might meet (measured)."""

_RELATE, _UNTANGLE = 3, 5
"""Edges' worth of one position with one municipality, and of each line that another one of the same geometry crosses (measured)."""


@dataclass
class Budget:
    """The work that one question may still make."""

    left: int = MOST_WORK

    def spend(self, work: int) -> None:
        """Count work that is about to be done; raises `QueryError` when it would take too long."""
        self.left -= work
        if self.left < 0:
            raise QueryError("the geometries have too many positions for so many features; simplify them, or ask for a smaller area too")


@dataclass(frozen=True, eq=False)
class Outline:
    """A valid geometry, prepared."""

    geometry: BaseGeometry
    budget: Budget

    @classmethod
    def of(cls, geometry: BaseGeometry, budget: Budget) -> Outline:
        """Check a geometry; raises `QueryError`."""
        if shapely.is_empty(geometry):
            raise QueryError("the geometry is empty")
        outline = cls(shapely.force_2d(geometry), budget)  # a copy: one that is prepared may not be used by two threads
        if not outline._earthly:
            raise QueryError("a coordinate of the geometry is no number, or far too large")
        budget.spend(outline._validating)
        if not shapely.is_valid(outline.geometry):
            raise QueryError("the geometry is not valid: it crosses itself, or a part of it has too few positions")
        shapely.prepare(outline.geometry)
        return outline

    @classmethod
    def in_lambert72(cls, geometry: BaseGeometry, crs: Crs, budget: Budget) -> Outline:
        """The same geometry in EPSG:31370, position by position; raises `QueryError`."""
        moved = shapely.transform(cls.of(geometry, budget).geometry, lambda positions: to_lambert72(positions, crs))
        outline = cls(moved, budget)
        if not outline._earthly:
            raise QueryError("the geometry lies where Lambert 72 has no positions")
        shapely.prepare(moved)
        return outline

    @property
    def box(self) -> Box:
        """Its extent."""
        low_x, low_y, high_x, high_y = shapely.bounds(self.geometry).tolist()
        return low_x, low_y, high_x, high_y

    @cached_property
    def areal(self) -> bool:
        """Whether it consists of polygons."""
        return self.geometry.geom_type in ("Polygon", "MultiPolygon")

    @cached_property
    def thin(self) -> bool:
        """Whether it has no polygons at all."""
        return bool(shapely.get_dimensions(self.geometry) < 2)

    @cached_property
    def tangled(self) -> bool:
        """Whether its lines may cross themselves; of a collection that is not known."""
        if self.geometry.geom_type == "GeometryCollection":
            return True
        return bool(shapely.get_dimensions(self.geometry) == 1 and not shapely.is_simple(self.geometry))

    @cached_property
    def vertices(self) -> int:
        """Positions in it."""
        return int(shapely.get_num_coordinates(self.geometry))

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """Every edge as x, y, x, y; a point is an edge without length. Shape (edges, 4)."""
        parts = _parts(self.geometry)
        kinds = shapely.get_type_id(parts)
        points = shapely.get_coordinates(parts[kinds == _POINTS])
        lines = np.append(parts[(kinds != _POINTS) & (kinds != _POLYGON)], shapely.get_rings(parts[kinds == _POLYGON]))
        positions, line = shapely.get_coordinates(lines, return_index=True)
        joined = line[1:] == line[:-1]
        return np.concatenate([np.hstack([points, points]), np.hstack([positions[:-1][joined], positions[1:][joined]])])

    @cached_property
    def lines(self) -> BaseGeometry:
        """All edges, apart: a search among them uses an index whatever the kind of the geometry."""
        edges = self.edges.copy()
        points = (edges[:, :2] == edges[:, 2:]).all(axis=1)
        # GEOS 3.14, when it has prepared a line without length, finds no area near it: the least length that can be told
        edges[points, 2:] += np.spacing(np.maximum(1, np.abs(edges[points, 2:])))
        lines = shapely.multilinestrings(shapely.linestrings(edges.reshape(-1, 2, 2)))
        shapely.prepare(lines)
        return lines

    def near(self, shapes: NDArray[np.object_], distances: float | NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which shapes are at most so far from it."""
        near: NDArray[np.bool_] = shapely.dwithin(self.geometry if self.areal else self.lines, shapes, distances)
        if self.areal or self.thin:
            return near
        within: NDArray[np.bool_] = shapely.intersects(self.geometry, shapes)
        return near | within

    def crossings(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> int:
        """How many edges meet the horizontal strips between these heights, all told."""
        lowest, highest = np.sort(self.edges[:, 1::2].min(axis=1)), np.sort(self.edges[:, 1::2].max(axis=1))
        return int((np.searchsorted(lowest, high, "right") - np.searchsorted(highest, low, "left")).sum())

    def locating(self, y: NDArray[np.float64]) -> int:
        """The work of finding out which of the points at these heights lie in it or on it."""
        whole = len(y) * self.vertices
        return len(y) + self.crossings(y, y) if self.areal and whole > _LITTLE_WORK else whole

    def searching(self, points: int) -> int:
        """The work of finding the nearest edge for so many points."""
        return int(points * (_SEARCH + _OVERLAP * self._overlap))

    def relating(self, shapes: int, nodes: bool) -> int:
        """The work of relating it with so many municipalities; `nodes`: where its lines cross each other matters too."""
        each = _RELATE * (1 + self._overlap / 100)
        return int(shapes * self.vertices * (each + (_UNTANGLE * self.vertices if nodes and self.tangled else 0)))

    @property
    def _earthly(self) -> bool:
        """Whether every coordinate is a number that can be reckoned with."""
        return bool((np.abs(self.edges) < _FAR).all())

    @property
    def _validating(self) -> int:
        """The work of finding out whether polygons are valid."""
        return 0 if self.thin else int(_MEETING * self.vertices * self._overlap)

    @cached_property
    def _overlap(self) -> float:
        """How many edges have an extent around a place in the whole extent, on average: a thousand where all go from end to end."""
        width, height = (float(np.ptp(self.edges[:, axis::2])) for axis in (0, 1))
        covered = np.abs(np.prod(self.edges[:, 2:] - self.edges[:, :2], axis=1)).sum()
        return float(covered / (width * height)) if width * height else 0.0


def _parts(geometry: BaseGeometry) -> NDArray[np.object_]:
    """The points, lines and polygons that it consists of, at any depth."""
    parts = np.array([geometry], dtype=object)
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts = shapely.get_parts(parts)
    return parts
