"""MapLibre Style Specification, version 8: one layer for each rule, over the vector tiles of the layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from exports.notice import Notice
from exports.resources import FLANDERS
from exports.styles.predicates import Expression, maplibre
from exports.styles.titles import titled
from exports.symbology import Layer, Rule, Style
from release.schema import Geometry

MEDIA_TYPE = "application/vnd.mapbox.style+json"

Json = dict[str, Any]
"""A part of a style."""

_SOURCE = "vlok"
_SEEN_FROM = 7
"""Zoom level at which Flanders fills a screen."""

_SIZE: Expression = ["interpolate", ["linear"], ["log10", ["max", 1, ["coalesce", ["get", "AANTAL"], 1]]], 0, 1, 4, 3]
"""A point that stands for several objects is larger: twice as large for a hundred."""


def document(layer: Layer, style: Style, notice: Notice, tile_json: str, sprite: str) -> bytes:
    """The style; `tile_json` and `sprite` are addresses, the latter without its extension."""
    west, south, east, north = FLANDERS
    of_points = layer.feature_type.geometry is Geometry.POINT
    content: Json = {
        "version": 8,
        "name": titled(layer, style, notice),
        "metadata": notice.members,
        "center": [round((west + east) / 2, 3), round((south + north) / 2, 3)],
        "zoom": _SEEN_FROM,
        "sources": {_SOURCE: {"type": "vector", "url": tile_json, "attribution": notice.attribution}},
        **({"sprite": sprite} if of_points else {}),
        "layers": list(_points(layer, style) if of_points else _areas(layer, style)),
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def icon(rule: Rule) -> str:
    """Name of the symbol of a rule in the sprite."""
    return rule.id


def _points(layer: Layer, style: Style) -> Iterator[Json]:
    for rule in style.rules:
        layout = {"icon-image": icon(rule), "icon-size": _SIZE, "icon-allow-overlap": True}
        yield _layer(layer, rule, "symbol") | {"layout": layout}


def _areas(layer: Layer, style: Style) -> Iterator[Json]:
    for rule in style.rules:
        yield _layer(layer, rule, "fill") | {"paint": {"fill-color": rule.mark.fill, "fill-antialias": False}}
    border = {"line-color": style.rules[0].mark.outline, "line-width": 0.7}
    yield {"id": "grens", "type": "line", "source": _SOURCE, "source-layer": layer.name, "paint": border}


def _layer(layer: Layer, rule: Rule, kind: str) -> Json:
    known: Json = {"id": rule.id, "type": kind, "source": _SOURCE, "source-layer": layer.name, "metadata": {"title": rule.label.nl}}
    return known if rule.predicate is None else known | {"filter": maplibre(rule.predicate)}
