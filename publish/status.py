"""What is public and how fresh it is, as `vlok status --json` and `/status` give it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from publish.shelf import View
from release.errors import DayOver
from release.manifest import Manifest
from release.schema import DatasetState


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatasetStatus(_Frozen):
    """Date of the register that was last accepted, its age in days, and the state; both null when none ever was."""

    peildatum: date | None
    age_days: int | None
    state: DatasetState


class ProductStatus(_Frozen):
    """Objects that are public, and those of them that have a position."""

    public: int
    located: int


class Status(_Frozen):
    """The whole (DESIGN: fixed points). A product without files for the day, or with a withdrawn dataset, has no count."""

    release: str
    day: date
    datasets: dict[str, DatasetStatus]
    products: dict[str, ProductStatus]


def status(view: View) -> Status:
    """The status of a release on a day."""
    release, manifest = view.release, _manifest(view)
    states = release.states(view.day)
    counted = {} if manifest is None else manifest.products
    shown = [
        product.id for product in release.schema.products if all(states[name] is not DatasetState.WITHDRAWN for name in product.datasets)
    ]
    return Status(
        release=release.content_id(view.day),
        day=view.day,
        datasets={name: _dataset(view, name, state) for name, state in states.items()},
        products={name: ProductStatus(public=counted[name].public, located=counted[name].located) for name in shown if name in counted},
    )


def _manifest(view: View) -> Manifest | None:
    try:
        return view.release.edition(view.day)
    except DayOver:
        return None


def _dataset(view: View, name: str, state: DatasetState) -> DatasetStatus:
    fresh = next((entry for entry in view.release.freshness if entry.dataset == name), None)
    peildatum = None if fresh is None else fresh.peildatum
    return DatasetStatus(peildatum=peildatum, age_days=None if peildatum is None else (view.day - peildatum).days, state=state)
