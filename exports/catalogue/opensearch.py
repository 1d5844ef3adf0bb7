"""The OpenSearch description of the feeds: how to search them, and how to get a data set by its identifier (INSPIRE TG 3.1, Req 39-45).

::

    search?q=…                    a page, or with f=atom a feed
    describe?<identifier>         the feed of a data set
    get?format=GML&<identifier>   its file
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from lxml import etree

from exports.catalogue import atom
from exports.formats import FORMATS, Format
from exports.iso19139 import service_notice
from exports.notice import notice
from exports.online import ZIP
from exports.resources import Resources
from release.crs import LAMBERT72

Element = etree._Element

PATH = "atom/opensearch.xml"
MEDIA_TYPE = "application/opensearchdescription+xml"

CODE, NAMESPACE = "spatial_dataset_identifier_code", "spatial_dataset_identifier_namespace"
"""Parameters of a request, named as INSPIRE names them."""

_OS = "http://a9.com/-/spec/opensearch/1.1/"
_IDENTIFIER = f"{CODE}={{inspire_dls:{CODE}?}}&{NAMESPACE}={{inspire_dls:{NAMESPACE}?}}&crs={{inspire_dls:crs?}}&language={{language?}}"
_NAMES = ("Woningkwaliteit", "Downloads Woningkwaliteit")
_TEST_NAMES = ("TEST Woningkwal.", "TEST – Downloads Woningkwaliteit")
"""OpenSearch 1.1 allows 16 and 48 characters."""


def description(resources: Resources) -> bytes:
    """The description as UTF-8 XML."""
    service = atom.service(resources)
    words = service_notice(service, resources)
    short, long = _TEST_NAMES if resources.test else _NAMES
    names = {None: _OS, "inspire_dls": atom.DLS}
    root = etree.Element(f"{{{_OS}}}OpenSearchDescription", nsmap=names)  # type: ignore[arg-type] # null: default
    _add(root, "ShortName", short)
    _add(root, "LongName", long)
    _add(root, "Description", f"{service.abstract.nl} {words.state}")
    _add(root, "Tags", " ".join(dict.fromkeys(word for each in resources.datasets for word in each.product.keywords if " " not in word)))
    if "@" in words.contact:
        _add(root, "Contact", words.contact.removeprefix("mailto:"))
    _urls(root, service.url, service.description_url, _offered(resources))
    _queries(root, resources)
    _add(root, "Developer", words.publisher)
    _add(root, "Attribution", words.attribution)
    _add(root, "SyndicationRight", "open")
    _add(root, "AdultContent", "false")
    for name in ("Language", "OutputEncoding", "InputEncoding"):
        _add(root, name, atom.LANGUAGE if name == "Language" else "UTF-8")
    etree.indent(root, " ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _urls(root: Element, base: str, own: str, formats: list[Format]) -> None:
    _url(root, "self", MEDIA_TYPE, own)  # Req 40
    _url(root, "results", "text/html", f"{base}search?q={{searchTerms}}")  # Req 41
    _url(root, "describedby", atom.MEDIA_TYPE, f"{base}describe?{_IDENTIFIER}")  # Req 42
    for format_ in formats:  # Req 43: the type is that of the answer
        _url(root, "results", ZIP, f"{base}get?{urlencode({'format': format_.name})}&{_IDENTIFIER}")
    _url(root, "results", atom.MEDIA_TYPE, f"{base}search?f=atom&q={{searchTerms?}}&{_IDENTIFIER}")


def _offered(resources: Resources) -> list[Format]:
    return [format_ for format_ in FORMATS if any(format_ in dataset.formats for dataset in resources.datasets)]


def _queries(root: Element, resources: Resources) -> None:
    """Req 44: an example for each data set."""
    for dataset in resources.datasets:
        attributes = {
            "role": "example",
            f"{{{atom.DLS}}}{CODE}": resources.record_url(dataset.product.uuid),
            f"{{{atom.DLS}}}{NAMESPACE}": atom.namespace(resources),
            f"{{{atom.DLS}}}crs": LAMBERT72.url,
            "language": atom.LANGUAGE,
            "title": notice(dataset.product, resources.schema, dataset.entry.state, resources.environment).title,
            "count": str(len(dataset.formats)),
        }
        _add(root, "Query", None, attributes)


def _url(root: Element, rel: str, type_: str, template: str) -> None:
    _add(root, "Url", None, {"type": type_, "rel": rel, "template": template})


def _add(root: Element, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None) -> None:
    etree.SubElement(root, f"{{{_OS}}}{name}", dict(attributes or {})).text = text
