"""Documents that describe the API: JSON, or the same as a page; of the features also the XSD."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request

from publish.access_log import note
from publish.answer import Answer
from publish.ogcapi.conformance import CLASSES
from publish.ogcapi.negotiation import OF_DOCUMENT, OF_SCHEMA, Format, negotiate
from publish.ogcapi.parameters import COMMON, known
from publish.ogcapi.relations import header
from publish.pages import Language, Pages, language
from publish.replies import Conditions, respond
from publish.sending import Reply
from publish.shelf import Shelf, View

if TYPE_CHECKING:
    from publish.ogcapi.description import Description, Document

JSON = "application/json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
XML = "application/xml"
HTML = "text/html; charset=utf-8"

Build = Callable[["Description", Language], "Document"]
BuildOne = Callable[["Description", str, Language], "Document"]


@dataclass(frozen=True)
class Kind:
    """A kind of document: its name in the access log, its template, its media type as JSON, and what it is offered as."""

    operation: str
    template: str
    media_type: str = JSON
    offered: tuple[Format, ...] = OF_DOCUMENT


LANDING = Kind("landing", "landing_page.html")
DEFINITION = Kind("openapi", "openapi/swagger.html", OPENAPI)
CONFORMANCE = Kind("conformance", "conformance.html")
COLLECTIONS = Kind("collections", "collections/index.html")
COLLECTION = Kind("collection", "collections/collection.html")
QUERYABLES = Kind("queryables", "collections/queryables.html", SCHEMA)
FEATURES = Kind("schema", "collections/schema.html", SCHEMA, OF_SCHEMA)


@dataclass(frozen=True)
class Documents:
    """Answers for landing page, OpenAPI, conformance, collections, queryables and schema; `url` is the root of the API."""

    shelf: Shelf
    url: str
    pages: Pages
    _latest: list[Description] = field(default_factory=list)

    def landing(self, request: Request) -> Reply:
        """The landing page."""
        return self._answer(request, LANDING, lambda description, spoken: description.landing(spoken))

    def openapi(self, request: Request) -> Reply:
        """The API definition."""
        return self._answer(request, DEFINITION, lambda description, _: description.openapi)

    def conformance(self, request: Request) -> Reply:
        """The conformance classes."""
        return self._answer(request, CONFORMANCE, lambda *_: {"conformsTo": list(CLASSES)})

    def collections(self, request: Request) -> Reply:
        """Every collection."""
        return self._answer(request, COLLECTIONS, lambda description, spoken: description.all_collections(spoken))

    def collection(self, request: Request) -> Reply:
        """One collection."""
        return self._one(request, COLLECTION, lambda description, name, spoken: description.collection(name, spoken))

    def queryables(self, request: Request) -> Reply:
        """What one collection can be filtered by."""
        return self._one(request, QUERYABLES, lambda description, name, spoken: description.queryables(name, spoken))

    def schema(self, request: Request) -> Reply:
        """The fields of one collection."""
        return self._one(request, FEATURES, lambda description, name, spoken: description.schema(name, spoken))

    def _one(self, request: Request, kind: Kind, build: BuildOne) -> Reply:
        """A document of a collection; raises `HTTPException` 404."""
        name = request.path_params["collection"]
        if name not in self._description(self.shelf.view()).collections:
            raise HTTPException(404, "Onbekende collectie / there is no such collection")
        return self._answer(request, kind, lambda description, spoken: build(description, name, spoken), name)

    def _answer(self, request: Request, kind: Kind, build: Build, collection: str = "-") -> Reply:
        note(request, kind.operation, collection)
        params = known(request.query_params, COMMON)
        format_, spoken = negotiate(params.get("f"), request.headers.get("accept", ""), kind.offered), language(request)
        view = self.shelf.view()
        description, media_type = self._description(view), kind.media_type
        headers: dict[str, str] = {"Content-Language": spoken}
        if format_ is Format.XSD:
            body, media_type = description.application_schema(collection), XML
        else:
            document = build(description, spoken)
            headers |= header(document.get("links", ()))
            body, media_type = (
                (self._page(kind, document, spoken), HTML) if format_ is Format.HTML else (orjson.dumps(document), media_type)
            )
        tag = f"{kind.operation}-{spoken}-{format_}"
        answer = Answer(media_type, (body,), tag, collection, headers, weak=True, vary="Accept, Accept-Encoding")
        return respond(answer, view, Conditions.of(request.scope))

    def _page(self, kind: Kind, document: Document, spoken: Language) -> bytes:
        return self.pages.render(kind.template, spoken, data=document, api=urlsplit(self.url).path, locale=spoken).encode()

    def _description(self, view: View) -> Description:
        """The description of this release on this day, made once; loads pygeoapi, which would double a start."""
        from publish.ogcapi.description import Description  # noqa: PLC0415

        if not self._latest or self._latest[0].view.release is not view.release or self._latest[0].view.day != view.day:
            self._latest[:] = [Description(view, self.url, self.pages.public_url, self.pages.production)]
        return self._latest[0]
