"""Requests as XML, posted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from publish.catalogue.csw import constraints
from publish.catalogue.csw.errors import InvalidParameter, MissingParameter, OperationNotSupported, Unreadable
from publish.catalogue.csw.kvp import OPERATIONS, accepted, sort_field
from publish.catalogue.csw.requests import (
    CSW,
    OUTPUT_FORMATS,
    OUTPUT_SCHEMAS,
    OUTPUT_SCHEMAS_BY_ID,
    SCHEMA_LANGUAGES,
    VERSION,
    DescribeRecord,
    GetCapabilities,
    GetDomain,
    GetRecordById,
    GetRecords,
    Request,
    ResultType,
    element_set,
    first,
    most,
    one_of,
    type_name,
)
from publish.fes.documents import Element, children, local, namespace, parse, text_of
from publish.filters.errors import FilterError
from release.predicate import Predicate


def read(body: bytes) -> Request:
    """The request; raises `CswError`."""
    try:
        root = parse(body)
    except FilterError as error:
        raise Unreadable(str(error), "request") from error
    name = local(root)
    if namespace(root) != CSW or name not in _READERS:
        if name in ("Transaction", "Harvest"):
            raise OperationNotSupported("the catalogue is for reading", "request")
        raise InvalidParameter(f"the request is one of {', '.join(OPERATIONS)}, of CSW {VERSION}", "request")
    service = root.get("service", "" if name != "GetCapabilities" else "CSW")
    if not service:
        raise MissingParameter("service")
    if service != "CSW":
        raise InvalidParameter("service is CSW", "service")
    if name != "GetCapabilities":
        one_of(root.get("version"), (VERSION,), "version")
        one_of(root.get("outputFormat"), OUTPUT_FORMATS, "outputFormat")
    return _READERS[name](root)


def _texts(element: Element, name: str) -> Iterator[str]:
    for found in element.iter():
        if isinstance(found.tag, str) and local(found) == name:
            yield text_of(found).strip()


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in children(element) if local(child) == name), None)


def _text(element: Element, name: str) -> str | None:
    return next(_texts(element, name), "") or None


def _capabilities(root: Element) -> Request:
    accepted(tuple(_texts(root, "Version")))
    sections = frozenset(_texts(root, "Section"))
    given = _child(root, "Sections") is not None
    formats = [name for name in _texts(root, "OutputFormat") if name in OUTPUT_FORMATS]
    return GetCapabilities(None if not given or "All" in sections else sections, (formats or OUTPUT_FORMATS)[0])


def _describe(root: Element) -> Request:
    one_of(root.get("schemaLanguage"), SCHEMA_LANGUAGES, "schemaLanguage")
    return DescribeRecord(tuple(name for text in _texts(root, "TypeName") for name in _type_names(text, root, "TypeName")))


def _type_names(text: str, element: Element, locator: str) -> Iterator[str]:
    for name in text.replace(",", " ").split():
        prefix, _, unqualified = name.rpartition(":")
        yield type_name(element.nsmap.get(prefix) if prefix else None, unqualified, locator)


def _records(root: Element) -> Request:
    query = _child(root, "Query")
    if query is None:
        raise MissingParameter("Query")
    if not query.get("typeNames"):
        raise MissingParameter("typeNames")
    return GetRecords(
        type_names=tuple(_type_names(query.get("typeNames", ""), query, "typeNames")),
        schema=one_of(root.get("outputSchema"), OUTPUT_SCHEMAS, "outputSchema"),
        elements=element_set(_text(query, "ElementSetName")),
        names=tuple(_texts(query, "ElementName")),
        result=ResultType(one_of(root.get("resultType"), tuple(ResultType), "resultType")),
        predicate=_constraint(query),
        sort=tuple(_sort(query)),
        start=first(root.get("startPosition")),
        count=most(root.get("maxRecords")),
        echo=etree.tostring(root, encoding="unicode"),
    )


def _constraint(query: Element) -> Predicate | None:
    constraint = _child(query, "Constraint")
    if constraint is None:
        return None
    parts = children(constraint)
    if len(parts) != 1:
        raise InvalidParameter("Constraint holds a Filter or a CqlText", "Constraint")
    if local(parts[0]) == "CqlText":
        return constraints.of_cql(text_of(parts[0]))
    return constraints.of_filter(parts[0])


def _sort(query: Element) -> Iterator[tuple[str, bool]]:
    sort = _child(query, "SortBy")
    for key in children(sort) if sort is not None else ():
        yield sort_field(_text(key, "PropertyName") or ""), one_of(_text(key, "SortOrder"), ("ASC", "DESC"), "SortOrder") == "DESC"


def _by_id(root: Element) -> Request:
    identifiers = tuple(filter(None, _texts(root, "Id")))
    if not identifiers:
        raise MissingParameter("id")
    schema = one_of(root.get("outputSchema"), OUTPUT_SCHEMAS_BY_ID, "outputSchema")
    return GetRecordById(identifiers, schema, element_set(_text(root, "ElementSetName")))


def _domain(root: Element) -> Request:
    parameter, name = _text(root, "ParameterName"), _text(root, "PropertyName")
    if (parameter is None) == (name is None):
        raise MissingParameter("ParameterName")
    return GetDomain(parameter, name)


_READERS: dict[str, Callable[[Element], Request]] = {
    "GetCapabilities": _capabilities,
    "DescribeRecord": _describe,
    "GetRecords": _records,
    "GetRecordById": _by_id,
    "GetDomain": _domain,
}
