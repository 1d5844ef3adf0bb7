"""Output formats: every spelling that clients use, and how an answer is framed around the features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exports import csv_table, geojson, gml
from publish.wfs.errors import InvalidParameter, OptionNotSupported
from release.crs import CRS84, ETRS89, LAMBERT72, WGS84, CrsRef
from release.fragments import Encoder
from release.schema import FeatureType

Chunks = Iterable[bytes | memoryview]


@dataclass(frozen=True)
class Page:
    """What a collection says of itself. Links are addresses, or null."""

    feature_types: tuple[FeatureType, ...]
    crs: CrsRef
    matched: int
    returned: int
    timestamp: datetime
    schema_location: str
    next: str | None = None
    previous: str | None = None


class Format(Protocol):
    """One output format; `encoder` names and makes its fragments."""

    @property
    def encoder(self) -> Encoder:
        """Encoder of the features."""

    @property
    def media_type(self) -> str:
        """Value of Content-Type."""

    @property
    def spellings(self) -> Sequence[str]:
        """Values of outputFormat; the first is the one that the capabilities document gives."""

    def copies(self, crs: CrsRef) -> bool:
        """Whether the stored fragments say exactly what an answer in this CRS, so spelled, says."""

    def check(self, page: Page) -> None:
        """Raises `WfsError` when the format cannot hold such a page."""

    def document(self, page: Page, features: Chunks) -> Iterator[bytes | memoryview]:
        """The whole answer."""


@dataclass(frozen=True)
class _Form:
    encoder: Encoder
    media_type: str
    spellings: Sequence[str]


class Gml32Format(_Form):
    """`wfs:FeatureCollection` with GML 3.2 features."""

    def copies(self, crs: CrsRef) -> bool:
        """Only the default spelling is in the fragments: the answer echoes the client's (WFS 2.0 §7.9.2.4.4)."""
        return crs.crs == LAMBERT72 and crs.text == LAMBERT72.urn

    def check(self, page: Page) -> None:
        """Anything goes."""

    def document(self, page: Page, features: Chunks) -> Iterator[bytes | memoryview]:
        """Head, members, tail."""
        yield gml.collection_head(
            page.feature_types, page.matched, page.returned, page.timestamp, page.schema_location, page.next, page.previous
        )
        yield from features
        yield gml.TAIL


class GeoJsonFormat(_Form):
    """A FeatureCollection; without srsName in EPSG:31370, as the users of the Flemish services expect (DOMAIN 1.1)."""

    def copies(self, crs: CrsRef) -> bool:
        """The spelling does not show in the features."""
        return crs.crs == LAMBERT72

    def check(self, page: Page) -> None:
        """Anything goes."""

    def document(self, page: Page, features: Chunks) -> Iterator[bytes | memoryview]:
        """Head, features, tail; paging as `links`."""
        pages = (("next", page.next), ("prev", page.previous))
        links = [{"rel": rel, "type": self.media_type, "href": href} for rel, href in pages if href]
        yield geojson.collection_head(page.matched, page.returned, page.timestamp, page.crs.crs, links)
        yield from geojson.body(features)
        yield geojson.TAIL


class CsvFormat(_Form):
    """One table. Its coordinate columns say their own CRS, so it is answered for those CRSs alone."""

    def copies(self, crs: CrsRef) -> bool:
        """Always: nothing in a row depends on the CRS."""
        return True

    def check(self, page: Page) -> None:
        """One feature type, in a CRS that has columns."""
        if len(page.feature_types) != 1:
            raise OptionNotSupported("CSV holds features of one type", "outputFormat")
        if page.crs.crs not in (LAMBERT72, ETRS89, WGS84, CRS84):
            raise InvalidParameter(f"CSV has columns in EPSG:31370 and in longitude and latitude, not in {page.crs.crs.short}", "SRSNAME")

    def document(self, page: Page, features: Chunks) -> Iterator[bytes | memoryview]:
        """Header and rows."""
        yield csv_table.header(page.feature_types[0])
        yield from features


_GML = (
    "application/gml+xml; version=3.2",
    "text/xml; subtype=gml/3.2",
    "text/xml; subtype=gml/3.2.1",
    "application/gml+xml; version=3.2.1",
    "application/gml+xml",
    "application/xml; subtype=gml/3.2",
    "application/xml; subtype=gml/3.2.1",
    "application/xml",
    "text/xml",
    "text/xml; version=3.2",
    "gml32",
    "gml3.2",
    "gml",
)
_JSON = ("application/json", "json", "application/json; subtype=geojson")
_GEOJSON = (geojson.MEDIA_TYPE, "GEOJSON", "application/vnd.geo+json")
_CSV = ("csv", "text/csv", "text/csv; charset=utf-8", "text/csv; header=present", csv_table.MEDIA_TYPE)

GML32: Format = Gml32Format(gml.Gml32(), gml.MEDIA_TYPE, _GML)
FORMATS: tuple[Format, ...] = (
    GML32,
    GeoJsonFormat(geojson.GeoJson(), "application/json", _JSON),
    GeoJsonFormat(geojson.GeoJson(), geojson.MEDIA_TYPE, _GEOJSON),
    CsvFormat(csv_table.Csv(), csv_table.MEDIA_TYPE, _CSV),
)
"""The output formats of GetFeature; the first is the default."""


def _plain(spelling: str) -> str:
    """Without what clients vary: case, blanks, quotes, and a plus sign that became a blank on the way."""
    return "".join(character for character in spelling.lower() if character not in " +\"'")


_BY_SPELLING: Mapping[str, Format] = {_plain(spelling): form for form in FORMATS for spelling in form.spellings}


def find(text: str | None) -> Format:
    """The format of an outputFormat; raises `InvalidParameter`."""
    if text is None:
        return GML32
    form = _BY_SPELLING.get(_plain(text))
    if form is None:
        offered = ", ".join(form.spellings[0] for form in FORMATS)
        raise InvalidParameter(f"no output format {text[:60]!r}; offered are {offered}", "outputFormat")
    return form


def require_gml(text: str | None) -> None:
    """Operations that answer in XML alone; raises `InvalidParameter`."""
    if find(text) is not GML32:
        raise InvalidParameter(f"this operation answers in {GML32.spellings[0]}", "outputFormat")
