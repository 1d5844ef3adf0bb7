"""The message specification: JSON Schema of records and `levering.json`, OpenAPI of the source API, from the definitions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from etl.definitions import DatasetDefinition, RecordField, RecordType

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Schema = dict[str, Json]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PERSONAL = "Persoonlijk of vertrouwelijk: laat dit veld weg. Het wordt ongelezen verwijderd."

_ABOUT = (
    "Levering van één register voor één dag, blad na blad. Aanmelden met client credentials en een ondertekend JWT "
    "(RFC 7523, RS256; iss = sub = client id, aud, exp, iat, jti). Laat persoonsgegevens weg aan de bron: ze worden niet gelezen."
)

_TYPES: dict[RecordType, Schema] = {
    RecordType.TEXT: {"type": "string"},
    RecordType.LINK: {"type": "string"},
    RecordType.INTEGER: {"type": "integer"},
    RecordType.NUMBER: {"type": "number"},
    RecordType.BOOLEAN: {"type": "boolean"},
    RecordType.DATE: {"type": "string", "format": "date"},
    RecordType.TIMESTAMP: {"type": "string", "format": "date-time"},
}
_DAY: Schema = {"type": "string", "format": "date"}
_NUMBER: Schema = {"type": "integer", "minimum": 1}


@dataclass(slots=True)
class _Node:
    """One name of a record: its field (null when only its parts are listed) and what is in it."""

    spec: RecordField | None = None
    parts: dict[str, _Node] = field(default_factory=dict)
    many: bool = False

    @property
    def required(self) -> bool:
        return self.spec.required if self.spec is not None else any(part.required for part in self.parts.values())


class _Dialect(StrEnum):
    """The two dialects differ in how they say null and example."""

    JSON_SCHEMA = "2020-12"
    OPENAPI = "3.0"

    def nullable(self, schema: Schema) -> Schema:
        """The same, or null."""
        codes = schema.get("enum")
        values: Schema = {"enum": [*codes, None]} if isinstance(codes, list) else {}
        if self is _Dialect.OPENAPI:
            return schema | values | {"nullable": True}
        return schema | values | {"type": [schema["type"], "null"]}

    def example(self, value: str | int | float | bool | None) -> Schema:
        """The keyword of an example."""
        if value is None:
            return {}
        return {"example": value} if self is _Dialect.OPENAPI else {"examples": [value]}


def scope_of(definition: DatasetDefinition) -> str:
    """The OAuth 2 scope of a dataset: its own, or by the rule of CONTRACT A.3."""
    return definition.source.scope or f"vlok_{definition.id}_v1_G"


def record_schema(definition: DatasetDefinition) -> Schema:
    """JSON Schema (2020-12) of one record of a full delivery."""
    return {"$schema": DIALECT, "title": definition.title.nl} | _record(definition, _Dialect.JSON_SCHEMA)


def line_schema(definition: DatasetDefinition) -> Schema:
    """JSON Schema of one line of a delivery of mutations: a record, or the key of one that was removed."""
    either: list[Json] = [_removal(definition), _record(definition, _Dialect.JSON_SCHEMA)]
    return {"$schema": DIALECT, "title": definition.title.nl, "oneOf": either}


def statement_schema(datasets: Iterable[DatasetDefinition]) -> Schema:
    """JSON Schema of `levering.json`."""
    file = _closed(
        {
            "naam": {"type": "string", "pattern": r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\.jsonl(\.gz)?$"},
            "aantal": {"type": "integer", "minimum": 0},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "van de bytes van het bestand, dus ingepakt"},
        }
    )
    parts = _statement([definition.id for definition in datasets])
    files: Schema = {"type": "array", "items": file, "maxItems": 500}
    return {"$schema": DIALECT, "title": "levering.json"} | _closed(parts | {"bestanden": files})


def openapi(datasets: Iterable[DatasetDefinition], *, version: str = "1.0.0") -> bytes:
    """OpenAPI 3.0 document of the source API (CONTRACT A.3) as JSON, the same bytes for the same definitions."""
    definitions = sorted(datasets, key=lambda definition: definition.id)
    schemas: Schema = {_name(definition): _record(definition, _Dialect.OPENAPI) for definition in definitions}
    schemas["Fout"] = {"type": "object", "properties": {"errorMessage": {"type": "string"}, "exceptionClass": {"type": "string"}}}
    scopes: Schema = {scope_of(definition): f"lezen: {definition.title.nl}" for definition in definitions}
    flow: Schema = {"tokenUrl": "/oauth/token", "scopes": scopes}
    document: Schema = {
        "openapi": "3.0.3",
        "info": {
            "title": "Bron-API van de woningkwaliteitsregisters",
            "version": version,
            "description": _ABOUT,
        },
        "paths": {f"/v1/{definition.id}": {"get": _operation(definition)} for definition in definitions},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"magda": {"type": "oauth2", "flows": {"clientCredentials": flow}}},
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


def _operation(definition: DatasetDefinition) -> Schema:
    correlation: Schema = {"x-correlation-id": {"schema": {"type": "string", "format": "uuid"}, "description": "zoals gevraagd"}}
    fault: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/Fout"}}}
    retry: Schema = {"Retry-After": {"schema": {"type": "string"}, "description": "seconden of datum"}}
    refusals: Schema = {
        code: {"description": reason, "headers": correlation | (retry if code in ("429", "503") else {}), "content": fault}
        for code, reason in _REFUSALS.items()
    }
    page: Schema = {"application/json": {"schema": _page(definition)}}
    answers: Schema = {"200": {"description": "een blad van de levering", "headers": correlation, "content": page}}
    return {
        "operationId": f"lees_{definition.id}",
        "summary": definition.title.nl,
        "parameters": [
            {"name": "peildatum", "in": "query", "required": True, "schema": _DAY},
            {"name": "x-correlation-id", "in": "header", "required": True, "schema": {"type": "string", "format": "uuid"}},
        ],
        "responses": answers | refusals,
        "security": [{"magda": [scope_of(definition)]}],
    }


_REFUSALS = {
    "400": "x-correlation-id of peildatum ontbreekt of is geen uuid of datum",
    "401": "geen of een verlopen token",
    "403": "het token geeft geen recht op dit register",
    "404": "voor deze dag is er geen levering",
    "429": "te veel vragen",
    "503": "even niet beschikbaar",
}


def _page(definition: DatasetDefinition) -> Schema:
    record: Schema = {"oneOf": [_removal(definition), {"$ref": f"#/components/schemas/{_name(definition)}"}]}
    parts: Schema = _statement([definition.id]) | {
        "aantal": {"type": "integer", "minimum": 0, "description": "records van alle bladen samen"},
        "records": {"type": "array", "items": record},
        "volgende": {"type": "string", "nullable": True, "description": "adres van het volgende blad; null op het laatste"},
    }
    return _closed(parts)


def _statement(datasets: list[str]) -> Schema:
    names: list[Json] = [*datasets]
    kinds: list[Json] = ["volledig", "mutaties"]
    return {
        "dataset": {"type": "string", "enum": names},
        "soort": {"type": "string", "enum": kinds},
        "peildatum": _DAY,
        "volgnummer": _NUMBER,
    }


def _removal(definition: DatasetDefinition) -> Schema:
    return _closed({definition.record.key: {"type": "string"}, "verwijderd": {"type": "boolean", "enum": [True]}})


def _closed(parts: Schema) -> Schema:
    """An object with exactly these members."""
    return {"type": "object", "properties": parts, "required": [*parts], "additionalProperties": False}


def _name(definition: DatasetDefinition) -> str:
    return f"Record_{definition.id}"


def _record(definition: DatasetDefinition, dialect: _Dialect) -> Schema:
    root = _Node()
    for spec in definition.record.fields:
        node = root
        for name in spec.path.split("."):
            node = node.parts.setdefault(name.removesuffix("[]"), _Node())
            node.many |= name.endswith("[]")
        node.spec = spec
    return _object(root, dialect)


def _object(node: _Node, dialect: _Dialect) -> Schema:
    parts: Schema = {name: _value(part, dialect) for name, part in node.parts.items()}
    required: list[Json] = [name for name, part in node.parts.items() if part.required]
    # CONTRACT A.4: a field that the contract does not know holds the delivery, so a record may have no others.
    schema: Schema = {"type": "object", "properties": parts, "additionalProperties": False}
    return schema | ({"required": required} if required else {})


def _value(node: _Node, dialect: _Dialect) -> Schema:
    spec = node.spec
    title = spec.title if spec is not None else ""
    if spec is not None and spec.personal and not spec.used:
        return {"description": f"{title}. {PERSONAL}".removeprefix(". ")}
    schema = _object(node, dialect) if node.parts else _scalar(spec, dialect)
    if node.many or (spec is not None and spec.type is RecordType.LIST):
        schema = {"type": "array", "items": schema}
    if not node.required:
        schema = dialect.nullable(schema)
    return schema | ({"description": title} if title else {})


def _scalar(spec: RecordField | None, dialect: _Dialect) -> Schema:
    if spec is None or spec.type not in _TYPES:
        return {"type": "object"}
    codes: list[Json] = [*spec.codes]
    schema = _TYPES[spec.type] | ({"enum": codes} if codes else {})
    schema |= {"pattern": f"^(?:{spec.pattern})$"} if spec.pattern else {}
    schema |= {"maxLength": spec.max_length} if spec.max_length else {}
    return schema | dialect.example(spec.example)
