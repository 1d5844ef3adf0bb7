"""Routes of the portal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.routing import Route

from publish.pages import Pages
from publish.portal.addresses import Address
from publish.portal.downloads import Downloads
from publish.portal.portal import Portal
from publish.shelf import Shelf
from release.schema import Schema

_TEMPLATES = Path(__file__).parent / "templates"


def routes(shelf: Shelf, public_url: str, addresses: Callable[[Schema], Sequence[Address]], *, production: bool) -> list[Route]:
    """Every page and download; `addresses` gives the services that are there for a schema."""
    portal = Portal(shelf, Pages(public_url, production, _TEMPLATES), addresses)
    return [
        Route("/", portal.home, name="home"),
        Route("/downloads", portal.downloads, name="downloads"),
        Route("/downloads/{product}/{file}", Downloads(shelf).answer, name="download"),
        Route("/status", portal.status, name="status"),
        Route("/over", portal.about, name="about"),
        Route("/privacy", portal.privacy, name="privacy"),
    ]
