"""A map as sheets, the undermost first: symbols of points that share a palette, or areas; and the sheets laid on each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from PIL import Image

from publish.shelf import View
from publish.wms.areas import Painted, fineness, painted
from publish.wms.binding import BoundLayer, BoundMap
from publish.wms.palette import MAX_FILLS, Palette
from publish.wms.requests import Colour
from publish.wms.sprites import reach, sprite
from publish.wms.stamps import Pixels, Stamp, stamped
from release.schema import Shape
from release.truth import Rows


@dataclass(frozen=True, eq=False)
class Symbols:
    """A sheet of points: each pixel is a number of the palette."""

    pixels: Pixels
    palette: Palette

    def picture(self) -> Image.Image:
        """The sheet in mode RGBA."""
        colours = np.zeros((256, 4), dtype=np.uint8)
        colours[: len(self.palette.rgba)] = self.palette.rgba
        height, width = self.pixels.shape
        return Image.frombuffer("RGBA", (width, height), colours.view(np.uint32)[:, 0][self.pixels], "raw", "RGBA", 0, 1)


Picture = Symbols | Image.Image
"""What is drawn, see-through where nothing is; an image is in mode RGBA."""


def drawn(asked: BoundMap, view: View) -> Picture:
    """Draw a map; raises `InvalidParameter`, `Withdrawn`."""
    sheets = _sheets(asked, view)
    first = next(sheets)
    second = next(sheets, None)
    if second is None:
        return first
    whole = Image.new("RGBA", (asked.frame.width, asked.frame.height))
    for sheet in chain((first, second), sheets):
        whole.alpha_composite(sheet.picture() if isinstance(sheet, Symbols) else sheet)
    return whole


def _sheets(asked: BoundMap, view: View) -> Iterator[Picture]:
    waiting: list[BoundLayer] = []
    for bound in asked.layers:
        if bound.points and len(_fills([*waiting, bound])) <= MAX_FILLS:
            waiting.append(bound)
            continue
        if waiting:
            yield _symbols(waiting, asked, view)
        waiting = [bound] if bound.points else []
        if not bound.points:
            yield _areas(bound, asked, view)
    if waiting:
        yield _symbols(waiting, asked, view)


def _symbols(layers: list[BoundLayer], asked: BoundMap, view: View) -> Symbols:
    """The points of layers, in their order."""
    fills = _fills(layers)
    palette = Palette(rgb(layers[0].style.rules[0].mark.outline), fills)
    stamps = [stamp for bound in layers for stamp in _stamps(bound, asked, view, palette)]
    return Symbols(stamped(stamps, asked.frame.width, asked.frame.height, asked.frame.origin), palette)


def _stamps(bound: BoundLayer, asked: BoundMap, view: View, palette: Palette) -> Iterator[Stamp]:
    frame = asked.frame
    area = frame.grown(max(reach(asked.size(rule.mark)) for rule in bound.style.rules) + 1)
    coordinates = bound.table(view).coordinates(frame.crs)
    for rule, rows in bound.rows(view, area):
        number = palette.number(palette.fills.index(rgb(rule.mark.fill)))
        symbol = sprite(rule.mark.shape or Shape.CIRCLE, asked.size(rule.mark))
        yield Stamp(symbol, number, frame.pixels(coordinates[rows]), max(1, int(asked.scale)))


def _areas(bound: BoundLayer, asked: BoundMap, view: View) -> Image.Image:
    fills: list[tuple[Rows, Colour]] = [(rows, rgb(rule.mark.fill)) for rule, rows in bound.rows(view, asked.frame.grown(1)) if len(rows)]
    border = rgb(bound.style.rules[0].mark.outline)
    what = Painted(bound.table(view), tuple(fills), border, asked.scale)
    return painted(what, asked.frame, fineness(sum(not each.points for each in asked.layers) * asked.frame.width * asked.frame.height))


def _fills(layers: list[BoundLayer]) -> tuple[Colour, ...]:
    return tuple(dict.fromkeys(rgb(rule.mark.fill) for bound in layers for rule in bound.style.rules))


def rgb(colour: str) -> Colour:
    """`#rrggbb` as numbers."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
