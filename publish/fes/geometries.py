"""Geometries of GML 3.2.1, 3.1.1 and 2.1.2 in filters, as shapes in x, y order.

`srsName` stands on the geometry, on one around it or on what is inside it, in any spelling; without one, the default CRS holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from publish.fes.coordinates import METADATA, positions
from publish.fes.documents import GML31, GML32, Element, children, local, namespace
from publish.filters import shapes
from publish.filters.errors import Unfit, Unreadable, Unsupported
from publish.filters.shapes import Line, Position, Rings, Shape
from release.crs import LAMBERT72, Crs, CrsRef, parse_crs
from release.errors import UnknownCrs
from release.predicate import BBox

DEFAULT = CrsRef(LAMBERT72, LAMBERT72.urn, lat_lon=False)
"""The default CRS of every feature type, in its default spelling (WFS 2.0 §7.9.2.4.4)."""

ENVELOPES = ("Envelope", "Box")
_NAMESPACES = (None, GML31, GML32)


@dataclass(frozen=True)
class GmlReader:
    """Reads the geometries of a filter; `default` is the CRS of those without one."""

    legacy_order: bool = False
    default: CrsRef = DEFAULT

    def read(self, element: Element) -> Shape | BBox:
        """A box for an Envelope or a Box, else a shape; raises `FilterError`."""
        if namespace(element) not in _NAMESPACES:
            raise Unreadable(f"the geometry {local(element)[:40]!r} is of a namespace that is not GML's")
        reading = _Reading(self.legacy_order, set())
        scope = _Scope(self.default, 2)
        if local(element) in ENVELOPES:
            return reading.box(element, scope)
        geometry = reading.geometry(element, scope)
        return Shape(reading.only_crs(), geometry)


@dataclass(frozen=True)
class _Scope:
    """What holds for an element from those around it."""

    crs: CrsRef
    dimension: int


@dataclass(frozen=True)
class _Reading:
    """One geometry being read; `seen` gathers the CRSs of its coordinates."""

    legacy_order: bool
    seen: set[Crs]

    def geometry(self, element: Element, scope: _Scope) -> BaseGeometry:
        reader = _FAMILIES.get(local(element))
        if reader is None:
            raise Unsupported(f"the geometry {local(element)[:40]!r} is not offered; offered are {', '.join((*GEOMETRIES, *ENVELOPES))}")
        return reader(self, element, scope)

    def box(self, element: Element, scope: _Scope) -> BBox:
        corners = self._positions(element, scope)
        if len(corners) != 2 or local(_geometric(element)[0]) == "upperCorner":
            raise Unreadable(f"{local(element)} is a lower corner and an upper corner, two numbers each")
        return shapes.box([*corners[0], *corners[1]], CrsRef(self.only_crs(), "", lat_lon=False))

    def only_crs(self) -> Crs:
        """The one CRS of all coordinates; raises `Unfit`."""
        if len(self.seen) != 1:
            raise Unfit("the parts of a geometry have one CRS")
        return next(iter(self.seen))

    def points(self, element: Element, scope: _Scope) -> BaseGeometry:
        return shapes.points(list(self._points(element, scope)), local(element).startswith("Multi"))

    def lines(self, element: Element, scope: _Scope) -> BaseGeometry:
        return shapes.lines(list(self._lines(element, scope)), local(element).startswith("Multi"))

    def surfaces(self, element: Element, scope: _Scope) -> BaseGeometry:
        found = list(self._surfaces(element, scope))
        if any(len(patches) > 1 for patches in found):
            return shapes.surface([rings for patches in found for rings in patches])
        return shapes.polygons([rings for patches in found for rings in patches], local(element).startswith("Multi"))

    def _points(self, element: Element, scope: _Scope) -> Iterator[Position]:
        if local(element) == "Point":
            yield from self._positions(element, scope)
            return
        for member, inner in self._members(element, scope, "Point"):
            yield from self._points(member, inner)

    def _lines(self, element: Element, scope: _Scope) -> Iterator[Line]:
        match local(element):
            case "LineString" | "LineStringSegment":
                if element.get("interpolation", "linear") != "linear":
                    raise Unsupported("the lines of a geometry are straight")
                yield self._positions(element, scope)
            case "Curve":
                yield _joined([line for part, inner in self._parts(element, scope, "segments") for line in self._segment(part, inner)])
            case _:
                for member, inner in self._members(element, scope, "LineString", "Curve"):
                    yield from self._lines(member, inner)

    def _segment(self, element: Element, scope: _Scope) -> Iterator[Line]:
        if local(element) != "LineStringSegment":
            raise Unsupported(f"{local(element)[:40]!r} is not offered; the lines of a geometry are straight")
        return self._lines(element, scope)

    def _surfaces(self, element: Element, scope: _Scope) -> Iterator[list[Rings]]:
        """The patches of each surface."""
        match local(element):
            case "Polygon" | "PolygonPatch":
                yield [self._rings(element, scope)]
            case "Surface":
                parts = self._parts(element, scope, "patches", "polygonPatches")
                yield [rings for part, inner in parts for patches in self._patch(part, inner) for rings in patches]
            case _:
                for member, inner in self._members(element, scope, "Polygon", "Surface"):
                    yield from self._surfaces(member, inner)

    def _patch(self, element: Element, scope: _Scope) -> Iterator[list[Rings]]:
        if local(element) != "PolygonPatch":
            raise Unsupported(f"{local(element)[:40]!r} is not offered; the patches of a surface are polygons")
        return self._surfaces(element, scope)

    def _rings(self, element: Element, scope: _Scope) -> Rings:
        scope = self._within(element, scope)
        outer: list[Line] = []
        inner: list[Line] = []
        for part in _geometric(element):
            if local(part) not in ("exterior", "outerBoundaryIs", "interior", "innerBoundaryIs"):
                raise Unreadable(f"{local(part)[:40]!r} is no part of a polygon")
            rings = [self._ring(ring, scope) for ring in children(part)]
            (outer if local(part) in ("exterior", "outerBoundaryIs") else inner).extend(rings)
        if len(outer) != 1:
            raise Unreadable("a polygon has one outer ring")
        return [*outer, *inner]

    def _ring(self, element: Element, scope: _Scope) -> Line:
        match local(element):
            case "LinearRing":
                return self._positions(element, scope)
            case "Ring":
                return _joined(
                    [line for member, inner in self._members(element, scope, "LineString", "Curve") for line in self._lines(member, inner)]
                )
        raise Unsupported(f"the ring {local(element)[:40]!r} is not offered; write a LinearRing")

    def _members(self, element: Element, scope: _Scope, *names: str) -> Iterator[tuple[Element, _Scope]]:
        """What is in `pointMember`, `surfaceMembers` and the like."""
        scope = self._within(element, scope)
        for part in _geometric(element):
            if not local(part).endswith(("Member", "Members")):
                raise Unreadable(f"{local(part)[:40]!r} is no member of {local(element)}")
            for member in children(part):
                if local(member) not in names:
                    raise Unreadable(f"{local(element)} holds {' or '.join(names)}, not {local(member)[:40]!r}")
                yield member, scope

    def _parts(self, element: Element, scope: _Scope, *names: str) -> Iterator[tuple[Element, _Scope]]:
        """What is in `segments` or `patches`."""
        scope = self._within(element, scope)
        for part in _geometric(element):
            if local(part) not in names:
                raise Unreadable(f"{local(part)[:40]!r} is no part of {local(element)}")
            for child in children(part):
                yield child, scope

    def _positions(self, element: Element, scope: _Scope) -> list[Position]:
        """The positions in an element, in x, y order."""
        scope = self._within(element, scope)
        found: list[Position] = []
        for part in _geometric(element):
            if local(part) in ("pointProperty", "pointRep"):
                found += [position for point in children(part) for position in self._points(point, scope)]
                continue
            inner = self._within(part, scope)
            self.seen.add(inner.crs.crs)
            found += [(second, first) if inner.crs.lat_lon else (first, second) for first, second in positions(part, inner.dimension)]
        return found

    def _within(self, element: Element, scope: _Scope) -> _Scope:
        name, dimension = element.get("srsName"), element.get("srsDimension")
        if name:
            scope = replace(scope, crs=crs_of(name, "srsName", legacy_order=self.legacy_order))
        if dimension is not None:
            if dimension.strip() not in ("2", "3"):
                raise Unfit("srsDimension is 2, or 3 with heights that are left out")
            scope = replace(scope, dimension=int(dimension))
        return scope


_FAMILIES: dict[str, Callable[[_Reading, Element, _Scope], BaseGeometry]] = {
    **dict.fromkeys(("Point", "MultiPoint"), _Reading.points),
    **dict.fromkeys(("LineString", "Curve", "MultiLineString", "MultiCurve"), _Reading.lines),
    **dict.fromkeys(("Polygon", "Surface", "MultiPolygon", "MultiSurface"), _Reading.surfaces),
}

GEOMETRIES = tuple(_FAMILIES)
"""Geometries that are read, besides boxes."""


def crs_of(text: str, locator: str, *, legacy_order: bool = False) -> CrsRef:
    """A CRS in any spelling; `legacy_order` (WFS 1.0.0) makes every one x, y. Raises `Unfit` at the locator."""
    try:
        return parse_crs(text, legacy_order=legacy_order)
    except UnknownCrs as error:
        raise Unfit(str(error), locator) from error


def is_geometry(element: Element) -> bool:
    """Whether an element is a geometry that is read."""
    return local(element) in (*GEOMETRIES, *ENVELOPES)


def _geometric(element: Element) -> list[Element]:
    return [part for part in children(element) if local(part) not in METADATA]


def _joined(found: Sequence[Line]) -> Line:
    """One line of lines that follow one another."""
    line: list[Position] = []
    for part in found:
        if line and part and line[-1] != part[0]:
            raise Unfit("the segments of a curve follow one another")
        line += part[1:] if line else part
    return line
