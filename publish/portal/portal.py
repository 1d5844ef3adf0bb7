"""Text pages of the portal: home, downloads, status, about, privacy, accessibility."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from exports.catalogue.schema_org import dataset_jsonld
from exports.notice import PRODUCTION
from exports.resources import Resources
from exports.symbology import layers
from publish.access_log import note
from publish.pages import language
from publish.portal.addresses import Address
from publish.portal.downloads import require_public
from publish.portal.frame import Frame, kept
from publish.shelf import View
from publish.status import status
from publish.wording import attribution
from release.errors import DayOver, Withdrawn
from release.manifest import FileEntry
from release.schema import Product, Schema

CHANNELS = {
    "list of ids": "lijst van ids",
    "download CSV (Excel)": "download CSV (voor Excel)",
    "OGC API GeoJSON, one item": "OGC API GeoJSON, één object",
    "POI door": "POI-deur voor de Geopunt-plug-ins",
}
"""Channels of the proof whose name is not one of a service or a format, in Dutch."""


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

    frame: Frame
    addresses: Callable[[Schema], Sequence[Address]]

    def home(self, request: Request) -> Response:
        """What there is, how fresh, how much, where, and every file."""
        view = self.frame.shelf.view()
        schema = view.release.schema
        return self.frame.page(
            request,
            view,
            "home",
            products=schema.products,
            addresses=self.addresses(schema),
            status=status(view),
            offers={offer.product.id: offer for offer in _offers_of(view)},
            layers=layers(schema),
        )

    def downloads(self, request: Request) -> Response:
        """Every file of the day's edition; raises `DayOver`."""
        view = self.frame.shelf.view()
        offers = [_offer(view, product) for product in view.release.schema.products]
        return self.frame.page(request, view, "downloads", entries=offers, day=view.day, linked=self._linked(view))

    def _linked(self, view: View) -> dict[str, str]:
        """What schema.org says of each product, for search engines."""
        pages, products, withdrawn = self.frame.pages, view.release.edition(view.day).products, view.release.withdrawals(view.day)
        environment = PRODUCTION if pages.production else "test"
        resources = Resources.of(view.release.schema, products, withdrawn, pages.public_url, environment)
        return {dataset.product.id: dataset_jsonld(dataset, resources) for dataset in resources.datasets}

    def status(self, request: Request) -> Response:
        """The status as a page, or with `?f=json` or by Accept as JSON."""
        view = self.frame.shelf.view()
        found = status(view)
        if _wants_json(request):
            note(request, "status")
            return Response(found.model_dump_json(indent=1), headers=kept(view), media_type="application/json")
        chosen = language(request)
        titles = {product.id: product.title.en if chosen == "en" else product.title.nl for product in view.release.schema.products}
        return self.frame.page(request, view, "status", status=found, titles=titles, channels=CHANNELS)

    def about(self, request: Request) -> Response:
        """What this is, on what legal ground, and how to cite it."""
        view = self.frame.shelf.view()
        attributions = [attribution(view, product) for product in view.release.schema.products]
        return self.frame.page(request, view, "about", attributions=attributions)

    def privacy(self, request: Request) -> Response:
        """What is kept out, and what is not kept of visitors."""
        return self.frame.page(request, self.frame.shelf.view(), "privacy")

    def accessibility(self, request: Request) -> Response:
        """How far everyone can use the pages and the map, and where to say that it does not work."""
        return self.frame.page(request, self.frame.shelf.view(), "accessibility")


def _offers_of(view: View) -> tuple[Offer, ...]:
    """The files of every product; none where no run has made files for the day: the services are there all the same."""
    try:
        return tuple(_offer(view, product) for product in view.release.schema.products)
    except DayOver:
        return ()


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
