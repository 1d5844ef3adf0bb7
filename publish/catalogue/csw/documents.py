"""Records and responses as XML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lxml import etree

from publish.catalogue.csw.requests import CSW, GMD, ElementSet
from publish.catalogue.holdings import Entry
from publish.catalogue.search import BOUNDING_BOX, qualified, queryable

Element = etree._Element

DC, DCT = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
OWS, OGC = "http://www.opengis.net/ows", "http://www.opengis.net/ogc"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XLINK = "http://www.w3.org/1999/xlink"
XS = "http://www.w3.org/2001/XMLSchema"
NAMESPACES = {"csw": CSW, "gmd": GMD, "dc": DC, "dct": DCT, "ows": OWS, "ogc": OGC, "xsi": XSI, "xlink": XLINK}
SCHEMA_LOCATION = f"{CSW} http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd"
CRS_NAME = "urn:x-ogc:def:crs:EPSG:6.11:4326"
"""As the schema of CSW 2.0.2 spells it; latitude comes first."""

_ROOTS = {ElementSet.BRIEF: "BriefRecord", ElementSet.SUMMARY: "SummaryRecord", ElementSet.FULL: "Record"}
_ORDERS = {
    # record.xsd: elements in this order; the first two must be there
    ElementSet.BRIEF: ("dc:identifier", "dc:title", "dc:type"),
    ElementSet.SUMMARY: (
        "dc:identifier",
        "dc:title",
        "dc:type",
        "dc:subject",
        "dc:format",
        "dc:relation",
        "dct:modified",
        "dct:abstract",
        "dct:spatial",
    ),
}


def name(prefixed: str) -> str:
    """`{http://purl.org/dc/elements/1.1/}title` for `dc:title`."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def root(element: str, attributes: dict[str, str] | None = None) -> Element:
    """The root of a response."""
    made = etree.Element(name(element), attributes or {}, nsmap=NAMESPACES)
    made.set(f"{{{XSI}}}schemaLocation", SCHEMA_LOCATION)
    return made


def add(parent: Element, element: str, text: str | None = None, attributes: dict[str, str] | None = None) -> Element:
    """A new last child."""
    made = etree.SubElement(parent, name(element), attributes or {})
    made.text = text
    return made


def serialised(element: Element) -> bytes:
    """The document, with its declaration."""
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8")


def add_record(parent: Element, entry: Entry, elements: ElementSet, names: Sequence[str] = ()) -> None:
    """A record as Dublin Core: of an element set, or with the elements that were named."""
    if names:
        _add_named(parent, entry, names)
        return
    record = add(parent, f"csw:{_ROOTS[elements]}")
    if elements is ElementSet.FULL:
        for key, text in entry.properties:
            add(record, key, text)
    else:
        for key in _ORDERS[elements]:
            _add_values(record, entry, key)
    _add_box(record, entry)


def _add_values(record: Element, entry: Entry, key: str) -> None:
    values = entry.values(key)
    if not values and key in _ORDERS[ElementSet.BRIEF][:2]:
        values = ("",)
    for text in values:
        add(record, key, text)


def _add_named(parent: Element, entry: Entry, names: Sequence[str]) -> None:
    """CSW 2.0.2 §10.8.4.9: the elements asked for, in a csw:Record."""
    fields = [queryable(each) for each in names]
    wanted = {qualified(field) for field in fields if field is not None and field != BOUNDING_BOX}
    record = add(parent, "csw:Record")
    for key, text in entry.properties:
        if key in wanted:
            add(record, key, text)
    if BOUNDING_BOX in fields:
        _add_box(record, entry)


def _add_box(record: Element, entry: Entry) -> None:
    if entry.box is None:
        return
    west, south, east, north = entry.box
    box = add(record, "ows:BoundingBox", None, {"crs": CRS_NAME})
    add(box, "ows:LowerCorner", f"{south} {west}")
    add(box, "ows:UpperCorner", f"{north} {east}")


def add_document(parent: Element, path: Path) -> None:
    """A document that the run wrote, as it is."""
    parent.append(etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot())


def schema_of_record(properties: Iterable[str]) -> Element:
    """The XML Schema of what we give as csw:Record."""
    schema = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS, **NAMESPACES})
    schema.set("targetNamespace", CSW)
    schema.set("elementFormDefault", "qualified")
    for namespace, place in ((DC, "csw/2.0.2/rec-dcmes.xsd"), (DCT, "csw/2.0.2/rec-dcterms.xsd"), (OWS, "ows/1.0.0/owsAll.xsd")):
        etree.SubElement(schema, f"{{{XS}}}import", namespace=namespace, schemaLocation=f"http://schemas.opengis.net/{place}")
    element = etree.SubElement(schema, f"{{{XS}}}element", name="Record")
    content = etree.SubElement(etree.SubElement(element, f"{{{XS}}}complexType"), f"{{{XS}}}sequence")
    choice = etree.SubElement(content, f"{{{XS}}}choice", minOccurs="0", maxOccurs="unbounded")
    for each in properties:
        etree.SubElement(choice, f"{{{XS}}}element", ref=each)
    etree.SubElement(content, f"{{{XS}}}element", ref="ows:BoundingBox", minOccurs="0", maxOccurs="unbounded")
    return schema


def schema_of_metadata() -> Element:
    """Where the XML Schema of gmd:MD_Metadata is."""
    schema = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
    schema.set("targetNamespace", GMD)
    etree.SubElement(schema, f"{{{XS}}}include", schemaLocation="http://schemas.opengis.net/iso/19139/20060504/gmd/gmd.xsd")
    return schema
