"""Features of a collection as GeoJSON bytes, copied from the release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from exports.geojson import SEPARATOR, GeoJson, body
from publish.ogcapi.collections import Collection
from publish.shelf import View
from release.crs import CRS84, CrsRef
from release.fragments import middles
from release.predicate import Predicate, both
from release.query import Query, SortKey
from release.reader import ReleaseTable, Rows
from release.schema import Geometry

_ENCODER = GeoJson()

DEFAULT_CRS = CrsRef(CRS84, CRS84.url, lat_lon=False)


@dataclass(frozen=True)
class Criteria:
    """Which features, in what order and form. `properties` null means all of them."""

    predicate: Predicate | None = None
    sort: tuple[SortKey, ...] = ()
    start: int = 0
    count: int | None = None
    crs: CrsRef = DEFAULT_CRS
    properties: tuple[str, ...] | None = None
    geometry: bool = True

    @property
    def whole(self) -> bool:
        """Whether features go out as they are stored."""
        return self.properties is None and self.geometry


@dataclass(frozen=True, eq=False)
class Page:
    """Row numbers of one page, how many rows match in all, and the table they are in."""

    table: ReleaseTable
    rows: Rows
    matched: int


def page(view: View, collection: Collection, criteria: Criteria) -> Page:
    """Select; raises `QueryError`, `Withdrawn`."""
    predicate = both(collection.only, criteria.predicate)
    query = Query(collection.feature_type.qualified, predicate, criteria.sort, criteria.start, criteria.count)
    selection = view.release.select(query, view.day)
    return Page(view.release.table(query.feature_type), selection.rows, selection.matched)


def geojson(page: Page, criteria: Criteria) -> bytes:
    """The features of a page, with commas between them."""
    fragments = page.table.fragments(_ENCODER.name)
    kind = page.table.feature_type.geometry
    if kind is None:
        chunks: Iterable[bytes | memoryview] = fragments.copy(page.rows)
    else:
        chunks = fragments.replace(page.rows, middles(_ENCODER, kind, _geometry(page, criteria.crs), criteria.crs))
    features = b"".join(body(chunks))
    return features if criteria.whole else _reduced(features, criteria)


def objects(features: bytes) -> list[dict[str, object]]:
    """The features as Python objects, for pygeoapi and for pages."""
    parsed: list[dict[str, object]] = orjson.loads(b"[" + features + b"]")
    return parsed


def _geometry(page: Page, crs: CrsRef) -> NDArray[np.float64] | Sequence[bytes | None]:
    """Points or WKB in the axis order of the CRS: OGC API Features Part 2 §6.4 takes the authority's, unlike the WFS's GeoJSON."""
    if page.table.feature_type.geometry is Geometry.POINT:
        points = page.table.coordinates(crs.crs)[page.rows]
        return points[:, ::-1] if crs.lat_lon else points
    shapes = page.table.geometries(page.rows, crs.crs)
    if not crs.lat_lon:
        return shapes
    turned: list[bytes | None] = shapely.to_wkb(
        shapely.transform(shapely.from_wkb(np.asarray(shapes, dtype=object)), lambda xy: xy[:, ::-1])
    ).tolist()
    return turned


def _reduced(features: bytes, criteria: Criteria) -> bytes:
    """Features without geometry, or with some properties only."""
    reduced = []
    for feature in objects(features):
        properties = feature["properties"]
        if criteria.properties is not None and isinstance(properties, dict):
            feature["properties"] = {name: properties[name] for name in criteria.properties}
        if not criteria.geometry:
            feature["geometry"] = None
        reduced.append(orjson.dumps(feature))
    return SEPARATOR.join(reduced)
