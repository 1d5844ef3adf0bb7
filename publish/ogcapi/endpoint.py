"""The HTTP side of items and item: the choice between the event loop and a thread."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from publish.answer import Answer
from publish.haste import Lengthy
from publish.replies import Conditions, respond
from publish.sending import Reply
from publish.shelf import Shelf, View
from publish.threads import in_thread

_SHORT = 1_024
"""Bytes of a query that is read on the event loop (docs/decisions/0012-answers-leave-as-copies.md)."""


class Operation(Protocol):
    """What answers a request from a view; in haste it raises `Lengthy` when that is not sure to be quick."""

    def __call__(self, request: Request, view: View, *, haste: bool) -> Answer:
        """The answer; raises what the application renders as an error."""


@dataclass(frozen=True, eq=False)
class Endpoint:
    """An ASGI application for one operation, tried on the event loop first."""

    shelf: Shelf
    operation: Operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope)
        reply = None
        if len(scope["query_string"]) <= _SHORT:
            with suppress(Lengthy):
                reply = self._reply(request, haste=True)
        if reply is None:
            reply = await in_thread(self._reply, request, haste=False)
        await reply(scope, receive, send)

    def _reply(self, request: Request, *, haste: bool) -> Reply:
        view = self.shelf.view()
        return respond(self.operation(request, view, haste=haste), view, Conditions.of(request.scope))
