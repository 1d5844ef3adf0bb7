"""The fixed sentences of CONTRACT B.3, filled in for what a release shows: with the same dates as in its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from weakref import WeakKeyDictionary

from exports.notice import PRODUCTION, Notice, dutch, notice
from publish.shelf import View
from release.reader import Release
from release.schema import Product

TEST = "test"

_FILLED: WeakKeyDictionary[Release, dict[tuple[date, str, bool], Notice]] = WeakKeyDictionary()
"""By day, product and whether it is production; they stand in every answer, and go with their release."""


def state(view: View, products: Iterable[Product] = ()) -> date:
    """The date of the sentences: of several products the oldest, of none named that of all. Without an edition that of the newest one."""
    entries = view.release.latest_edition(view.day).products
    return min(entries[product.id].state for product in tuple(products) or view.release.schema.products)


def words(view: View, product: Product, *, production: bool) -> Notice:
    """The sentences for a product, the same as in its files; outside `production` they say TEST (DESIGN 16)."""
    filled = _FILLED.setdefault(view.release, {})
    known = filled.get((view.day, product.id, production))
    if known is None:
        known = notice(product, view.release.schema, state(view, [product]), PRODUCTION if production else TEST)
        filled[view.day, product.id, production] = known
    return known


def sentences(view: View, products: Sequence[Product], *, production: bool) -> Notice:
    """Those for an answer with objects of several products: the source of each, and the state of the oldest."""
    oldest = min(products, key=lambda product: state(view, [product]))
    found = words(view, oldest, production=production)
    if len(products) == 1:
        return found
    sources = dict.fromkeys(words(view, product, production=production).attribution for product in products)
    return replace(found, attribution="; ".join(sources))


def attribution(view: View, product: Product) -> str:
    """`Bron: Wonen in Vlaanderen – {dataset}, toestand {datum}`, for documents that say TEST elsewhere."""
    return words(view, product, production=True).attribution


def dated(view: View, sentence: str) -> str:
    """A sentence about all products, with its `{datum}` filled in."""
    return sentence.replace("{datum}", dutch(state(view)))


def state_sentence(view: View, products: Iterable[Product] = ()) -> str:
    """`Toestand op {datum}. Staat een adres er niet op, …`; for all products when none are named."""
    return view.release.schema.words.state.replace("{datum}", dutch(state(view, products)))
