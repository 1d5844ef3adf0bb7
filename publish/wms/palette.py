"""The few colours that a map of points has: its pixels are numbers of them, so that it is drawn, sent and kept at a byte each.

::

    0                   nothing
    1 … 15              the outline's colour, so many sixteenths opaque
    16 (k + 1) + m      fill k, with m fifteenths of the outline's colour in it

What lies over what is one of these colours again: see-through outline over a fill is a fill with more outline in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from publish.wms.requests import Colour

LEVELS = 16
MAX_FILLS = 256 // LEVELS - 1
"""Fills that one palette holds."""


@dataclass(frozen=True)
class Palette:
    """The colours of fills with an outline of one colour."""

    outline: Colour
    fills: tuple[Colour, ...]

    def number(self, fill: int) -> int:
        """The number of the pure colour of a fill."""
        return LEVELS * (fill + 1)

    @cached_property
    def rgba(self) -> NDArray[np.uint8]:
        """Red, green, blue and opacity of each number; shape (numbers, 4)."""
        table = np.zeros((LEVELS * (len(self.fills) + 1), 4))
        table[1:LEVELS, :3] = self.outline
        table[1:LEVELS, 3] = np.arange(1, LEVELS) * 255 / LEVELS
        share = np.linspace(0, 1, LEVELS)[:, None]
        for position, fill in enumerate(self.fills):
            start = self.number(position)
            table[start : start + LEVELS, :3] = (1 - share) * np.array(fill) + share * np.array(self.outline)
            table[start : start + LEVELS, 3] = 255
        return np.rint(table).astype(np.uint8)

    def on(self, background: Colour) -> NDArray[np.uint8]:
        """The same, opaque, on a background."""
        table = self.rgba.astype(np.float64)
        opacity = table[:, 3:] / 255
        table[:, :3] = opacity * table[:, :3] + (1 - opacity) * np.array(background)
        table[:, 3] = 255
        return np.rint(table).astype(np.uint8)


def _over() -> NDArray[np.uint8]:
    """The number of an edge over what has another number; shape (edge levels, 256)."""
    opacity = np.arange(LEVELS)[:, None] / LEVELS
    under = np.arange(256)[None, :]
    beneath = np.minimum(under, LEVELS - 1) / LEVELS
    see_through = np.rint(LEVELS * (opacity + (1 - opacity) * beneath)).clip(0, LEVELS - 1)
    share = under % LEVELS / (LEVELS - 1)
    mixed = np.rint((LEVELS - 1) * (opacity + (1 - opacity) * share))
    return np.where(under < LEVELS, see_through, under - under % LEVELS + mixed).astype(np.uint8)


OVER = _over()
