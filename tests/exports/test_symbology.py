"""One declaration of how layers look: rules exclude one another and cover every row."""

from __future__ import annotations

import pytest

from etl.definitions import load_all
from etl.schema import schema
from exports.symbology import Layer, layers
from release.predicate import Compare, IsNull
from release.schema import Geometry, Schema

SCHEMA: Schema = schema(load_all(), publisher="Wonen in Vlaanderen", contact="https://example.org", withdraw_after={})
LAYERS = {layer.name: layer for layer in layers(SCHEMA)}


def test_every_product_with_a_geometry_is_a_layer_and_the_whole_comes_first() -> None:
    assert list(LAYERS)[:2] in (["POI", "Woningkwaliteitsbeleid"], ["Woningkwaliteitsbeleid", "POI"])
    assert set(LAYERS) == {product.id for product in SCHEMA.products}


def test_the_layer_of_every_point_tells_products_apart_by_shape_and_colour() -> None:
    (style,) = LAYERS["POI"].styles
    assert {rule.value for rule in style.rules} == {p.id for p in SCHEMA.products if p.value is not None}
    assert len({rule.mark.shape for rule in style.rules}) == len({rule.mark.fill for rule in style.rules}) == len(style.rules)


def test_the_most_numerous_product_lies_undermost() -> None:
    (style,) = LAYERS["POI"].styles
    assert [rule.value for rule in style.rules] == [
        "Conformiteitsattest",
        "VlaamseInventarisOngeschikteOnbewoonbareWoningen",
        "RegisterHerstelvorderingen",
    ]


def test_no_code_has_the_colour_of_a_product_and_what_is_not_stated_is_told_apart_by_lightness() -> None:
    products = {rule.mark.fill for rule in LAYERS["POI"].styles[0].rules}
    for style in LAYERS["Woningkwaliteitsbeleid"].styles:
        *told, missing = (rule.mark.fill for rule in style.rules)
        assert products.isdisjoint(told)
        if style.field.codes:  # type: ignore[union-attr] # each of them has a field
            # WCAG 2.2, 1.4.11: neighbours on a map are told apart from 3 : 1 on; orange has its hue as well
            assert sorted(contrast(colour, missing) >= 3 for colour in told)[-2:] == [True, True]
            assert all(contrast(colour, missing) > 1.5 for colour in told)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(colour.removeprefix("#"))]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("layer", [layer for layer in LAYERS.values() if layer.product.value is not None], ids=lambda layer: layer.name)
def test_the_layer_of_a_product_has_its_symbol_alone(layer: Layer) -> None:
    (style,) = layer.styles
    assert [rule.value for rule in style.rules] == [layer.name]
    assert layer.predicate == Compare("PRODUCT", layer.predicate.operator, layer.name)  # type: ignore[union-attr] # a product limits its layer


def test_an_area_has_a_style_for_each_field_with_codes_or_classes_and_says_where_nothing_is_stated() -> None:
    layer = LAYERS["Woningkwaliteitsbeleid"]
    assert layer.feature_type.geometry is Geometry.MULTIPOLYGON
    assert layer.styles[0].id == "CAVERPL"
    for style in layer.styles:
        assert style.rules[-1].predicate == IsNull(style.id)
        assert len({rule.mark.fill for rule in style.rules}) == len(style.rules)
        expected = len(style.field.codes) or len(style.field.classes) + 1  # type: ignore[union-attr] # each of them has a field
        assert len(style.rules) == expected + 1


def test_a_style_is_found_by_name_and_the_default_by_none() -> None:
    layer = LAYERS["Woningkwaliteitsbeleid"]
    assert layer.style("") is layer.styles[0]
    assert layer.style("AANTREGELS") is layer.styles[-1]
    assert layer.style("KLEUR") is None
