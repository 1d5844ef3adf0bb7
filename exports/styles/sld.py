"""Styled Layer Descriptor 1.0.0 (OGC 02-070) with filters of 1.0: what GeoServer, MapServer and QGIS all read."""

from __future__ import annotations

from exports.notice import Notice
from exports.styles.markup import Element, Maker, written
from exports.styles.predicates import OGC, ogc_filter
from exports.styles.titles import titled
from exports.symbology import Layer, Mark, Rule, Style
from release.schema import Shape

MEDIA_TYPE = "application/vnd.ogc.sld+xml"
SLD = "http://www.opengis.net/sld"

_SLD = Maker(SLD, {None: SLD, "ogc": OGC})

_SHAPES = {
    Shape.CIRCLE: ("circle", 1.0, 0),
    Shape.TRIANGLE: ("triangle", 1.1, 0),
    Shape.SQUARE: ("square", 0.9, 0),
    Shape.DIAMOND: ("square", 0.863, 45),
}
"""Well-known name (OGC 02-070 §11.3.2 has no diamond), size in sizes of the symbol, degrees that it is turned."""


def document(layer: Layer, style: Style, notice: Notice) -> bytes:
    """The style as XML."""
    rules = _SLD("FeatureTypeStyle", *(_rule(rule) for rule in style.rules))
    described = (_SLD("Name", style.id), _SLD("Title", titled(layer, style, notice)), _SLD("Abstract", _words(notice)))
    user_style = _SLD("UserStyle", *described, _SLD("IsDefault", "1" if style is layer.styles[0] else "0"), rules)
    root = _SLD("StyledLayerDescriptor", _SLD("NamedLayer", _SLD("Name", layer.name), user_style), version="1.0.0")
    return written(root)


def _words(notice: Notice) -> str:
    return f"{notice.attribution}. {notice.state} {notice.licence_name}: {notice.licence}"


def _rule(rule: Rule) -> Element:
    conditions = [] if rule.predicate is None else [ogc_filter(rule.predicate)]
    symbolizer = _area(rule.mark) if rule.mark.shape is None else _point(rule.mark, rule.mark.shape)
    return _SLD("Rule", _SLD("Name", rule.id), _SLD("Title", rule.label.nl), *conditions, symbolizer)


def _point(mark: Mark, shape: Shape) -> Element:
    name, size, turned = _SHAPES[shape]
    drawn = _SLD("Mark", _SLD("WellKnownName", name), _fill(mark.fill), _stroke(mark.outline, 1))
    rotation = [_SLD("Rotation", str(turned))] if turned else []
    return _SLD("PointSymbolizer", _SLD("Graphic", drawn, _SLD("Size", f"{mark.size * size:g}"), *rotation))


def _area(mark: Mark) -> Element:
    return _SLD("PolygonSymbolizer", _fill(mark.fill), _stroke(mark.outline, 0.7))


def _fill(colour: str) -> Element:
    return _SLD("Fill", _SLD("CssParameter", colour, name="fill"))


def _stroke(colour: str, width: float) -> Element:
    return _SLD("Stroke", _SLD("CssParameter", colour, name="stroke"), _SLD("CssParameter", f"{width:g}", name="stroke-width"))
