"""Routes of the tiles at `/ogc/tiles/v1`."""

from __future__ import annotations

from starlette.routing import Route

from publish.pages import Pages
from publish.redirects import Redirects
from publish.shelf import Shelf
from publish.tiles.links import Links
from publish.tiles.service import Service

ROOT = "/ogc/tiles/v1"


def routes(shelf: Shelf, public_url: str, *, production: bool) -> list[Route]:
    """Every route; links are made from `public_url`, which has no slash at the end."""
    service = Service(shelf, Links(public_url, public_url + ROOT), Pages(public_url, production))
    one, sets = f"{ROOT}/collections/{{collection}}", f"{ROOT}/tileMatrixSets"
    tileset = f"{one}/tiles/{{matrices}}"
    return [
        Route(f"{tileset}/{{level}}/{{row}}/{{column}}", service.tile, name="tile"),  # first: asked most
        Route(tileset, service.tileset, name="tileset"),
        Route(f"{one}/tiles", service.tilesets, name="tilesets"),
        Route(ROOT, service.landing, name="tiles landing"),
        Route(f"{ROOT}/", service.landing, name="tiles landing"),
        Route(f"{ROOT}/openapi", service.openapi, name="tiles openapi"),
        Route(f"{ROOT}/conformance", service.conformance, name="tiles conformance"),
        Route(f"{ROOT}/collections", service.collections, name="tiles collections"),
        Route(one, service.collection, name="tiles collection"),
        Route(sets, service.matrix_sets, name="tile matrix sets"),
        Route(f"{sets}/{{matrices}}", service.matrix_set, name="tile matrix set"),
        *Redirects(shelf, public_url, ROOT).routes(),
    ]
