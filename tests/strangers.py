"""What programs of others are shown: a release made by the real jobs, with what is hard to carry over, and what they must find in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from pathlib import Path

from starlette.applications import Starlette

from publish.shelf import Shelf
from publish.wfs import WfsSettings, routes
from release.crs import LAMBERT72, Crs
from release.query import Query
from schedules.jobs import Exit
from tests.etl.deliveries import ATTESTS, CLAIMS, DAY, PRODUCTS, World, certificate, claim, noon, register
from tests.running import running

PAGE = 25
"""CountDefault of the server: less than there is, so that clients have to page where they can."""
POINTS = "POI:POI"
CERTIFICATE, CLAIM = PRODUCTS[ATTESTS], PRODUCTS[CLAIMS]
STREETS = ("Rue de l'Église & Cie", 'Kleine "Put" <oost>', "100%_Laan*?")
Row = dict[str, str | int | None]

_HARD = (
    certificate(1, {"positie": {"crs": "EPSG:31370", "x": 140_252.76, "y": 198_794.27}}),  # DOMAIN 6.2
    *(certificate(2 + number, {"adres.straatnaam": street}) for number, street in enumerate(STREETS)),
    certificate(6, {"positie": None}),
    certificate(7, {"adres.busnummer": "12"}),
    claim(3, {"positie": None}),
)


@dataclass(frozen=True)
class Shown:
    """The release of a world, and its rows as the clients must see them."""

    world: World

    @cached_property
    def rows(self) -> dict[int, Row]:
        """Public fields by OIDN, of today's points."""
        rows: list[Row] = self._table.table.arrow.take(self._today).select(self.fields).to_pylist()
        return {int(row["OIDN"] or 0): row for row in rows}

    @cached_property
    def fields(self) -> list[str]:
        """Their names, in order."""
        return [field.name for field in self._table.feature_type.fields]

    def positions(self, crs: Crs = LAMBERT72) -> dict[int, tuple[float, float] | None]:
        """By OIDN, in x, y order; null where there is none."""
        points = self._table.coordinates(crs)[self._today].tolist()
        return {oidn: None if isnan(x) else (x, y) for oidn, (x, y) in zip(self.rows, points, strict=True)}

    def serve(self, count_default: int = PAGE) -> AbstractContextManager[str]:
        """A server on the day of the release."""
        shelf = Shelf(self.world.home / "releases", lambda: noon(DAY))
        return running(lambda url: Starlette(routes=routes(shelf, WfsSettings(public_url=url, count_default=count_default))))

    @property
    def _table(self):
        return self.world.release().table(POINTS)

    @cached_property
    def _today(self):
        return self.world.release().select(Query(POINTS), DAY).rows


def shown(folder: Path) -> Shown:
    """Every register, published by the jobs."""
    world = World(folder)
    world.deliver_all(DAY, ATTESTS, CLAIMS)
    for dataset in (ATTESTS, CLAIMS):
        world.deliver(dataset, DAY, register(dataset, *(item for item in _HARD if ("attestId" in item) == (dataset == ATTESTS))))
    for job in ("daily", "monthly"):
        report = world.run(DAY, job)
        assert report.exit == Exit.DONE, report.outcomes
    return Shown(world)
