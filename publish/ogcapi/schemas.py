"""Public fields as JSON Schema."""

from __future__ import annotations

from release.schema import Field, FieldType

_TYPES: dict[FieldType, tuple[str, str | None]] = {
    FieldType.TEXT: ("string", None),
    FieldType.URI: ("string", "uri"),
    FieldType.DATE: ("string", "date"),
    FieldType.INTEGER: ("integer", None),
    FieldType.NUMBER: ("number", None),
}


def json_schema(field: Field) -> dict[str, object]:
    """Type, format and length of a field, with its Dutch title."""
    name, format_ = _TYPES[field.type]
    described: dict[str, object] = {"type": name, "title": field.title.nl}
    if format_ is not None:
        described["format"] = format_
    if field.length is not None and name == "string":
        described["maxLength"] = field.length
    return described
