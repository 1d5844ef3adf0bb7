"""Routes of OGC API Records at `/ogc/records/v1`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from publish.access_log import note
from publish.catalogue.current import Catalogue
from publish.catalogue.records_api import description
from publish.catalogue.records_api.description import COLLECTION, link
from publish.catalogue.records_api.parameters import COMMON, ITEMS, BadParameter, Criteria, criteria, known
from publish.catalogue.records_api.record import Json, record
from publish.conditional import is_current, lifetime
from publish.pages import Pages, language
from publish.shelf import View

ROOT = "/ogc/records/v1"
JSON, GEOJSON, CATALOG = "application/json", "application/geo+json", "application/ogc-catalog+json"


@dataclass(frozen=True)
class RecordsApi:
    """Answers as JSON, or as pages for who reads."""

    catalogue: Catalogue
    pages: Pages

    @property
    def url(self) -> str:
        """The address of the API."""
        return self.catalogue.public_url + ROOT

    def landing(self, request: Request) -> Response:
        """What there is."""
        return self._described(request, "landing", lambda view: description.landing(self.catalogue.resources(view), self.url))

    def conformance(self, request: Request) -> Response:
        """The conformance classes."""
        return self._described(request, "conformance", lambda _: description.conformance())

    def collections(self, request: Request) -> Response:
        """The one collection, in a list."""
        return self._described(request, "collections", lambda view: description.collections(self.catalogue.resources(view), self.url))

    def collection(self, request: Request) -> Response:
        """The catalogue."""
        _require(request)
        media_type = CATALOG if CATALOG in request.headers.get("accept", "") else JSON
        return self._described(
            request, "collection", lambda view: description.collection(self.catalogue.resources(view), self.url), media_type
        )

    def openapi(self, request: Request) -> Response:
        """The API definition."""
        return self._described(
            request, "openapi", lambda view: description.openapi(self.catalogue.resources(view), self.url), description.OPENAPI
        )

    def items(self, request: Request) -> Response:
        """The records that fit; raises `BadParameter`."""
        _require(request)
        params = known(request.query_params, ITEMS)
        wanted, view = criteria(params), self.catalogue.view()
        found = [entry for entry in self.catalogue.holdings(view).entries if wanted.fits(entry)]
        shown = found[wanted.offset : wanted.offset + wanted.limit]
        resources = self.catalogue.resources(view)
        here = f"{self.url}/collections/{COLLECTION}"
        document: Json = {
            "type": "FeatureCollection",
            "timeStamp": f"{view.day}T00:00:00Z",
            "numberMatched": len(found),
            "numberReturned": len(shown),
            "features": [record(entry, resources, here) for entry in shown],
            "links": list(_pages(f"{here}/items", params, wanted, len(found))),
        }
        return self._reply(request, view, "items", document, GEOJSON)

    def item(self, request: Request) -> Response:
        """One record; raises `HTTPException` 404."""
        _require(request)
        known(request.query_params, COMMON)
        view = self.catalogue.view()
        entry = self.catalogue.holdings(view).entry(request.path_params["record"])
        if entry is None:
            raise HTTPException(404, "Onbekend metadatarecord / unknown metadata record; see /catalogus/")
        found = record(entry, self.catalogue.resources(view), f"{self.url}/collections/{COLLECTION}")
        return self._reply(request, view, "item", found, GEOJSON)

    def _described(self, request: Request, operation: str, build: Callable[[View], Json], media_type: str = JSON) -> Response:
        known(request.query_params, COMMON)
        view = self.catalogue.view()
        return self._reply(request, view, operation, build(view), media_type)

    def _reply(self, request: Request, view: View, operation: str, document: Json, media_type: str) -> Response:
        note(request, f"records.{operation}")
        html, chosen = _as_page(request), language(request)
        body = orjson.dumps(document)
        tag = f"records-{hashlib.sha256(body).hexdigest()[:16]}-{chosen}-{'html' if html else 'json'}"
        headers = lifetime(view, tag, weak=html) | {"Vary": "Accept"}
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if not html:
            return Response(body, headers=headers, media_type=media_type)
        page = self.pages.render(f"records_{_TEMPLATES.get(operation, 'document')}.html", chosen, operation=operation, document=document)
        return HTMLResponse(page, headers=headers | {"Content-Language": chosen})

    def routes(self) -> list[Route]:
        """Every route."""
        one = f"{ROOT}/collections/{{collection}}"
        return [
            Route(ROOT, self.landing, name="records"),
            Route(f"{ROOT}/", self.landing, name="records"),
            Route(f"{ROOT}/conformance", self.conformance, name="records"),
            Route(f"{ROOT}/openapi", self.openapi, name="records"),
            Route(f"{ROOT}/collections", self.collections, name="records"),
            Route(one, self.collection, name="records"),
            Route(f"{one}/items", self.items, name="records"),
            Route(f"{one}/items/{{record}}", self.item, name="records"),
        ]


_TEMPLATES = {"items": "items", "item": "item"}


def routes(catalogue: Catalogue, pages: Pages) -> list[Route]:
    """Every route of the API."""
    return RecordsApi(catalogue, pages).routes()


def _require(request: Request) -> None:
    if request.path_params["collection"] != COLLECTION:
        raise HTTPException(404, "Onbekende collectie / there is no such collection")


def _as_page(request: Request) -> bool:
    """OGC API Common Part 1 §7.2: `f`, else the Accept header; raises `BadParameter`."""
    wanted = request.query_params.get("f")
    if wanted is not None and wanted not in ("json", "html"):
        raise BadParameter("f is json or html")
    return wanted == "html" or (wanted is None and "text/html" in request.headers.get("accept", ""))


def _pages(address: str, params: Mapping[str, str], wanted: Criteria, matched: int) -> Iterator[Json]:
    """OGC API Features §7.15.7: self, alternate, and next and prev where there are more."""

    def to(offset: int, format_: str) -> str:
        return f"{address}?{urlencode({**params, 'offset': str(offset), 'f': format_})}"

    yield link(to(wanted.offset, "json"), "self", GEOJSON, "Deze bladzijde als GeoJSON")
    yield link(to(wanted.offset, "html"), "alternate", "text/html", "Deze bladzijde als HTML")
    if wanted.offset + wanted.limit < matched:
        yield link(to(wanted.offset + wanted.limit, "json"), "next", GEOJSON, "Volgende bladzijde")
    if wanted.offset > 0:
        yield link(to(max(0, wanted.offset - wanted.limit), "json"), "prev", GEOJSON, "Vorige bladzijde")
    yield link(address.removesuffix("/items"), "collection", JSON, "Catalogus")
    yield link("http://www.opengis.net/def/profile/OGC/0/ogc-catalog", "profile", "text/html", "OGC API Records")
