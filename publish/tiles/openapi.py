"""The OpenAPI 3.0 document of the tiles: what is answered, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from exports.vector_tile import MEDIA_TYPE
from publish.documents import Document, Entry, Json, Section
from publish.pages import Language
from publish.tiles.links import OPENAPI, Links
from publish.tiles.matrices import SETS
from publish.tiles.tilesets import Tilesets

_TILESET = "/collections/{collectionId}/tiles/{tileMatrixSetId}"

# Names of operations: OGC 20-057 table 11 (/req/oas30/operation-id).
_OPERATIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("/", "getLandingPage", "Startpagina", "Document", "f"),
    ("/openapi", "getApi", "Deze beschrijving", "Document", "f"),
    ("/conformance", "getConformance", "Conformiteitsklassen", "Document", "f"),
    ("/collections", "getCollections", "Collecties", "Document", "f"),
    ("/collections/{collectionId}", "getCollection", "Een collectie", "Document", "f"),
    ("/collections/{collectionId}/tiles", ".collection.vector.getTileSetsList", "Tegelsets van een collectie", "Document", "f"),
    (_TILESET, ".collection.vector.getTileSet", "Een tegelset", "Document", "f-tileset"),
    (f"{_TILESET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", ".collection.vector.getTile", "Een vectortegel", "Tile", "f-tile"),
    ("/tileMatrixSets", "getTileMatrixSetsList", "Tegelmatrixsets", "Document", "f"),
    ("/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", "Een tegelmatrixset", "Document", "f"),
)
"""Path, name, summary, answer, and which `f` it takes."""

_IN_PATH = ("collectionId", "tileMatrixSetId", "tileMatrix", "tileRow", "tileCol")


def openapi(links: Links, tilesets: Tilesets, spoken: Language) -> Document:
    """The document, and a page with its operations."""
    paths = {path: {"get": _operation(path, name, summary, success, f)} for path, name, summary, success, f in _OPERATIONS}
    words = tilesets.view.release.schema.words
    content: Json = {
        "openapi": "3.0.3",
        "info": {
            "title": "OGC API Tiles: woningkwaliteit in Vlaanderen",
            "version": "1",
            "license": {"name": "Modellicentie voor gratis hergebruik", "url": words.licence},
        },
        "servers": [{"url": links.url}],
        "tags": [{"name": "tiles"}],
        "paths": paths,
        "components": {"parameters": _parameters(list(tilesets.layers)), "responses": _RESPONSES, "schemas": _SCHEMAS},
    }
    entries = [Entry(f"GET {path}", note=summary) for path, _, summary, *_ in _OPERATIONS]
    title = "Bewerkingen" if spoken == "nl" else "Operations"
    return Document(content, "OpenAPI 3.0", links.url, [Section(title, entries)], OPENAPI)


def _operation(path: str, name: str, summary: str, success: str, f: str) -> Json:
    parameters = [part for part in _IN_PATH if f"{{{part}}}" in path] + [f, "lang"]
    responses = {"200": success, "400": "InvalidParameter", "404": "NotFound", "500": "ServerError", "503": "Unavailable"}
    return {
        "tags": ["tiles"],
        "operationId": name,
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{part}"} for part in parameters],
        "responses": {status: {"$ref": f"#/components/responses/{response}"} for status, response in responses.items()},
    }


def _parameters(collections: Sequence[str]) -> Json:
    number: Json = {"type": "integer", "minimum": 0}
    return {
        "collectionId": _in_path("collectionId", "id van een collectie", {"type": "string", "enum": list(collections)}),
        "tileMatrixSetId": _in_path("tileMatrixSetId", "id van een tegelmatrixset", {"type": "string", "enum": list(SETS)}),
        "tileMatrix": _in_path("tileMatrix", "niveau", {"type": "string"}),
        "tileRow": _in_path("tileRow", "rij, van boven", number),
        "tileCol": _in_path("tileCol", "kolom, van links", number),
        "f": _query("f", "vorm van het antwoord", ["json", "html"]),
        "f-tileset": _query("f", "vorm van het antwoord; tilejson alleen voor WebMercatorQuad", ["json", "html", "tilejson"]),
        "f-tile": _query("f", "vorm van de tegel", ["mvt"]),
        "lang": _query("lang", "taal van de teksten", ["nl", "en"]),
    }


def _in_path(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _query(name: str, description: str, values: Sequence[str]) -> Json:
    schema = {"type": "string", "enum": list(values), "default": values[0]}
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _response(description: str, media_type: str, schema: Json) -> Json:
    return {"description": description, "content": {media_type: {"schema": schema}}}


_EXCEPTION: Json = {"$ref": "#/components/schemas/exception"}

_RESPONSES: Json = {
    "Document": _response("het document", "application/json", {"type": "object"}),
    "Tile": _response("de tegel; zonder bytes waar niets is", MEDIA_TYPE, {"type": "string", "format": "binary"}),
    "InvalidParameter": _response("een parameter is onbekend of heeft een verkeerde waarde", "application/json", _EXCEPTION),
    "NotFound": _response("er is geen zulke collectie, tegelset of tegel", "application/json", _EXCEPTION),
    "ServerError": _response("er ging iets mis", "application/json", _EXCEPTION),
    "Unavailable": _response("nu niet beschikbaar; de beschrijving zegt waarom", "application/json", _EXCEPTION),
}

_SCHEMAS: Json = {
    "exception": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}, "description": {"type": "string"}}},
}
