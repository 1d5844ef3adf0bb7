"""Areas in the colours of their rules, with a border around each, edges smoothed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from publish.wms.frame import Frame
from publish.wms.outlines import Outlines, outlines
from publish.wms.requests import Colour
from publish.wms.stamps import strips
from release.reader import ReleaseTable
from release.truth import Rows

_FINENESS = ((3 << 19, 3), (1 << 22, 2))
"""Pixels of all areas of a map, at most, and the parts of a pixel's side in which the coverage of their edges is counted; beyond it is 1.

The time depends on the parts of all pixels. Large maps are for print, where a pixel is too small for its steps to be seen.
"""

_WIDEST = 3
"""Parts of a pixel that a border of scale 1 is drawn for."""

_STRIP = 1 << 22
"""Parts of pixels that are worked on at a time: memory stays flat, whatever the size of the map."""

_MARGIN = 2
"""Pixels around a map, and around a strip of it, that are drawn too, so that borders do not end there; wide borders take more."""

_FAR = 1 << 20
"""Parts of pixels from the map beyond which rings are cut off: Pillow reckons with 32 bits."""


@dataclass(frozen=True)
class Painted:
    """Rows of a table, and the colour that each is filled with; `border` is around all, and `scale` makes it wider."""

    table: ReleaseTable
    fills: tuple[tuple[Rows, Colour], ...]
    border: Colour
    scale: float = 1.0

    @property
    def margin(self) -> int:
        """Pixels around a map that borders may reach over."""
        return _MARGIN + int(self.scale / _WIDEST)


def fineness(pixels: int) -> int:
    """Parts of a pixel's side for a map with so many pixels of areas."""
    return next((fine for most, fine in _FINENESS if pixels <= most), 1)


def painted(what: Painted, frame: Frame, fine: int) -> Image.Image:
    """A see-through picture of a map, in mode RGBA; each pixel is counted in `fine` by `fine` parts."""
    picture = Image.new("RGBA", (frame.width, frame.height))
    borders = outlines(what.table, frame.crs, min(frame.pixel) / fine)
    chosen = np.isin(borders.rows, np.concatenate([rows for rows, _ in what.fills])) if what.fills else np.zeros(0, dtype=np.bool_)
    if not chosen.any():
        return picture
    borders = borders.picked(np.flatnonzero(chosen & _near(borders, frame, what.margin)))
    colours = _colours(what, borders)
    for top, bottom in strips(frame.width, frame.height, _STRIP // fine**2):
        numbers = _numbers(borders, frame, top - what.margin, bottom + what.margin, fine)
        picture.paste(_smoothed(numbers, colours, what, fine), (0, top))
    return picture


def _near(borders: Outlines, frame: Frame, margin: int = 0) -> NDArray[np.bool_]:
    wide, high = (side * margin for side in frame.pixel)
    low_x, low_y, high_x, high_y = borders.bounds.T
    near: NDArray[np.bool_] = (
        (high_x >= frame.min_x - wide) & (low_x <= frame.max_x + wide) & (high_y >= frame.min_y - high) & (low_y <= frame.max_y + high)
    )
    return near


def _colours(what: Painted, borders: Outlines) -> NDArray[np.uint32]:
    """The colour of each number that a part of a pixel may have: 0 is nothing, the others are rings."""
    of_row = np.zeros(len(what.table.table), dtype=np.uint32)
    for rows, fill in what.fills:
        of_row[rows] = _packed(fill)
    return np.concatenate((np.zeros(1, dtype=np.uint32), of_row[borders.rows]))


def _packed(colour: Colour) -> np.uint32:
    return np.uint32(int.from_bytes(bytes([*colour, 255]), sys.byteorder))


def _numbers(borders: Outlines, frame: Frame, top: int, bottom: int, fine: int) -> NDArray[np.uint16]:
    """Whose each part of a pixel is, of some rows of the map: the number of the first ring of its row, 0 where nobody's."""
    drawn = Image.new("I;16", (frame.width * fine, (bottom - top) * fine))
    draw = ImageDraw.Draw(drawn)
    first = {row: number for number, row in reversed(list(enumerate(borders.rows.tolist(), 1)))}
    strip = replace(frame, max_y=frame.max_y - top * frame.pixel[1], min_y=frame.max_y - bottom * frame.pixel[1], height=bottom - top)
    near = _near(borders, strip)
    for number in np.flatnonzero(near).tolist():
        ink = first[int(borders.rows[number])] if borders.outer[number] else 0
        ring = borders.positions[borders.starts[number] : borders.starts[number + 1]]
        for corners in _corners(strip.pixels(ring) * fine - 0.5):
            draw.polygon(corners, fill=ink)
    return np.asarray(drawn)


def _corners(ring: NDArray[np.float64]) -> Iterator[list[float]]:
    """A ring as Pillow takes it, in whole parts of pixels; in pieces where it goes too far."""
    if np.abs(ring).max() < _FAR:
        whole = np.floor(ring + 0.5)
        kept = np.ones(len(whole), dtype=np.bool_)
        kept[1:] = (whole[1:] != whole[:-1]).any(axis=1)
        yield whole[kept if kept.sum() > 1 else slice(2)].ravel().tolist()  # Pillow wants two
        return
    near = shapely.clip_by_rect(shapely.make_valid(shapely.polygons(ring)), -_FAR / 2, -_FAR / 2, _FAR / 2, _FAR / 2)
    for part in shapely.get_parts(near):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield np.floor(shapely.get_coordinates(part.exterior) + 0.5).ravel().tolist()


def _smoothed(numbers: NDArray[np.uint16], colours: NDArray[np.uint32], what: Painted, fine: int) -> Image.Image:
    parts = colours[numbers]
    parts[_edges(numbers, max(1, round(what.scale * fine / _WIDEST)))] = _packed(what.border)
    parts = np.ascontiguousarray(parts[what.margin * fine : -what.margin * fine])
    high, wide = parts.shape
    # what is there is opaque, so that its colours are already weighed by opacity
    drawn = Image.frombuffer("RGBa", (wide, high), parts, "raw", "RGBa", 0, 1)
    return drawn.reduce(fine).convert("RGBA")


def _edges(numbers: NDArray[np.uint16], width: int) -> NDArray[np.bool_]:
    """Where one area ends and another begins, and as far around as the border is wide."""
    edges = np.zeros(numbers.shape, dtype=np.bool_)
    across, down = numbers[:, 1:] != numbers[:, :-1], numbers[1:] != numbers[:-1]
    edges[:, 1:] |= across
    edges[:, :-1] |= across
    edges[1:] |= down
    edges[:-1] |= down
    for _ in range(width - 1):
        grown = edges.copy()
        grown[:, 1:] |= edges[:, :-1]
        grown[:, :-1] |= edges[:, 1:]
        grown[1:] |= edges[:-1]
        grown[:-1] |= edges[1:]
        edges = grown
    return edges
