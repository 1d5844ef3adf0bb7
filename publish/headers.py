"""Headers of every answer: security, robots, and which content it shows."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publish.shelf import Shelf
from release.errors import ReleaseError

SECURITY = {
    # Pages have no scripts and load nothing from elsewhere.
    "Content-Security-Policy": "; ".join(
        ("default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
    ),
    "Referrer-Policy": "no-referrer",  # DESIGN 15
    "X-Content-Type-Options": "nosniff",
    # Open data: a map of somebody else may read it in a browser.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Crs, ETag, Link, OGC-NumberMatched, OGC-NumberReturned, X-Release",
}

_TELLTALE = ("server", "x-powered-by")
_INDEXABLE = frozenset({"/", "/kaart", "/downloads", "/status", "/over", "/privacy", "/toegankelijkheid", "/robots.txt"})


def robots(path: str, *, production: bool) -> str | None:
    """The X-Robots-Tag of a path; null where search engines may keep it.

    DESIGN 15: search engines are caches too, so only dataset, municipality and text pages may be kept; DESIGN 16: nothing of a test.
    """
    indexable = path in _INDEXABLE or path.startswith(("/gemeente/", "/static/"))
    return None if production and indexable else "noindex, noarchive"


class Headers:
    """Adds the headers of every answer, and takes out what would name software and version."""

    def __init__(self, app: ASGIApp, shelf: Shelf, *, production: bool) -> None:
        self._app, self._shelf, self._production = app, shelf, production

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with more headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        content_id, tag = self._content_id(), robots(scope["path"], production=self._production)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in _TELLTALE:
                    del headers[name]
                headers.update(SECURITY)
                if tag is not None:
                    headers["X-Robots-Tag"] = tag
                if content_id is not None:
                    headers.setdefault("X-Release", content_id)
                headers.setdefault("Cache-Control", "public, max-age=3600" if scope["path"].startswith("/static/") else "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)

    def _content_id(self) -> str | None:
        """The content that is served now; null while there is none."""
        try:
            view = self._shelf.view()
            return view.release.content_id(view.day)
        except (ReleaseError, OSError):
            return None
