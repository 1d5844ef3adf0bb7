"""The features of a page: which rows of the release, and in what form they are wanted."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from exports.geojson import GeoJson, GeoJson84, body
from publish.features import Features
from publish.ogcapi.collections import Collection
from publish.shelf import Edition
from release.crs import CRS84, LAMBERT72, CrsRef
from release.fragments import flat
from release.predicate import Predicate, both
from release.query import Query, SortKey
from release.reader import ReleaseTable, Rows
from release.schema import FeatureType

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

    def fields(self, kind: FeatureType) -> frozenset[str] | None:
        """The fields that features have, the geometry's name among them; null when they go out whole."""
        if self.properties is None and self.geometry:
            return None
        names = tuple(field.name for field in kind.fields) if self.properties is None else self.properties
        return frozenset((*names, kind.geometry_name)) if self.geometry else frozenset(names)

    def query(self, collection: Collection) -> Query:
        """The question to the release."""
        name = collection.feature_type.qualified
        return Query(name, both(collection.only, self.predicate), self.sort, self.start, self.count)


@dataclass(frozen=True, eq=False)
class Page:
    """Row numbers of one page, how many rows match in all, and the table they are in.

    `next` is the position after the page, null when nothing follows; `previous` is where the page before begins, and its length.
    """

    table: ReleaseTable
    rows: Rows
    matched: int
    next: int | None = None
    previous: tuple[int, int] | None = None


def page(edition: Edition, collection: Collection, criteria: Criteria) -> Page:
    """Select; raises `QueryError`, `Withdrawn`."""
    query = criteria.query(collection)
    if edition.sealed is not None:
        return _lawful(edition, query)
    release = edition.view.release
    selection = release.select(query, edition.view.day)
    end = query.start + len(selection.rows)
    before = min(query.start, selection.matched)
    length = before if query.count is None else min(before, query.count)
    return Page(
        release.table(query.feature_type),
        selection.rows,
        selection.matched,
        end if end < selection.matched and len(selection.rows) else None,
        (before - length, length) if length else None,
    )


def _lawful(edition: Edition, query: Query) -> Page:
    """A page of an earlier release, without what is not public any more; it fills up past that."""
    assert edition.sealed is not None
    rows, places = edition.lawful(query)
    count = len(rows) if query.count is None else query.count
    ahead, behind = places[places >= query.start], places[places < query.start]
    taken, before = ahead[:count], behind[len(behind) - min(count, len(behind)) :]
    return Page(
        edition.sealed.release.table(query.feature_type),
        rows[taken],
        len(places),
        int(taken[-1]) + 1 if 0 < len(taken) < len(ahead) else None,
        (int(before[0]), len(before)) if len(before) else None,
    )


class _Older(GeoJson84):
    """For a release that was sealed before there were fragments in CRS84: those in EPSG:31370 are the same around the coordinates."""

    name = GeoJson.name


_LAMBERT72, _CRS84, _OLDER = GeoJson(), GeoJson84(), _Older()


def encoder(page: Page, crs: CrsRef) -> tuple[GeoJson, bool]:
    """The encoder of GeoJSON whose fragments serve best for a CRS, and whether they are copied as they are."""
    if crs.crs == LAMBERT72:
        return _LAMBERT72, True
    if not page.table.holds_fragments(_CRS84.name):
        return _OLDER, False
    return _CRS84, crs.crs == CRS84


def geojson(page: Page, criteria: Criteria) -> bytes:
    """The features of a page as GeoJSON, with commas between them."""
    form, copies = encoder(page, criteria.crs)
    features = Features(page.table, page.rows, criteria.fields(page.table.feature_type))
    return b"".join(flat(body(features.chunks(form, criteria.crs, stored=True, copies=copies))))


def objects(features: bytes) -> list[dict[str, object]]:
    """The features as Python objects, for pygeoapi and for pages."""
    parsed: list[dict[str, object]] = orjson.loads(b"[" + features + b"]")
    return parsed
