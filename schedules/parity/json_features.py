"""Rows of GeoJSON, parsed by orjson: pages of a FeatureCollection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson

from release.schema import FeatureType, Field, FieldType, Geometry
from schedules.parity import places
from schedules.parity.errors import Undecodable
from schedules.parity.rows import NOWHERE, SEPARATOR, Row, Shape, same_ids
from schedules.parity.texts import text


def rows(documents: Iterable[bytes], kind: FeatureType, unit: int = places.METRES) -> Iterator[Row]:
    """The features of documents with coordinates in EPSG:31370, or with `places.DEGREES` in CRS84; raises `Undecodable`."""
    for document in documents:
        try:
            features = orjson.loads(document)["features"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise Undecodable("an answer is no FeatureCollection") from error
        yield from _features(features, kind, unit)


def _features(features: Sequence[Mapping[str, Any]], kind: FeatureType, unit: int) -> Iterator[Row]:
    width, prefix = len(kind.fields), f"{kind.name}."
    values = itemgetter(*Shape(kind).names)
    numbers = [(at, field) for at, field in enumerate(kind.fields) if field.type is FieldType.NUMBER]
    texts = []
    for feature in features:
        properties = feature["properties"]
        if len(properties) != width or not feature["id"].startswith(prefix):
            raise Undecodable("a feature has other properties, or another id, than the schema says")
        found = _canonical(values(properties), numbers) if numbers else values(properties)
        texts.append(SEPARATOR.join(["" if value is None else value if value.__class__ is str else str(value) for value in found]).encode())
    same_ids([feature["id"][len(prefix) :].encode() for feature in features], texts, Shape(kind).id)
    yield from zip(texts, _places([feature["geometry"] for feature in features], kind.geometry, unit), strict=True)


def _canonical(values: Sequence[Any], numbers: Iterable[tuple[int, Field]]) -> Sequence[Any]:
    changed = list(values)
    for at, field in numbers:
        changed[at] = text(changed[at], field)
    return changed


def _places(geometries: Sequence[Mapping[str, Any] | None], kind: Geometry | None, unit: int) -> list[bytes]:
    if any(geometry["type"] != kind for geometry in geometries if geometry is not None):
        raise Undecodable("a feature has another geometry than the schema says")
    found = [None if geometry is None else geometry["coordinates"] for geometry in geometries]
    if kind is Geometry.POINT:
        return places.written(found, unit)
    return [NOWHERE if polygons is None else places.rings(polygons, unit) for polygons in found]
