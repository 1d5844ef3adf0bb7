"""The serving application: what is served, composed of its parts. It reads releases, never the secret or the database."""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

import settings
from exports.symbology import layers
from publish import access_log, catalogue, changes, poi, portal, styles, tiles, wfs, wms
from publish.access_log import AccessLog
from publish.edge import Edge, Errors
from publish.headers import Headers
from publish.ogcapi import routes as ogcapi
from publish.operations import Operations
from publish.pages import Pages
from publish.shelf import BRUSSELS, Shelf
from release.changes import FEED_DAYS
from release.pointer import OVERLAP
from release.reader import Release
from release.schema import Schema, Text

Clock = Callable[[], datetime]

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class ServeSettings:
    """The few settings that serving needs; `today` fixes the day (tests)."""

    releases: Path
    public_url: str = "http://127.0.0.1:8080"
    production: bool = False
    today: date | None = None
    overlap: timedelta = OVERLAP
    base_map: portal.BaseMap | None = None
    feed_days: int = FEED_DAYS

    @classmethod
    def of(cls, chosen: settings.Settings) -> ServeSettings:
        """Those of the whole settings; the public URL without a slash at the end."""
        production = chosen.environment == "production"
        base = portal.BaseMap(chosen.base_map, chosen.base_map_attribution) if chosen.base_map and chosen.base_map_attribution else None
        return cls(chosen.releases, str(chosen.public_url).rstrip("/"), production, chosen.clock, chosen.overlap, base, chosen.feed_days)

    @property
    def clock(self) -> Clock:
        """The time now, or now on the fixed day; aware."""
        today = self.today
        if today is None:
            return lambda: datetime.now(UTC)
        return lambda: datetime.combine(today, datetime.now(BRUSSELS).time(), BRUSSELS)


def create_app(chosen: ServeSettings, clock: Clock, release: Release | None = None) -> Starlette:
    """The application; `release` fixes one release instead of the current one (the proof of a candidate)."""
    shelf = Shelf(chosen.releases, clock, release, chosen.overlap)
    errors = Errors(Pages(chosen.public_url, chosen.production))
    app = Starlette(
        routes=list(_routes(shelf, chosen, clock)),
        middleware=[
            Middleware(AccessLog),
            Middleware(Headers, shelf=shelf, production=chosen.production),
            Middleware(Edge, errors=errors),
        ],
        exception_handlers={HTTPException: errors.refused},
        lifespan=_warmed,
    )
    app.router.redirect_slashes = False  # Starlette would redirect to the host that the client names (DESIGN 16)
    return app


def from_environment() -> Starlette:
    """The factory for workers. Of `VLOK_*`, only what serving needs is looked at."""
    names = (
        "VLOK_HOME",
        "VLOK_PUBLIC_URL",
        "VLOK_ENVIRONMENT",
        "VLOK_CLOCK",
        "VLOK_OVERLAP_MINUTES",
        "VLOK_FEED_DAYS",
        "VLOK_BASE_MAP",
        "VLOK_BASE_MAP_ATTRIBUTION",
    )
    chosen = ServeSettings.of(settings.load({name: os.environ[name] for name in names if name in os.environ}))
    _log_to_console()
    app = create_app(chosen, chosen.clock)
    _rarely_collect()
    return app


_DCAT = (("Turtle", "/catalogus/dcat.ttl"), ("RDF/XML", "/catalogus/dcat.rdf"), ("JSON-LD", "/catalogus/dcat.jsonld"))


def addresses(schema: Schema) -> list[portal.Address]:
    """The services of a schema, for people to copy."""
    themes = dict.fromkeys(kind.prefix for kind in schema.feature_types if kind.geometry is not None)
    whole = [layer for layer in layers(schema) if layer.predicate is None]
    return [
        *(portal.Address(Text(nl=f"WFS {theme}", en=f"WFS {theme}"), f"/{theme}/wfs") for theme in themes),
        portal.Address(Text(nl="WFS, alles samen", en="WFS, everything"), "/wfs"),
        *(portal.Address(Text(nl=f"WMS {theme}", en=f"WMS {theme}"), f"/{theme}/wms") for theme in themes),
        portal.Address(Text(nl="WMS, alles samen", en="WMS, everything"), "/wms"),
        portal.Address(Text(nl="OGC API Features", en="OGC API Features"), ogcapi.ROOT),
        portal.Address(Text(nl="OGC API Tiles", en="OGC API Tiles"), tiles.ROOT),
        *(portal.Address(Text(nl=f"TileJSON {layer.name}", en=f"TileJSON {layer.name}"), _tile_json(layer.name)) for layer in whole),
        portal.Address(Text(nl="Stijlen (QGIS, SLD, MapLibre)", en="Styles (QGIS, SLD, MapLibre)"), styles.ROOT),
        portal.Address(Text(nl="Metadata: CSW", en="Metadata: CSW"), "/catalogus/csw"),
        portal.Address(Text(nl="Metadata: OGC API Records", en="Metadata: OGC API Records"), "/ogc/records/v1"),
        *(portal.Address(Text(nl=f"Metadata: DCAT, {form}", en=f"Metadata: DCAT, {form}"), path) for form, path in _DCAT),
        portal.Address(Text(nl="Downloads: Atom", en="Downloads: Atom"), "/catalogus/atom/"),
        portal.Address(Text(nl="Geopunt-plug-ins: POI", en="Geopunt plug-ins: POI"), "/poi/v1/core"),
        portal.Address(Text(nl="Wijzigingen: JSON", en="Changes: JSON"), "/wijzigingen.json"),
        portal.Address(Text(nl="Wijzigingen: Atom", en="Changes: Atom"), "/wijzigingen.atom"),
    ]


def _tile_json(layer: str) -> str:
    return f"{tiles.ROOT}/collections/{layer}/tiles/WebMercatorQuad?f=tilejson"


@asynccontextmanager
async def _warmed(_: Starlette) -> AsyncIterator[None]:
    """Answer at once, and load meanwhile what the first question for a description needs (`Operations.readyz`)."""
    threading.Thread(target=ogcapi.warm, name="vlok-warm").start()
    yield


def _routes(shelf: Shelf, chosen: ServeSettings, clock: Clock) -> Iterator[BaseRoute]:
    yield from wfs.routes(shelf, wfs.WfsSettings(public_url=chosen.public_url, test=not chosen.production))  # first: asked most
    yield from tiles.routes(shelf, chosen.public_url, production=chosen.production)
    yield from Operations(shelf, chosen.production, ogcapi.warm).routes()
    yield from changes.routes(shelf, chosen.releases, chosen.public_url, chosen.feed_days, production=chosen.production)
    shown = portal.MapServices(ogcapi.ROOT, tiles.ROOT, "/wms", chosen.base_map)
    yield from portal.routes(shelf, chosen.public_url, addresses, shown, production=chosen.production)
    yield from ogcapi.routes(shelf, clock, chosen.public_url, production=chosen.production)
    yield from catalogue.routes(shelf, chosen.public_url, production=chosen.production)
    yield from poi.routes(shelf, production=chosen.production)
    yield from styles.routes(shelf, chosen.public_url, production=chosen.production)
    yield from wms.routes(shelf, wms.WmsSettings(public_url=chosen.public_url, test=not chosen.production))
    yield Mount("/static", StaticFiles(directory=_STATIC), name="static")


def _rarely_collect() -> None:
    """Look for cycles seldom, and never in what is there from the start: an answer makes hundreds of objects and hardly a cycle."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _log_to_console() -> None:
    """Lines of ours go out as they are, whatever the libraries do with the root logger."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # not in our lines, yet looked up for each
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logger = logging.getLogger(access_log.LOGGER.name.partition(".")[0])
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers[:] = [handler]
