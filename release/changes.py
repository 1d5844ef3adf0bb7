"""How the journal of changes goes on: from what is public at one moment to what is public at the next.

Everything follows from the journal, the pointer and the releases, and from nothing else. So a server knows the entry of a
midnight before any job runs, a job that writes it down later writes the same one, and a run that dies between moving the pointer
and writing the journal leaves nothing out (the release that the journal still needs stays until then).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from release.errors import BrokenRelease
from release.journal import Change, Journal, ProductChange
from release.pointer import Pointed
from release.reader import Release
from release.schema import DatasetState, FeatureType, Field, Product

FEED_DAYS = 42
"""How many days the feed goes back, unless a setting says otherwise."""

_BRUSSELS = ZoneInfo("Europe/Brussels")
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Public:
    """The objects of a product on a day, by `_id` in rising order; none are `shown` when a dataset of it is withdrawn."""

    ids: NDArray[np.int64]
    shown: bool = True

    def became(self, after: Public) -> ProductChange:
        """What changed from this to `after`. Whoever was told of a withdrawal holds nothing, so that no ids follow it."""
        if not after.shown:
            return ProductChange(public=None)
        if not self.shown:
            return ProductChange(public=len(after.ids), came=len(after.ids))
        gone = np.setdiff1d(self.ids, after.ids, assume_unique=True)
        came = len(after.ids) - len(self.ids) + len(gone)
        return ProductChange(public=len(after.ids), came=came, gone=tuple(gone.tolist()))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a release shows on a day, with its content id."""

    release: str
    products: Mapping[str, Public]

    @classmethod
    def of(cls, release: Release, day: date) -> Snapshot:
        """Every product on that day; the days before the sealed one are not known."""
        states = release.states(day)
        products = {}
        for product in release.schema.products:
            shown = all(states[name] is not DatasetState.WITHDRAWN for name in product.datasets)
            products[product.id] = Public(identifiers(release, product, day), shown) if shown else Public(_NONE, shown=False)
        return cls(release.content_id(day), products)

    def became(self, after: Snapshot, sequence: int, moment: datetime) -> Change | None:
        """The entry of what changed from this to `after`; null when nothing did. A product that is there no more is withdrawn."""
        absent = Public(_NONE, shown=False)
        products = {
            name: self.products.get(name, absent).became(after.products.get(name, absent))
            for name in dict.fromkeys([*after.products, *self.products])
        }
        before = {name: len(public.ids) if public.shown else None for name, public in self.products.items()}
        moved = any(change.gone or change.came or before.get(name) != change.public for name, change in products.items())
        if not moved and self.release == after.release:
            return None
        return Change(sequence=sequence, release=after.release, time=moment, products=products)


def identifiers(release: Release, product: Product, day: date) -> NDArray[np.int64]:
    """`_id` of every object of a product on a day, in rising order."""
    table = release.table(product.feature_type).table
    mask = table.alive(day)
    if product.value is not None:
        mask &= np.asarray(pc.equal(table.arrow["PRODUCT"], product.value), dtype=np.bool_)
    return np.sort(table.ids[mask])


def identity(feature_type: FeatureType) -> Field | None:
    """The field that holds the `_id` of an object: OIDN, or the NIS code of a municipality."""
    named = {field.name: field for field in feature_type.fields}
    return named.get("OIDN") or named.get("NISCODE")


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Brussels."""
    return datetime.combine(day, time.min, _BRUSSELS)


def kept_from(day: date, days: int) -> datetime:
    """The moment from which entries are kept on a day, when they are kept for so many days."""
    return midnight(day - timedelta(days=days))


def follow(journal: Journal | None, pointed: Pointed, release: Release, before: Release | None, today: date) -> Journal:
    """The journal brought up to today for the current release.

    `before` is the release that the journal was brought up to, when that is another one; null when it is lost: then nobody knows what
    went, and no cursor of before is answered any more. A journal that begins anew does so above every number of an earlier one.
    Raises `BrokenRelease` for the current release.
    """
    moved = _first_day(release, pointed.moved.astimezone(_BRUSSELS).date())
    if journal is None:
        begun = Snapshot(release.content_id(moved), {})
        started = Journal(seal=pointed.seal, day=moved, sequence=int(pointed.moved.timestamp()) - 1, updated=pointed.moved)
        journal = _continued(started, begun, Snapshot.of(release, moved), pointed.moved)
    elif journal.seal != pointed.seal:
        journal = _taken_over(journal, pointed, release, before, moved)
    return _days(journal, release, today)


def _taken_over(journal: Journal, pointed: Pointed, release: Release, before: Release | None, moved: date) -> Journal:
    """From the release before to the current one, at the moment at which the pointer was moved."""
    now = {"seal": pointed.seal, "day": moved}
    lost = journal.model_copy(update={**now, "sequence": journal.sequence + 1, "updated": pointed.moved, "changes": ()})
    if before is None:
        return lost
    try:
        journal = _days(journal, before, pointed.moved.astimezone(_BRUSSELS).date())
        shown = Snapshot.of(before, journal.day)
    except BrokenRelease:
        return lost
    return _continued(journal, shown, Snapshot.of(release, moved), pointed.moved).model_copy(update=now)


def _days(journal: Journal, release: Release, until: date) -> Journal:
    """One step for each midnight up to that of `until`; what ends by the calendar goes then, whether or not a job runs."""
    if journal.day >= until:
        return journal
    shown = Snapshot.of(release, journal.day)
    for number in range((until - journal.day).days):
        day = journal.day + timedelta(days=number + 1)
        following = Snapshot.of(release, day)
        journal, shown = _continued(journal, shown, following, midnight(day)), following
    return journal.model_copy(update={"day": until})


def _continued(journal: Journal, before: Snapshot, after: Snapshot, moment: datetime) -> Journal:
    change = before.became(after, journal.sequence + 1, moment)
    if change is None:
        return journal
    return journal.model_copy(update={"sequence": change.sequence, "updated": moment, "changes": (*journal.changes, change)})


def _first_day(release: Release, day: date) -> date:
    """A release is never seen on a day before the one that it was sealed for."""
    return max(day, release.days[0])
