"""Styles: every form says what `exports.symbology` says."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import orjson
import pytest
from lxml import etree
from PIL import Image

from etl.definitions import load_all
from etl.schema import schema
from exports.notice import Notice, notice
from exports.styles import maplibre, qlr, qml, sld
from exports.styles.predicates import maplibre as expression
from exports.styles.predicates import qgis
from exports.styles.sprite import sprite
from exports.symbology import Layer, Style, layers, outlined
from release.predicate import Compare, IsNull, Not, Operator, Predicate, both
from release.schema import Geometry, Schema, Shape
from tests import ogc_schemas

SCHEMA: Schema = schema(load_all(), publisher="Wonen in Vlaanderen", contact="https://example.org", withdraw_after={})
STYLES = [(layer, style) for layer in layers(SCHEMA) for style in layer.styles]
URL = "https://data.example.org/vlok"
OGC = {"sld": "http://www.opengis.net/sld", "ogc": "http://www.opengis.net/ogc"}

each = pytest.mark.parametrize(("layer", "style"), STYLES, ids=[f"{layer.name}-{style.id}" for layer, style in STYLES])


def words(layer: Layer, environment: str = "production") -> Notice:
    return notice(layer.product, SCHEMA, date(2026, 11, 21), environment)


def of_maplibre(layer: Layer, style: Style, environment: str = "production") -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(maplibre.document(layer, style, words(layer, environment), f"{URL}/tiles", f"{URL}/sprite"))
    return made


def forms(layer: Layer, style: Style, environment: str = "production") -> dict[str, str]:
    told = words(layer, environment)
    made = {
        "json": maplibre.document(layer, style, told, f"{URL}/tiles", f"{URL}/sprite"),
        "sld": sld.document(layer, style, told),
        "qml": qml.document(layer, style, told),
        "qlr": qlr.document(layer, style, told, f"{URL}/POI/wfs"),
    }
    return {form: document.decode() for form, document in made.items()}


@each
def test_every_form_says_where_the_data_is_from_and_on_which_day(layer: Layer, style: Style) -> None:
    for form, text in forms(layer, style).items():
        assert "Bron: Wonen in Vlaanderen – " in text and "toestand 21 november 2026" in text, form
        assert "Staat een adres er niet op" in text and SCHEMA.words.licence in text, form


@each
def test_outside_production_the_title_of_every_form_says_test(layer: Layer, style: Style) -> None:
    for form, text in forms(layer, style, "test").items():
        assert form == "qml" or "TEST – " in text, form
        assert "TEST" not in forms(layer, style)[form]


@each
def test_no_form_refers_to_a_foreign_host(layer: Layer, style: Style) -> None:
    known = (URL, SCHEMA.words.licence, "http://www.opengis.net/sld", "http://www.opengis.net/ogc")
    for form, text in forms(layer, style).items():
        addresses = [part for part in re.split(r'[\s"\'<>]', text) if "://" in part]
        assert addresses and all(address.startswith(known) for address in addresses), form


@each
def test_every_form_has_each_rule_with_its_colour(layer: Layer, style: Style) -> None:
    made = forms(layer, style)
    for rule in style.rules:
        red, green, blue = (int(rule.mark.fill[place : place + 2], 16) for place in (1, 3, 5))
        label = rule.label.nl.replace("&", "&amp;")
        assert label in made["sld"] and rule.mark.fill in made["sld"]
        for form in ("qml", "qlr"):
            assert f'label="{label}"' in made[form] and f'v="{red},{green},{blue},255"' in made[form]


@each
def test_a_maplibre_style_has_one_layer_a_rule_over_our_tiles(layer: Layer, style: Style) -> None:
    made = of_maplibre(layer, style)
    assert made["version"] == 8 and made["sources"] == {
        "vlok": {"type": "vector", "url": f"{URL}/tiles", "attribution": words(layer).attribution}
    }
    assert "glyphs" not in made
    drawn = [part for part in made["layers"] if part["type"] != "line"]
    assert [part["id"] for part in drawn] == [rule.id for rule in style.rules]
    assert {part["source-layer"] for part in made["layers"]} == {layer.name}
    of_points = layer.feature_type.geometry is Geometry.POINT
    assert ("sprite" in made) == of_points
    for part, rule in zip(drawn, style.rules, strict=True):
        assert part["type"] == ("symbol" if of_points else "fill")
        assert of_points or part["paint"]["fill-color"] == rule.mark.fill


def evaluate(told: Any, properties: dict[str, Any]) -> Any:
    """The few expressions of MapLibre that the filters use, by their specification; comparing what is absent is an error."""
    if not isinstance(told, list):
        return told
    name, *given = told
    match name:
        case "has":
            return given[0] in properties
        case "get":
            return properties[given[0]]
        case "!":
            return not evaluate(given[0], properties)
        case "all":
            return all(evaluate(part, properties) for part in given)
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            left, right = (evaluate(part, properties) for part in given)
            return {"==": left == right, "!=": left != right}[name] if name in ("==", "!=") else _ordered(name, left, right)
    raise AssertionError(name)


def _ordered(name: str, left: Any, right: Any) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[name]


@pytest.mark.parametrize(("layer", "style"), [known for known in STYLES if len(known[1].rules) > 1])
def test_every_value_falls_in_one_rule_and_so_does_an_absent_one(layer: Layer, style: Style) -> None:
    assert style.field is not None
    drawn = [part for part in of_maplibre(layer, style)["layers"] if part["type"] != "line"]
    limits = style.field.classes
    values: list[Any] = [code.value for code in style.field.codes] or [rule.value for rule in style.rules if rule.value is not None]
    values = values or [value + step for value in limits for step in (-0.5, 0, 0.5)]
    for value in values:
        assert sum(evaluate(part["filter"], {style.field.name: value}) for part in drawn) == 1, value
    fitting = [part["id"] for part in drawn if evaluate(part["filter"], {})]
    assert fitting == ([] if layer.feature_type.geometry is Geometry.POINT else ["leeg"])


@pytest.mark.parametrize(
    ("predicate", "wanted"),
    [
        (Compare("A", Operator.EQUAL, "d'Hondt"), "\"A\" = 'd''Hondt'"),
        (Compare("A", Operator.LESS, 62.5), '"A" < 62.5'),
        (both(Compare("A", Operator.GREATER_OR_EQUAL, 1945), Compare("A", Operator.LESS, 1970)), '"A" >= 1945 AND "A" < 1970'),
        (IsNull("A"), '"A" IS NULL'),
        (Compare("A", Operator.EQUAL, date(2026, 11, 21)), "\"A\" = '2026-11-21'"),
    ],
)
def test_a_predicate_is_an_expression_of_qgis(predicate: Predicate, wanted: str) -> None:
    assert qgis(predicate) == wanted


@pytest.mark.parametrize("write", [qgis, expression])
def test_a_predicate_that_no_rule_has_is_refused(write: Any) -> None:
    with pytest.raises(NotImplementedError):
        write(Not(IsNull("A")))


def test_the_address_of_a_product_in_a_layer_definition_is_escaped_as_qgis_wants_it() -> None:
    layer = next(layer for layer in layers(SCHEMA) if layer.product.value is not None)
    root = etree.fromstring(qlr.document(layer, layer.styles[0], words(layer), f"{URL}/POI/wfs"))
    source = root.findtext("maplayers/maplayer/datasource")
    assert source is not None and f"url='{URL}/POI/wfs'" in source
    assert source.endswith(f"filter='\"PRODUCT\" = \\'{layer.name}\\''")
    node = root.find("layer-tree-group/layer-tree-layer")
    assert node is not None and node.get("id") == root.findtext("maplayers/maplayer/id") and node.get("source") == source


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    folder = ogc_schemas.unpacked(tmp_path_factory.mktemp("sld"))
    return etree.XMLSchema(etree.parse(folder / "sld" / "1.0.0" / "StyledLayerDescriptor.xsd"))


@each
def test_an_sld_is_valid_by_the_official_schema(official: etree.XMLSchema, layer: Layer, style: Style) -> None:
    official.assertValid(etree.fromstring(sld.document(layer, style, words(layer))))


@pytest.mark.parametrize("ratio", [1, 2])
def test_the_sprite_has_the_symbol_of_every_rule_of_points(ratio: int) -> None:
    made = sprite(SCHEMA, ratio)
    index, image = orjson.loads(made.index), Image.open(io.BytesIO(made.image))
    marks = {rule.id: rule.mark for layer, style in STYLES for rule in style.rules if rule.mark.shape is not None}
    assert index.keys() == marks.keys()
    for name, place in index.items():
        assert place["pixelRatio"] == ratio
        left, top, side = place["x"], place["y"], place["width"]
        assert left + side <= image.width and top + place["height"] <= image.height
        symbol = image.crop((left, top, left + side, top + side))
        assert symbol.getpixel((side // 2, side // 2)) == (*bytes.fromhex(marks[name].fill[1:]), 255)
        assert symbol.getpixel((0, side - 1))[3] == 0, "its corner is clear"
    assert made.image == sprite(SCHEMA, ratio).image


@pytest.mark.parametrize("shape", Shape)
def test_symbols_of_every_shape_look_equally_large(shape: Shape) -> None:
    corners = outlined(shape, 10)
    area = abs(sum(x * corners[number - 1][1] - y * corners[number - 1][0] for number, (x, y) in enumerate(corners))) / 2
    assert 50 < area < 90
    assert max(abs(part) for corner in corners for part in corner) < 7
