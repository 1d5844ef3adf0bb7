"""How a reply goes out over ASGI: in one piece, or piece by piece as far as the client takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from starlette.types import Receive, Scope, Send

from publish.codings import Piece
from publish.threads import in_thread
from release.fragments import Chunk


class Body(Protocol):
    """The bytes after the headers."""

    async def send(self, receive: Receive, send: Send) -> None:
        """Send everything; raises what went wrong while it was made, which leaves the answer unfinished."""


@dataclass(frozen=True, eq=False)
class Reply:
    """An ASGI application that gives one answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: Body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers and the body."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await self.body.send(receive, send)


@dataclass(frozen=True)
class Whole:
    """A body in one piece."""

    data: bytes = b""

    async def send(self, receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.body", "body": self.data})


@dataclass(eq=False)
class Source:
    """The chunks of a body; when they fail, `truncated` follows and `failed` says why. Without such an ending the failure is raised."""

    chunks: Iterable[Chunk]
    truncated: bytes = b""
    failed: Exception | None = field(default=None, init=False)

    def __iter__(self) -> Iterator[Chunk]:
        """Once."""
        try:
            yield from self.chunks
        except Exception as error:
            if not self.truncated:
                raise
            self.failed = error
            yield self.truncated


@dataclass(frozen=True, eq=False)
class Stream:
    """Pieces that are asked for one at a time, when the client has taken the ones before, so that memory stays flat.

    Pieces that have to be `made` are made in a thread; pieces that lie ready are sent from the event loop, with room for others between
    them. When the client goes away, no more are asked for.
    """

    pieces: Iterator[Piece]
    source: Source
    made: bool

    async def send(self, receive: Receive, send: Send) -> None:
        """Send them; raises what `source` failed with, also after its ending.

        The connection is then closed without the mark of a whole body, so that no client and no cache takes the answer for complete,
        not even one that does not know `wfs:truncatedResponse` (GDAL).
        """
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while (piece := await self._next()) is not None:
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            gone.cancel()
        if self.source.failed is not None:
            raise self.source.failed
        await send({"type": "http.response.body", "body": b""})

    async def _next(self) -> Piece | None:
        if self.made:
            return await in_thread(next, self.pieces, None)
        await asyncio.sleep(0)
        return next(self.pieces, None)


async def _gone(receive: Receive) -> None:
    """Ends when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
