"""The HTTP side of the WMS: its paths, and a thread for each answer."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from publish.access_log import note
from publish.haste import Lengthy
from publish.replies import Conditions
from publish.shelf import Shelf
from publish.threads import in_thread, in_turn
from publish.wms.offer import WmsSettings
from publish.wms.service import Call, Handled, handle

_PATHS = ("/wms", "/{theme}/wms", "/overdrachtdiensten/{theme}/wms")


def routes(shelf: Shelf, settings: WmsSettings) -> list[Route]:
    """`/wms` with every layer, `/POI/wms` and `/overdrachtdiensten/POI/wms` with those of one prefix; 404 for no such prefix."""
    endpoint = Endpoint(shelf, settings)
    return [Route(path, endpoint, methods=["GET"], name=f"wms {path}") for path in _PATHS]


class Endpoint:
    """The ASGI application at every path.

    Drawing takes milliseconds, so that every answer is made in a thread. A large map takes up to a second: such maps wait for each other,
    lest they take all threads, which the other services need too.
    """

    def __init__(self, shelf: Shelf, settings: WmsSettings) -> None:
        """What is answered from."""
        self._shelf, self._settings = shelf, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; raises `HTTPException` 404."""
        headers = dict(Headers(scope=scope))
        conditions = Conditions(scope["method"] == "HEAD", headers)
        call = Call(scope["path_params"].get("theme"), quote(scope["path"]), scope["query_string"], conditions)
        handled = await self._handled(call)
        if handled is None:
            raise HTTPException(404)
        note(scope, f"wms.{handled.operation}", handled.subject)
        await handled.reply(scope, receive, send)

    async def _handled(self, call: Call) -> Handled | None:
        try:
            return await in_thread(handle, replace(call, haste=True), self._shelf, self._settings)
        except Lengthy:
            return await in_turn(handle, call, self._shelf, self._settings)
