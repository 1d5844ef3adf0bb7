"""In which formats features are given: for people there is no page of one object of a product that has no item pages.

Neither an address of its own nor a list that was brought down to it is a page for people. Programs get it in every other format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
from starlette.exceptions import HTTPException

from publish.ogcapi.collections import Collection
from publish.ogcapi.features import Criteria, Page
from publish.ogcapi.negotiation import OF_ITEM, OF_ITEMS, Format, acceptable
from publish.ogcapi.parameters import DEFAULT_LIMIT

_BROAD = frozenset({"PRODUCT", "GEMEENTE", "NISCODE"})
"""Fields by which a list for people may be narrowed down whatever is in it."""

_NO_PAGE = (
    "Hiervan is er geen webpagina, wel de lijst van een gemeente (GEMEENTE, NISCODE), en JSON en GML: f=json, f=gml"
    " / of this there is no web page, but there are the list of a municipality, and JSON and GML"
)


def of_item(collection: Collection, found: Page) -> Sequence[Format]:
    """What the one feature of a page is offered as."""
    return _without_page(OF_ITEM) if _holds_pageless(collection, found) else OF_ITEM


def of_items(collection: Collection, found: Page, params: Mapping[str, str], wanted: Criteria) -> Sequence[Format]:
    """What a page of features is offered as. The list of a municipality is one, however short it is."""
    if not (_narrowed(collection, params) or _alone(found, wanted)):
        return OF_ITEMS
    return _without_page(OF_ITEMS) if _holds_pageless(collection, found) else OF_ITEMS


def settled(wanted: Format, f: str | None, accept: str, offered: Sequence[Format]) -> Format:
    """The format wanted when it is offered, else the one that Accept takes instead; raises `HTTPException` 406."""
    if wanted in offered:
        return wanted
    instead = acceptable(accept, offered) if f is None else None
    if instead is None:
        raise HTTPException(406, _NO_PAGE)
    return instead


def _without_page(formats: Sequence[Format]) -> Sequence[Format]:
    return tuple(each for each in formats if each is not Format.HTML)


def _narrowed(collection: Collection, params: Mapping[str, str]) -> bool:
    return "bbox" in params or "filter" in params or any(name in params and name not in _BROAD for name in collection.names)


def _alone(found: Page, wanted: Criteria) -> bool:
    """One object of more; not the one that is left over after whole pages of the usual size."""
    return len(found.rows) == 1 < found.matched and min(wanted.start, wanted.count or 0) < DEFAULT_LIMIT


def _holds_pageless(collection: Collection, found: Page) -> bool:
    if collection.only is not None or "PRODUCT" not in collection.names:
        return bool(len(found.rows)) and not collection.has_page(None if collection.only is None else collection.only.literal)
    products = found.table.table.arrow["PRODUCT"].take(pa.array(found.rows)).unique().to_pylist()
    return any(not collection.has_page(product) for product in products)
