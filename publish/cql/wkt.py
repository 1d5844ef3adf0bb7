"""Geometries in text: `POLYGON((0 0, 1 0, 1 1, 0 0))`, `MULTIPOINT((1 2), (3 4))`, and `SRID=31370;POINT(1 2)` in ECQL."""

from __future__ import annotations

from publish.cql.stream import Stream
from publish.cql.tokens import Kind
from publish.cql.tree import DEPTHS, Collection, Coordinates, Geometry
from publish.filters.errors import Unfit
from publish.filters.literals import number

_COLLECTION = "geometrycollection"


def begins_geometry(stream: Stream) -> bool:
    """Whether a geometry is next, and not a property or a function of such a name."""
    following = stream.peek(1)
    return stream.peek().word().lower() in {*DEPTHS, _COLLECTION} and (
        following.symbol() == "(" or following.word() in ("Z", "M", "ZM", "EMPTY")
    )


def begins_srid(stream: Stream) -> bool:
    """Whether `SRID=31370;` is next."""
    return (
        stream.peek().word() == "SRID"
        and stream.peek(1).symbol() == "="
        and stream.peek(2).kind is Kind.NUMBER
        and stream.peek(3).symbol() == ";"
    )


def read_srid(stream: Stream) -> Geometry | Collection:
    """A geometry after the number of its CRS at EPSG; raises `FilterError`."""
    _, _, code, _ = (stream.take() for _ in range(4))
    if not begins_geometry(stream):
        raise stream.wrong("a geometry is missing")
    return read_geometry(stream, f"EPSG:{code.text}")


def read_geometry(stream: Stream, crs: str | None = None) -> Geometry | Collection:
    """The geometry that is next; raises `FilterError`."""
    if stream.peek().word().lower() != _COLLECTION:
        return _single(stream, crs)
    _begin(stream)
    stream.require("(")
    members = [_member(stream)]
    while stream.symbol(","):
        members.append(_member(stream))
    stream.require(")")
    return Collection(tuple(members), crs)


def _single(stream: Stream, crs: str | None = None) -> Geometry:
    kind = _begin(stream)
    return Geometry(kind, _nested(stream, DEPTHS[kind]), crs)


def _member(stream: Stream) -> Geometry:
    if not begins_geometry(stream) or stream.peek().word().lower() == _COLLECTION:
        raise stream.wrong("a geometry is missing, or a collection is in another")
    return _single(stream)


def _begin(stream: Stream) -> str:
    """The kind that is next, with the axes that it says it has."""
    kind = stream.take().text.lower()
    for axes in ("Z", "M", "ZM"):
        if stream.word(axes):
            break
    if stream.word("EMPTY"):
        raise Unfit(f"the {kind.upper()} is empty")
    return kind


def _nested(stream: Stream, depth: int) -> Coordinates:
    """Lists within each other as deep as the kind says; a position of a MULTIPOINT may have brackets of its own or not."""
    stream.require("(")
    if depth == 0:
        found: Coordinates = _position(stream)
    else:
        items = [_item(stream, depth)]
        while stream.symbol(","):
            items.append(_item(stream, depth))
        found = items
    stream.require(")")
    return found


def _item(stream: Stream, depth: int) -> Coordinates:
    if depth > 1 or stream.peek().symbol() == "(":
        return _nested(stream, depth - 1)
    return _position(stream)


def _position(stream: Stream) -> tuple[float, ...]:
    numbers: list[float] = []
    while stream.peek().kind is Kind.NUMBER or stream.peek().symbol() in ("-", "+"):
        sign = "" if stream.peek().kind is Kind.NUMBER else stream.take().text
        if stream.peek().kind is not Kind.NUMBER:
            break
        numbers.append(float(number(sign + stream.take().text)))
    if not 2 <= len(numbers) <= 4:
        raise stream.wrong("a position is two numbers with a space between them")
    return tuple(numbers)
