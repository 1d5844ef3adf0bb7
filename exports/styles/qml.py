"""QGIS layer styles (`.qml`), as QGIS 3 reads them: a renderer with one rule for each of ours, and notes with the source."""

from __future__ import annotations

from collections.abc import Iterator

from exports.notice import Notice
from exports.styles.markup import Element, Maker, written
from exports.styles.predicates import qgis
from exports.symbology import Layer, Mark, Style
from release.schema import Geometry, Shape

MEDIA_TYPE = "application/xml"
VERSION = "3.22.0"
"""The oldest QGIS for which this is tested."""

_XML = Maker()
_MILLIMETRES = 0.28
"""Of a pixel (OGC 06-042 §7.2.4.6.9)."""

_NAME = "NAAM"
"""The field that names an object in lists and pop-ups, where a feature type has it (CONTRACT B.2)."""

_SHAPES = {
    Shape.CIRCLE: ("circle", 1.0),
    Shape.TRIANGLE: ("triangle", 1.1),
    Shape.SQUARE: ("square", 0.9),
    Shape.DIAMOND: ("diamond", 1.22),
}
"""Name in QGIS, and size in sizes of the symbol."""


def document(layer: Layer, style: Style, notice: Notice) -> bytes:
    """The style as XML."""
    root = _XML("qgis", *elements(layer, style, notice), version=VERSION, styleCategories="Symbology|Notes")
    return written(root)


def elements(layer: Layer, style: Style, notice: Notice) -> Iterator[Element]:
    """What a style and a layer definition have in common: renderer and notes."""
    rules = _XML("rules", key="{vlok}")
    symbols = _XML("symbols")
    of_points = layer.feature_type.geometry is Geometry.POINT
    for number, rule in enumerate(style.rules):
        condition = {} if rule.predicate is None else {"filter": qgis(rule.predicate)}
        rules.append(_XML("rule", key=f"{{vlok-{number}}}", symbol=str(number), label=rule.label.nl, **condition))
        symbols.append(_symbol(number, rule.mark, of_points=of_points))
    # Symbol levels: without them QGIS draws features in the order in which they come, not rule by rule.
    yield _XML("renderer-v2", rules, symbols, type="RuleRenderer", forceraster="0", symbollevels="1", enableorderby="0")
    if any(field.name == _NAME for field in layer.feature_type.fields):
        yield _XML("previewExpression", f'"{_NAME}"')
    yield _XML("userNotes", value=f"{notice.attribution}\n{notice.state}\n{notice.reuse}\n{notice.licence_name}: {notice.licence}")


def _symbol(number: int, mark: Mark, *, of_points: bool) -> Element:
    kind, drawn, values = ("marker", "SimpleMarker", _marker(mark)) if of_points else ("fill", "SimpleFill", _fill(mark))
    properties = [_XML("prop", k=key, v=value) for key, value in values.items()]
    part = _XML("layer", *properties, class_=drawn, enabled="1", locked="0", pass_=str(number))
    return _XML("symbol", part, type=kind, name=str(number), alpha="1", clip_to_extent="1", force_rhr="0")


def _marker(mark: Mark) -> dict[str, str]:
    assert mark.shape is not None
    name, size = _SHAPES[mark.shape]
    return {
        "name": name,
        "color": _colour(mark.fill),
        "size": f"{mark.size * _MILLIMETRES * size:g}",
        "size_unit": "MM",
        "outline_color": _colour(mark.outline),
        "outline_style": "solid",
        "outline_width": f"{_MILLIMETRES:g}",
        "outline_width_unit": "MM",
        "angle": "0",
        "offset": "0,0",
        "scale_method": "diameter",
    }


def _fill(mark: Mark) -> dict[str, str]:
    return {
        "color": _colour(mark.fill),
        "style": "solid",
        "outline_color": _colour(mark.outline),
        "outline_style": "solid",
        "outline_width": f"{0.7 * _MILLIMETRES:g}",
        "outline_width_unit": "MM",
        "joinstyle": "bevel",
    }


def _colour(text: str) -> str:
    """`#rrggbb` as `r,g,b,255`."""
    return ",".join([*(str(int(text[place : place + 2], 16)) for place in (1, 3, 5)), "255"])
