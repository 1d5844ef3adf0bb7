"""`<wfs:GetFeature><wfs:Query typeNames="POI:POI"/></wfs:GetFeature>` as a request (WFS by POST, in any version)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from publish.wfs import versions
from publish.wfs.documents import WFS, WFS1, Element, children, local, namespace, text_of
from publish.wfs.errors import InvalidParameter, MissingParameter, OperationNotSupported, OptionNotSupported, ParsingFailed
from publish.wfs.keywords import MAX_QUERIES, only_two, result_type
from publish.wfs.kvp import whole
from publish.wfs.requests import (
    AdHocQuery,
    DescribeFeatureType,
    DescribeStoredQueries,
    GetCapabilities,
    GetFeature,
    GetPropertyValue,
    ListStoredQueries,
    Presentation,
    Query,
    Request,
    StoredQuery,
)
from publish.wfs.versions import Version


def read(root: Element) -> Request:
    """The request; raises `WfsError`."""
    if namespace(root) not in (WFS, WFS1):
        raise ParsingFailed(f"the root element is not in the namespace {WFS}", "request")
    if (service := root.get("service")) is not None and service.upper() != "WFS":
        raise InvalidParameter("service is WFS here", "service")
    name = local(root)
    if name == "GetCapabilities":
        if service is None:
            raise MissingParameter("service")
        return GetCapabilities(versions.negotiated(_texts(root, "Version"), version(root)), _texts(root, "Section"))
    spoken = versions.of_request(version(root))
    reader = _OPERATIONS.get(name)
    if reader is None:
        raise OperationNotSupported(f"the operation {name[:40]!r} is not offered", name[:40])
    return reader(root, spoken)


def version(root: Element) -> str | None:
    """The version that a document speaks: its attribute, else that of its namespace."""
    return root.get("version") or ("1.1.0" if namespace(root) == WFS1 else None)


def _describe_feature_type(root: Element, spoken: Version) -> DescribeFeatureType:
    names = {prefix: uri for element in root.iter() for prefix, uri in bindings(element).items()}
    return DescribeFeatureType(_texts(root, "TypeName"), names, root.get("outputFormat"), spoken)


def _list_stored_queries(_: Element, spoken: Version) -> ListStoredQueries:
    only_two("ListStoredQueries", spoken)
    return ListStoredQueries()


def _describe_stored_queries(root: Element, spoken: Version) -> DescribeStoredQueries:
    only_two("DescribeStoredQueries", spoken)
    return DescribeStoredQueries(_texts(root, "StoredQueryId"))


def _get_feature(root: Element, spoken: Version) -> GetFeature:
    return GetFeature(_queries(root), _presentation(root), spoken)


def _get_property_value(root: Element, spoken: Version) -> GetPropertyValue:
    only_two("GetPropertyValue", spoken)
    reference = root.get("valueReference")
    if reference is None:
        raise MissingParameter("valueReference")
    queries = _queries(root)
    if len(queries) > 1:
        raise OptionNotSupported("values are of one query", "GetPropertyValue")
    return GetPropertyValue(queries[0], _presentation(root), reference.strip())


_OPERATIONS: dict[str, Callable[[Element, Version], Request]] = {
    "DescribeFeatureType": _describe_feature_type,
    "ListStoredQueries": _list_stored_queries,
    "DescribeStoredQueries": _describe_stored_queries,
    "GetFeature": _get_feature,
    "GetPropertyValue": _get_property_value,
}


def bindings(element: Element) -> Mapping[str, str]:
    """The namespaces in scope: URI by prefix, the default under the empty text."""
    return {prefix or "": uri for prefix, uri in element.nsmap.items()}


def _presentation(root: Element) -> Presentation:
    if root.get("resolve", "none") not in ("local", "none"):
        raise OptionNotSupported("resolve is local or none: no remote resource is ever referred to", "resolve")
    count = root.get("count", root.get("maxFeatures"))
    return Presentation(
        root.get("outputFormat"),
        whole(root.get("startIndex", "0"), "startIndex"),
        None if count is None else whole(count, "count"),
        result_type(root.get("resultType")),
    )


def _queries(root: Element) -> tuple[Query, ...]:
    elements = children(root)
    if not elements:
        raise MissingParameter("Query")
    if len(elements) > MAX_QUERIES:
        raise ParsingFailed(f"a request has at most {MAX_QUERIES} queries", local(root))
    return tuple(map(_query, elements))


def _query(element: Element) -> Query:
    match local(element):
        case "Query":
            return _ad_hoc(element)
        case "StoredQuery":
            return _stored(element)
        case name:
            raise ParsingFailed(f"{name[:40]!r} is not a query", name[:40])


def _stored(query: Element) -> StoredQuery:
    parameters = {parameter.get("name", "").lower(): text_of(parameter).strip() for parameter in children(query)}
    return StoredQuery(query.get("id", ""), parameters)


def _ad_hoc(query: Element) -> AdHocQuery:
    if query.get("aliases") is not None:
        raise OptionNotSupported("joins are not offered", "aliases")
    names: list[str] = []
    filter_: Element | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    for part in children(query):
        match local(part):
            case "PropertyName":
                names.append(text_of(part).strip())
            case "Filter":
                filter_ = part
            case "SortBy":
                sort = tuple(_sort_key(key) for key in children(part))
            case name:
                raise ParsingFailed(f"{name[:40]!r} is not part of a query", name[:40])
    types = query.get("typeNames", query.get("typeName", "")).replace(",", " ").split()
    return AdHocQuery(tuple(types), bindings(query), query.get("srsName"), filter_, property_names=tuple(names), sort_by=sort)


def _sort_key(key: Element) -> tuple[str, bool]:
    """FES 2.0 §7.13: `<SortProperty><ValueReference>NAAM</ValueReference><SortOrder>DESC</SortOrder></SortProperty>`."""
    parts = {local(part): text_of(part).strip() for part in children(key)}
    name = parts.get("ValueReference") or parts.get("PropertyName")
    order = parts.get("SortOrder", "ASC").upper()
    if not name or order not in ("ASC", "DESC"):
        raise InvalidParameter("a SortProperty holds a ValueReference, and ASC or DESC", "SortBy")
    return name, order == "DESC"


def _texts(root: Element, name: str) -> tuple[str, ...]:
    return tuple(text_of(element).strip() for element in root.iter(f"{{*}}{name}"))
