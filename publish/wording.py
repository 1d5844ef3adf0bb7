"""The fixed sentences of CONTRACT B.3, filled in for what a release shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from exports.notice import dutch, notice
from publish.shelf import View
from release.schema import Product


def reference_day(view: View, datasets: Iterable[str]) -> date:
    """The day whose state is shown: the oldest `peildatum` among the datasets, and never one after today."""
    known = {entry.dataset: entry.peildatum for entry in view.release.freshness}
    return min([view.day, *(known[name] for name in datasets if name in known)])


def attribution(view: View, product: Product) -> str:
    """`Bron: Wonen in Vlaanderen – {dataset}, toestand {datum}`."""
    return notice(product, view.release.schema, reference_day(view, product.datasets), "production").attribution


def dated(view: View, sentence: str) -> str:
    """A sentence about all datasets, with its `{datum}` filled in."""
    return sentence.replace("{datum}", dutch(reference_day(view, [dataset.id for dataset in view.release.schema.datasets])))


def state_sentence(view: View, datasets: Iterable[str] | None = None) -> str:
    """`Toestand op {datum}. Staat een adres er niet op, …`; for all datasets when none are named."""
    named = [dataset.id for dataset in view.release.schema.datasets] if datasets is None else datasets
    return view.release.schema.words.state.replace("{datum}", dutch(reference_day(view, named)))
