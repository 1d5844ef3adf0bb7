"""Stored queries: GetFeatureById, which every WFS has (WFS 2.0 §7.9.3.6), and GetSpatialDataSet of INSPIRE's download services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from exports import csv_table, geojson, gml
from publish.answer import Answer, digest, document
from publish.shelf import Edition
from publish.wfs.binding import Bound, Part
from publish.wfs.documents import WFS, XSI, Element
from publish.wfs.envelopes import DEFAULT
from publish.wfs.errors import InvalidParameter, MissingParameter, UnknownFeature
from publish.wfs.file_formats import FileFormat
from publish.wfs.formats import GML32, Format, OutputFormat
from publish.wfs.links import link_header
from publish.wfs.markup import LANG, Maker, serialised
from publish.wfs.names import number_of
from publish.wfs.offer import Offer
from publish.wfs.requests import AdHocQuery, DescribeStoredQueries, ListStoredQueries, StoredQuery
from publish.wfs.selection import Chosen, select
from release.fragments import flat
from release.predicate import Ids
from release.schema import Product, Text

_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"

_WFS = Maker(WFS)


@dataclass(frozen=True)
class Description:
    """What a stored query is for, its parameters with their types, and its other names."""

    id: str
    title: Text
    parameters: Mapping[str, str]
    aliases: tuple[str, ...] = ()


FEATURE_BY_ID = Description(
    "urn:ogc:def:query:OGC-WFS::GetFeatureById",
    Text(nl="Een object op zijn gml:id", en="One feature by its gml:id"),
    {"id": "xs:string"},
    ("http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById",),
)
SPATIAL_DATA_SET = Description(
    "http://inspire.ec.europa.eu/operation/download/GetSpatialDataSet",
    Text(nl="Een volledige dataset op de identificator van zijn metadata", en="A whole data set by the identifier of its metadata"),
    {"CRS": "xs:string", "DataSetIdCode": "xs:string", "DataSetIdNamespace": "xs:string", "Language": "xs:string"},
)
_STORED = (FEATURE_BY_ID, SPATIAL_DATA_SET)


def list_stored_queries(_: ListStoredQueries, offer: Offer) -> Answer:
    """`wfs:ListStoredQueriesResponse`."""
    root = _root("ListStoredQueriesResponse", offer)
    for stored in _STORED:
        query = _WFS.add(root, "StoredQuery", None, {"id": stored.id})
        _titles(query, stored)
        for kind in offer.kinds:
            _WFS.add(query, "ReturnFeatureType", kind.qualified)
    return document(serialised(root))


def describe_stored_queries(request: DescribeStoredQueries, offer: Offer) -> Answer:
    """`wfs:DescribeStoredQueriesResponse`; raises `InvalidParameter` for an id that is not listed."""
    root = _root("DescribeStoredQueriesResponse", offer)
    for identifier in dict.fromkeys(request.ids or tuple(stored.id for stored in _STORED)):
        stored = find(identifier)
        query = _WFS.add(root, "StoredQueryDescription", None, {"id": identifier})
        _titles(query, stored)
        for name, kind in stored.parameters.items():
            _WFS.add(query, "Parameter", None, {"name": name, "type": kind})
        names = " ".join(kind.qualified for kind in offer.kinds)
        _WFS.add(query, "QueryExpressionText", None, {"returnFeatureTypes": names, "language": _LANGUAGE, "isPrivate": "true"})
    return document(serialised(root))


def find(identifier: str) -> Description:
    """The stored query of this id; raises `InvalidParameter`."""
    for stored in _STORED:
        if identifier in (stored.id, *stored.aliases):
            return stored
    raise InvalidParameter(f"no stored query {identifier[:80]!r}; there are {', '.join(each.id for each in _STORED)}", "STOREDQUERY_ID")


def spatial_data_set(query: StoredQuery, offer: Offer) -> AdHocQuery:
    """The query for all objects of a product, in one CRS (INSPIRE TG Download Services 3.1, Req 46-60); raises `InvalidParameter`.

    A data set is named by the code of its identifier in the metadata (the address of the record), by its UUID alone, or by the
    product's name. The other parameters may be left out; there is one language.
    """
    code = query.parameters.get("datasetidcode", "")
    if not code:
        raise MissingParameter("DataSetIdCode")
    offered = {kind.qualified for kind in offer.kinds}
    for product in offer.schema.products:
        if product.feature_type in offered and code in (product.uuid, product.id, offer.record_url(product)):
            return AdHocQuery((product.feature_type,), srs_name=query.parameters.get("crs") or None, cql=_only(product))
    raise InvalidParameter(f"no data set {code[:80]!r}; its code is in its metadata", "DataSetIdCode")


def _only(product: Product) -> str | None:
    return None if product.value is None else f"PRODUCT='{product.value}'"


def feature_by_id(query: StoredQuery, form: OutputFormat, offer: Offer) -> Answer:
    """The feature itself, not a collection; raises `UnknownFeature`, `MissingParameter`, `Withdrawn`."""
    if isinstance(form, FileFormat):
        raise _unframed()
    text = query.parameters.get("id") or query.parameters.get("resourceid")
    if not text:
        raise MissingParameter("id")
    chosen = _find(text, offer)
    feature = b"".join(flat(chosen.features(form, DEFAULT)))
    tag = f"{form.encoder.name}-{digest(form.media_type, offer.url, text)}"
    links = link_header(None, None, offer.schema.words.licence, offer.records([chosen.kind]))
    return Answer(form.media_type, (_framed(feature, chosen, form, offer),), tag, chosen.kind.qualified, links)


def _find(text: str, offer: Offer) -> Chosen:
    kind = offer.names.type_of(text)
    number = None if kind is None else number_of(text, kind)
    if kind is not None and number is not None:
        selected = select([Bound((Part(kind, Ids((number,))),), DEFAULT)], Edition(offer.view), 0, 1)
        if selected.returned:
            return selected.chosen[0]
    raise UnknownFeature(f"there is no feature {text[:60]!r}", "id")


def _framed(feature: bytes, chosen: Chosen, form: Format, offer: Offer) -> bytes:
    if form is GML32:
        return gml.feature_document(feature, chosen.kind, offer.schema_location((chosen.kind,)), offer.words([chosen.kind]).text)
    if form.encoder.name == geojson.GeoJson.name:
        return geojson.feature_document(feature, offer.words([chosen.kind]).members)
    if form.encoder.name == csv_table.Csv.name:
        return csv_table.header(chosen.kind) + feature
    raise _unframed()


def _unframed() -> InvalidParameter:
    return InvalidParameter("one feature is answered as GML 3.2, GeoJSON or CSV", "outputFormat")


def _root(name: str, offer: Offer) -> Element:
    prefixes = {"wfs": WFS, "xsi": XSI, "xs": "http://www.w3.org/2001/XMLSchema"}
    root = etree.Element(_WFS(name), nsmap=prefixes | {kind.prefix: kind.namespace for kind in offer.kinds})
    root.set(f"{{{XSI}}}schemaLocation", f"{WFS} {gml.WFS_SCHEMA}")
    return root


def _titles(parent: Element, stored: Description) -> None:
    for language in ("nl", "en"):
        _WFS.add(parent, "Title", getattr(stored.title, language), {LANG: language})
