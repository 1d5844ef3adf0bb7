"""Where a map lies: the box of a CRS that the pixels divide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publish.wms.requests import Map
from release.crs import Crs, parse_crs
from release.errors import UnknownCrs
from release.predicate import BBox

DEGREE = 111_320.0
"""Metres in a degree of latitude."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A box in x, y order in the units of `crs`, and the pixels in its width and height; the two may have different scales."""

    crs: Crs
    min_x: float
    min_y: float
    max_x: float
    max_y: float
    width: int
    height: int

    @classmethod
    def of(cls, asked: Map) -> Frame:
        """The frame of a map; raises `InvalidCrs`, `InvalidSrs`.

        WMS 1.3.0 §6.7.2: BBOX in the axis order of the authority, also under `EPSG:4326`; CRS:84 and every SRS of 1.1.1 are x, y.
        """
        try:
            crs = parse_crs(asked.crs).crs
        except UnknownCrs as error:
            raise asked.version.not_served(str(error), asked.version.crs_keyword) from error
        first, second, third, fourth = asked.box
        if crs.lat_lon and asked.version.authority_order:
            first, second, third, fourth = second, first, fourth, third
        return cls(crs, first, second, third, fourth, asked.width, asked.height)

    @property
    def pixel(self) -> tuple[float, float]:
        """Width and height of a pixel in the units of the CRS."""
        return (self.max_x - self.min_x) / self.width, (self.max_y - self.min_y) / self.height

    @property
    def metres(self) -> float:
        """Height of a pixel in metres, near enough to choose how much is shown."""
        return self.pixel[1] * (DEGREE if self.crs.columns == "lonlat" else 1.0)

    @property
    def origin(self) -> tuple[int, int]:
        """Column and row of the first pixel in a plane of such pixels."""
        wide, high = self.pixel
        return round(self.min_x / wide), round(-self.max_y / high)

    def pixels(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions (n, 2) in x, y order as columns and rows: whole numbers are the edges between pixels (WMS 1.3.0 §6.7.3)."""
        wide, high = self.pixel
        found = np.empty((len(positions), 2))
        np.divide(np.subtract(positions[:, 0], self.min_x), wide, out=found[:, 0])
        np.divide(np.subtract(self.max_y, positions[:, 1]), high, out=found[:, 1])
        return found

    def grown(self, pixels: float) -> BBox:
        """The box with so many pixels around it, as a question."""
        wide, high = (side * pixels for side in self.pixel)
        return BBox(self.crs, self.min_x - wide, self.min_y - high, self.max_x + wide, self.max_y + high)

    def place(self, i: int, j: int) -> tuple[float, float]:
        """The middle of a pixel, in x, y order."""
        wide, high = self.pixel
        return self.min_x + (i + 0.5) * wide, self.max_y - (j + 0.5) * high

    def around(self, i: int, j: int, pixels: float) -> BBox:
        """The box of a pixel with so many pixels around it, as a question."""
        wide, high = self.pixel
        x, y = self.place(i, j)
        reach = pixels + 0.5
        return BBox(self.crs, x - reach * wide, y - reach * high, x + reach * wide, y + reach * high)
