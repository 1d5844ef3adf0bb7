"""Documents that describe the API: JSON, or the same as a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.ogcapi.conformance import CLASSES
from publish.ogcapi.negotiation import Format, negotiate
from publish.ogcapi.parameters import COMMON, known
from publish.pages import Language, Pages, language
from publish.shelf import Shelf, View

if TYPE_CHECKING:
    from publish.ogcapi.description import Description, Document

JSON = "application/json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


@dataclass(frozen=True)
class Documents:
    """Answers for landing page, OpenAPI, conformance, collections, queryables and schema; `url` is the root of the API."""

    shelf: Shelf
    url: str
    pages: Pages
    _latest: list[Description] = field(default_factory=list)

    def landing(self, request: Request) -> Response:
        """The landing page."""
        return self._answer(request, "landing", "landing_page.html", JSON, lambda description, spoken: description.landing(spoken))

    def openapi(self, request: Request) -> Response:
        """The API definition."""
        return self._answer(request, "openapi", "openapi/swagger.html", OPENAPI, lambda description, _: description.openapi)

    def conformance(self, request: Request) -> Response:
        """The conformance classes."""
        return self._answer(request, "conformance", "conformance.html", JSON, lambda *_: {"conformsTo": list(CLASSES)})

    def collections(self, request: Request) -> Response:
        """Every collection."""
        return self._answer(
            request, "collections", "collections/index.html", JSON, lambda description, spoken: description.all_collections(spoken)
        )

    def collection(self, request: Request) -> Response:
        """One collection."""
        return self._of_collection(
            request,
            "collection",
            "collections/collection.html",
            JSON,
            lambda description, name, spoken: description.collection(name, spoken),
        )

    def queryables(self, request: Request) -> Response:
        """What one collection can be filtered by."""
        return self._of_collection(
            request,
            "queryables",
            "collections/queryables.html",
            SCHEMA,
            lambda description, name, spoken: description.queryables(name, spoken),
        )

    def schema(self, request: Request) -> Response:
        """The fields of one collection."""
        return self._of_collection(
            request, "schema", "collections/schema.html", SCHEMA, lambda description, name, spoken: description.schema(name, spoken)
        )

    def _of_collection(
        self, request: Request, operation: str, template: str, media_type: str, build: Callable[[Description, str, Language], Document]
    ) -> Response:
        name = request.path_params["collection"]

        def of_known(description: Description, spoken: Language) -> Document:
            if name not in description.collections:
                raise HTTPException(404, "Onbekende collectie / there is no such collection")
            note(request, operation, name)
            return build(description, name, spoken)

        return self._answer(request, operation, template, media_type, of_known)

    def _answer(
        self, request: Request, operation: str, template: str, media_type: str, build: Callable[[Description, Language], Document]
    ) -> Response:
        note(request, operation)
        params = known(request.query_params, COMMON)
        format_, spoken = negotiate(params.get("f"), request.headers.get("accept", ""), (Format.JSON, Format.HTML)), language(request)
        view = self.shelf.view()
        document = build(self._description(view), spoken)
        headers = lifetime(view, f"{operation}-{spoken}-{format_}", weak=True) | {"Vary": "Accept", "Content-Language": spoken}
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if format_ is Format.HTML:
            page = self.pages.render(template, spoken, data=document, api=urlsplit(self.url).path, locale=spoken)
            return Response(page, headers=headers, media_type="text/html")
        return Response(orjson.dumps(document), headers=headers, media_type=media_type)

    def _description(self, view: View) -> Description:
        """The description of this release on this day, made once; loads pygeoapi, which would double a start."""
        from publish.ogcapi.description import Description  # noqa: PLC0415

        if not self._latest or self._latest[0].view.release is not view.release or self._latest[0].view.day != view.day:
            self._latest[:] = [Description(view, self.url, self.pages.production)]
        return self._latest[0]
