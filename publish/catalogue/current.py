"""What the catalogue shows now: the resources of the edition of the day, and the documents that the run wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from exports.notice import PRODUCTION
from exports.resources import Resources
from publish.catalogue.holdings import Holdings, held
from publish.shelf import Shelf, View
from release import layout
from release.errors import DayOver

TEST = "test"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Reads the release that is current; links are made from `public_url`, which has no slash at the end.

    It holds no object of a register, so that it stays readable when a dataset is withdrawn, and says so.
    """

    shelf: Shelf
    public_url: str
    production: bool
    _latest: list[tuple[View, Resources, Holdings]] = field(default_factory=list)

    def view(self) -> View:
        """The release now; raises `NoRelease`, `BrokenRelease`, and `DayOver` when the last documents do not say what is withdrawn."""
        view = self.shelf.view()
        if view.day != edition_day(view) and view.release.withdrawn(view.day) != view.release.withdrawn(edition_day(view)):
            raise DayOver(f"no catalogue for {view.day}; the operator runs: vlok run purge")
        return view

    def resources(self, view: View) -> Resources:
        """What is described; raises `BrokenRelease`."""
        return self._made(view)[1]

    def holdings(self, view: View) -> Holdings:
        """What a harvester may take. DESIGN decision 16: outside production that is nothing, so that no demo is ever harvested."""
        return self._made(view)[2] if self.production else Holdings()

    def _made(self, view: View) -> tuple[View, Resources, Holdings]:
        if not self._latest or (self._latest[0][0].release is not view.release or self._latest[0][0].day != view.day):
            products = view.release.edition(edition_day(view)).products
            withdrawn = view.release.withdrawals(view.day)
            resources = Resources.of(view.release.schema, products, withdrawn, self.public_url, PRODUCTION if self.production else TEST)
            self._latest[:] = [(view, resources, held(resources, folder(view)))]
        return self._latest[0]


def edition_day(view: View) -> date:
    """The day of the edition that is described: today, or the last one that there is."""
    return view.day if view.day in view.release.days else view.release.days[-1]


def folder(view: View) -> Path:
    """The documents of the catalogue that the run wrote for the day."""
    return layout.catalogue_folder(view.release.folder, edition_day(view))
