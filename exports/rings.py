"""Multipolygons as nested texts: positions in rings, rings in polygons, polygons in shapes, each level joined by Arrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from exports.text import texts_list

Offsets = NDArray[np.int32]
Wrap = Callable[[pa.StringArray], pa.StringArray]


@dataclass(frozen=True, eq=False)
class Rings:
    """All rings of some multipolygons: `coordinates` (n, 2) in x, y order, and where each level starts in the one below."""

    coordinates: NDArray[np.float64]
    in_rings: Offsets
    in_polygons: Offsets
    in_shapes: Offsets

    @classmethod
    def parse(cls, wkb: Sequence[bytes | None]) -> Rings:
        """Read polygons or multipolygons; what is null or empty has no polygons."""
        shapes = shapely.from_wkb(np.asarray(wkb, dtype=object))
        if not len(shapes) or bool(np.all(shapely.is_empty(shapes) | shapely.is_missing(shapes))):
            zero = np.zeros(1, dtype=np.int32)
            return cls(np.empty((0, 2)), zero, zero, np.zeros(len(wkb) + 1, dtype=np.int32))
        # Any polygon among them makes the ragged form one of multipolygons; one empty multipolygon more decides the rest.
        shapes = np.append(shapes, shapely.MultiPolygon())
        _, coordinates, (in_rings, in_polygons, in_shapes) = shapely.to_ragged_array(shapes, include_z=False)
        return cls(coordinates, in_rings, in_polygons, in_shapes[:-1])

    @property
    def outer(self) -> NDArray[np.bool_]:
        """Which rings are the outer one of their polygon."""
        outer = np.zeros(len(self.in_rings) - 1, dtype=np.bool_)
        outer[self.in_polygons[:-1]] = True
        return outer

    def texts(self, positions: pa.StringArray, separator: str, ring: Wrap, polygon: Wrap, between: str) -> list[bytes]:
        """A text per shape: positions joined by `separator`, rings and polygons wrapped, and joined by `between`."""
        lines = ring(_join(positions, self.in_rings, separator))
        return texts_list(_join(polygon(_join(lines, self.in_polygons, between)), self.in_shapes, between))


def _join(texts: pa.StringArray, offsets: Offsets, separator: str) -> pa.StringArray:
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), texts), separator)
