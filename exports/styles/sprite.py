"""The symbols of points as one image with its index: a sprite of the MapLibre Style Specification."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from PIL import Image, ImageDraw

from exports.styles.maplibre import icon
from exports.symbology import Mark, Rule, layers, outlined
from release.schema import Schema

_FINE = 8
"""Each pixel is drawn as so many by so many, so that edges are smooth."""
_STROKE = 1.3
"""Width of the outline in pixels."""
_ROOM = 1.6
"""Side of the square of a symbol, in sizes of it."""


@dataclass(frozen=True)
class Sprite:
    """`image` is a PNG, `index` says in JSON where each symbol is."""

    image: bytes
    index: bytes


def sprite(schema: Schema, ratio: int = 1) -> Sprite:
    """The symbols of every rule of points; `ratio` pixels for each pixel of a plain screen."""
    rules = _rules(schema)
    sides = [round(rule.mark.size * _ROOM) * ratio for rule in rules]
    sheet = Image.new("RGBA", (max(1, sum(sides)), max(sides, default=1)))
    index, left = {}, 0
    for rule, side in zip(rules, sides, strict=True):
        sheet.paste(_drawn(rule.mark, side, ratio), (left, 0))
        index[icon(rule)] = {"x": left, "y": 0, "width": side, "height": side, "pixelRatio": ratio}
        left += side
    written = io.BytesIO()
    sheet.save(written, "PNG", optimize=True)
    return Sprite(written.getvalue(), orjson.dumps(index))


def _rules(schema: Schema) -> Sequence[Rule]:
    found = (rule for layer in layers(schema) for style in layer.styles for rule in style.rules if rule.mark.shape is not None)
    return list({icon(rule): rule for rule in found}.values())


def _drawn(mark: Mark, side: int, ratio: int) -> Image.Image:
    assert mark.shape is not None
    middle, scale = side * _FINE / 2, ratio * _FINE
    corners = [(middle + x * scale, middle + y * scale) for x, y in outlined(mark.shape, mark.size)]
    clear = tuple(int(mark.outline[place : place + 2], 16) for place in (1, 3, 5))
    drawn = Image.new("RGBA", (side * _FINE, side * _FINE), (*clear, 0))
    pen = ImageDraw.Draw(drawn)
    pen.line([*corners, *corners[:2]], fill=mark.outline, width=round(2 * _STROKE * scale), joint="curve")
    pen.polygon(corners, fill=mark.fill)
    return drawn.resize((side, side), Image.Resampling.BOX)
