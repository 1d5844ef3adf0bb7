"""The HTTP side of the tiles: documents, and tiles that are made once for a release and a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from exports.vector_tile import MEDIA_TYPE
from publish.access_log import note
from publish.answer import Answer
from publish.documents import HTML, JSON, Document, answer, representation
from publish.pages import Pages, language
from publish.replies import Conditions, respond
from publish.sending import Reply
from publish.shelf import Shelf, View
from publish.tiles.cache import TileCache
from publish.tiles.descriptions import Descriptions
from publish.tiles.errors import UnknownTile
from publish.tiles.links import Links
from publish.tiles.matrices import SETS, WEB_MERCATOR_QUAD, Place
from publish.tiles.openapi import openapi
from publish.tiles.tilesets import Tilesets
from release.errors import QueryError

TILE_JSON, MVT = "tilejson", "mvt"

_SUFFIXES = (".mvt", ".pbf")
_DIGITS = 9
"""A number of a row or column has no more; one that has lies outside any limits."""


@dataclass(frozen=True)
class Service:
    """Answers for the documents and the tiles; `pages` knows the public address."""

    shelf: Shelf
    links: Links
    pages: Pages
    cache: TileCache = field(default_factory=TileCache)
    _latest: list[Tilesets] = field(default_factory=list)

    def landing(self, request: Request) -> Response:
        """The landing page."""
        return self._described(request, "landing", Descriptions.landing)

    def openapi(self, request: Request) -> Response:
        """The API definition."""
        return self._described(request, "openapi", lambda described: openapi(self.links, described.tilesets, described.spoken))

    def conformance(self, request: Request) -> Response:
        """The conformance classes."""
        return self._described(request, "conformance", Descriptions.conformance)

    def collections(self, request: Request) -> Response:
        """Every collection."""
        return self._described(request, "collections", Descriptions.collections)

    def matrix_sets(self, request: Request) -> Response:
        """Every tile matrix set."""
        return self._described(request, "tilematrixsets", Descriptions.matrix_sets)

    def matrix_set(self, request: Request) -> Response:
        """One of them; raises `UnknownTile`."""
        name = request.path_params["matrices"]
        if name not in SETS:
            raise UnknownTile("Onbekende tegelmatrixset / there is no such tile matrix set")
        return self._described(request, f"tilematrixset-{name}", lambda described: described.matrix_set(SETS[name]))

    def collection(self, request: Request) -> Response:
        """One collection; raises `UnknownTile` and `Withdrawn`."""
        name = request.path_params["collection"]
        return self._of_layer(request, f"collection-{name}", lambda described: described.collection(described.tilesets.layer(name)))

    def tilesets(self, request: Request) -> Response:
        """The tilesets of a collection; raises `UnknownTile` and `Withdrawn`."""
        name = request.path_params["collection"]
        return self._of_layer(request, f"tilesets-{name}", lambda described: described.tilesets_of(described.tilesets.layer(name)))

    def tileset(self, request: Request) -> Response:
        """The metadata of one, also as TileJSON; raises `UnknownTile` and `Withdrawn`."""
        view, name, matrices = self.shelf.view(), request.path_params["collection"], request.path_params["matrices"]
        tileset = self._tilesets(view).tileset(name, matrices)
        note(request, "tiles.tileset", name)
        offered = (JSON, HTML, TILE_JSON) if tileset.matrices is WEB_MERCATOR_QUAD else (JSON, HTML)  # TileJSON 3.0 §3: EPSG:3857 alone
        chosen, described = representation(request, offered), self._descriptions(request, view)
        document = described.tile_json(tileset) if chosen == TILE_JSON else described.tileset(tileset)
        return answer(request, view, f"tileset-{name}-{matrices}", document, chosen, self.pages)

    async def tile(self, request: Request) -> Reply:
        """A tile, without bytes where nothing is; raises `UnknownTile`, `QueryError` and `Withdrawn`.

        One that is kept is given at once, and one with little in it; any other is made in a thread.
        """
        representation(request, (MVT,))
        view, params = self.shelf.view(), request.path_params
        tileset, place = self._tilesets(view).tileset(params["collection"], params["matrices"]), _place(request)
        note(request, "tiles.tile", tileset.layer.name)
        key = (tileset.layer.name, tileset.matrices.id, place)
        made = self.cache.find(view.etag_base, key)
        if made is None:
            make = partial(self.cache.get, view.etag_base, key, partial(tileset.tile, place))
            made = make() if tileset.soon(place) else await run_in_threadpool(make)
        tag = f"tile-{tileset.layer.name}-{tileset.matrices.id}-{place.level}-{place.row}-{place.column}"
        return respond(Answer(MEDIA_TYPE, (made,), tag), view, Conditions(request.method == "HEAD", request.headers))

    def _of_layer(self, request: Request, name: str, build: Callable[[Descriptions], Document]) -> Response:
        tilesets = self._tilesets(self.shelf.view())
        tilesets.require_public(tilesets.layer(request.path_params["collection"]))
        return self._described(request, name, build, request.path_params["collection"])

    def _described(self, request: Request, name: str, build: Callable[[Descriptions], Document], product: str = "-") -> Response:
        note(request, f"tiles.{name.partition('-')[0]}", product)
        chosen, view = representation(request), self.shelf.view()
        return answer(request, view, f"tiles-{name}", build(self._descriptions(request, view)), chosen, self.pages)

    def _descriptions(self, request: Request, view: View) -> Descriptions:
        return Descriptions(self.links, self._tilesets(view), language(request), self.pages.production)

    def _tilesets(self, view: View) -> Tilesets:
        """Those of this release on this day, made once."""
        latest = self._latest[0] if self._latest else None
        if latest is None or latest.view.release is not view.release or latest.view.day != view.day:
            latest = Tilesets(view)
            self._latest[:] = [latest]
        return latest


def _place(request: Request) -> Place:
    """Level, row and column of the path; raises `QueryError` for what is no number."""
    column = request.path_params["column"]
    for suffix in _SUFFIXES:
        column = column.removesuffix(suffix)
    texts = (request.path_params["level"], request.path_params["row"], column)
    if not all(text.isascii() and text.isdigit() for text in texts):
        raise QueryError("tileMatrix, tileRow and tileCol are whole numbers")
    level, row, column = (int(text) if len(text) <= _DIGITS else 10**_DIGITS for text in texts)
    return Place(level, row, column)
