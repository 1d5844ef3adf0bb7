"""Routes of the portal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.routing import Route

from publish.pages import Pages
from publish.portal.addresses import Address, MapServices
from publish.portal.downloads import Downloads
from publish.portal.frame import Frame
from publish.portal.map_page import MapPage
from publish.portal.municipality import MunicipalityPages
from publish.portal.portal import Portal
from publish.shelf import Shelf
from release.schema import Schema

_TEMPLATES = Path(__file__).parent / "templates"


def routes(
    shelf: Shelf, public_url: str, addresses: Callable[[Schema], Sequence[Address]], services: MapServices, *, production: bool
) -> list[Route]:
    """Every page and download; `addresses` gives the services that are there for a schema, `services` what the map asks."""
    frame = Frame(shelf, Pages(public_url, production, _TEMPLATES))
    portal, chart, municipalities = Portal(frame, addresses), MapPage(frame, services), MunicipalityPages(frame)
    return [
        Route("/", portal.home, name="home"),
        Route("/kaart", chart.page, name="map"),
        Route("/kaart/lagen.json", chart.layers, name="map-layers"),
        Route("/gemeente", municipalities.all, name="municipalities"),
        Route("/gemeente/{nis}", municipalities.one, name="municipality"),
        Route("/downloads", portal.downloads, name="downloads"),
        Route("/downloads/{product}/{file}", Downloads(shelf).answer, name="download"),
        Route("/status", portal.status, name="status"),
        Route("/over", portal.about, name="about"),
        Route("/privacy", portal.privacy, name="privacy"),
        Route("/toegankelijkheid", portal.accessibility, name="accessibility"),
    ]
