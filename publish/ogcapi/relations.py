"""What the landing page and the collections lead to: the data in every format, the files, the licence, the metadata, tiles and styles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from exports.formats import FORMATS
from exports.notice import PRODUCTION, licence_name
from exports.resources import Resources, ServiceKind
from publish.ogcapi.collections import Collection
from publish.ogcapi.negotiation import OF_ITEMS, Format
from publish.pages import Language
from publish.shelf import View
from release.errors import DayOver
from release.manifest import FileEntry, Manifest
from release.schema import Text

OGC = "http://www.opengis.net/def/rel/ogc/1.0"

Link = dict[str, str | int]
"""`href`, `rel`, `type` and `title`, as the standard writes a link; `hreflang`, and `length` in bytes, where they are known."""

_JSON, _SCHEMA, _HTML = "application/json", "application/schema+json", "text/html"
_ISO = "application/vnd.iso.19139+xml"
_XML = "application/xml"
"""QGIS takes what a collection has of this type and is described by for the schema of its GML, so the ISO record is not called so."""
_OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_FORMATS = {format_.name: format_ for format_ in FORMATS}
_BESIDE = {
    ServiceKind.TILES: _JSON,
    ServiceKind.RECORDS: _JSON,
    ServiceKind.WFS: "text/xml",
    ServiceKind.WMS: "text/xml",
}
"""Services to which the landing page leads, and what they describe themselves in."""

_IN_HEADER = ("service-desc", "service-doc", "conformance", "data", "items", "license", "describedby")
"""Relations for programs that know no document of the API: RFC 8631, and what leads to data and terms."""

_SELF, _LANDING = Text(nl="Dit document", en="This document"), Text(nl="Startpagina", en="Landing page")
_QUERYABLES, _FIELDS = Text(nl="Waarop te filteren is", en="Queryables"), Text(nl="Schema", en="Schema")
_METADATA = Text(nl="Metadata (ISO 19139)", en="Metadata (ISO 19139)")
_STYLES = Text(nl="Stijlen", en="Styles")


@dataclass(frozen=True, eq=False)
class Relations:
    """Links from one view, with titles in one language; `url` is the root of the API, `public_url` that of everything."""

    view: View
    url: str
    public_url: str
    production: bool
    spoken: Language

    def of_landing(self) -> list[Link]:
        """OGC API Features §7.2.2 /req/core/root-success: service-desc or service-doc, conformance, data."""
        return [
            *self._both(self.url, "self", _SELF),
            self._link(f"{self.url}/openapi", "service-desc", _OPENAPI, Text(nl="Beschrijving (OpenAPI)", en="The OpenAPI definition")),
            self._link(f"{self.url}/openapi?f=html", "service-doc", _HTML, Text(nl="Beschrijving als HTML", en="The definition as HTML")),
            self._link(f"{self.url}/conformance", "conformance", _JSON, Text(nl="Conformiteit", en="Conformance")),
            self._link(f"{self.url}/collections", "data", _JSON, Text(nl="Collecties", en="Collections")),
            self._licence(),
            *self._of_services(),
            self._link(f"{self.public_url}/stijlen", f"{OGC}/styles", _JSON, _STYLES),
        ]

    def of_collections(self) -> list[Link]:
        """OGC API Features §7.13.2: self and alternate; the licence is that of every collection."""
        return [*self._both(f"{self.url}/collections", "self", _SELF), *self._both(self.url, "root", _LANDING), self._licence()]

    def of_collection(self, collection: Collection) -> list[Link]:
        """OGC API Features §7.13.3, §7.14.2; Part 3 §6.2; Part 5 §8; STANDARDS §2: licence, describedby and enclosure."""
        base = f"{self.url}/collections/{collection.id}"
        record = f"{self.public_url}/catalogus/iso/{collection.product.uuid}.xml"
        return [
            *self._both(base, "self", _SELF),
            *self._both(self.url, "root", _LANDING),
            *(self._link(f"{base}/items?f={f}", "items", f.media_types[0], _items(f)) for f in OF_ITEMS),
            *self._both(f"{base}/queryables", f"{OGC}/queryables", _QUERYABLES, _SCHEMA),
            *self._both(f"{base}/schema", f"{OGC}/schema", _FIELDS, _SCHEMA),
            *self._maps(collection),
            *self._files(collection),
            self._licence(),
            self._link(record, "describedby", _ISO, _METADATA),
            self._link(f"{base}/schema?f=json", "describedby", _SCHEMA, Text(nl="Schema als JSON", en="Schema as JSON")),
            self._link(f"{base}/schema?f={Format.XSD}", "describedby", _XML, Text(nl="Schema van GML (XSD)", en="Schema of GML (XSD)")),
        ]

    def _licence(self) -> Link:
        licence = self.view.release.schema.words.licence
        return self._link(licence, "license", _HTML, Text(nl=licence_name(licence), en=licence_name(licence)))

    def _maps(self, collection: Collection) -> Iterator[Link]:
        if collection.feature_type.geometry is not None:
            tiles = f"{self.public_url}/ogc/tiles/v1/collections/{collection.id}/tiles"
            yield self._link(tiles, f"{OGC}/tilesets-vector", _JSON, Text(nl="Vectortegels", en="Vector tiles"))
            yield self._link(f"{self.public_url}/stijlen", f"{OGC}/styles", _JSON, _STYLES)

    def _files(self, collection: Collection) -> Iterator[Link]:
        """The files of the product; those that hold tables, for a table."""
        for file in self._files_of(collection.product.id):
            format_ = _FORMATS.get(file.format)
            if not file.bytes or format_ is None or (collection.is_table and not format_.tables):
                continue
            product = collection.product.title
            title = Text(nl=f"{product.nl}: {format_.title}", en=f"{product.en}: {format_.title}")
            link = self._link(f"{self.public_url}/downloads/{file.path}", "enclosure", "application/zip", title)
            yield link | {"length": file.bytes, "hreflang": "nl"}

    def _files_of(self, product: str) -> tuple[FileEntry, ...]:
        edition = self._edition
        return () if edition is None or product in self.view.release.withdrawals(self.view.day) else edition.products[product].files

    def _of_services(self) -> Iterator[Link]:
        """The metadata record of this service, and the services that give the same in another way."""
        if self._edition is None:
            return
        environment = PRODUCTION if self.production else "test"
        withdrawn = self.view.release.withdrawals(self.view.day)
        described = Resources.of(self.view.release.schema, self._edition.products, withdrawn, self.public_url, environment)
        for service in described.services:
            if service.kind is ServiceKind.FEATURES:
                yield self._link(described.record_url(service.uuid), "describedby", _ISO, _METADATA)
            elif service.kind in _BESIDE:
                media_type = _BESIDE[service.kind]
                yield self._link(service.url if media_type is _JSON else service.description_url, "related", media_type, service.title)

    def _both(self, href: str, rel: str, title: Text, media_type: str = _JSON) -> Iterator[Link]:
        """A document as JSON and as a page; the page of `self` is its alternate."""
        for f, type_, name in (("json", media_type, "JSON"), ("html", _HTML, "HTML")):
            said = Text(nl=f"{title.nl} als {name}", en=f"{title.en} as {name}")
            yield self._link(f"{href}?f={f}", "alternate" if rel == "self" and type_ is _HTML else rel, type_, said)

    def _link(self, href: str, rel: str, media_type: str, title: Text) -> Link:
        return {"href": href, "rel": rel, "type": media_type, "title": title.nl if self.spoken == "nl" else title.en}

    @cached_property
    def _edition(self) -> Manifest | None:
        """What was made for the day; null when no run has."""
        try:
            return self.view.release.edition(self.view.day)
        except DayOver:
            return None


def header(links: Sequence[Link]) -> dict[str, str]:
    """A Link header (RFC 8288) of a document: what programs look for that do not read it; nothing where no link is such."""
    named = (link for link in links if link["rel"] in _IN_HEADER and str(link["href"]).isascii())
    text = ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in named)
    return {"Link": text} if text else {}


def _items(format_: Format) -> Text:
    return Text(nl=f"Objecten als {format_.label}", en=f"Items as {format_.label}")
