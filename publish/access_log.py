"""The access log: what was asked for, never by whom or about which address."""

from __future__ import annotations

import logging
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER = logging.getLogger("vlok.access")


def note(request: Request | Scope, operation: str, product: str = "-") -> None:
    """Name the operation and the product of a request; both are words of ours, never what the client wrote."""
    scope = request.scope if isinstance(request, Request) else request
    scope.setdefault("state", {}).update(operation=operation, product=product)


class AccessLog:
    """Logs one line for an answer.

    CONTRACT C: operation, product, status, bytes and duration; never query strings, item paths, referrers or addresses of users.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, count what is sent, and log when the answer ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        started, status, sent = time.perf_counter(), 0, 0

        async def counting(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            route = getattr(scope.get("route"), "name", "none")
            milliseconds = round((time.perf_counter() - started) * 1000)
            operation, product = state.get("operation", route), state.get("product", "-")
            LOGGER.info("operation=%s product=%s status=%d bytes=%d ms=%d", operation, product, status, sent, milliseconds)
