"""The page of the catalogue: every record, and every address for harvesters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from publish.access_log import note
from publish.catalogue.current import Catalogue
from publish.conditional import is_current, lifetime
from publish.pages import Pages, language

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Index:
    """Answers with the page."""

    catalogue: Catalogue
    pages: Pages

    def answer(self, request: Request) -> Response:
        """The page, or 304."""
        note(request, "catalogue")
        view, chosen = self.catalogue.view(), language(request)
        headers = lifetime(view, f"catalogue-{chosen}", weak=True) | {"Content-Language": chosen}
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        resources = self.catalogue.resources(view)
        page = self.pages.render("catalogue.html", chosen, datasets=resources.datasets, services=resources.services)
        return HTMLResponse(page, headers=headers)

    def routes(self) -> list[Route]:
        """With and without the slash: nothing is redirected (DESIGN 16)."""
        return [Route("/catalogus/", self.answer, name="catalogue"), Route("/catalogus", self.answer, name="catalogue")]
