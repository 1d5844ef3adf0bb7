"""Output formats: every spelling that clients use, and how an answer is framed around the features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exports import csv_table, geojson, gml, gml2, gml31
from exports.notice import Notice
from publish.wfs.documents import XLINK
from publish.wfs.errors import InvalidParameter, OptionNotSupported
from publish.wfs.file_formats import FILES, FileFormat
from publish.wfs.versions import Version
from release.crs import CRS84, ETRS89, LAMBERT72, WGS84, CrsRef
from release.fragments import Chunk, Encoder, flat
from release.schema import FeatureType


@dataclass(frozen=True)
class Page:
    """What a collection says of itself; `words` go with it (CONTRACT B.3). Links are addresses, or null."""

    feature_types: tuple[FeatureType, ...]
    crs: CrsRef
    matched: int
    returned: int
    timestamp: datetime
    schema_location: str
    words: Notice
    hits: bool = False
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Member:
    """What one query gives: its counts, and its features on the page."""

    matched: int
    returned: int
    features: Iterable[Chunk]


class Format(Protocol):
    """One output format; `encoder` names and makes its fragments, which lie in the release when it is `stored`."""

    @property
    def encoder(self) -> Encoder:
        """Encoder of the features."""

    @property
    def media_type(self) -> str:
        """Value of Content-Type."""

    @property
    def spellings(self) -> Sequence[str]:
        """Values of outputFormat; the first is the one that the capabilities document gives."""

    @property
    def version(self) -> Version:
        """The version of WFS whose schema the document refers to."""

    @property
    def stored(self) -> bool:
        """Whether the release holds fragments in this encoding."""

    @property
    def references(self) -> bool:
        """Whether an object that comes twice is the second time referred to."""

    def copies(self, crs: CrsRef) -> bool:
        """Whether the stored fragments say exactly what an answer in this CRS, so spelled, says."""

    def check(self, page: Page) -> None:
        """Raises `WfsError` when the format cannot hold such a page."""

    def document(self, page: Page, members: Iterable[Member]) -> Iterator[Chunk]:
        """The whole answer."""

    def members(self, fragments: Iterable[Chunk]) -> Iterator[Chunk]:
        """The features of the document, from fragments of the encoder."""

    def reference(self, feature_id: str) -> bytes:
        """A member that refers to a feature of the same document."""


@dataclass(frozen=True)
class _Form:
    encoder: Encoder
    media_type: str
    spellings: Sequence[str]
    version: Version = Version.V2_0_0
    stored: bool = True
    references: bool = False

    def check(self, page: Page) -> None:
        """Anything goes."""

    def members(self, fragments: Iterable[Chunk]) -> Iterator[Chunk]:
        """The fragments themselves."""
        return iter(fragments)

    def reference(self, feature_id: str) -> bytes:
        """Nothing to refer with."""
        raise NotImplementedError(feature_id)


class Gml32Format(_Form):
    """`wfs:FeatureCollection` with GML 3.2 features."""

    def copies(self, crs: CrsRef) -> bool:
        """Only the default spelling is in the fragments: the answer echoes the client's (WFS 2.0 §7.9.2.4.4)."""
        return crs.crs == LAMBERT72 and crs.text == LAMBERT72.urn

    def document(self, page: Page, members: Iterable[Member]) -> Iterator[Chunk]:
        """Head, members, tail; of several queries each has a collection of its own (WFS 2.0 §11.3.3.5)."""
        yield gml.collection_head(
            page.feature_types, page.matched, page.returned, page.timestamp, page.schema_location, page.next, page.previous
        )
        every = tuple(members)
        for member in every:
            if len(every) == 1:
                yield from member.features
                continue
            yield (
                f'<wfs:member><wfs:FeatureCollection timeStamp="{page.timestamp:%Y-%m-%dT%H:%M:%SZ}"'
                f' numberMatched="{member.matched}" numberReturned="{member.returned}">\n'
            ).encode()
            yield from member.features
            yield b"</wfs:FeatureCollection></wfs:member>\n"
        yield gml.tail(page.words.text)

    def reference(self, feature_id: str) -> bytes:
        """`<wfs:member xlink:href="#POI.1"/>`."""
        return f'<wfs:member xmlns:xlink="{XLINK}" xlink:href="#{feature_id}"/>\n'.encode()


class Gml31Format(Gml32Format):
    """`wfs:FeatureCollection` of WFS 1.1.0: the features of GML 3.2, which in GML 3.1.1 are the same text, as other members."""

    def document(self, page: Page, members: Iterable[Member]) -> Iterator[Chunk]:
        """Head, members, tail: one collection, whatever the number of queries."""
        number = page.matched if page.hits else page.returned
        yield gml31.collection_head(page.feature_types, number, page.timestamp, page.schema_location, page.words.text)
        for member in members:
            yield from member.features
        yield gml31.TAIL

    def members(self, fragments: Iterable[Chunk]) -> Iterator[Chunk]:
        """`gml:featureMember` for `wfs:member`."""
        return gml31.members(flat(fragments))

    def reference(self, feature_id: str) -> bytes:
        """`<gml:featureMember xlink:href="#POI.1"/>`."""
        return f'<gml:featureMember xmlns:xlink="{XLINK}" xlink:href="#{feature_id}"/>\n'.encode()


class Gml2Format(Gml31Format):
    """`wfs:FeatureCollection` of WFS 1.0.0 with GML 2.1.2 features, which are made for each answer."""

    def copies(self, crs: CrsRef) -> bool:
        """Never: the release has no such fragments."""
        return False

    def document(self, page: Page, members: Iterable[Member]) -> Iterator[Chunk]:
        """Head, members, tail; WFS 1.0.0 has no count of hits: who asks gets that of 1.1.0."""
        if page.hits:
            yield from super().document(page, members)
            return
        yield gml2.collection_head(page.feature_types, page.schema_location, page.words.text)
        for member in members:
            yield from member.features
        yield gml2.TAIL

    def members(self, fragments: Iterable[Chunk]) -> Iterator[Chunk]:
        """The fragments themselves."""
        return iter(fragments)


class GeoJsonFormat(_Form):
    """A FeatureCollection; without srsName in EPSG:31370, as the users of the Flemish services expect (DOMAIN 1.1)."""

    def copies(self, crs: CrsRef) -> bool:
        """The spelling does not show in the features."""
        return crs.crs == LAMBERT72

    def document(self, page: Page, members: Iterable[Member]) -> Iterator[Chunk]:
        """Head, features, tail; paging as `links`."""
        pages = (("next", page.next), ("prev", page.previous))
        links = [{"rel": rel, "type": self.media_type, "href": href} for rel, href in pages if href]
        yield geojson.collection_head(page.matched, page.returned, page.timestamp, page.crs.crs, links, page.words.json)
        yield from geojson.body(chunk for member in members for chunk in member.features)
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

    def document(self, page: Page, members: Iterable[Member]) -> Iterator[Chunk]:
        """Header and rows."""
        yield csv_table.header(page.feature_types[0])
        for member in members:
            yield from member.features


_GML = (
    "application/gml+xml; version=3.2",
    "text/xml; subtype=gml/3.2",
    "text/xml; subtype=gml/3.2.1",
    "application/gml+xml; version=3.2.1",
    "application/xml; subtype=gml/3.2",
    "application/xml; subtype=gml/3.2.1",
    "text/xml; version=3.2",
    "gml32",
    "gml3.2",
)
_GML31 = (
    "text/xml; subtype=gml/3.1.1",
    "text/gml; subtype=gml/3.1.1",
    "text/xml; subtype=gml/3.1",
    "application/xml; subtype=gml/3.1.1",
    "application/gml+xml; version=3.1.1",
    "application/gml+xml; version=3.1",
    "gml3",
    "gml31",
    "gml311",
    "gml3.1.1",
)
_GML2 = (
    "GML2",
    "text/xml; subtype=gml/2.1.2",
    "text/xml; subtype=gml/2.1",
    "application/gml+xml; version=2.1.2",
    "application/gml+xml; version=2.1",
    "text/gml; subtype=gml/2.1.2",
    "gml2.1.2",
    "gml212",
)
_ANY_GML = ("application/gml+xml", "application/xml", "text/xml", "gml")
_JSON = ("application/json", "json", "application/json; subtype=geojson")
_GEOJSON = (geojson.MEDIA_TYPE, "GEOJSON", "application/vnd.geo+json")
_CSV = ("csv", "text/csv", "text/csv; charset=utf-8", "text/csv; header=present", csv_table.MEDIA_TYPE)

GML32: Format = Gml32Format(gml.Gml32(), gml.MEDIA_TYPE, _GML, references=True)
GML31: Format = Gml31Format(gml.Gml32(), gml31.MEDIA_TYPE, _GML31, Version.V1_1_0, references=True)
GML2: Format = Gml2Format(gml2.Gml2(), gml2.MEDIA_TYPE, _GML2, Version.V1_0_0, stored=False, references=True)

OWN: Mapping[Version, Format] = {Version.V2_0_0: GML32, Version.V1_1_0: GML31, Version.V1_0_0: GML2}
"""The GML of each version: its default, and what a client means that asks for GML or XML without a number."""

FORMATS: tuple[Format, ...] = (
    GML32,
    GML31,
    GML2,
    GeoJsonFormat(geojson.GeoJson(), "application/json", _JSON),
    GeoJsonFormat(geojson.GeoJson(), geojson.MEDIA_TYPE, _GEOJSON),
    CsvFormat(csv_table.Csv(), csv_table.MEDIA_TYPE, _CSV),
)
"""The output formats of features one after another; those of files are in `file_formats`."""


def _plain(spelling: str) -> str:
    """Without what clients vary: case, blanks, quotes, and a plus sign that became a blank on the way."""
    return "".join(character for character in spelling.lower() if character not in " +\"'")


OutputFormat = Format | FileFormat
"""Whatever GetFeature answers in."""

_EVERY: tuple[OutputFormat, ...] = (*FORMATS, *FILES)
_BY_SPELLING: Mapping[str, OutputFormat] = {_plain(spelling): form for form in _EVERY for spelling in form.spellings}
_ANY = frozenset(map(_plain, _ANY_GML))


def find(text: str | None, version: Version = Version.V2_0_0) -> OutputFormat:
    """The format of an outputFormat in a request of a version; raises `InvalidParameter`."""
    if text is None or _plain(text) in _ANY:
        return OWN[version]
    form = _BY_SPELLING.get(_plain(text))
    if form is None:
        offered = ", ".join(each.spellings[0] for each in _EVERY)
        raise InvalidParameter(f"no output format {text[:60]!r}; offered are {offered}", "outputFormat")
    return form


def offered(version: Version) -> tuple[str, ...]:
    """Every spelling, those of the version's own GML first."""
    own = OWN[version]
    first = [*own.spellings, *_ANY_GML]
    return (*first, *(spelling for form in _EVERY if form is not own for spelling in form.spellings))


def require_gml(text: str | None) -> None:
    """Operations that answer in the GML of WFS 2.0.0 alone; raises `InvalidParameter`."""
    if find(text) is not GML32:
        raise InvalidParameter(f"this operation answers in {GML32.spellings[0]}", "outputFormat")
