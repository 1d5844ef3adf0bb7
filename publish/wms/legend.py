"""GetLegendGraphic: the symbols of a style with what they mean, as a picture or as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from exports.symbology import Layer, Mark, Style
from publish.answer import Answer, digest
from publish.wms.binding import style_of
from publish.wms.errors import InvalidFormat, InvalidParameter
from publish.wms.images import JPEG, PNG, PNG8, Look, encoded, format_of
from publish.wms.lettering import lines, typeface
from publish.wms.offer import Offer
from publish.wms.palette import Palette
from publish.wms.requests import GetLegendGraphic
from publish.wms.sheets import Symbols, rgb
from publish.wms.sprites import sprite
from publish.wms.stamps import Stamp, stamped

JSON = "application/json"
FORMATS = (PNG, PNG8, JPEG, JSON)

_TEXT, _TITLE = 12.0, 13.0
_WIDTH = 260.0
"""Of a line of text, in pixels of 0.28 mm."""
_EDGE, _KEY, _GAP, _LEADING = 6, 22, 8, 4
_INK = (33, 37, 41)


def get_legend_graphic(request: GetLegendGraphic, offer: Offer) -> Answer:
    """The legend; raises `WmsError`."""
    layer = offer.layer(request.layer, "layer")
    style = _of_rule(style_of(layer, request.style), request.rule)
    tag = f"legend-{digest(repr(request))}"
    if request.format.lower() == JSON:
        return Answer(JSON, (_document(layer, style),), tag, layer.name)
    try:
        look = Look(format_of(request.format), request.transparent)
    except InvalidFormat as error:
        raise InvalidFormat(f"no format {request.format[:40]!r}; offered are {', '.join(FORMATS)}", "format") from error
    picture = _picture(style, request.scale) if request.rule is None else _symbol(style.rules[0].mark, request)
    return Answer(look.format, (encoded(picture, look),), tag, layer.name, packed=True)


def _of_rule(style: Style, name: str | None) -> Style:
    """The style with one rule alone, found by its id or its label; raises `InvalidParameter`."""
    if name is None:
        return style
    rule = next((rule for rule in style.rules if name in (rule.id, rule.label.nl)), None)
    if rule is None:
        raise InvalidParameter(f"RULE is one of {', '.join(rule.id for rule in style.rules)}", "rule")
    return replace(style, rules=(rule,))


def _symbol(mark: Mark, request: GetLegendGraphic) -> Image.Image:
    """One symbol without words, in the middle of what is asked for."""
    key = _key(mark, request.scale)
    picture = Image.new("RGBA", (request.width or key.width, request.height or key.height))
    picture.paste(key, ((picture.width - key.width) // 2, (picture.height - key.height) // 2))
    return picture


@lru_cache(maxsize=256)
def size(style: Style) -> tuple[int, int]:
    """Width and height of the legend at 0.28 mm a pixel, for the capabilities."""
    layout = _Layout.of(style, 1.0)
    return layout.width, layout.height


@dataclass(frozen=True)
class _Entry:
    """A line of the legend: where it begins, the symbol (null: a heading), and its words."""

    top: int
    mark: Mark | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    """What stands where, in pixels."""

    width: int
    height: int
    entries: tuple[_Entry, ...]

    @classmethod
    def of(cls, style: Style, scale: float) -> _Layout:
        top, widest, entries = _EDGE * scale, 0.0, []
        for mark, text in _texts(style):
            letters = (_TEXT if mark else _TITLE) * scale
            words = lines(text, letters, _WIDTH * scale)
            entries.append(_Entry(round(top), mark, tuple(words)))
            indent = (_KEY + _GAP) * scale if mark else 0
            widest = max(widest, indent + max(map(typeface(letters).getlength, words)))
            high = len(words) * (letters + _LEADING * scale)
            top += max(high, _KEY * scale if mark else 0) + _LEADING * scale
        return cls(math.ceil(widest + 2 * _EDGE * scale), math.ceil(top + (_EDGE - _LEADING) * scale), tuple(entries))


def _texts(style: Style) -> Iterator[tuple[Mark | None, str]]:
    """The heading, where there is more than one symbol, and the label of each."""
    if len(style.rules) > 1:
        yield None, _heading(style.title.nl)
    for rule in style.rules:
        yield rule.mark, rule.label.nl


def _heading(text: str) -> str:
    """A title without what it says in brackets about codes, which the labels say."""
    short = text.partition(" (")[0]
    return short[:1].upper() + short[1:]


def _picture(style: Style, scale: float) -> Image.Image:
    layout = _Layout.of(style, scale)
    picture = Image.new("RGBA", (layout.width, layout.height))
    draw = ImageDraw.Draw(picture)
    for entry in layout.entries:
        letters = (_TEXT if entry.mark else _TITLE) * scale
        left, top = _EDGE * scale, float(entry.top)
        if entry.mark is not None:
            key = _key(entry.mark, scale)
            picture.alpha_composite(key, (round(left), entry.top))
            left += (_KEY + _GAP) * scale
            top += max(0.0, (_KEY * scale - len(entry.words) * (letters + _LEADING * scale)) / 2)
        for number, line in enumerate(entry.words):
            draw.text((left, top + number * (letters + _LEADING * scale)), line, font=typeface(letters), fill=(*_INK, 255))
    return picture


def _key(mark: Mark, scale: float) -> Image.Image:
    """A symbol as the map has it, or a piece of an area."""
    side = round(_KEY * scale)
    if mark.shape is None:
        piece = Image.new("RGBA", (side, side))
        inset = round(3 * scale)
        outline = max(1, round(scale))
        ImageDraw.Draw(piece).rectangle(
            (0, inset, side - 1, side - 1 - inset), fill=(*rgb(mark.fill), 255), outline=(*rgb(mark.outline), 255), width=outline
        )
        return piece
    palette = Palette(rgb(mark.outline), (rgb(mark.fill),))
    middle = np.array([[side / 2, side / 2]])
    return Symbols(stamped([Stamp(sprite(mark.shape, mark.size * scale), palette.number(0), middle)], side, side), palette).picture()


def _document(layer: Layer, style: Style) -> bytes:
    """As GeoServer writes it, as far as there is something to say."""
    rules = [
        {"name": rule.id, "title": rule.label.nl, "fill": rule.mark.fill, "outline": rule.mark.outline, "shape": rule.mark.shape or "area"}
        for rule in style.rules
    ]
    text = {"Legend": [{"layerName": layer.name, "style": style.id, "title": style.title.nl, "rules": rules}]}
    return json.dumps(text, ensure_ascii=False).encode()
