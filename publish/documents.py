"""Documents that describe a service: JSON for programs, the same as a page for people (OGC API Common Part 1 §7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from publish.conditional import is_current, lifetime
from publish.pages import Pages, language
from publish.shelf import View
from release.errors import QueryError

Json = dict[str, Any]
"""A document of a standard, as it is sent."""

JSON, HTML = "json", "html"
MEDIA_TYPE = "application/json"

_KNOWN = frozenset({"f", "lang"})


@dataclass(frozen=True)
class Entry:
    """A line of a list: a text, perhaps a link, and what is said beside it."""

    text: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and the list below it."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Document:
    """`content` for programs; title, lead and sections for people."""

    content: Json
    title: str
    lead: str = ""
    sections: Sequence[Section] = ()
    media_type: str = MEDIA_TYPE


def representation(request: Request, offered: Sequence[str] = (JSON, HTML)) -> str:
    """Which one a client wants by `f`, else by Accept: a page for a browser, else the first.

    Raises `QueryError` for one that is not offered, and for parameters that are unknown or come twice.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if unknown := sorted(set(names) - _KNOWN):
        raise QueryError(f"unknown parameter {unknown[0][:40]!r}; known are {', '.join(sorted(_KNOWN))}")
    if len(names) > len(set(names)):
        raise QueryError("a parameter comes twice")
    chosen = request.query_params.get("f")
    if chosen is None:
        return HTML if HTML in offered and "text/html" in request.headers.get("accept", "") else offered[0]
    if chosen not in offered:
        raise QueryError(f"f must be one of {', '.join(offered)}")
    return chosen


def answer(request: Request, view: View, name: str, document: Document, chosen: str, pages: Pages) -> Response:
    """The document as JSON or as a page, or 304; `name` tells it from the other documents of the release."""
    spoken = language(request)
    headers = lifetime(view, f"{name}-{spoken}-{chosen}", weak=True) | {"Vary": "Accept", "Content-Language": spoken}
    if is_current(request.headers, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if chosen == HTML:
        page = pages.render("document.html", spoken, title=document.title, lead=document.lead, sections=document.sections)
        return Response(page, headers=headers, media_type="text/html")
    return Response(orjson.dumps(document.content), headers=headers, media_type=document.media_type)
