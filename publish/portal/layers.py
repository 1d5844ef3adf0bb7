"""What the map in the browser is told: `/kaart/lagen.json`, made from the schema and the one declaration of how layers look.

::

    {"state", "attribution", "features", "tiles", "extent", "base_map",
     "products": [{"id", "title", "colour", "shape", "count", "attribution"}],
     "areas": {"id", "title", "attribution", "fields": [{"name", "title", "classes": [{"label", "colour", "value", "low", "high"}]}]},
     "facts": {<product>: [{"name", "label", "codes"}]}, "places": {<nis>: [west, south, east, north]}}
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from exports.symbology import BORDER, Layer, Rule, Style, layers
from publish.pages import Language, Pages
from publish.portal.addresses import MapServices
from publish.portal.places import Extent, areas, around, count, label, places, point_products
from publish.shelf import View
from publish.wording import state_sentence, words
from release.predicate import IsNull
from release.schema import Field, Product, Schema, Text


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassTold(_Told):
    """One class of a choropleth: features whose value is `value`, or at least `low` and under `high`, or (all null) absent."""

    label: str
    colour: str
    value: str | None = None
    low: float | None = None
    high: float | None = None


class FieldTold(_Told):
    """A field that areas can be coloured by."""

    name: str
    title: str
    classes: tuple[ClassTold, ...]


class ProductTold(_Told):
    """A product of points: its symbol, and how many objects are public (null while it is withdrawn)."""

    id: str
    title: str
    colour: str
    shape: str
    count: int | None
    attribution: str


class AreasTold(_Told):
    """The product whose features are municipalities; `border` is the colour of their outline."""

    id: str
    title: str
    border: str
    attribution: str
    fields: tuple[FieldTold, ...]


class FactTold(_Told):
    """A field as people read it, with the meaning of its codes."""

    name: str
    label: str
    codes: dict[str, str]


class BaseMapTold(_Told):
    """A base map: address of its tiles with `{z}`, `{x}`, `{y}`."""

    url: str
    attribution: str


class MapTold(_Told):
    """The whole document; addresses are paths on this host, extents are in EPSG:3857."""

    state: str
    features: str
    tiles: str
    extent: Extent | None
    base_map: BaseMapTold | None
    products: tuple[ProductTold, ...]
    areas: AreasTold | None
    facts: dict[str, tuple[FactTold, ...]]
    places: dict[str, Extent | None]


def told(view: View, services: MapServices, pages: Pages, language: Language) -> MapTold:
    """What the map is told on a day; DESIGN decision 16: outside production its attributions say TEST."""
    root = pages.root
    schema, found = view.release.schema, places(view)
    base = services.base_map
    return MapTold(
        state=state_sentence(view),
        features=root + services.features,
        tiles=root + services.tiles,
        extent=around(found),
        base_map=None if base is None else BaseMapTold(url=base.url, attribution=base.attribution),
        products=tuple(_products(view, pages, language)),
        areas=_areas(view, pages, language),
        facts={product.id: _facts(schema, product, language) for product in schema.products},
        places={place.nis: place.extent for place in found},
    )


def _products(view: View, pages: Pages, language: Language) -> Iterator[ProductTold]:
    for product in point_products(view.release.schema):
        if product.symbol is not None:
            yield ProductTold(
                id=product.id,
                title=_in(product.title, language),
                colour=product.symbol.colour,
                shape=product.symbol.shape,
                count=count(view, product),
                attribution=words(view, product, production=pages.production).attribution,
            )


def _areas(view: View, pages: Pages, language: Language) -> AreasTold | None:
    layer = area_layer(view.release.schema)
    if layer is None or count(view, layer.product) is None:  # withdrawn: there are no tiles of it
        return None
    fields = tuple(_field(style, style.field, language) for style in layer.styles if style.field is not None)
    source = words(view, layer.product, production=pages.production).attribution
    return AreasTold(id=layer.name, title=_in(layer.title, language), border=BORDER, attribution=source, fields=fields)


def area_layer(schema: Schema) -> Layer | None:
    """The layer of municipalities; null when there is none."""
    kind = areas(schema)
    return next((layer for layer in layers(schema) if kind is not None and layer.feature_type.qualified == kind.qualified), None)


def _field(style: Style, field: Field, language: Language) -> FieldTold:
    limits = iter(zip((None, *field.classes), (*field.classes, None), strict=True))
    return FieldTold(name=field.name, title=label(field, language), classes=tuple(_class(rule, limits, language) for rule in style.rules))


def _class(rule: Rule, limits: Iterator[tuple[float | None, float | None]], language: Language) -> ClassTold:
    low, high = (None, None) if rule.value is not None or isinstance(rule.predicate, IsNull) else next(limits)
    return ClassTold(label=_in(rule.label, language), colour=rule.mark.fill, value=rule.value, low=low, high=high)


def _facts(schema: Schema, product: Product, language: Language) -> tuple[FactTold, ...]:
    return tuple(
        FactTold(name=field.name, label=label(field, language), codes={code.value: _in(code.title, language) for code in field.codes})
        for field in schema.feature_type(product.feature_type).fields
    )


def _in(text: Text, language: Language) -> str:
    return text.en if language == "en" else text.nl
