"""Where errors become answers: what, where and the remedy; never internals, never what the client sent."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publish.pages import Pages
from publish.redirects import without_slash
from release.errors import BrokenRelease, DayOver, NoRelease, QueryError, ReleaseError, ReleaseGone, Withdrawn

LOGGER = logging.getLogger("vlok.errors")

MOST_QUERY = 65_535
"""Bytes of a query. OGC services refuse long ones themselves, in their own form, and say where POST helps."""

_OGC = ("/wfs", "/wms", "/csw")

RETRY_SECONDS = 3600
"""After which a client may ask again for what is not there now."""

_CODES: dict[type[Exception], tuple[int, str]] = {
    Withdrawn: (503, "Withdrawn"),
    DayOver: (503, "DayOver"),
    NoRelease: (503, "NoRelease"),
    BrokenRelease: (503, "BrokenRelease"),
    ReleaseGone: (410, "ReleaseGone"),
    QueryError: (400, "InvalidParameterValue"),  # OGC API Common: codes are the server's own
}


@dataclass(frozen=True)
class Errors:
    """Error documents: a page for who reads, JSON for programs (OGC API Common Part 1 §7.5: code and description)."""

    pages: Pages

    def of(self, headers: Headers, error: Exception) -> Response:
        """The answer to a request that raised."""
        status, code = next((known for kind, known in _CODES.items() if isinstance(error, kind)), (500, "InternalError"))
        # The message of a broken release names its seal, which is never sent out.
        safe = isinstance(error, ReleaseError) and not isinstance(error, BrokenRelease)
        return self._document(headers, status, code, str(error) if safe else "Er ging iets mis / something went wrong")

    async def refused(self, request: Request, error: Exception) -> Response:
        """Handler of `HTTPException`: unknown addresses, methods and objects; OPTIONS is a method that no route names."""
        assert isinstance(error, HTTPException)
        if error.status_code == 405 and request.method == "OPTIONS":
            return _options((error.headers or {}).get("Allow", _READ))
        if error.status_code == 404 and (moved := without_slash(request, self.pages.public_url)) is not None:
            return moved
        code, meaning = _REFUSALS.get(error.status_code, ("Error", error.detail))
        said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else meaning
        response = self._document(request.headers, error.status_code, code, said)
        response.headers.update(error.headers or {})
        return response

    def too_long(self, headers: Headers) -> Response:
        """The answer to an address that nothing reads."""
        return self._document(headers, 414, *_REFUSALS[414])

    def _document(self, headers: Headers, status: int, code: str, description: str) -> Response:
        extra = {"Cache-Control": "no-store"} | ({"Retry-After": str(RETRY_SECONDS)} if status == 503 else {})
        if "text/html" in headers.get("accept", ""):
            return HTMLResponse(self.pages.render("error.html", "nl", status=status, description=description), status, extra)
        return JSONResponse({"code": code, "description": description}, status, extra)


class Edge:
    """Answers for every error that nothing below has answered.

    When the answer has begun, it is left unfinished: the server closes the connection, which a client sees as an error.
    """

    def __init__(self, app: ASGIApp, errors: Errors) -> None:
        self._app, self._errors = app, errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer with an error document when that fails."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        if scope["type"] == "http" and _too_long(scope):
            await self._errors.too_long(Headers(scope=scope))(scope, receive, send)
            return
        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 # the edge: nothing above may see an exception
            if begun or not isinstance(error, ReleaseError):
                LOGGER.error("%s at %s%s", type(error).__name__, _place(error), ", in an answer that had begun" if begun else "")
            if scope["type"] == "http" and not begun:
                await self._errors.of(Headers(scope=scope), error)(scope, receive, send)


_REFUSALS = {
    400: ("InvalidParameterValue", "Dit verzoek klopt niet / this request is not right"),
    404: ("NotFound", "Dit adres bestaat niet / there is nothing at this address"),
    406: ("NotAcceptable", "Dit is niet in deze vorm te krijgen / this is not given in this form"),
    410: ("Gone", "Dit is er niet meer / this is not there any more"),
    414: ("UriTooLong", "Dit adres is te lang: stel een kortere vraag / this address is too long: ask a shorter question"),
    405: ("MethodNotAllowed", "Hier kan alleen gelezen worden / this can only be read"),
}
"""Code, and words for where nothing more is said."""


_READ = "GET, HEAD"
"""What can be asked of a file."""

_ASKED_BEFORE = {
    # What a page of another host may send: nothing that it sends is kept, and there are no credentials.
    # The star means every name; the others are for browsers that take it for a name.
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range, X-Requested-With, *",
    "Access-Control-Max-Age": "86400",
}


def _options(allowed: str) -> Response:
    """The answer to OPTIONS, which a browser asks before an unusual request of a page of another host (Fetch: CORS-preflight request).

    OGC API Features /rec/core/cross-origin. That every origin may read is in every answer (`publish.headers`).
    """
    methods = ", ".join(sorted(allowed.replace(" ", "").split(",")))
    return Response(status_code=204, headers={"Allow": f"{methods}, OPTIONS", "Access-Control-Allow-Methods": methods, **_ASKED_BEFORE})


def _too_long(scope: Scope) -> bool:
    return len(scope["query_string"]) > MOST_QUERY and not scope["path"].endswith(_OGC)


def _place(error: Exception) -> str:
    """File and line where it went wrong; not the message, which may hold what a client sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
