"""Atom feeds of the downloads: one that lists the data sets, and one per data set that lists its files (INSPIRE TG Download Services 3.1).

::

    atom/index.xml       served at /catalogus/atom/
    atom/<product>.xml   an entry per format

The form is that of INSPIRE; that the data is reported to it is not claimed (DESIGN decision 17).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from exports import online
from exports.catalogue import vocabulary
from exports.catalogue.dates import midnight
from exports.formats import Format
from exports.iso19139 import service_notice
from exports.notice import Notice, notice
from exports.online import Online
from exports.resources import FLANDERS, DatasetResource, Resources, Service, ServiceKind
from release.crs import LAMBERT72

Element = etree._Element

ATOM = "http://www.w3.org/2005/Atom"
DLS = "http://inspire.ec.europa.eu/schemas/inspire_dls/1.0"
GEORSS = "http://www.georss.org/georss"
MEDIA_TYPE = "application/atom+xml"
INDEX = "index.xml"
LANGUAGE = "nl"
"""RFC 5646; the only language of the feeds."""

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CATEGORY = "http://inspire.ec.europa.eu/metadata-codelist/SpatialDataServiceCategory"


def documents(resources: Resources) -> Iterator[tuple[str, bytes]]:
    """The service feed and the feed of every data set, by their paths."""
    yield f"atom/{INDEX}", _service_feed(resources)
    for dataset in resources.datasets:
        yield f"atom/{dataset.product.id}.xml", _dataset_feed(dataset, resources)


def service(resources: Resources) -> Service:
    """The service that the feeds are."""
    return next(service for service in resources.services if service.kind is ServiceKind.ATOM)


def feed_url(dataset: DatasetResource, resources: Resources) -> str:
    """Where the feed of a data set is."""
    return f"{service(resources).url}{dataset.product.id}.xml"


def namespace(resources: Resources) -> str:
    """Namespace of the identifiers of data sets; their code is the address of their metadata record, as in the WFS."""
    return f"{resources.public_url}/"


def _service_feed(resources: Resources) -> bytes:
    atom = service(resources)
    words = service_notice(atom, resources)
    feed = _feed(atom.url, words, midnight(atom.since))
    _link(feed, "describedby", resources.record_url(atom.uuid), "application/xml")  # Req 6
    _link(feed, "self", atom.url, MEDIA_TYPE, "Deze feed")  # Req 7
    _link(feed, "search", atom.description_url, "application/opensearchdescription+xml", "OpenSearch")  # Req 8
    _link(feed, "alternate", f"{resources.public_url}/downloads", "text/html", "Downloads")
    _add(feed, "category", None, {"scheme": _CATEGORY, "term": "infoProductAccessService"})
    for dataset in resources.datasets:
        _dataset_entry(feed, dataset, resources)
    return _written(feed)


def _dataset_entry(feed: Element, dataset: DatasetResource, resources: Resources) -> None:
    """Req 13-20: the identifier of the data set, its metadata, its feed, its CRS and its box."""
    words, address = _words(dataset, resources), feed_url(dataset, resources)
    entry = _add(feed, "entry")
    _add(entry, "title", words.title)
    _add(entry, "id", address)
    _add(entry, "updated", midnight(dataset.entry.since))
    etree.SubElement(entry, f"{{{DLS}}}spatial_dataset_identifier_code").text = resources.record_url(dataset.product.uuid)
    etree.SubElement(entry, f"{{{DLS}}}spatial_dataset_identifier_namespace").text = namespace(resources)
    _link(entry, "describedby", resources.record_url(dataset.product.uuid), "application/xml")
    _link(entry, "alternate", address, MEDIA_TYPE, f"Bestanden: {words.title}")
    for link in online.of_dataset(dataset, resources):
        if link.service is not None and link.service.kind is ServiceKind.WFS:
            _link(entry, "related", link.url, "application/xml", link.title.nl)
    _add(entry, "rights", _rights(words))
    _add(entry, "summary", _summary(words))
    _crs(entry)
    west, south, east, north = FLANDERS
    corners = ((south, west), (north, west), (north, east), (south, east), (south, west))  # GeoRSS Simple: latitude first
    etree.SubElement(entry, f"{{{GEORSS}}}polygon").text = " ".join(f"{lat} {lon}" for lat, lon in corners)


def _dataset_feed(dataset: DatasetResource, resources: Resources) -> bytes:
    words, address = _words(dataset, resources), feed_url(dataset, resources)
    feed = _feed(address, words, midnight(dataset.entry.since))
    _link(feed, "describedby", resources.record_url(dataset.feature_catalogue), "application/xml", "Objectencatalogus")  # Req 25
    _link(feed, "self", address, MEDIA_TYPE, "Deze feed")
    _link(feed, "up", service(resources).url, MEDIA_TYPE, "Alle datasets")
    _link(feed, "alternate", f"{resources.public_url}/downloads#{dataset.product.id}", "text/html", "Downloads")
    lengths = {file.format: file.bytes for file in dataset.entry.files}
    for link in online.of_dataset(dataset, resources):
        if link.format is not None:
            _file_entry(feed, link, words.title, link.format, lengths[link.format.name], midnight(dataset.entry.since))
    return _written(feed)


def _file_entry(feed: Element, link: Online, name: str, format_: Format, length: int, updated: str) -> None:
    """Req 26-34: an entry per format and CRS. The type is that of what is sent: a zip, whatever is in it."""
    entry = _add(feed, "entry")
    title = f"{name} – {format_.title} ({LAMBERT72.short})"
    _add(entry, "title", title)
    _add(entry, "id", link.url)
    _add(entry, "updated", updated)
    _link(entry, "alternate", link.url, link.media_type, title, {"length": str(length)})
    _add(entry, "summary", f"{format_.title} in een zip-bestand, met licentie, leesmij en metadata.")
    _crs(entry)


def _feed(address: str, words: Notice, updated: str) -> Element:
    """Req 5, 9-12: title, identifier that leads to the feed, rights, date, and who is behind it."""
    names = {None: ATOM, "georss": GEORSS, "inspire_dls": DLS}
    feed = etree.Element(f"{{{ATOM}}}feed", {_LANG: LANGUAGE}, names)  # type: ignore[arg-type] # null: default
    _add(feed, "title", words.title)
    _add(feed, "subtitle", _summary(words))
    _add(feed, "id", address)
    _add(feed, "updated", updated)
    author = _add(feed, "author")
    _add(author, "name", words.publisher)
    _add(author, "email" if "@" in words.contact else "uri", words.contact.removeprefix("mailto:"))
    _add(feed, "rights", _rights(words))
    _link(feed, "license", vocabulary.licence(words.licence), "text/html", words.licence_name)
    return feed


def _words(dataset: DatasetResource, resources: Resources) -> Notice:
    return notice(dataset.product, resources.schema, dataset.entry.state, resources.environment)


def _summary(words: Notice) -> str:
    return f"{words.abstract} {words.state} {words.reuse}"


def _rights(words: Notice) -> str:
    return f"{words.licence_name}: {vocabulary.licence(words.licence)}. {words.attribution}"


def _crs(entry: Element) -> None:
    _add(entry, "category", None, {"term": LAMBERT72.url, "label": LAMBERT72.name})


def _link(parent: Element, rel: str, href: str, type_: str, title: str | None = None, more: Mapping[str, str] | None = None) -> None:
    named = {} if title is None else {"title": title}
    _add(parent, "link", None, {"rel": rel, "href": href, "type": type_, "hreflang": LANGUAGE} | named | dict(more or {}))


def _add(parent: Element, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None) -> Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", dict(attributes or {}))
    element.text = text
    return element


def _written(feed: Element) -> bytes:
    etree.indent(feed, " ")
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8") + b"\n"
