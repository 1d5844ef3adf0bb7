"""Addresses of the existing Flemish service, and addresses without a version: they lead to the one API, for good."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from publish.shelf import Shelf

PATTERNS = ("/{theme}/ogc/features/v1{rest:path}", "/{theme}/ogc/features{rest:path}", "/ogc/features{rest:path}")
"""In this order, so that the version is no part of the rest."""


@dataclass(frozen=True)
class Redirects:
    """Answers 308 with the query kept; `url` is the root of the API."""

    shelf: Shelf
    url: str

    def answer(self, request: Request) -> Response:
        """The same request at its lasting address; raises `HTTPException` 404 for a theme that there is not."""
        theme, rest = request.path_params.get("theme"), request.path_params["rest"]
        themes = {kind.prefix for kind in self.shelf.view().release.schema.feature_types}
        if (theme is not None and theme not in themes) or (rest and not rest.startswith("/")) or rest.startswith("/v1"):
            raise HTTPException(404, "Onbekend adres / unknown address")
        query = request.scope["query_string"].decode("latin-1")
        target = f"{self.url}{quote(rest)}" + (f"?{query}" if query else "")
        return Response(status_code=308, headers={"Location": target, "Cache-Control": "public, max-age=300"})
