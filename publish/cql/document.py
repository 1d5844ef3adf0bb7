"""CQL2 JSON as a tree: `{"op": "=", "args": [{"property": "PRODUCT"}, "Conformiteitsattest"]}`."""

from __future__ import annotations

import orjson

from publish.cql.tokens import MAX_LENGTH
from publish.cql.tree import DEPTHS, MAX_DEPTH, Call, Collection, Coordinates, Geometry, Items, Name, Node, Value
from publish.filters.errors import Unreadable

_MOMENTS = ("date", "timestamp", "interval", "bbox")


def parse_json(text: str) -> Node:
    """The tree of a filter; raises `FilterError`."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"the filter is longer than {MAX_LENGTH} characters")
    try:
        document: object = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise Unreadable("the filter is no JSON") from error
    return _node(document, 0)


def _node(value: object, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise Unreadable(f"the filter is too deep: at most {MAX_DEPTH} levels within each other")
    match value:
        case str() | bool() | int() | float() | None:
            return Value(value)
        case list():
            return Items(_nodes(value, depth))
        case {"op": str(op), "args": list(arguments), **rest} if not rest:
            return Call(op, _nodes(arguments, depth))
        case {"property": str(name), **rest} if not rest:
            return Name(name)
        case {"type": str(kind), **rest}:
            return _geometry(kind.lower(), rest)
        case dict() if len(value) == 1:
            return _special(value, depth)
    raise Unreadable("the filter has an object that is not of CQL2 JSON")


def _nodes(values: list[object], depth: int) -> tuple[Node, ...]:
    return tuple(_node(value, depth + 1) for value in values)


def _special(value: dict[object, object], depth: int) -> Call:
    """`{"date": "2026-01-31"}`, `{"interval": [..]}`, `{"bbox": [..]}`."""
    ((name, content),) = value.items()
    if name not in _MOMENTS:
        raise Unreadable("the filter has an object that is not of CQL2 JSON")
    return Call(str(name), _nodes(content if isinstance(content, list) else [content], depth))


def _geometry(kind: str, rest: dict[object, object]) -> Geometry | Collection:
    match kind, rest:
        case "geometrycollection", {"geometries": list(members), **more} if set(more) <= {"bbox"}:
            found = tuple(_member(member) for member in members)
            return Collection(found)
        case _, {"coordinates": list(coordinates), **more} if kind in DEPTHS and set(more) <= {"bbox"}:
            return Geometry(kind, _coordinates(coordinates, DEPTHS[kind]))
    raise Unreadable("the filter has a geometry that is not of GeoJSON; its CRS is not said in it")


def _member(value: object) -> Geometry:
    match value:
        case {"type": str(kind), **rest} if kind.lower() in DEPTHS:
            found = _geometry(kind.lower(), rest)
            if isinstance(found, Geometry):
                return found
    raise Unreadable("a GeometryCollection holds geometries, and no other collection")


def _coordinates(values: list[object], depth: int) -> Coordinates:
    if depth:
        return [_coordinates(value, depth - 1) if isinstance(value, list) else _position(value) for value in values]
    return _position(values)


def _position(value: object) -> tuple[float, ...]:
    if isinstance(value, list) and 2 <= len(value) <= 4:
        numbers = [float(item) for item in value if isinstance(item, int | float) and not isinstance(item, bool)]
        if len(numbers) == len(value):
            return tuple(numbers)
    raise Unreadable("a position is an array of two numbers")
