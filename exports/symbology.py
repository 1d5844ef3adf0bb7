"""How layers look: one declaration from which WMS, legends, SLD, MapLibre, QGIS styles and the map derive.

A layer of points has one rule for each product; a layer of areas has one style for each field that has codes or classes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from release.predicate import Compare, IsNull, Operator, Predicate, both
from release.schema import FeatureType, Field, FieldType, Geometry, Product, Schema, Shape, Symbol, Text

POINT_SIZE = 10
"""Width of the symbol of a point, in pixels of 0.28 mm."""
OUTLINE = "#ffffff"
BORDER = "#5f6b73"
NO_VALUE = "#e6e6e6"
"""Far from every code and class: what nobody stated is no *no* (CONTRACT B.2)."""

_CODES = ("#1f4e8c", "#f9a825", "#6f7a82", "#b39ddb", "#8d6e63", "#0b2239")
"""Told apart by readers who do not see colours as most do: they differ in lightness as well. None is the colour of a product."""
_CLASSES = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")
"""From light to dark, for one class more than there are limits (at most five)."""
_CALENDAR = 1000
"""Limits from here on are years of the calendar: no duration, count or fee of a municipality has classes that high."""


@dataclass(frozen=True)
class Mark:
    """What is drawn: colours as `#rrggbb`; `shape` null for an area; `size` is the width of a point's symbol in pixels."""

    fill: str
    outline: str
    shape: Shape | None = None
    size: int = POINT_SIZE


@dataclass(frozen=True)
class Rule:
    """Features that fit `predicate` (null: all of them) get `mark`; rules exclude one another. `value` is the code, or null."""

    id: str
    label: Text
    mark: Mark
    predicate: Predicate | None = None
    value: str | None = None


@dataclass(frozen=True)
class Style:
    """One way in which a layer is drawn, the first rule undermost; `field` is what the rules tell apart, null when there is one rule."""

    id: str
    title: Text
    rules: tuple[Rule, ...]
    field: Field | None = None


@dataclass(frozen=True)
class Layer:
    """A layer of every map service: a feature type, or the rows of one product; the first style is the default."""

    name: str
    title: Text
    abstract: Text
    feature_type: FeatureType
    styles: tuple[Style, ...]
    product: Product

    @property
    def predicate(self) -> Predicate | None:
        """What limits the feature type to the layer."""
        value = self.product.value
        return None if value is None else Compare("PRODUCT", Operator.EQUAL, value)

    def style(self, name: str) -> Style | None:
        """The style of this id; the default for an empty name, null for an unknown one."""
        return next((style for style in self.styles if name in ("", style.id)), None)


def outlined(shape: Shape, size: float) -> list[tuple[float, float]]:
    """The corners of a symbol around 0, 0, y downwards; sizes differ so that all shapes look equally large."""
    corners, turn, reach = _CORNERS[shape]
    angles = [turn + 2 * math.pi * corner / corners for corner in range(corners)]
    lowered = _LOWERED * size if shape is Shape.TRIANGLE else 0.0
    return [(math.sin(angle) * reach * size, lowered - math.cos(angle) * reach * size) for angle in angles]


_CORNERS = {
    Shape.CIRCLE: (64, 0.0, 0.5),
    Shape.TRIANGLE: (3, 0.0, 0.65),
    Shape.SQUARE: (4, math.pi / 4, 0.636),
    Shape.DIAMOND: (4, 0.0, 0.61),
}
"""Number of corners, where the first one is, and how far from the middle in sizes of the symbol."""
_LOWERED = 0.125
"""The middle of a triangle as the eye sees it, in sizes of the symbol."""


@lru_cache(maxsize=8)  # every map asks, and a release has one schema
def layers(schema: Schema) -> tuple[Layer, ...]:
    """The layers of a schema: each product that has a geometry; what holds every row of a feature type comes first."""
    products = sorted(schema.products, key=lambda product: product.value is not None)
    found = []
    for product in products:
        kind = schema.feature_type(product.feature_type)
        if kind.geometry is not None:
            found.append(Layer(product.id, product.title, product.abstract, kind, tuple(_styles(schema, kind, product)), product))
    return tuple(found)


def _styles(schema: Schema, kind: FeatureType, product: Product) -> Iterator[Style]:
    if kind.geometry is Geometry.POINT:
        yield _points(schema, kind, product)
        return
    told = [field for field in kind.fields if field.codes or field.classes]
    for field in told:
        yield Style(field.name, field.title, tuple(_coded(field) if field.codes else _classed(field)), field)
    if not told:
        yield Style(product.id, product.title, (_plain(product, Mark(NO_VALUE, BORDER)),))


def _points(schema: Schema, kind: FeatureType, product: Product) -> Style:
    parts = [(each, each.symbol) for each in schema.products_of(kind) if each.symbol and product.id in (each.id, _whole(schema, kind))]
    if not parts:
        return Style(product.id, product.title, (_plain(product, Mark(_CODES[0], OUTLINE, Shape.CIRCLE)),))
    rules = tuple(_of_product(each, symbol) for each, symbol in sorted(parts, key=lambda part: part[1].order))
    return Style(product.id, product.title, rules, next((field for field in kind.fields if field.name == "PRODUCT"), None))


def _plain(product: Product, mark: Mark) -> Rule:
    """Of a product whose definition says nothing of how it looks."""
    return Rule(product.id, product.title, mark)


def _whole(schema: Schema, kind: FeatureType) -> str | None:
    return next((product.id for product in schema.products_of(kind) if product.value is None), None)


def _of_product(product: Product, symbol: Symbol) -> Rule:
    predicate = None if product.value is None else Compare("PRODUCT", Operator.EQUAL, product.value)
    return Rule(product.id, product.title, Mark(symbol.colour, OUTLINE, symbol.shape), predicate, product.value)


def _coded(field: Field) -> Iterator[Rule]:
    for code, colour in zip(field.codes, _CODES, strict=False):
        yield Rule(code.value, code.title, Mark(colour, BORDER), Compare(field.name, Operator.EQUAL, code.value), code.value)
    yield _missing(field)


def _classed(field: Field) -> Iterator[Rule]:
    """Classes from a limit up to the next one, the next one not included."""
    limits = field.classes
    for position, colour in zip(range(len(limits) + 1), _CLASSES, strict=False):
        low = None if position == 0 else limits[position - 1]
        high = None if position == len(limits) else limits[position]
        label = _label(low, high, years=limits[0] >= _CALENDAR)
        yield Rule(f"{field.name}-{position}", label, Mark(colour, BORDER), _within(field, low, high))
    yield _missing(field)


def _within(field: Field, low: float | None, high: float | None) -> Predicate | None:
    above = None if low is None else Compare(field.name, Operator.GREATER_OR_EQUAL, _literal(field, low))
    below = None if high is None else Compare(field.name, Operator.LESS, _literal(field, high))
    return both(above, below)


def _literal(field: Field, value: float) -> int | float:
    return int(value) if field.type is FieldType.INTEGER else value


def _label(low: float | None, high: float | None, *, years: bool) -> Text:
    if low is None and years:
        return Text(nl=f"vóór {high:g}", en=f"before {high:g}")
    if high is None and years:
        return Text(nl=f"vanaf {low:g}", en=f"{low:g} or later")
    if low is None:
        return Text(nl=f"minder dan {high:g}", en=f"less than {high:g}")
    if high is None:
        return Text(nl=f"{low:g} of meer", en=f"{low:g} or more")
    return Text(nl=f"{low:g} tot {high:g}", en=f"{low:g} to {high:g}")


def _missing(field: Field) -> Rule:
    return Rule("leeg", Text(nl="niet opgegeven", en="not stated"), Mark(NO_VALUE, BORDER), IsNull(field.name))
