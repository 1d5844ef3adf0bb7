"""What is public and how fresh it is, as `vlok status --json` and `/status` give it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from publish.shelf import View
from release.errors import DayOver
from release.manifest import Manifest, Parity, Part
from release.schema import DatasetState


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatasetStatus(_Frozen):
    """Date of the register that was last accepted, its age in days, and the state; both null when none ever was."""

    peildatum: date | None
    age_days: int | None
    state: DatasetState


class ParityStatus(_Frozen):
    """What every channel gave of a product before it was published (docs/parity.md): equal, which channels, and the hash of all rows."""

    equal: bool
    channels: tuple[str, ...]
    sha256: str | None


class ProductStatus(_Frozen):
    """Objects that are public, and those of them that have a position."""

    public: int
    located: int


class Status(_Frozen):
    """The whole (DESIGN: fixed points). A product without files for the day, or with a withdrawn dataset, has no count.

    `parity` holds no product of a release from before there was a proof.
    """

    release: str
    day: date
    datasets: dict[str, DatasetStatus]
    products: dict[str, ProductStatus]
    parity: dict[str, ParityStatus]


def status(view: View) -> Status:
    """The status of a release on a day."""
    release, manifest = view.release, _manifest(view)
    states = release.states(view.day)
    counted = {} if manifest is None else manifest.products
    shown = [
        product.id for product in release.schema.products if all(states[name] is not DatasetState.WITHDRAWN for name in product.datasets)
    ]
    entries = {name: counted[name] for name in shown if name in counted}
    return Status(
        release=release.content_id(view.day),
        day=view.day,
        datasets={name: _dataset(view, name, state) for name, state in states.items()},
        products={name: ProductStatus(public=entry.public, located=entry.located) for name, entry in entries.items()},
        parity={name: _parity(entry.parity) for name, entry in entries.items() if entry.parity is not None},
    )


def _parity(parity: Parity) -> ParityStatus:
    whole = parity.parts.get(Part.ALL)
    return ParityStatus(equal=parity.equal, channels=parity.names, sha256=None if whole is None else whole.sha256)


def _manifest(view: View) -> Manifest | None:
    try:
        return view.release.edition(view.day)
    except DayOver:
        return None


def _dataset(view: View, name: str, state: DatasetState) -> DatasetStatus:
    fresh = next((entry for entry in view.release.freshness if entry.dataset == name), None)
    peildatum = None if fresh is None else fresh.peildatum
    return DatasetStatus(peildatum=peildatum, age_days=None if peildatum is None else (view.day - peildatum).days, state=state)
