"""Pages of the portal: home, downloads, status, about, privacy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from exports.notice import licence_name
from publish.access_log import note
from publish.pages import Pages, language
from publish.portal.addresses import Address
from publish.portal.downloads import require_public
from publish.shelf import Shelf, View
from publish.status import status
from publish.wording import attribution, state_sentence
from release.errors import Withdrawn
from release.manifest import FileEntry
from release.schema import Product, Schema


@dataclass(frozen=True)
class Offer:
    """The files of one product, or why there are none today."""

    product: Product
    attribution: str
    since: date
    public: int
    located: int
    files: tuple[FileEntry, ...]
    withdrawn: str | None


@dataclass(frozen=True)
class Portal:
    """Answers with pages. `addresses` gives the services that are there for a schema."""

    shelf: Shelf
    pages: Pages
    addresses: Callable[[Schema], Sequence[Address]]

    def home(self, request: Request) -> Response:
        """What there is, how fresh, how much, and where."""
        view = self.shelf.view()
        schema = view.release.schema
        return self._page(request, view, "home", products=schema.products, addresses=self.addresses(schema), status=status(view))

    def downloads(self, request: Request) -> Response:
        """Every file of the day's edition; raises `DayOver`."""
        view = self.shelf.view()
        offers = [_offer(view, product) for product in view.release.schema.products]
        return self._page(request, view, "downloads", entries=offers, day=view.day)

    def status(self, request: Request) -> Response:
        """The status as a page, or with `?f=json` or by Accept as JSON."""
        view = self.shelf.view()
        found = status(view)
        if _wants_json(request):
            note(request, "status")
            return Response(found.model_dump_json(indent=1), headers=_kept(view), media_type="application/json")
        return self._page(request, view, "status", status=found)

    def about(self, request: Request) -> Response:
        """What this is, on what legal ground, and how to cite it."""
        view = self.shelf.view()
        return self._page(request, view, "about", attributions=[attribution(view, product) for product in view.release.schema.products])

    def privacy(self, request: Request) -> Response:
        """What is kept out, and what is not kept of visitors."""
        return self._page(request, self.shelf.view(), "privacy")

    def _page(self, request: Request, view: View, name: str, **context: object) -> Response:
        note(request, name)
        schema, chosen = view.release.schema, language(request)
        contact = schema.words.contact
        shared = {
            "words": schema.words,
            "datasets": schema.datasets,
            "licence": licence_name(schema.words.licence),
            "state": state_sentence(view),
            "contact": f"mailto:{contact}" if "@" in contact else contact,
        }
        page = self.pages.render(f"{name}.html", chosen, **shared, **context)
        return HTMLResponse(page, headers=_kept(view) | {"Content-Language": chosen})


def _kept(view: View) -> dict[str, str]:
    return {"Cache-Control": view.cache_control, "Vary": "Accept"}


def _wants_json(request: Request) -> bool:
    return request.query_params.get("f") == "json" or request.headers.get("accept", "").startswith("application/json")


def _offer(view: View, product: Product) -> Offer:
    entry = view.release.edition(view.day).products[product.id]
    try:
        require_public(view, product)
        withdrawn = None
    except Withdrawn as error:
        withdrawn = str(error)
    return Offer(product, attribution(view, product), entry.since, entry.public, entry.located, entry.files, withdrawn)
