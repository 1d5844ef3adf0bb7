"""The HTTP side of the CSW."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from publish.access_log import note
from publish.catalogue.csw import kvp, xml
from publish.catalogue.csw.answers import Offer, answer
from publish.catalogue.csw.errors import CswError, Unavailable, Unreadable, report
from publish.catalogue.csw.requests import OUTPUT_FORMATS, GetCapabilities, Request
from publish.catalogue.current import Catalogue
from publish.catalogue.holdings import Holdings
from publish.conditional import is_current, lifetime
from publish.shelf import View
from release.errors import BrokenRelease, NoRelease

PATH = "/catalogus/csw"
MAX_POST = 200_000
"""Bytes of a posted request."""


@dataclass(frozen=True)
class Endpoint:
    """Answers GET and POST; `holdings` gives the records of a view."""

    catalogue: Catalogue
    holdings: Callable[[View], Holdings]

    async def __call__(self, http: HttpRequest) -> Response:
        """The document, 304, or an exception report."""
        try:
            body = await _body(http)
            return await run_in_threadpool(self._answered, http, body)
        except CswError as error:
            note(http, "csw.refused")
            headers = {"Cache-Control": "no-store"} | ({"Retry-After": "3600"} if error.status == Unavailable.status else {})
            return Response(report(error), error.status, media_type=OUTPUT_FORMATS[0], headers=headers)

    def _answered(self, http: HttpRequest, body: bytes) -> Response:
        request = _read(http, body)
        note(http, f"csw.{type(request).__name__}")
        try:
            view = self.catalogue.view()
            url = self.catalogue.public_url + PATH
            offer = Offer(self.holdings(view), self.catalogue.resources(view), url, f"{view.day}T00:00:00Z")
        except (NoRelease, BrokenRelease) as error:
            raise Unavailable("nothing can be answered now: there is no whole release") from error
        document = answer(request, offer)
        headers = lifetime(view, f"csw-{hashlib.sha256(document).hexdigest()[:32]}")
        if http.method != "POST" and is_current(http.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        media_type = request.media_type if isinstance(request, GetCapabilities) else OUTPUT_FORMATS[0]
        return Response(document, headers=headers | {"Content-Type": f"{media_type}; charset=utf-8"})


def _read(http: HttpRequest, body: bytes) -> Request:
    form = http.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    if body and not form:
        return xml.read(body)
    return kvp.read(kvp.Keywords(body if body else http.scope["query_string"]))


async def _body(http: HttpRequest) -> bytes:
    """The posted bytes; raises `Unreadable` as soon as there are too many."""
    parts, size = [], 0
    if http.method == "POST":
        async for part in http.stream():
            size += len(part)
            if size > MAX_POST:
                raise Unreadable(f"the request is longer than {MAX_POST} bytes", "request")
            parts.append(part)
    return b"".join(parts)


def routes(catalogue: Catalogue, holdings: Callable[[View], Holdings] | None = None) -> list[Route]:
    """`/catalogus/csw`, over the records of the catalogue or over others (the sample records of the OGC's suite)."""
    return [Route(PATH, Endpoint(catalogue, holdings or catalogue.holdings).__call__, methods=["GET", "POST"], name="csw")]
