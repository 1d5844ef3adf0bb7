"""Landing page, conformance, collection and OpenAPI document of OGC API Records."""

from __future__ import annotations

from exports.notice import licence_name
from exports.resources import FLANDERS, Resources
from publish.catalogue.records_api.parameters import DEFAULT_LIMIT, ITEMS, MAX_LIMIT
from publish.catalogue.records_api.record import Json

COLLECTION = "catalogus"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

_RECORDS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf"
CLASSES = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    f"{_RECORDS}/record-core",
    f"{_RECORDS}/record-collection",
    f"{_RECORDS}/record-core-query-parameters",
    f"{_RECORDS}/records-api",
    f"{_RECORDS}/searchable-catalog",
    f"{_RECORDS}/json",
    f"{_RECORDS}/html",
    f"{_RECORDS}/oas",
)


def link(href: str, rel: str, media_type: str, title: str) -> Json:
    """A link as the standard writes it."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def landing(resources: Resources, api: str) -> Json:
    """The landing page."""
    return {
        "title": f"{_test(resources)}Catalogus Woningkwaliteit in Vlaanderen",
        "description": f"{_test(resources)}Metadata van de datasets en diensten over woningkwaliteit in Vlaanderen.{_nothing(resources)}",
        "links": [
            link(f"{api}?f=json", "self", "application/json", "Deze pagina als JSON"),
            link(f"{api}?f=html", "alternate", "text/html", "Deze pagina als HTML"),
            link(f"{api}/openapi", "service-desc", OPENAPI, "Beschrijving van de API"),
            link(f"{api}/openapi?f=html", "service-doc", "text/html", "Beschrijving van de API"),
            link(f"{api}/conformance", "conformance", "application/json", "Conformiteitsklassen"),
            link(f"{api}/collections", "data", "application/json", "Catalogi"),
        ],
    }


def conformance() -> Json:
    """What is true of this API, and no more."""
    return {"conformsTo": list(CLASSES)}


def collections(resources: Resources, api: str) -> Json:
    """Every collection: the one."""
    return {
        "links": [link(f"{api}/collections?f=json", "self", "application/json", "Catalogi")],
        "collections": [collection(resources, api)],
    }


def collection(resources: Resources, api: str) -> Json:
    """The catalogue as a collection of records."""
    words = resources.schema.words
    here = f"{api}/collections/{COLLECTION}"
    west, south, east, north = FLANDERS
    return {
        "id": COLLECTION,
        "type": "Collection",
        "itemType": "record",
        "title": f"{_test(resources)}Catalogus Woningkwaliteit",
        "description": f"{_test(resources)}Records van datasets en diensten.{_nothing(resources)}",
        "extent": {"spatial": {"bbox": [[west, south, east, north]], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "updated": f"{resources.since}T00:00:00Z",
        "language": {"code": "nl", "name": "Nederlands"},
        "license": words.licence,
        "links": [
            link(f"{here}?f=json", "self", "application/json", "Deze catalogus als JSON"),
            link(f"{here}?f=html", "alternate", "text/html", "Deze catalogus als HTML"),
            link(f"{here}/items?f=json", "items", "application/geo+json", "Records als GeoJSON"),
            link(f"{here}/items?f=html", "items", "text/html", "Records als HTML"),
            link(words.licence, "license", "text/html", licence_name(words.licence)),
            link("http://www.opengis.net/def/profile/OGC/0/ogc-catalog", "profile", "text/html", "OGC API Records"),
        ],
    }


def openapi(resources: Resources, api: str) -> Json:
    """The API definition (OpenAPI 3.0)."""
    words = resources.schema.words
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{_test(resources)}Catalogus Woningkwaliteit in Vlaanderen",
            "version": "1.0.0",
            "license": {"name": licence_name(words.licence), "url": words.licence},
        },
        "servers": [{"url": api}],
        "paths": {
            path: {"get": _operation(name, title, parameters) | {"tags": ["Records"]}}
            for path, name, title, parameters in (
                ("/", "landing", "Startpagina", ("f",)),
                ("/conformance", "conformance", "Conformiteitsklassen", ("f",)),
                ("/collections", "collections", "Catalogi", ("f",)),
                (f"/collections/{COLLECTION}", "collection", "De catalogus", ("f",)),
                (f"/collections/{COLLECTION}/items", "items", "Records", tuple(sorted(ITEMS - {"lang"}))),
                (f"/collections/{COLLECTION}/items/{{recordId}}", "item", "Een record", ("f", "recordId")),
            )
        },
    }


def _operation(name: str, title: str, parameters: tuple[str, ...]) -> Json:
    answers = {"200": {"description": title}, "400": {"description": "Een parameter klopt niet"}}
    return {"operationId": name, "summary": title, "parameters": [_PARAMETERS[each] for each in parameters], "responses": answers}


def _query(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, "explode": False, "style": "form"}


_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_PARAMETERS: dict[str, Json] = {
    "f": _query("f", {"type": "string", "enum": ["json", "html"]}, "Vorm van het antwoord"),
    "q": _query("q", _TEXTS, "Woorden in de tekst van een record; met een komma: een van beide"),
    "type": _query("type", _TEXTS, "dataset of service"),
    "ids": _query("ids", _TEXTS, "UUID's van records"),
    "externalIds": _query("externalIds", _TEXTS, "Identificatoren, met of zonder schema"),
    "bbox": _query("bbox", {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}, "West, zuid, oost, noord"),
    "datetime": _query("datetime", {"type": "string"}, "Dag of periode van de toestand"),
    "limit": _query("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}, "Records per bladzijde"),
    "offset": _query("offset", {"type": "integer", "minimum": 0, "default": 0}, "Records die voorafgaan"),
    "recordId": {"name": "recordId", "in": "path", "required": True, "schema": {"type": "string"}},
}


def _test(resources: Resources) -> str:
    return "TEST – " if resources.test else ""


def _nothing(resources: Resources) -> str:
    return " Dit is een test: deze catalogus geeft geen enkel record." if resources.test else ""
