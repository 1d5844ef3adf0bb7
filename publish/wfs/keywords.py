"""`?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=10` as a request, in every spelling that clients use."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Literal

from publish.filters.parts import cql_parts, groups
from publish.wfs import versions
from publish.wfs.documents import parse_keyword
from publish.wfs.errors import InvalidParameter, MissingParameter, OperationNotSupported, OptionNotSupported, ParsingFailed
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
    Query,
    Request,
    StoredQuery,
)
from publish.wfs.versions import Version

MAX_QUERIES = 20
"""Queries in one request."""

MAX_IDS, MAX_CQL = 100_000, 65_536
"""Identifiers, and characters of CQL, of all queries of a request."""

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
    version = versions.of_request(kvp.last("VERSION"))
    if service is None and version is Version.V1_1_0:
        raise MissingParameter("service")  # OWS Common 1.0 §7.2.3; without a version, and in 2.0.0, real clients leave it out (DOMAIN 1.2)
    _spelled(kvp, "service", "version")
    reader = _OPERATIONS.get(name.lower())
    if reader is None:
        raise OperationNotSupported(f"the operation {name[:40]!r} is not offered", name[:40])
    return reader(kvp, version)


def _spelled(kvp: Kvp, *mandatory: str) -> None:
    """Who leaves a mandatory parameter out is answered; who misspells it is told so. Raises `MissingParameter`."""
    for name in mandatory:
        if kvp.last(name) is None and get_close_matches(name, kvp.names, cutoff=0.9):
            raise MissingParameter(name)


def _get_capabilities(kvp: Kvp, service: str | None) -> GetCapabilities:
    if service is None:  # OWS Common 1.1 §7.2.1: mandatory here; other operations go without, as real clients do (DOMAIN 1.2)
        raise MissingParameter("service")
    version = versions.negotiated(kvp.listed("ACCEPTVERSIONS"), kvp.last("VERSION"))
    return GetCapabilities(version, kvp.listed("SECTIONS", "SECTION"))


def _describe_feature_type(kvp: Kvp, version: Version) -> DescribeFeatureType:
    names = tuple(name for group in groups(kvp.get(*TYPE_NAMES) or "") for name in split(group))
    return DescribeFeatureType(names, kvp.namespaces(), kvp.get("OUTPUTFORMAT"), version)


def _list_stored_queries(_: Kvp, version: Version) -> ListStoredQueries:
    only_two("ListStoredQueries", version)
    return ListStoredQueries()


def _describe_stored_queries(kvp: Kvp, version: Version) -> DescribeStoredQueries:
    only_two("DescribeStoredQueries", version)
    return DescribeStoredQueries(kvp.listed("STOREDQUERY_ID", "STOREDQUERYID"))


def _get_feature(kvp: Kvp, version: Version) -> GetFeature:
    return GetFeature(_queries(kvp, version), _presentation(kvp), version)


def _get_property_value(kvp: Kvp, version: Version) -> GetPropertyValue:
    only_two("GetPropertyValue", version)
    if "VALUEREFERENCE" not in kvp:
        raise MissingParameter("valueReference")
    queries = _queries(kvp, version)
    if len(queries) > 1:
        raise OptionNotSupported("values are of one query", "typeNames")
    return GetPropertyValue(queries[0], _presentation(kvp), kvp.get("VALUEREFERENCE") or "")


def only_two(operation: str, version: Version) -> None:
    """Operations that came with WFS 2.0.0; raises `OperationNotSupported`."""
    if version is not Version.V2_0_0:
        raise OperationNotSupported(f"WFS {version} has no operation {operation}", operation)


_OPERATIONS: dict[str, Callable[[Kvp, Version], Request]] = {
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
        kvp.get("RELEASE"),
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


def _queries(kvp: Kvp, version: Version) -> tuple[Query, ...]:
    """One query for each group of names; raises `WfsError`."""
    if (identifier := kvp.get("STOREDQUERY_ID", "STOREDQUERYID")) is not None:
        return (StoredQuery(identifier, kvp.values()),)
    if kvp.get("ALIASES") is not None:
        raise OptionNotSupported("joins are not offered", "aliases")
    types = _types(kvp, version)
    number = len(types)
    cql = _cql(kvp.get("CQL_FILTER"), number)
    properties, filters, orders, crs = (
        _each(kvp, number, *names) for names in (("PROPERTYNAME",), ("FILTER", "QUERY"), ("SORTBY",), ("SRSNAME",))
    )  # OWSLib sends QUERY where the standard says FILTER
    boxes, ids = kvp.get("BBOX"), _ids(kvp)
    _require_modest(number, ids, cql)
    return tuple(
        AdHocQuery(
            type_names=types[position],
            namespaces=kvp.namespaces(),
            srs_name=crs[position] or None,
            filter=parse_keyword(filters[position], "filter") if filters[position] else None,
            cql=cql[position],
            bbox=boxes,
            resource_ids=ids,
            property_names=split(properties[position]),
            sort_by=tuple(_sort_key(item) for item in split(orders[position])),
        )
        for position in range(number)
    )


def _ids(kvp: Kvp) -> tuple[str, ...]:
    """Identifiers; a list of none is refused, since it would select everything."""
    ids = kvp.listed("RESOURCEID", "FEATUREID")
    if not ids and kvp.get("RESOURCEID", "FEATUREID"):
        raise InvalidParameter("RESOURCEID is a list of identifiers", "RESOURCEID")
    return ids


def _cql(text: str | None, number: int) -> list[str | None]:
    """A filter for each query, parted by semicolons as GeoServer's users write them, or one for all; an empty one is none."""
    if text is None or number == 1:
        return [text] * number
    parts = cql_parts(text)
    if len(parts) not in (1, number):
        raise InvalidParameter("CQL_FILTER has one filter for all queries, or one for each, parted by semicolons", "cql_filter")
    return [part or None for part in parts] * (number if len(parts) == 1 else 1)


def _require_modest(number: int, ids: tuple[str, ...], cql: list[str | None]) -> None:
    """What is read once for each query has one limit for all of them."""
    if number * len(ids) > MAX_IDS or sum(len(text or "") for text in cql) > MAX_CQL:
        raise ParsingFailed("identifiers or filters are too many for all queries of this request together", "request")


def _types(kvp: Kvp, version: Version) -> list[tuple[str, ...]]:
    """The names of each query. A list without parentheses is a join in WFS 2.0 (§7.9.2.5.3.1), several queries in WFS 1.1 and 1.0."""
    text = kvp.get(*TYPE_NAMES) or ""
    names = [split(group) for group in groups(text)]
    if version is not Version.V2_0_0:
        names = [(name,) for group in names for name in group] or [()]
    if len(names) > MAX_QUERIES:
        raise ParsingFailed(f"a request has at most {MAX_QUERIES} queries", "typeNames")
    return names


def _each(kvp: Kvp, number: int, *names: str) -> tuple[str, ...]:
    """The value for each query; a single one holds for all of them (WFS 2.0 §6.2.5.3 wants as many as there are queries)."""
    values = groups(kvp.get(*names) or "")
    if len(values) == 1:
        return values * number
    if len(values) != number:
        raise InvalidParameter(f"{names[0]} has {len(values)} groups for {number} queries", names[0].lower())
    return values


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
