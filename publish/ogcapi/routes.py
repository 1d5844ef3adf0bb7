"""Routes of the OGC API at `/ogc/features/v1`, and of the addresses that lead to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.routing import Route

from publish.ogcapi.answers import Answers
from publish.ogcapi.documents import Documents
from publish.ogcapi.endpoint import Endpoint
from publish.pages import Pages
from publish.redirects import Redirects
from publish.shelf import Shelf

ROOT = "/ogc/features/v1"

_TEMPLATES = Path(__file__).parent / "templates"


def warm() -> None:
    """Load what describes the API, for which the first who asks would wait a second; nothing else that is asked waits meanwhile."""
    from publish.ogcapi import description  # noqa: F401, PLC0415 # it loads pygeoapi, which would double a start


def routes(shelf: Shelf, clock: Callable[[], datetime], public_url: str, *, production: bool) -> list[Route]:
    """Every route; links are made from `public_url`, which has no slash at the end."""
    url, pages = public_url + ROOT, Pages(public_url, production, _TEMPLATES)
    documents, answers = Documents(shelf, url, pages), Answers(shelf, clock, url, pages)
    one = f"{ROOT}/collections/{{collection}}"
    return [
        Route(ROOT, documents.landing, name="landing"),
        Route(f"{ROOT}/", documents.landing, name="landing"),
        Route(f"{ROOT}/openapi", documents.openapi, name="openapi"),
        Route(f"{ROOT}/conformance", documents.conformance, name="conformance"),
        Route(f"{ROOT}/collections", documents.collections, name="collections"),
        Route(one, documents.collection, name="collection"),
        Route(f"{one}/queryables", documents.queryables, name="queryables"),
        Route(f"{one}/schema", documents.schema, name="schema"),
        Route(f"{one}/items", Endpoint(shelf, answers.items), methods=["GET"], name="items"),
        Route(f"{one}/items/{{feature}}", Endpoint(shelf, answers.item), methods=["GET"], name="item"),
        *Redirects(shelf, public_url, ROOT).routes(),
    ]
