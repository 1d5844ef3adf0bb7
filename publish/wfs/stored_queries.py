"""Stored queries: ListStoredQueries, DescribeStoredQueries, and GetFeatureById, the one that every WFS has (WFS 2.0 §7.9.3.6)."""

from __future__ import annotations

from lxml import etree

from exports import csv_table, geojson, gml
from publish.wfs.answer import Answer, digest, document
from publish.wfs.binding import Bound, Part
from publish.wfs.documents import WFS, XSI, Element
from publish.wfs.envelopes import DEFAULT
from publish.wfs.errors import InvalidParameter, MissingParameter, UnknownFeature
from publish.wfs.formats import GML32, Format
from publish.wfs.markup import LANG, Maker, serialised
from publish.wfs.names import number_of
from publish.wfs.offer import Offer
from publish.wfs.requests import DescribeStoredQueries, ListStoredQueries, StoredQuery
from publish.wfs.selection import Chosen, select
from release.predicate import Ids

GET_FEATURE_BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
_ALIAS = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"
_TITLES = (("nl", "Een object op zijn gml:id"), ("en", "One feature by its gml:id"))

_WFS = Maker(WFS)


def list_stored_queries(_: ListStoredQueries, offer: Offer) -> Answer:
    """`wfs:ListStoredQueriesResponse`."""
    root = _root("ListStoredQueriesResponse", offer)
    query = _WFS.add(root, "StoredQuery", None, {"id": GET_FEATURE_BY_ID})
    _titles(query)
    for kind in offer.kinds:
        _WFS.add(query, "ReturnFeatureType", kind.qualified)
    return document(serialised(root))


def describe_stored_queries(request: DescribeStoredQueries, offer: Offer) -> Answer:
    """`wfs:DescribeStoredQueriesResponse`; raises `InvalidParameter` for an id that is not listed."""
    for identifier in request.ids:
        _require(identifier, "STOREDQUERY_ID")
    root = _root("DescribeStoredQueriesResponse", offer)
    for identifier in dict.fromkeys(request.ids or (GET_FEATURE_BY_ID,)):
        query = _WFS.add(root, "StoredQueryDescription", None, {"id": identifier})
        _titles(query)
        _WFS.add(query, "Parameter", None, {"name": "id", "type": "xs:string"})
        names = " ".join(kind.qualified for kind in offer.kinds)
        _WFS.add(query, "QueryExpressionText", None, {"returnFeatureTypes": names, "language": _LANGUAGE, "isPrivate": "true"})
    return document(serialised(root))


def feature_by_id(query: StoredQuery, form: Format, offer: Offer) -> Answer:
    """The feature itself, not a collection; raises `UnknownFeature`, `MissingParameter`, `Withdrawn`."""
    _require(query.id, "STOREDQUERY_ID")
    text = query.parameters.get("id") or query.parameters.get("resourceid")
    if not text:
        raise MissingParameter("id")
    chosen = _find(text, offer)
    feature = b"".join(chosen.features(form, DEFAULT))
    tag = f"{form.encoder.name}-{digest(form.media_type, offer.url, text)}"
    return Answer(form.media_type, (_framed(feature, chosen, form, offer),), tag, chosen.kind.qualified)


def _find(text: str, offer: Offer) -> Chosen:
    kind = offer.names.type_of(text)
    number = None if kind is None else number_of(text, kind)
    if kind is not None and number is not None:
        selected = select(Bound((Part(kind, Ids((number,))),), DEFAULT), offer.view, 0, 1)
        if selected.returned:
            return selected.chosen[0]
    raise UnknownFeature(f"there is no feature {text[:60]!r}", "id")


def _framed(feature: bytes, chosen: Chosen, form: Format, offer: Offer) -> bytes:
    if form is GML32:
        return gml.feature_document(feature, chosen.kind, offer.schema_location((chosen.kind,)))
    if form.encoder.name == geojson.GeoJson.name:
        return b"".join(geojson.body([feature])) + b"\n"
    return csv_table.header(chosen.kind) + feature


def _require(identifier: str, locator: str) -> None:
    if identifier not in (GET_FEATURE_BY_ID, _ALIAS):
        raise InvalidParameter(f"no stored query {identifier[:80]!r}; there is {GET_FEATURE_BY_ID}", locator)


def _root(name: str, offer: Offer) -> Element:
    prefixes = {"wfs": WFS, "xsi": XSI, "xs": "http://www.w3.org/2001/XMLSchema"}
    root = etree.Element(_WFS(name), nsmap=prefixes | {kind.prefix: kind.namespace for kind in offer.kinds})
    root.set(f"{{{XSI}}}schemaLocation", f"{WFS} {gml.WFS_SCHEMA}")
    return root


def _titles(parent: Element) -> None:
    for language, text in _TITLES:
        _WFS.add(parent, "Title", text, {LANG: language})
