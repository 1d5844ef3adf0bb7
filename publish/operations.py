"""For operators: is it alive, is it ready, may robots come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publish.shelf import Shelf
from release.errors import BrokenRelease, ReleaseError


@dataclass(frozen=True)
class Operations:
    """Answers for operators; `warm` comes back when what loads late is there."""

    shelf: Shelf
    production: bool
    warm: Callable[[], None]

    def healthz(self, request: Request) -> Response:
        """200 when a release can be opened."""
        try:
            view = self.shelf.view()
            return JSONResponse({"status": "ok", "release": view.release.content_id(view.day), "day": view.day.isoformat()})
        except ReleaseError as error:
            return _down(error)

    def readyz(self, request: Request) -> Response:
        """200 when there is a release with an edition of today, and nobody who comes now waits for what loads late."""
        self.warm()
        try:
            view = self.shelf.view()
            return JSONResponse({"status": "ready", "release": view.release.edition(view.day).content_id, "day": view.day.isoformat()})
        except ReleaseError as error:
            return _down(error)

    def robots(self, request: Request) -> Response:
        """Outside production robots are refused (DESIGN 16); in production X-Robots-Tag says what may be kept."""
        return PlainTextResponse(f"User-agent: *\nDisallow:{'' if self.production else ' /'}\n")

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/healthz", self.healthz, name="healthz"),
            Route("/readyz", self.readyz, name="readyz"),
            Route("/robots.txt", self.robots, name="robots"),
        ]


def _down(error: ReleaseError) -> Response:
    reason = "the release cannot be opened" if isinstance(error, BrokenRelease) else str(error)
    return JSONResponse({"status": "down", "reason": reason}, 503, {"Retry-After": "60"})
