"""Geometries and boxes of CQL, in the axis order of their CRS as the client spelled it, as shapes in x, y order."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from publish.cql.names import Names
from publish.cql.tree import Call, Collection, Coordinates, Geometry, Node, Value
from publish.filters import shapes
from publish.filters.errors import Unreadable
from publish.filters.shapes import Line, Position, Shape
from release.predicate import BBox


def is_shape(node: Node) -> bool:
    """Whether a node is a geometry or a box."""
    return isinstance(node, Geometry | Collection) or (isinstance(node, Call) and node.name.lower() == "bbox")


def read_shape(node: Node, names: Names) -> Shape | BBox:
    """The shape of a node; raises `FilterError`, and what `names.crs_of` raises."""
    match node:
        case Geometry(_, _, crs) | Collection(_, crs):
            found = names.crs_of(crs) if crs is not None else names.crs
            return Shape(found.crs, _geometry(node, found.lat_lon))
        case Call(_, arguments):
            return shapes.box(corners(arguments), names.crs)
    raise Unreadable("a geometry or a BBOX is missing")


def corners(nodes: tuple[Node, ...]) -> tuple[float, float, float, float]:
    """The four numbers of a box; heights, which our data does not have, are left out. Raises `Unreadable`."""
    numbers = [node.value for node in nodes if isinstance(node, Value)]
    found = [float(number) for number in numbers if isinstance(number, int | float) and not isinstance(number, bool)]
    if len(found) != len(nodes) or len(found) not in (4, 6):
        raise Unreadable("a box is four numbers")
    half = len(found) // 2
    return found[0], found[1], found[half], found[half + 1]


def _geometry(node: Geometry | Collection, lat_lon: bool) -> BaseGeometry:
    if isinstance(node, Collection):
        return shapes.collection([_geometry(member, lat_lon) for member in node.members])
    coordinates = node.coordinates
    match node.kind:
        case "point":
            return shapes.points([_position(coordinates, lat_lon)], many=False)
        case "multipoint":
            return shapes.points(_line(coordinates, lat_lon), many=True)
        case "linestring":
            return shapes.lines([_line(coordinates, lat_lon)], many=False)
        case "multilinestring":
            return shapes.lines(_lines(coordinates, lat_lon), many=True)
        case "polygon":
            return shapes.polygons([_lines(coordinates, lat_lon)], many=False)
        case _:
            return shapes.polygons([_lines(polygon, lat_lon) for polygon in _nested(coordinates)], many=True)


def _lines(coordinates: Coordinates, lat_lon: bool) -> list[Line]:
    return [_line(line, lat_lon) for line in _nested(coordinates)]


def _line(coordinates: Coordinates, lat_lon: bool) -> list[Position]:
    return [_position(position, lat_lon) for position in _nested(coordinates)]


def _nested(coordinates: Coordinates) -> list[Coordinates]:
    return [item for item in coordinates if not isinstance(item, float)]


def _position(coordinates: Coordinates, lat_lon: bool) -> Position:
    """The position of `tree.Coordinates`, in x, y order."""
    first, second, *_ = (item for item in coordinates if isinstance(item, float))
    return (second, first) if lat_lon else (first, second)
