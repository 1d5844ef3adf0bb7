"""The application over a sealed release, asked as any client asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope

from publish.app import ServeSettings, create_app
from release.reader import Release
from schedules.cadence import BRUSSELS
from schedules.parity.errors import Undecodable

_TOGETHER = 200
_HOST = "http://127.0.0.1:8080"
_AS_IT_IS = {"Accept-Encoding": "identity"}


@dataclass(frozen=True)
class Site:
    """Settings of the application that is proven: where its links start, and whether it is the real one."""

    public_url: str = _HOST
    production: bool = False


@dataclass(frozen=True)
class Served:
    """Answers of the application on one day."""

    site: Site
    _app: ASGIApp
    _runner: asyncio.Runner
    _client: httpx.AsyncClient

    def get(self, address: str, parameters: Mapping[str, str] | None = None) -> httpx.Response:
        """The answer to GET of a path, or of a link that the application gave; raises `Undecodable` unless it is 200."""
        return self._runner.run(self._answer(address, parameters))

    def each(self, addresses: Iterable[str]) -> Iterator[bytes]:
        """The bodies of many, in order; many at once, because a thread lasts as long as what is asked together."""
        waiting = iter(addresses)
        while together := list(islice(waiting, _TOGETHER)):
            yield from self._runner.run(self._bodies(together))

    async def _bodies(self, addresses: list[str]) -> list[bytes]:
        return [await self._body(address) for address in addresses]

    async def _body(self, path: str) -> bytes:
        """As the client does it, which takes longer than most of these answers (0.5 ms); raises `Undecodable` unless it is 200."""
        status, parts = 0, []

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        await self._app(_question(path), _bodiless(), send)
        return _whole(path, status, b"".join(parts))

    async def _answer(self, address: str, parameters: Mapping[str, str] | None) -> httpx.Response:
        path = address.removeprefix(self.site.public_url)
        answer = await self._client.get(path, params=parameters)
        _whole(path, answer.status_code, b"")
        return answer

    def pages(self, address: str, parameters: Mapping[str, str]) -> Iterator[bytes]:
        """The pages of a list, each by the link to the next one."""
        answer = self.get(address, parameters)
        yield answer.content
        while "next" in answer.links:
            answer = self.get(answer.links["next"]["url"])
            yield answer.content


def _question(path: str) -> Scope:
    """The request as ASGI has it."""
    bare, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(bare),
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in _AS_IT_IS.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 8080),
    }


def _bodiless() -> Receive:
    """A request without a body, of a client that stays until it is answered."""
    told: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not told:
            await asyncio.Event().wait()  # an answer that is sent in pieces waits for the client to leave, until it is whole
        return told.pop()

    return receive


def _whole(path: str, status: int, body: bytes) -> bytes:
    if status != httpx.codes.OK:
        raise Undecodable(f"{path.partition('?')[0]} answers {status}")
    return body


@contextmanager
def served(release: Release, day: date, site: Site) -> Iterator[Served]:
    """The application, opened over this release at noon of a day."""
    settings = ServeSettings(releases=release.folder.parent, public_url=site.public_url, production=site.production)
    app = create_app(settings, clock=lambda: datetime.combine(day, time(12), BRUSSELS), release=release)
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=_HOST, headers=_AS_IT_IS)
        try:
            yield Served(site, app, runner, client)
        finally:
            runner.run(client.aclose())
