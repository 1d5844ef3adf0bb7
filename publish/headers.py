"""Headers of every answer: security, robots, and which content it shows."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publish.shelf import Shelf
from release.errors import ReleaseError

SECURITY = {
    # Pages have no scripts and load nothing from elsewhere; a page that needs more (the map) says so in its own answer.
    "Content-Security-Policy": "; ".join(
        ("default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
    ),
    "Referrer-Policy": "no-referrer",  # DESIGN 15
    "X-Content-Type-Options": "nosniff",
    # Open data: a map of somebody else may read it in a browser.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Crs, Content-Disposition, Content-Range, ETag, Link, OGC-NumberMatched, OGC-NumberReturned, Retry-After, "
        "X-Release"
    ),
}

_TELLTALE = frozenset({b"server", b"x-powered-by"})
_INDEXABLE = frozenset({"/", "/kaart", "/gemeente", "/downloads", "/status", "/over", "/privacy", "/toegankelijkheid", "/robots.txt"})


def robots(path: str, *, production: bool) -> str | None:
    """The X-Robots-Tag of a path; null where search engines may keep it.

    DESIGN 15: search engines are caches too, so only dataset, municipality and text pages may be kept; DESIGN 16: nothing of a test.
    """
    indexable = path in _INDEXABLE or path.startswith(("/gemeente/", "/static/"))
    return None if production and indexable else "noindex, noarchive"


_POLICY = b"content-security-policy"
_OURS = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]
_OURS_BUT_POLICY = [(name, value) for name, value in _OURS if name != _POLICY]
_REPLACED = _TELLTALE | {name for name, _ in _OURS_BUT_POLICY}


class _AsWritten(bytes):
    """A name that uvicorn does not turn into lower case."""

    def lower(self) -> bytes:
        """Itself."""
        return self


_CONTENT_TYPE = _AsWritten(b"Content-Type")
"""As programs look for it that take header names as they are written (RFC 9110 §5.1 says not to): the OGC's suite for WFS 1.1."""


class Headers:
    """Adds the headers of every answer, and takes out what would name software and version."""

    def __init__(self, app: ASGIApp, shelf: Shelf, *, production: bool) -> None:
        self._app, self._shelf, self._production = app, shelf, production

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with more headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._complete(path, message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _complete(self, path: str, given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers of an answer and ours; this runs for every request, so that it works on what goes over the line."""
        tag = robots(path, production=self._production)
        replaced = _REPLACED if tag is None else _REPLACED | {b"x-robots-tag"}
        headers = [(_CONTENT_TYPE if name == b"content-type" else name, value) for name, value in given if name not in replaced]
        there = {name for name, _ in headers}
        headers += _OURS_BUT_POLICY if _POLICY in there else _OURS
        if tag is not None:
            headers.append((b"x-robots-tag", tag.encode()))
        if b"cache-control" not in there:
            headers.append((b"cache-control", b"public, max-age=3600" if path.startswith("/static/") else b"no-store"))
        if b"x-release" not in there and (content_id := self._content_id()) is not None:
            headers.append((b"x-release", content_id.encode()))
        return headers

    def _content_id(self) -> str | None:
        """The content that is served now; null while there is none."""
        try:
            view = self._shelf.view()
            return view.release.content_id(view.day)
        except (ReleaseError, OSError):
            return None
