"""What is in the tiles of one collection in one CRS: points that are thinned, or areas that are simplified."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from exports.symbology import Layer
from exports.vector_tile import Features
from publish.shelf import View
from publish.tiles.matrices import Place, TileMatrixSet
from release.crs import Crs
from release.predicate import BBox, both
from release.query import Query
from release.reader import ReleaseTable
from release.schema import Geometry
from release.truth import Rows

Extent = tuple[float, float, float, float]
"""Left, bottom, right, top."""


class Content(Protocol):
    """The objects of a collection in a tile matrix set."""

    def deepest(self) -> int:
        """The level at which every object is on its own and whole; clients zoom further in with its tiles."""

    def few(self, place: Place) -> bool:
        """Whether a tile is made sooner than a thread could begin with it."""

    def features(self, place: Place, spare: int, *, alone: bool) -> Features:
        """What a tile holds: all objects `alone`, or thinned. The more is to be spared, the less is told of each."""


@dataclass(frozen=True, eq=False)
class Located:
    """The rows of a layer that have a position, on the day of a view."""

    view: View
    layer: Layer

    @property
    def table(self) -> ReleaseTable:
        """The table that the rows are in."""
        return self.view.release.table(self.layer.feature_type.qualified)

    @cached_property
    def rows(self) -> Rows:
        """All of them; raises `Withdrawn`."""
        found = self.view.release.select(Query(self.layer.feature_type.qualified, self.layer.predicate), self.view.day).rows
        return found[self.table.table.located[found]]

    def within(self, crs: Crs, box: Extent) -> Rows:
        """Those that meet a box, edges included; raises `Withdrawn`."""
        predicate = both(BBox(crs, *box), self.layer.predicate)
        return self.view.release.select(Query(self.layer.feature_type.qualified, predicate), self.view.day).rows

    def extent(self, crs: Crs) -> Extent | None:
        """Where they are; null when there are none. Raises `Withdrawn`."""
        boxes = self.boxes(crs)
        if not len(boxes):
            return None
        left, bottom = boxes[:, :2].min(axis=0).tolist()
        right, top = boxes[:, 2:].max(axis=0).tolist()
        return left, bottom, right, top

    def boxes(self, crs: Crs) -> NDArray[np.float64]:
        """The extent of each, shape (n, 4)."""
        places = self.table.coordinates(crs)[self.rows]
        return np.hstack([places, places]) if self.layer.feature_type.geometry is Geometry.POINT else places


def reaching(matrices: TileMatrixSet, place: Place, margin: float) -> Extent:
    """The box of a tile and so much of its side around it."""
    left, bottom, right, top = matrices.box(place)
    around = matrices.side(place.level) * margin
    return left - around, bottom - around, right + around, top + around
