"""The OpenAPI document of pygeoapi, amended: our parameters, only what is answered, and no reference to another host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publish.ogcapi.collections import Collection
from publish.ogcapi.negotiation import OF_DOCUMENT, OF_ITEM, OF_ITEMS, OF_SCHEMA, Format
from publish.ogcapi.parameters import COMMON, DEFAULT_LIMIT, ITEM, ITEMS, MAX_LIMIT
from publish.ogcapi.schemas import json_schema

Json = dict[str, Any]
"""A part of an OpenAPI document."""

_OURS = ("/openapi", "/conformance", "/collections")
_FORMATS = {("items",): "f-items", ("schema",): "f-schema"}
_GEOMETRIC = frozenset({"filter-crs", "skipGeometry"})


def amended(document: Json, collections: Mapping[str, Collection]) -> Json:
    """The document for the collections that are served."""
    paths = {
        path: _amended_path(path, item, collections) for path, item in document["paths"].items() if path == "/" or path.startswith(_OURS)
    }
    components = {"parameters": _parameters() | _of_fields(collections), "responses": _RESPONSES, "schemas": _SCHEMAS}
    used = {tag for item in paths.values() for tag in item["get"]["tags"]}
    tags = [tag for tag in document["tags"] if tag["name"] in used]
    return document | {"tags": tags, "paths": paths, "components": components}


def _amended_path(path: str, item: Json, collections: Mapping[str, Collection]) -> Json:
    """The service only reads: GET, which has HEAD with it."""
    parts = path.strip("/").split("/")
    collection = collections.get(parts[1]) if len(parts) > 1 else None
    operation = item["get"] | {"parameters": _of_operation(parts, collection), "responses": _responses(parts)}
    return {"get": operation}


def _of_operation(parts: list[str], collection: Collection | None) -> list[Json]:
    is_items, is_item = parts[2:] == ["items"], parts[2:3] == ["items"] and len(parts) == 4
    names = ITEMS if is_items else ITEM if is_item else COMMON
    if collection is not None and collection.feature_type.geometry is None:
        names = names - _GEOMETRIC
    found = [_reference("parameters", name) for name in sorted(names - {"f"})]
    found.append(
        _reference("parameters", "f-items" if is_items else "f-item" if is_item else "f-schema" if parts[2:] == ["schema"] else "f")
    )
    if is_item:
        found.append(_reference("parameters", "featureId"))
    if is_items and collection is not None:
        found += [_reference("parameters", _of_field(collection, name)) for name in collection.names]
    return found


def _of_fields(collections: Mapping[str, Collection]) -> Json:
    """The fields as parameters, once for each feature type, so that the document stays small (QGIS #55740)."""
    kinds = {collection.feature_type.qualified: collection for collection in collections.values()}
    return {
        _of_field(collection, field.name): _query(field.name, json_schema(field), field.title.nl)
        for collection in kinds.values()
        for field in collection.feature_type.fields
    }


def _of_field(collection: Collection, name: str) -> str:
    return f"{collection.feature_type.name}.{name}"


def _responses(parts: list[str]) -> Json:
    success = "Document" if parts[2:3] != ["items"] else "Features" if len(parts) == 3 else "Feature"
    names = {"200": success, "400": "InvalidParameter", "404": "NotFound", "500": "ServerError", "503": "Unavailable"}
    if success != "Document":
        names |= {"410": "Gone"} if success == "Features" else {"406": "NotAcceptable"}
    return {status: _reference("responses", name) for status, name in names.items()}


def _reference(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _query(name: str, schema: Json, description: str) -> Json:
    """OGC API Features §7.15.2 to §7.15.5: style form, not exploded."""
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, "style": "form", "explode": False}


def _parameters() -> Json:
    text, uri = {"type": "string"}, {"type": "string", "format": "uri"}
    numbers = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    names = {"type": "array", "items": {"type": "string"}}
    queries = {
        "lang": _query("lang", {"type": "string", "enum": ["nl", "en"], "default": "nl"}, "language of texts"),
        "crs": _query("crs", uri, "CRS of the answer, from the list of the collection"),
        "limit": _query("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}, "features on a page"),
        "cursor": _query("cursor", text, "where the next page begins; only as a next or prev link gives it"),
        "offset": _query("offset", {"type": "integer", "minimum": 0, "default": 0}, "features to pass over"),
        "bbox": _query(
            "bbox", numbers, "box that the geometry meets; in degrees it may span the antimeridian, its west greater than its east"
        ),
        "bbox-crs": _query("bbox-crs", uri, "CRS of bbox, from the list of the collection"),
        "datetime": _query(
            "datetime", text, "instant or interval; the features have no time of their own, so all fit any: select by a date with filter"
        ),
        "filter": _query("filter", text, "CQL2: comparisons, LIKE, BETWEEN, IN, CASEI, spatial and temporal functions"),
        "filter-lang": _query(
            "filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}, "language of filter"
        ),
        "filter-crs": _query("filter-crs", uri, "CRS of geometries in filter, from the list of the collection"),
        "sortby": _query("sortby", names, "names of properties, with a minus for descending order"),
        "properties": _query("properties", names, "properties to give; all when absent, and `geometry` in any case"),
        "skipGeometry": _query("skipGeometry", {"type": "boolean", "default": False}, "leave the geometry out"),
        "resulttype": _query("resulttype", {"type": "string", "enum": ["results", "hits"], "default": "results"}, "hits: the number only"),
        "f": _format(OF_DOCUMENT),
        "f-schema": _format(OF_SCHEMA),
        "f-item": _format(OF_ITEM),
        "f-items": _format(OF_ITEMS),
    }
    feature_id = {"name": "featureId", "in": "path", "required": True, "description": "id of a feature", "schema": text}
    return queries | {"featureId": feature_id}


def _format(offered: tuple[Format, ...]) -> Json:
    return _query("f", {"type": "string", "enum": [each.value for each in offered], "default": offered[0].value}, "format of the answer")


def _answer(description: str, media_type: str, schema: Json, *others: str) -> Json:
    """An answer in JSON, and in other media types as text or bytes."""
    content = {media_type: {"schema": schema}} | {other: {"schema": {"type": "string"}} for other in others}
    return {"description": description, "content": content}


_EXCEPTION = {"$ref": "#/components/schemas/exception"}

_RESPONSES = {
    "Document": _answer("the document", "application/json", {"type": "object"}, "text/html"),
    "Features": _answer(
        "features and the links to more of them",
        "application/geo+json",
        {"$ref": "#/components/schemas/features"},
        *(each.media_types[0] for each in OF_ITEMS[1:]),
    ),
    "Feature": _answer(
        "a feature", "application/geo+json", {"$ref": "#/components/schemas/feature"}, *(each.media_types[0] for each in OF_ITEM[1:])
    ),
    "InvalidParameter": _answer("a parameter is unknown or has a value that does not fit", "application/json", _EXCEPTION),
    "Gone": _answer("the pages of this answer are not kept any more; begin with the first", "application/json", _EXCEPTION),
    "NotAcceptable": _answer("this object has no web page", "application/json", _EXCEPTION),
    "NotFound": _answer("there is no such collection or feature now", "application/json", _EXCEPTION),
    "ServerError": _answer("something went wrong", "application/json", _EXCEPTION),
    "Unavailable": _answer("nothing is published, or a dataset is withdrawn; the description says why", "application/json", _EXCEPTION),
}

_LINK = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title", "hreflang")},
}
_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}

_SCHEMAS: Json = {
    "link": _LINK,
    "exception": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}, "description": {"type": "string"}}},
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": _LINKS,
        },
    },
    "features": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
}
