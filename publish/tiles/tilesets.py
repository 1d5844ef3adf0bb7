"""A collection in a tile matrix set: its levels, their limits, and its tiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from exports.symbology import Layer, layers
from exports.vector_tile import tile
from publish.shelf import View
from publish.tiles.areas import Areas
from publish.tiles.content import Content, Located
from publish.tiles.errors import UnknownTile
from publish.tiles.matrices import SETS, Place, TileMatrixSet
from publish.tiles.points import Points
from release.once import Once
from release.schema import Geometry

MAX_BYTES = 500_000
"""Of a tile, before compression."""
_SPARING = 4
"""How often it is tried to make a tile smaller."""


@dataclass(frozen=True)
class Limits:
    """The rows and columns of one level in which there may be tiles (OGC 17-083r4 §7.2), all included."""

    level: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def holds(self, place: Place) -> bool:
        """Whether a tile of this level is within them."""
        return self.first_row <= place.row <= self.last_row and self.first_column <= place.column <= self.last_column


@dataclass(frozen=True, eq=False)
class Tileset:
    """Tiles of the rows of one layer on the day of a view."""

    layer: Layer
    matrices: TileMatrixSet
    located: Located

    @cached_property
    def _content(self) -> Content:
        of_points = self.layer.feature_type.geometry is Geometry.POINT
        return Points(self.located, self.matrices) if of_points else Areas(self.located, self.matrices)

    @cached_property
    def deepest(self) -> int:
        """The level at which every located object is in its tile, on its own and with its id; raises `Withdrawn`."""
        return self._content.deepest()

    @cached_property
    def limits(self) -> tuple[Limits, ...]:
        """Those of every level from 0 to the deepest; none when nothing is located. Raises `Withdrawn`."""
        extent = self.located.extent(self.matrices.crs)
        return () if extent is None else tuple(self._limits(level, extent) for level in range(self.deepest + 1))

    def _limits(self, level: int, extent: tuple[float, float, float, float]) -> Limits:
        left, bottom, right, top = extent
        (first_column, first_row), (last_column, last_row) = self.matrices.cells_of(((left, top), (right, bottom)), level)
        return Limits(level, first_row, last_row, first_column, last_column)

    def soon(self, place: Place) -> bool:
        """Whether a tile is made sooner than a thread could begin with it: not the first one, which works out the limits."""
        return "limits" in vars(self) and self._content.few(place)

    def tile(self, place: Place) -> bytes:
        """A vector tile, empty when nothing is there; raises `UnknownTile` outside the limits, and `Withdrawn`."""
        if place.level >= len(self.limits) or not self.limits[place.level].holds(place):
            raise UnknownTile("Buiten de grenzen van deze tegelset / outside the limits of this tileset")
        for spare in range(_SPARING):
            made = tile(self.layer.name, self._content.features(place, spare, alone=place.level == self.deepest))
            if len(made) <= MAX_BYTES:
                break
        return made


@dataclass(frozen=True, eq=False)
class Tilesets:
    """Every collection of a view, in every tile matrix set."""

    view: View
    _made: Once[tuple[str, str], Tileset] = field(default_factory=Once)

    @cached_property
    def layers(self) -> dict[str, Layer]:
        """The collections by id."""
        return {layer.name: layer for layer in layers(self.view.release.schema)}

    def layer(self, name: str) -> Layer:
        """A collection; raises `UnknownTile`."""
        if name not in self.layers:
            raise UnknownTile("Onbekende collectie / there is no such collection")
        return self.layers[name]

    def tileset(self, name: str, matrices: str) -> Tileset:
        """A collection in a tile matrix set; raises `UnknownTile`, and `Withdrawn` when a dataset of it is not public."""
        layer = self.layer(name)
        if matrices not in SETS:
            raise UnknownTile("Onbekende tegelmatrixset / there is no such tile matrix set")
        self.require_public(layer)
        return self._made.get((name, matrices), lambda: Tileset(layer, SETS[matrices], self.located(layer)))

    def located(self, layer: Layer) -> Located:
        """The located rows of a collection."""
        return Located(self.view, layer)

    def require_public(self, layer: Layer) -> None:
        """Raise `Withdrawn` when a dataset of the collection is not public on the day."""
        self.view.release.require_public(layer.feature_type, layer.predicate, self.view.day)
