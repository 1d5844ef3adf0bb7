"""QGIS itself, without a screen: styles look as they should, and layer definitions add our layers."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from etl.definitions import load_all
from etl.schema import schema
from exports.notice import notice
from exports.styles import qml, sld
from exports.symbology import Layer, Style, layers
from publish.app import ServeSettings, create_app
from release.predicate import And, Compare, IsNull, Predicate
from release.schema import FieldType, Geometry, Schema, Shape
from tests.etl.deliveries import DAY, noon
from tests.running import running
from tests.strangers import CERTIFICATE, Shown, shown

pytestmark = pytest.mark.qgis

PYTHON = "/usr/bin/python3"
"""The Python that Debian's QGIS is for."""
SCRIPT = Path(__file__).parent / "qgis" / "styles.py"
SCHEMA: Schema = schema(load_all(), publisher="Wonen in Vlaanderen", contact="https://example.org", withdraw_after={})
STYLES = [(layer, style) for layer in layers(SCHEMA) for style in layer.styles]
SHAPES = {Shape.CIRCLE: "circle", Shape.TRIANGLE: "triangle", Shape.SQUARE: "square", Shape.DIAMOND: "diamond"}
TYPES = {FieldType.TEXT: "string", FieldType.INTEGER: "integer", FieldType.NUMBER: "double"}

Answer = dict[str, Any]


def ask(home: Path, tasks: list[dict[str, Any]]) -> list[Answer]:
    """What a QGIS, in a home where none has ever run, makes of some tasks."""
    here = str(home)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": here, "XDG_RUNTIME_DIR": here, "TMPDIR": here}
    ended = subprocess.run(
        [PYTHON, str(SCRIPT)], input=json.dumps(tasks), env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    answers: list[Answer] = json.loads(ended.stdout.splitlines()[-1])
    assert not any(answer.get("error") for answer in answers), answers
    return answers


def fitting(predicate: Predicate | None) -> object:
    """A value that fits the predicate of a rule."""
    match predicate:
        case Compare(_, operator, literal) if operator in ("=", ">="):
            return literal
        case Compare(_, _, literal):
            assert isinstance(literal, int | float)
            return literal - 1
        case And(parts):
            return fitting(parts[0])
        case IsNull(_) | None:
            return None
    raise AssertionError(predicate)


def task(layer: Layer, style: Style, path: Path) -> dict[str, Any]:
    """A feature for each rule."""
    of_points = layer.feature_type.geometry is Geometry.POINT
    assert style.field is not None
    memory = f"{'Point' if of_points else 'Polygon'}?crs=EPSG:31370&field={style.field.name}:{TYPES[style.field.type]}"
    return {"path": str(path), "layer": memory, "values": [[fitting(rule.predicate)] for rule in style.rules]}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Answer]]:
    """By form and style."""
    folder, names, tasks = tmp_path_factory.mktemp("styles"), [], []
    for form, write in (("qml", qml.document), ("sld", sld.document)):
        for layer, style in STYLES:
            path = folder / f"{layer.name}_{style.id}.{form}"
            path.write_bytes(write(layer, style, notice(layer.product, SCHEMA, date(2026, 11, 21), "test")))
            names.append((form, f"{layer.name}/{style.id}"))
            tasks.append(task(layer, style, path))
    made: dict[str, dict[str, Answer]] = {"qml": {}, "sld": {}}
    for (form, name), answer in zip(names, ask(folder, tasks), strict=True):
        made[form][name] = answer
    return made


@pytest.mark.parametrize("form", ["qml", "sld"])
@pytest.mark.parametrize(("layer", "style"), STYLES, ids=[f"{layer.name}-{style.id}" for layer, style in STYLES])
def test_qgis_draws_a_feature_of_every_rule_in_its_colour(
    answers: dict[str, dict[str, Answer]], form: str, layer: Layer, style: Style
) -> None:
    answer = answers[form][f"{layer.name}/{style.id}"]
    assert answer["colours"] == [rule.mark.fill for rule in style.rules]


@pytest.mark.parametrize(("layer", "style"), STYLES, ids=[f"{layer.name}-{style.id}" for layer, style in STYLES])
def test_qgis_shows_every_rule_with_its_label_and_shape_and_where_the_data_is_from(
    answers: dict[str, dict[str, Answer]], layer: Layer, style: Style
) -> None:
    answer = answers["qml"][f"{layer.name}/{style.id}"]
    assert answer["renderer"] == "RuleRenderer"
    assert [label for label, _, _ in answer["rules"]] == [rule.label.nl for rule in style.rules]
    assert all(readable for _, _, readable in answer["rules"])
    assert answer["passes"] == list(range(len(style.rules)))
    assert answer["notes"].startswith("Bron: Wonen in Vlaanderen – ") and "Staat een adres er niet op" in answer["notes"]
    if layer.feature_type.geometry is Geometry.POINT:
        assert answer["shapes"] == {rule.label.nl: SHAPES[rule.mark.shape] for rule in style.rules if rule.mark.shape is not None}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return shown(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def server(release: Shown) -> Iterator[str]:
    with running(lambda url: create_app(ServeSettings(release.world.home / "releases", url), lambda: noon(DAY))) as url:
        yield url


def test_a_layer_definition_adds_the_layer_with_its_style_and_all_of_its_features(server: str, release: Shown, tmp_path: Path) -> None:
    asked = []
    for layer, style in STYLES:
        path = tmp_path / f"{layer.name}_{style.id}.qlr"
        path.write_bytes(httpx.get(f"{server}/stijlen/{layer.name}/{style.id}.qlr", trust_env=False).raise_for_status().content)
        asked.append({"path": str(path)})
    for (layer, style), answer in zip(STYLES, ask(tmp_path, asked), strict=True):
        assert answer["provider"] == "WFS" and answer["crs"] == "EPSG:31370"
        assert answer["name"].startswith("TEST – ") and answer["tree"] == [answer["name"]]
        assert answer["attribution"].startswith("Bron: Wonen in Vlaanderen – ")
        assert [label for label, _, _ in answer["rules"]] == [rule.label.nl for rule in style.rules]
        if layer.feature_type.geometry is Geometry.POINT:
            wanted = {oidn for oidn, row in release.rows.items() if layer.name in ("POI", row["PRODUCT"])}
            assert set(answer["ids"]) == wanted and answer["count"] == len(wanted)
            assert answer["display"] == '"NAAM"'
        else:
            assert answer["count"] > 0
    assert CERTIFICATE in {layer.name for layer, _ in STYLES}
