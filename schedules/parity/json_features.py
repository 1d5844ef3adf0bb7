"""Rows of GeoJSON, parsed by orjson: pages of a FeatureCollection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import orjson

from release.schema import FeatureType, FieldType, Geometry
from schedules.parity import places
from schedules.parity.errors import Undecodable
from schedules.parity.rows import NOWHERE, SEPARATOR, Row, Shape, same_id
from schedules.parity.texts import text


def rows(documents: Iterable[bytes], kind: FeatureType, unit: int = places.METRES) -> Iterator[Row]:
    """The features of documents with coordinates in EPSG:31370, or with `places.DEGREES` in CRS84; raises `Undecodable`."""
    for document in documents:
        try:
            features = orjson.loads(document)["features"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise Undecodable("an answer is no FeatureCollection") from error
        yield from _features(features, kind, unit)


def _features(features: Iterable[Mapping[str, Any]], kind: FeatureType, unit: int) -> Iterator[Row]:
    own, width, prefix = Shape(kind).id, len(kind.fields), f"{kind.name}."
    values = itemgetter(*Shape(kind).names)
    numbers = frozenset(position for position, field in enumerate(kind.fields) if field.type is FieldType.NUMBER)
    for feature in features:
        properties, identifier = feature["properties"], feature["id"]
        if len(properties) != width or not identifier.startswith(prefix):
            raise Undecodable("a feature has other properties, or another id, than the schema says")
        found = values(properties)
        if numbers:
            found = [text(value, kind.fields[at]) if at in numbers else value for at, value in enumerate(found)]
        texts = SEPARATOR.join(["" if value is None else value if value.__class__ is str else str(value) for value in found]).encode()
        same_id(identifier[len(prefix) :].encode(), texts, own)
        yield texts, _place(feature["geometry"], kind.geometry, unit)


def _place(geometry: Mapping[str, Any] | None, kind: Geometry | None, unit: int) -> bytes:
    if geometry is None:
        return NOWHERE
    if geometry["type"] != kind:
        raise Undecodable("a feature has another geometry than the schema says")
    if kind is Geometry.POINT:
        x, y = geometry["coordinates"]
        return places.point(x, y, unit)
    return places.rings(geometry["coordinates"], unit)
