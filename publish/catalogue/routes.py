"""Routes of the catalogue."""

from __future__ import annotations

from starlette.routing import Route

from publish.catalogue import csw, records_api
from publish.catalogue.current import Catalogue
from publish.catalogue.documents import Documents
from publish.catalogue.feeds import Feeds
from publish.catalogue.index import TEMPLATES, Index
from publish.catalogue.linked_data import LinkedData
from publish.pages import Pages
from publish.shelf import Shelf


def routes(shelf: Shelf, public_url: str, *, production: bool) -> list[Route]:
    """Every route; links are made from `public_url`, which has no slash at the end."""
    catalogue, pages = Catalogue(shelf, public_url, production), Pages(public_url, production, TEMPLATES)
    documents = Documents(catalogue)
    return [
        *Index(catalogue, pages).routes(),
        *documents.routes(),
        *LinkedData(documents).routes(),
        *Feeds(documents, pages).routes(),
        *csw.routes(catalogue),
        *records_api.routes(catalogue, pages),
    ]
