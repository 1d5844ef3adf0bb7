"""Polygons (municipalities) from a vector file or a service, whole and valid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape

from etl.definitions import SourceSpec
from etl.errors import SourceError
from etl.sources.vector import features

_MOST_CHANGED = 0.01  # of the area


@dataclass(frozen=True, slots=True)
class Area:
    """One polygon with its attributes; `repaired` says that its rings crossed or touched and were put right."""

    attributes: Mapping[str, object]
    geometry: MultiPolygon
    repaired: bool


@dataclass(frozen=True, slots=True)
class Areas:
    """The polygons of one layer; `crs` is `EPSG:31370` or WKT, null when the file states none."""

    crs: str | None
    areas: tuple[Area, ...]


def read_polygons(path: Path, *, layer: str | None = None, encoding: str = "UTF-8") -> Areas:
    """All polygons of a vector file, repaired where that changes no area; raises `SourceError` naming the feature's number."""
    return as_areas(features(path, SourceSpec(layer=layer, encoding=encoding)), str(path))


def as_areas(found: Iterable[tuple[Mapping[str, object], object, str | None]], place: str) -> Areas:
    """The same of properties, geometries and CRS that come from anywhere; `place` names it in errors."""
    areas: list[Area] = []
    crs: str | None = None
    for number, (attributes, geometry, crs_of_feature) in enumerate(found, start=1):
        crs = crs_of_feature
        areas.append(_area(attributes, geometry, f"{place}, feature {number}"))
    if not areas:
        raise SourceError(f"{place} has no polygons")
    return Areas(crs, tuple(areas))


def _area(attributes: Mapping[str, object], geometry: object, place: str) -> Area:
    try:
        drawn = shape(geometry)
    except (ShapelyError, ValueError, TypeError, AttributeError, LookupError):
        raise SourceError(f"{place}: has no readable geometry") from None
    valid = bool(shapely.is_valid(drawn))
    whole = _polygonal(drawn if valid else shapely.make_valid(drawn, method="structure", keep_collapsed=False))
    # What is dropped of a collection must be lines and points; a repair that moves area is a guess, and refused.
    if whole.is_empty or abs(whole.area - drawn.area) > _MOST_CHANGED * abs(drawn.area):
        raise SourceError(f"{place}: is no polygon, or cannot be repaired without changing its area")
    return Area(attributes, whole, not valid)


def _polygonal(geometry: shapely.Geometry) -> MultiPolygon:
    parts = shapely.get_parts(geometry)
    while any(part.geom_type.startswith(("Multi", "GeometryCollection")) for part in parts):
        parts = shapely.get_parts(parts)
    polygons = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
    joined = shapely.union_all(polygons) if len(polygons) > 1 else MultiPolygon(polygons)
    return joined if isinstance(joined, MultiPolygon) else MultiPolygon([joined])
