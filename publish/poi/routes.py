"""Routes of the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publish.access_log import note
from publish.conditional import is_current, lifetime
from publish.poi.documents import Answer, Json, terms
from publish.poi.kinds import Kind, Term, chosen, kinds
from publish.poi.parameters import parse
from publish.poi.search import find
from publish.shelf import Shelf, View

ROOT = "/poi/v1/core"


@dataclass(frozen=True)
class Door:
    """Answers of the door, in JSON."""

    shelf: Shelf
    production: bool

    def themes(self, request: Request) -> Response:
        """`/themes`."""
        return self._list(request, "Thema", lambda kind: kind.theme)

    def categories(self, request: Request) -> Response:
        """`/categories`, and those of a theme; raises `HTTPException` 404."""
        return self._list(request, "Categorie", lambda kind: kind.category)

    def types(self, request: Request) -> Response:
        """`/poitypes`, and those of a category, of a theme too; raises `HTTPException` 404."""
        return self._list(request, "Type", lambda kind: kind.type)

    def search(self, request: Request) -> Response:
        """The objects that fit; raises `QueryError`, `Withdrawn`."""
        note(request, "poi")
        view = self.shelf.view()
        wanted = parse(request.query_params.multi_items())
        found = find(view, wanted)
        return _answer(request, view, Answer(view, wanted, found, self.production).document())

    def _list(self, request: Request, type_: str, part: Callable[[Kind], Term]) -> Response:
        note(request, "poi-list")
        view, path = self.shelf.view(), request.path_params
        listed = chosen(kinds(view.release), path.get("theme", ""), path.get("category", ""))
        if path and not listed:
            raise HTTPException(404, f"Onbekend thema of onbekende categorie / no such theme or category; see {ROOT}/themes")
        return _answer(request, view, terms(map(part, listed), type_))


def _answer(request: Request, view: View, document: Json) -> Response:
    """JSON, or 304."""
    headers = lifetime(view, "poi")
    if is_current(request.headers, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(orjson.dumps(document), headers=headers, media_type="application/json")


def routes(shelf: Shelf, *, production: bool) -> list[Route]:
    """Every address that the plugins call."""
    door = Door(shelf, production)
    return [
        Route(ROOT, door.search, name="poi"),
        Route(f"{ROOT}/themes", door.themes, name="poi-themes"),
        Route(f"{ROOT}/categories", door.categories, name="poi-categories"),
        Route(f"{ROOT}/poitypes", door.types, name="poi-types"),
        Route(f"{ROOT}/themes/{{theme}}/categories", door.categories, name="poi-theme-categories"),
        Route(f"{ROOT}/categories/{{category}}/poitypes", door.types, name="poi-category-types"),
        Route(f"{ROOT}/themes/{{theme}}/categories/{{category}}/poitypes", door.types, name="poi-theme-category-types"),
    ]
