"""Addresses that lead to another one for good: those of the existing Flemish services, without a version, or with a slash at the end."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from publish.shelf import Shelf

_UNKNOWN = "Onbekend adres / unknown address"


@dataclass(frozen=True)
class Redirects:
    """Answers 308 with the query kept; `root` is the path of one API with its version, such as `/ogc/features/v1`."""

    shelf: Shelf
    public_url: str
    root: str

    def routes(self) -> list[Route]:
        """In this order, so that the version is no part of the rest; after every route of the API itself."""
        versionless, _, _ = self.root.rpartition("/")
        patterns = (f"/{{theme}}{self.root}{{rest:path}}", f"/{{theme}}{versionless}{{rest:path}}", f"{versionless}{{rest:path}}")
        return [Route(pattern, self.answer, name="redirect") for pattern in patterns]

    def answer(self, request: Request) -> Response:
        """The same request at its lasting address; raises `HTTPException` 404 for a theme that there is not."""
        theme, rest = request.path_params.get("theme"), request.path_params["rest"]
        themes = {kind.prefix for kind in self.shelf.view().release.schema.feature_types}
        if (theme is not None and theme not in themes) or (rest and not rest.startswith("/")) or rest.startswith("/v1"):
            raise HTTPException(404, _UNKNOWN)
        return moved(request, f"{self.public_url}{self.root}{quote(rest.rstrip('/'))}")


def without_slash(request: Request, public_url: str) -> Response | None:
    """308 to the same address without a slash at the end, where there is something; else null.

    Starlette would do so by itself, to the host that the client names (DESIGN 16).
    """
    path = request.scope["path"].rstrip("/")
    if not path or path == request.scope["path"]:
        return None
    shorter = {**request.scope, "path": path}
    matches = (route.matches(shorter)[0] for route in request.app.routes)
    return moved(request, f"{public_url}{quote(path)}") if Match.FULL in matches else None


def moved(request: Request, target: str, query: str | None = None) -> Response:
    """308 to an address; the query is kept unless another is given."""
    if query is None:
        query = request.scope["query_string"].decode("latin-1")
    location = f"{target}?{query}" if query else target
    return Response(status_code=308, headers={"Location": location, "Cache-Control": "public, max-age=300"})
