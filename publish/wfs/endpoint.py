"""The HTTP side of the WFS: its paths, and the choice between the event loop and a thread."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from publish.access_log import note
from publish.haste import Lengthy
from publish.replies import Conditions
from publish.shelf import Shelf
from publish.threads import in_thread
from publish.wfs.errors import ParsingFailed, WfsError
from publish.wfs.offer import WfsSettings
from publish.wfs.response import refuse
from publish.wfs.service import Call, Handled, handle
from publish.wfs.versions import Version

_PATHS = ("/wfs", "/{theme}/wfs", "/overdrachtdiensten/{theme}/wfs")

_SHORT = 1_024
"""Bytes of a query that is read on the event loop: the dearest that fit, lists in CQL, take 3 ms (measured)."""


def routes(shelf: Shelf, settings: WfsSettings) -> list[Route]:
    """`/wfs` with every feature type, `/POI/wfs` and `/overdrachtdiensten/POI/wfs` with those of one prefix; 404 for no such prefix."""
    endpoint = Endpoint(shelf, settings)
    return [Route(path, endpoint, methods=["GET", "POST"], name=f"wfs {path}") for path in _PATHS]


class Endpoint:
    """The ASGI application at every path.

    A GET is first tried on the event loop, in haste: it is answered there when it is sure to take a few milliseconds at most, because
    going to a thread and back costs as much as answering. Else `turns` breaks it off as soon as that is known, and it begins anew in
    a thread, as every POST does. A thread would not keep the loop free in less time either: it holds the interpreter's lock for 5 ms.
    """

    def __init__(self, shelf: Shelf, settings: WfsSettings) -> None:
        """What is answered from."""
        self._shelf, self._settings = shelf, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; raises `HTTPException` 404."""
        conditions, body = Conditions.of(scope), None
        if scope["method"] == "POST":
            try:
                body = await _body(HttpRequest(scope, receive), self._settings.max_post_bytes)
            except WfsError as error:
                await refuse(error, Version.V2_0_0)(scope, receive, send)
                return
        handled = await self._handled(_call(scope, conditions, body))
        if handled is None:
            raise HTTPException(404)
        note(scope, f"wfs.{handled.operation}", handled.subject)
        await handled.reply(scope, receive, send)

    async def _handled(self, call: Call) -> Handled | None:
        if call.body is None and len(call.query) <= _SHORT:
            try:
                return handle(replace(call, haste=True), self._shelf, self._settings)
            except Lengthy:
                pass
        return await in_thread(handle, call, self._shelf, self._settings)


def _call(scope: Scope, conditions: Conditions, body: bytes | None) -> Call:
    form = conditions.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    form = form or _keywords(conditions, body)
    return Call(scope["path_params"].get("theme"), quote(scope["path"]), scope["query_string"], body, form, conditions)


def _keywords(conditions: Conditions, body: bytes | None) -> bool:
    """Whether what was posted without a type is keywords: OWSLib does that in WFS 1.0. XML begins with `<`, or with a byte order mark."""
    return body is not None and "content-type" not in conditions.headers and body.lstrip()[:1].isalpha()


async def _body(http: HttpRequest, limit: int) -> bytes:
    """The posted bytes; raises `ParsingFailed` as soon as there are too many."""
    parts, size = [], 0
    async for part in http.stream():
        size += len(part)
        if size > limit:
            raise ParsingFailed(f"the request is longer than {limit} bytes", "request")
        parts.append(part)
    return b"".join(parts)
