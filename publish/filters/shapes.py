"""Geometries of filters: made of positions in x, y order, bounded, and refused when they are no geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from publish.filters.errors import Unfit, Unreadable
from release.crs import Crs, CrsRef
from release.predicate import BBox

T = TypeVar("T")

MAX_VERTICES = 20_000
"""Positions of the geometries in one filter. To see that a polygon is valid takes GEOS half a second for so many, in the worst case
(spikes whose boxes all overlap), and four times as long for twice as many (measured)."""

Position = tuple[float, float]
Line = Sequence[Position]
Rings = Sequence[Line]
"""The outer ring, then the holes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry in x, y order in the units of `crs`."""

    crs: Crs
    geometry: BaseGeometry


def points(positions: Line, many: bool) -> BaseGeometry:
    """A Point or a MultiPoint; raises `FilterError`."""
    made = [shapely.Point(_finite(position)) for position in _some(positions, 1, "a point")]
    return _checked(shapely.MultiPoint(made) if many else _only(made))


def lines(found: Sequence[Line], many: bool) -> BaseGeometry:
    """A LineString or a MultiLineString; raises `FilterError`."""
    made = [shapely.LineString([_finite(position) for position in _some(line, 2, "a line")]) for line in _some(found, 1, "a geometry")]
    return _checked(shapely.MultiLineString(made) if many else _only(made))


def polygons(found: Sequence[Rings], many: bool) -> BaseGeometry:
    """A Polygon or a MultiPolygon; raises `FilterError`."""
    made = [_polygon(rings) for rings in _some(found, 1, "a geometry")]
    return _checked(shapely.MultiPolygon(made) if many else _only(made))


def surface(patches: Sequence[Rings]) -> BaseGeometry:
    """One geometry of polygons that share borders and do not overlap (GML 3.2.1 §10.5.10); raises `FilterError`."""
    made = [polygons([rings], many=False) for rings in _some(patches, 1, "a geometry")]
    return _checked(shapely.coverage_union_all(made))  # a union of what overlaps could take any time


def collection(members: Sequence[BaseGeometry]) -> BaseGeometry:
    """A GeometryCollection; raises `FilterError`."""
    return _checked(shapely.GeometryCollection(list(_some(members, 1, "a geometry"))))


def box(numbers: Sequence[float], crs: CrsRef) -> BBox:
    """A box of its lower and its upper corner, each in the order of the client's spelling; raises `Unfit`."""
    if not all(map(math.isfinite, numbers)):
        raise Unfit("a coordinate is no number")
    first, second, third, fourth = numbers
    if crs.lat_lon:
        first, second, third, fourth = second, first, fourth, third
    if first > third or second > fourth:
        raise Unfit("the lower corner of the box is above its upper corner")
    return BBox(crs.crs, first, second, third, fourth)


def shape_of(found: BBox) -> Shape:
    """A box as a geometry: a polygon, or a line or a point where it has no width."""
    corners = (found.min_x, found.min_y), (found.max_x, found.max_y)
    if found.min_x == found.max_x or found.min_y == found.max_y:
        return Shape(found.crs, shapely.Point(corners[0]) if corners[0] == corners[1] else shapely.LineString(corners))
    return Shape(found.crs, shapely.box(*corners[0], *corners[1]))


def _polygon(rings: Rings) -> shapely.Polygon:
    shell, *holes = [_ring(ring) for ring in _some(rings, 1, "a polygon")]
    return shapely.Polygon(shell, holes)


def _ring(ring: Line) -> list[Position]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise Unfit("a ring has at least four positions, and ends where it begins")
    return [_finite(position) for position in ring]


def _finite(position: Position) -> Position:
    if not (math.isfinite(position[0]) and math.isfinite(position[1])):
        raise Unfit("a coordinate is no number")
    return position


def _some(items: Sequence[T], least: int, what: str) -> Sequence[T]:
    if len(items) < least:
        raise Unreadable(f"{what} has at least {least} position{'s' if least > 1 else ''}")
    return items


def _only(made: Sequence[BaseGeometry]) -> BaseGeometry:
    if len(made) != 1:
        raise Unreadable("a single geometry has one part")
    return made[0]


def _checked(geometry: BaseGeometry) -> BaseGeometry:
    if shapely.get_num_coordinates(geometry) > MAX_VERTICES:
        raise Unreadable(f"the geometry has more than {MAX_VERTICES} positions")
    if not shapely.is_valid(geometry):
        # OGC 06-103r4 §6.1.11: the relations are defined for valid geometries only
        reason = shapely.is_valid_reason(geometry)[:100]
        raise Unfit(f"the {geometry.geom_type} is not valid ({reason}); repair it first, as QGIS does with 'Fix geometries'")
    return geometry
