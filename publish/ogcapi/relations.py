"""What the landing page and the collections lead to: the data in every format, the files, the licence, the metadata, tiles and styles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from exports.formats import FORMATS
from exports.notice import PRODUCTION, licence_name
from exports.resources import Resources, ServiceKind
from publish.ogcapi.collections import Collection
from publish.ogcapi.negotiation import OF_ITEMS, Format
from publish.shelf import View
from release.errors import DayOver
from release.manifest import FileEntry, Manifest

OGC = "http://www.opengis.net/def/rel/ogc/1.0"

Link = dict[str, str | int]
"""`href`, `rel`, `type` and `title`, as the standard writes a link; `hreflang`, and `length` in bytes, where they are known."""

_JSON, _SCHEMA, _HTML = "application/json", "application/schema+json", "text/html"
_ISO = "application/vnd.iso.19139+xml"
_XML = "application/xml"
"""QGIS takes what a collection has of this type and is described by for the schema of its GML, so the ISO record is not called so."""
_OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_FORMATS = {format_.name: format_ for format_ in FORMATS}


@dataclass(frozen=True, eq=False)
class Relations:
    """Links from one view; `url` is the root of the API, `public_url` that of everything."""

    view: View
    url: str
    public_url: str
    production: bool

    def of_landing(self) -> list[Link]:
        """OGC API Features §7.2.2 /req/core/root-success: service-desc or service-doc, conformance, data."""
        return [
            *_both(self.url, "self", "This document"),
            _link(f"{self.url}/openapi", "service-desc", _OPENAPI, "The OpenAPI definition"),
            _link(f"{self.url}/openapi?f=html", "service-doc", _HTML, "The OpenAPI definition as HTML"),
            _link(f"{self.url}/conformance", "conformance", _JSON, "Conformance"),
            _link(f"{self.url}/collections", "data", _JSON, "Collections"),
            self._licence(),
            *self._record_of_service(),
        ]

    def of_collections(self) -> list[Link]:
        """OGC API Features §7.13.2: self and alternate; the licence is that of every collection."""
        return [*_both(f"{self.url}/collections", "self", "This document"), *_both(self.url, "root", "Landing page"), self._licence()]

    def of_collection(self, collection: Collection) -> list[Link]:
        """OGC API Features §7.13.3, §7.14.2; Part 3 §6.2; Part 5 §8; STANDARDS §2: licence, describedby and enclosure."""
        base = f"{self.url}/collections/{collection.id}"
        return [
            *_both(base, "self", "This document"),
            *_both(self.url, "root", "Landing page"),
            *(_link(f"{base}/items?f={f}", "items", f.media_types[0], f"Items as {f.label}") for f in OF_ITEMS),
            *_both(f"{base}/queryables", f"{OGC}/queryables", "Queryables", _SCHEMA),
            *_both(f"{base}/schema", f"{OGC}/schema", "Schema", _SCHEMA),
            *self._maps(collection),
            *self._files(collection),
            self._licence(),
            _link(f"{self.public_url}/catalogus/iso/{collection.product.uuid}.xml", "describedby", _ISO, "Metadata (ISO 19139)"),
            _link(f"{base}/schema?f=json", "describedby", _SCHEMA, "Schema as JSON"),
            _link(f"{base}/schema?f={Format.XSD}", "describedby", _XML, "Schema of GML (XSD)"),
        ]

    def _licence(self) -> Link:
        licence = self.view.release.schema.words.licence
        return _link(licence, "license", _HTML, licence_name(licence))

    def _maps(self, collection: Collection) -> Iterator[Link]:
        if collection.feature_type.geometry is not None:
            tiles = f"{self.public_url}/ogc/tiles/v1/collections/{collection.id}/tiles"
            yield _link(tiles, f"{OGC}/tilesets-vector", _JSON, "Vector tiles")
            yield _link(f"{self.public_url}/stijlen", f"{OGC}/styles", _JSON, "Styles")

    def _files(self, collection: Collection) -> Iterator[Link]:
        """The files of the product; those that hold tables, for a table."""
        for file in self._files_of(collection.product.id):
            format_ = _FORMATS.get(file.format)
            if not file.bytes or format_ is None or (collection.is_table and not format_.tables):
                continue
            title = f"{collection.product.title.nl}: {format_.title}"
            link = _link(f"{self.public_url}/downloads/{file.path}", "enclosure", "application/zip", title)
            yield link | {"length": file.bytes, "hreflang": "nl"}

    def _files_of(self, product: str) -> tuple[FileEntry, ...]:
        edition = self._edition
        return () if edition is None else edition.products[product].files

    def _record_of_service(self) -> Iterator[Link]:
        if self._edition is None:
            return
        environment = PRODUCTION if self.production else "test"
        described = Resources.of(self.view.release.schema, self._edition.products, self.public_url, environment)
        for service in described.services:
            if service.kind is ServiceKind.FEATURES:
                yield _link(described.record_url(service.uuid), "describedby", _ISO, "Metadata (ISO 19139)")

    @cached_property
    def _edition(self) -> Manifest | None:
        """What was made for the day; null when no run has."""
        try:
            return self.view.release.edition(self.view.day)
        except DayOver:
            return None


def _both(href: str, rel: str, title: str, media_type: str = _JSON) -> Iterator[Link]:
    """A document as JSON and as a page; the page of `self` is its alternate."""
    yield _link(f"{href}?f=json", rel, media_type, f"{title} as JSON")
    yield _link(f"{href}?f=html", "alternate" if rel == "self" else rel, _HTML, f"{title} as HTML")


def _link(href: str, rel: str, media_type: str, title: str) -> Link:
    return {"href": href, "rel": rel, "type": media_type, "title": title}
