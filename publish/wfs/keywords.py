"""`?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=10` as a request, in every spelling that clients use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from publish.wfs import versions
from publish.wfs.documents import Element, parse_keyword
from publish.wfs.errors import InvalidParameter, MissingParameter, OperationNotSupported, OptionNotSupported
from publish.wfs.kvp import Kvp, split
from publish.wfs.requests import (
    AdHocQuery,
    DescribeFeatureType,
    DescribeStoredQueries,
    GetCapabilities,
    GetFeature,
    GetPropertyValue,
    ListStoredQueries,
    Presentation,
    Request,
    StoredQuery,
)

TYPE_NAMES = ("TYPENAMES", "TYPENAME", "TYPE_NAMES")
"""TYPENAME is WFS 1.x, yet sent with 2.0.0 by the Geopunt plugin, QGIS and the OGC's suite (DOMAIN 1.2)."""


def read(kvp: Kvp) -> Request:
    """The request; raises `WfsError`."""
    service = kvp.get("SERVICE")
    if service is not None and service.upper() != "WFS":
        raise InvalidParameter("SERVICE is WFS here", "service")
    name = kvp.get("REQUEST")
    if name is None:
        raise MissingParameter("request")
    if name.lower() == "getcapabilities":
        return _get_capabilities(kvp, service)
    versions.of_request(kvp.last("VERSION"))
    reader = _OPERATIONS.get(name.lower())
    if reader is None:
        raise OperationNotSupported(f"the operation {name[:40]!r} is not offered", name[:40])
    return reader(kvp)


def _get_capabilities(kvp: Kvp, service: str | None) -> GetCapabilities:
    if service is None:  # OWS Common 1.1 §7.2.1: mandatory here; other operations go without, as real clients do (DOMAIN 1.2)
        raise MissingParameter("service")
    return GetCapabilities(versions.negotiated(kvp.listed("ACCEPTVERSIONS")), kvp.listed("SECTIONS", "SECTION"))


def _describe_feature_type(kvp: Kvp) -> DescribeFeatureType:
    return DescribeFeatureType(kvp.listed(*TYPE_NAMES), kvp.namespaces(), kvp.get("OUTPUTFORMAT"))


def _list_stored_queries(_: Kvp) -> ListStoredQueries:
    return ListStoredQueries()


def _describe_stored_queries(kvp: Kvp) -> DescribeStoredQueries:
    return DescribeStoredQueries(kvp.listed("STOREDQUERY_ID", "STOREDQUERYID"))


def _get_feature(kvp: Kvp) -> GetFeature:
    return GetFeature(_query(kvp), _presentation(kvp))


def _get_property_value(kvp: Kvp) -> GetPropertyValue:
    if "VALUEREFERENCE" not in kvp:
        raise MissingParameter("valueReference")
    return GetPropertyValue(_query(kvp), _presentation(kvp), kvp.get("VALUEREFERENCE") or "")


_OPERATIONS: dict[str, Callable[[Kvp], Request]] = {
    "describefeaturetype": _describe_feature_type,
    "liststoredqueries": _list_stored_queries,
    "describestoredqueries": _describe_stored_queries,
    "getfeature": _get_feature,
    "getpropertyvalue": _get_property_value,
}


def _presentation(kvp: Kvp) -> Presentation:
    if (resolve := kvp.get("RESOLVE")) is not None and resolve.lower() not in ("local", "none"):
        raise OptionNotSupported("RESOLVE is local or none: no remote resource is ever referred to", "resolve")
    return Presentation(
        kvp.get("OUTPUTFORMAT"),
        kvp.number("STARTINDEX") or 0,
        kvp.number("COUNT", "MAXFEATURES"),
        result_type(kvp.get("RESULTTYPE")),
    )


def result_type(text: str | None) -> Literal["results", "hits"]:
    """`results` or `hits`; raises `InvalidParameter`."""
    match (text or "results").lower():
        case "results":
            return "results"
        case "hits":
            return "hits"
        case _:
            raise InvalidParameter("RESULTTYPE is results or hits", "resultType")


def _query(kvp: Kvp) -> AdHocQuery | StoredQuery:
    if (identifier := kvp.get("STOREDQUERY_ID", "STOREDQUERYID")) is not None:
        return StoredQuery(identifier, kvp.values())
    if kvp.get("ALIASES") is not None:
        raise OptionNotSupported("joins are not offered", "aliases")
    return AdHocQuery(
        type_names=_type_names(kvp),
        namespaces=kvp.namespaces(),
        srs_name=kvp.get("SRSNAME"),
        filter=_filter(kvp),
        cql=kvp.get("CQL_FILTER"),
        bbox=kvp.get("BBOX"),
        resource_ids=kvp.listed("RESOURCEID", "FEATUREID"),
        property_names=split(_single(kvp, "PROPERTYNAME")),
        sort_by=tuple(_sort_key(item) for item in split(_single(kvp, "SORTBY"))),
    )


def _type_names(kvp: Kvp) -> tuple[str, ...]:
    value = kvp.get(*TYPE_NAMES) or ""
    return split(value.replace(")(", ",").strip("()"))


def _filter(kvp: Kvp) -> Element | None:
    text = _single(kvp, "FILTER", "QUERY")  # OWSLib sends QUERY where the standard says FILTER
    return parse_keyword(text, "filter") if text else None


def _single(kvp: Kvp, *names: str) -> str:
    """A value that may stand in parentheses, one for each query (WFS 2.0 §6.2.5.3)."""
    value = kvp.get(*names) or ""
    if value.startswith("(") and value.endswith(")"):
        value = value[1:-1]
        if ")(" in value:
            raise OptionNotSupported("several queries in one request are not offered", names[0].lower())
    return value


def _sort_key(item: str) -> tuple[str, bool]:
    """`NAAM`, `NAAM ASC`, `NAAM DESC` (WFS 2.0), `NAAM A`, `NAAM D` (WFS 1.1)."""
    name, _, order = item.partition(" ")
    match order.strip().upper():
        case "" | "A" | "ASC":
            return name, False
        case "D" | "DESC":
            return name, True
        case _:
            raise InvalidParameter("SORTBY is a list of names, each with ASC or DESC", "sortBy")
