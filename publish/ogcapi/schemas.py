"""Public fields as JSON Schema: what features have (Part 5), and what they can be filtered by (Part 3)."""

from __future__ import annotations

from publish.pages import Language
from release.schema import FeatureType, Field, FieldType, Geometry

JsonSchema = dict[str, object]
"""A JSON Schema, or a part of one."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
GEOMETRY = "geometry"
"""The name of the geometry in GeoJSON, and so in schemas and filters."""

_TYPES: dict[FieldType, tuple[str, str | None]] = {
    FieldType.TEXT: ("string", None),
    FieldType.URI: ("string", "uri"),
    FieldType.DATE: ("string", "date"),
    FieldType.INTEGER: ("integer", None),
    FieldType.NUMBER: ("number", None),
}
_GEOMETRIES = {Geometry.POINT: "geometry-point", Geometry.MULTIPOLYGON: "geometry-multipolygon"}


def json_schema(field: Field, language: Language = "nl") -> JsonSchema:
    """Type, format, length and codes of a field, with its title."""
    name, format_ = _TYPES[field.type]
    described: JsonSchema = {"type": name, "title": field.title.nl if language == "nl" else field.title.en}
    if format_ is not None:
        described["format"] = format_
    if field.length is not None and name == "string":
        described["maxLength"] = field.length
    if field.codes:
        described["enum"] = [code.value for code in field.codes]
    return described


def properties(kind: FeatureType, language: Language) -> JsonSchema:
    """Every property of the features by name, in order.

    OGC API Features Part 5 §7: x-ogc-propertySeq is the place of a property, x-ogc-role what it is for; a geometry has no type.
    """
    described: JsonSchema = {field.name: json_schema(field, language) for field in kind.fields}
    if kind.geometry is not None:
        title = "ligging" if language == "nl" else "location"
        described[GEOMETRY] = {"title": title, "format": _GEOMETRIES[kind.geometry], "x-ogc-role": "primary-geometry"}
    return {name: part | {"x-ogc-propertySeq": place} for place, (name, part) in enumerate(_parts(described), start=1)}


def required(kind: FeatureType) -> list[str]:
    """Names of the properties that every feature has."""
    return [field.name for field in kind.fields if field.required]


def _parts(described: JsonSchema) -> list[tuple[str, JsonSchema]]:
    return [(name, part) for name, part in described.items() if isinstance(part, dict)]
