"""A page of features, and one feature, in every format but HTML: framed, and copied where the release holds them so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from exports import csv_table, geojson, gml
from exports.notice import Notice
from publish.features import Features
from publish.ogcapi.collections import Collection
from publish.ogcapi.errors import BadParameter
from publish.ogcapi.features import Criteria, Page, encoder
from publish.ogcapi.links import Link
from publish.ogcapi.negotiation import Format
from release.crs import CRS84, ETRS89, LAMBERT72, WGS84, CrsRef
from release.fragments import Chunk, flat
from release.schema import Geometry

_GML, _CSV = gml.Gml32(), csv_table.Csv()
_OF_CSV = (LAMBERT72, CRS84, ETRS89, WGS84)

MEDIA_TYPES = {
    Format.JSON: geojson.MEDIA_TYPE,
    Format.GML: gml.MEDIA_TYPE,
    Format.CSV: csv_table.MEDIA_TYPE,
    Format.FLATGEOBUF: "application/flatgeobuf",
    Format.HTML: "text/html; charset=utf-8",
}
"""Content-Type of features."""

FILES = {Format.CSV: "csv", Format.FLATGEOBUF: "fgb"}
"""Extensions of the formats that a browser keeps as a file."""

LINKLESS = frozenset({Format.GML, Format.CSV, Format.FLATGEOBUF})
"""Formats with no room for links (GML has `next` and `previous`): OGC API Features /rec/core/link-header."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A page that was found, with what frames it: `links` of the page, its `words` (CONTRACT B.3), the time of `now`, where the XSD is."""

    collection: Collection
    criteria: Criteria
    page: Page
    links: Sequence[Link]
    words: Notice
    now: datetime
    day: date
    schema_location: str

    @property
    def features(self) -> Features:
        """The features that are wanted, with the fields that are wanted."""
        return Features(self.page.table, self.page.rows, self.criteria.fields(self.page.table.feature_type))

    def chunks(self, format_: Format) -> Iterator[Chunk]:
        """The document."""
        match format_:
            case Format.JSON:
                yield from self._json()
            case Format.GML:
                yield from self._gml()
            case Format.CSV:
                yield csv_table.header(self.features.kind)
                yield from self.features.chunks(_CSV, self.criteria.crs, stored=True, copies=True)
            case Format.FLATGEOBUF:
                yield self._flatgeobuf()

    def feature(self, format_: Format) -> bytes:
        """The one feature of the page as a document of its own, in JSON or GML."""
        if format_ is Format.GML:
            (text,) = self._gml_features()
            return gml.feature_document(b"".join(flat([text])), self.page.table.feature_type, self.schema_location, self.words.text)
        text = b"".join(flat(self._json_features()))
        return geojson.feature_document(text, {**self.words.members, "links": list(self.links)})

    def _json(self) -> Iterator[Chunk]:
        matched, returned = self.page.matched, len(self.page.rows)
        yield geojson.collection_head(matched, returned, self.now, self.criteria.crs.crs, self.links, self.words.json)
        yield from self._json_features()
        yield geojson.TAIL

    def _json_features(self) -> Iterator[Chunk]:
        form, copies = encoder(self.page, self.criteria.crs)
        return geojson.body(self.features.chunks(form, self.criteria.crs, stored=True, copies=copies))

    def _gml(self) -> Iterator[Chunk]:
        pages = {link["rel"]: link["href"] for link in self.links}
        found, kind = self.page, self.page.table.feature_type
        # Features without fields that the schema requires do not fit it, so nothing says that they do.
        place = self.schema_location if self.criteria.properties is None else None
        yield gml.collection_head((kind,), found.matched, len(found.rows), self.now, place, pages.get("next"), pages.get("prev"))
        yield from self._gml_features()
        yield gml.tail(self.words.text)

    def _gml_features(self) -> Iterator[Chunk]:
        """srsName is the URN, which is in the stored features; its axis order is that of the URI (OGC 09-048r5 §6)."""
        crs = self.criteria.crs.crs
        return self.features.chunks(_GML, CrsRef(crs, crs.urn, crs.lat_lon), stored=True, copies=crs == LAMBERT72)

    def _flatgeobuf(self) -> bytes:
        from exports import extract, flatgeobuf  # noqa: PLC0415 # only for who asks: pyogrio takes 48 MB

        kind = self.features.kind
        layer = extract.Layer(self.page.table.table.pick(self.page.rows, kind), self._geometry(kind.geometry))
        return flatgeobuf.page(layer, self.collection.id, self.words, self.day, self.criteria.crs.crs)

    def _geometry(self, kind: Geometry | None) -> NDArray[np.float64] | Sequence[bytes | None] | None:
        crs, rows = self.criteria.crs.crs, self.page.rows
        match kind:
            case Geometry.POINT:
                return self.page.table.coordinates(crs)[rows]
            case Geometry.MULTIPOLYGON:
                return self.page.table.geometries(rows, crs)
            case None:
                return None


def check(format_: Format, criteria: Criteria) -> None:
    """Raise `BadParameter` when a format cannot hold what is asked."""
    if format_ is Format.CSV and criteria.crs.crs not in _OF_CSV:
        raise BadParameter("crs: CSV has columns in Lambert 72 and in longitude and latitude; leave out crs")
