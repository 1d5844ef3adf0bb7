"""The capabilities document, made of the same tables that requests are read by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from lxml import etree

from exports.resources import Resources
from publish.catalogue.csw import documents
from publish.catalogue.csw.documents import XLINK, add
from publish.catalogue.csw.kvp import OPERATIONS
from publish.catalogue.csw.requests import (
    CONSTRAINT_LANGUAGES,
    OUTPUT_FORMATS,
    OUTPUT_SCHEMAS,
    OUTPUT_SCHEMAS_BY_ID,
    SCHEMA_LANGUAGES,
    SECTIONS,
    TYPE_NAMES,
    VERSION,
    ElementSet,
    ResultType,
)
from publish.catalogue.search import ANY_TEXT, BOUNDING_BOX, PROPERTIES

Element = etree._Element

_SPATIAL = ("BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps")
_COMPARISONS = (
    "LessThan",
    "GreaterThan",
    "LessThanEqualTo",
    "GreaterThanEqualTo",
    "EqualTo",
    "NotEqualTo",
    "Like",
    "Between",
    "NullCheck",
)


@cache
def _parameters() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    sets = tuple(ElementSet)
    return {
        "GetCapabilities": {"sections": SECTIONS, "AcceptVersions": (VERSION,), "AcceptFormats": OUTPUT_FORMATS},
        "DescribeRecord": {"typeName": TYPE_NAMES, "outputFormat": OUTPUT_FORMATS, "schemaLanguage": SCHEMA_LANGUAGES},
        "GetRecords": {
            "resultType": tuple(ResultType),
            "typeNames": TYPE_NAMES,
            "outputFormat": OUTPUT_FORMATS,
            "outputSchema": OUTPUT_SCHEMAS,
            "ElementSetName": sets,
            "CONSTRAINTLANGUAGE": CONSTRAINT_LANGUAGES,
        },
        "GetRecordById": {"ElementSetName": sets, "outputFormat": OUTPUT_FORMATS, "outputSchema": OUTPUT_SCHEMAS_BY_ID},
        "GetDomain": {},
    }


def domains() -> Mapping[str, tuple[str, ...]]:
    """The values of each parameter of a request, by `getrecords.resulttype`."""
    return {f"{operation}.{name}".lower(): values for operation, parameters in _parameters().items() for name, values in parameters.items()}


def capabilities(sections: frozenset[str] | None, resources: Resources, url: str) -> Element:
    """The document with these sections, null for all; `url` is where the service is."""
    root = documents.root("csw:Capabilities", {"version": VERSION})
    for name, write in _SECTIONS.items():
        if sections is None or name in sections:
            write(root, resources, url)
    _filter_capabilities(root)
    return root


def _service_identification(root: Element, resources: Resources, url: str) -> None:
    section = add(root, "ows:ServiceIdentification")
    words = resources.schema.words
    test = "TEST: " if resources.test else ""
    nothing = " Dit is een test: deze catalogus geeft geen enkel record." if resources.test else ""
    add(section, "ows:Title", f"{test}Catalogus Woningkwaliteit in Vlaanderen")
    add(section, "ows:Abstract", f"{test}Metadata (ISO 19139) van de datasets en diensten over woningkwaliteit in Vlaanderen.{nothing}")
    keywords = add(section, "ows:Keywords")
    for word in dict.fromkeys(word for dataset in resources.datasets for word in dataset.product.keywords):
        add(keywords, "ows:Keyword", word)
    add(section, "ows:ServiceType", "CSW")
    add(section, "ows:ServiceTypeVersion", VERSION)
    add(section, "ows:Fees", "NONE")
    add(section, "ows:AccessConstraints", words.licence)


def _service_provider(root: Element, resources: Resources, url: str) -> None:
    section = add(root, "ows:ServiceProvider")
    words = resources.schema.words
    mail = "@" in words.contact
    add(section, "ows:ProviderName", words.publisher)
    add(section, "ows:ProviderSite", None, {f"{{{XLINK}}}href": resources.public_url if mail else words.contact})
    contact = add(section, "ows:ServiceContact")
    info = add(contact, "ows:ContactInfo")
    if mail:
        add(add(info, "ows:Address"), "ows:ElectronicMailAddress", words.contact)
    else:
        add(info, "ows:OnlineResource", None, {f"{{{XLINK}}}href": words.contact})


def _operations_metadata(root: Element, resources: Resources, url: str) -> None:
    section = add(root, "ows:OperationsMetadata")
    for name in OPERATIONS:
        operation = add(section, "ows:Operation", None, {"name": name})
        http = add(add(operation, "ows:DCP"), "ows:HTTP")
        add(http, "ows:Get", None, {f"{{{XLINK}}}href": url})
        post = add(http, "ows:Post", None, {f"{{{XLINK}}}href": url})
        _domain(post, "ows:Constraint", "PostEncoding", ("XML",))
        for parameter, values in _parameters()[name].items():
            _domain(operation, "ows:Parameter", parameter, values)
        if name == "GetRecords":
            names = (*PROPERTIES.values(), f"csw:{ANY_TEXT}", f"ows:{BOUNDING_BOX}")
            _domain(operation, "ows:Constraint", "SupportedDublinCoreQueryables", names)
    _domain(section, "ows:Parameter", "service", ("CSW",))
    _domain(section, "ows:Parameter", "version", (VERSION,))
    _domain(section, "ows:Constraint", "PostEncoding", ("XML",))


def _domain(parent: Element, element: str, name: str, values: tuple[str, ...]) -> None:
    domain = add(parent, element, None, {"name": name})
    for value in values:
        add(domain, "ows:Value", value)


def _filter_capabilities(root: Element) -> None:
    section = add(root, "ogc:Filter_Capabilities")
    spatial = add(section, "ogc:Spatial_Capabilities")
    operands = add(spatial, "ogc:GeometryOperands")
    for operand in ("gml:Envelope", "gml:Point", "gml:LineString", "gml:Polygon"):
        element = etree.SubElement(operands, documents.name("ogc:GeometryOperand"), nsmap={"gml": "http://www.opengis.net/gml"})
        element.text = operand
    operators = add(spatial, "ogc:SpatialOperators")
    for name in _SPATIAL:
        add(operators, "ogc:SpatialOperator", None, {"name": name})
    scalar = add(section, "ogc:Scalar_Capabilities")
    add(scalar, "ogc:LogicalOperators")
    comparisons = add(scalar, "ogc:ComparisonOperators")
    for name in _COMPARISONS:
        add(comparisons, "ogc:ComparisonOperator", name)
    add(add(section, "ogc:Id_Capabilities"), "ogc:EID")


_SECTIONS: Mapping[str, Callable[[Element, Resources, str], None]] = {
    "ServiceIdentification": _service_identification,
    "ServiceProvider": _service_provider,
    "OperationsMetadata": _operations_metadata,
}
