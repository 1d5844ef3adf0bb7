"""The message specification (berichtspecificatie) for source holders: a Dutch page and JSON Schemas per dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from etl import source_api
from etl.definitions import DatasetDefinition, RecordField, RecordType, Validity
from etl.pages.markdown import bullets, code, codes, page, table
from etl.pages.uses import FieldUse, Use, uses
from etl.source_api import Schema

_TYPES = {
    RecordType.TEXT: "tekst",
    RecordType.LINK: "webadres",
    RecordType.INTEGER: "geheel getal",
    RecordType.NUMBER: "getal",
    RecordType.BOOLEAN: "true of false",
    RecordType.DATE: "datum (JJJJ-MM-DD)",
    RecordType.TIMESTAMP: "tijdstip (ISO 8601)",
    RecordType.OBJECT: "object",
    RecordType.LIST: "lijst van objecten",
    RecordType.ANY: "om het even",
}

_CADENCES = {"daily": "elke dag", "monthly": "elke maand"}

_WARNING = (
    "Velden met ⚠ zijn persoonlijk of vertrouwelijk. Laat ze weg, behalve waar staat dat ze nodig zijn. Wat toch in zo'n veld staat, wordt "
    "ongelezen verwijderd. Een veld dat hier niet staat, houdt de levering aan. Een veld dat niet verplicht is, mag null zijn of ontbreken."
)


def messages(definitions: Iterable[DatasetDefinition]) -> Iterator[tuple[str, str]]:
    """Names within the kit and their text: a page and two schemas per dataset, the schema of `levering.json`, the OpenAPI document."""
    known = tuple(definitions)
    for definition in known:
        yield f"berichtspecificatie/{definition.id}.md", _page(definition)
        yield f"schema/{definition.id}.json", _json(source_api.record_schema(definition))
        yield f"schema/{definition.id}-mutaties.json", _json(source_api.line_schema(definition))
    yield "schema/levering.json", _json(source_api.statement_schema(known))
    yield "openapi.json", source_api.openapi(known).decode("utf-8") + "\n"


def _json(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _page(definition: DatasetDefinition) -> str:
    record = definition.record
    facts = [
        f"Juridische grond van de publicatie: {definition.legal_ground}.",
        f"Leveren: {_CADENCES[definition.cadence]}, in `<dag>/{definition.id}/`, of over HTTP op `/v1/{definition.id}`.",
        f"OAuth-scope: {code(source_api.scope_of(definition))}.",
        f"Sleutel van een record: {code(record.key)}. Eén publiek object per {code(record.object)}.",
        f"Zonder aanvaarde levering wordt de dataset na {definition.gate.withdraw_after_days} dagen teruggetrokken. "
        f"Aangehouden wordt een levering met meer dan {definition.gate.fewer:.0%} minder of {definition.gate.more:.0%} meer dan gisteren.",
        f"Schema's: [record](../schema/{definition.id}.json), [regel van mutaties](../schema/{definition.id}-mutaties.json), "
        "[levering.json](../schema/levering.json), [bron-API](../openapi.json). Voorbeelden: [overzicht](../voorbeelden/README.md).",
    ]
    found = {item.field.path: item for item in uses(definition)}
    rows = (_row(field, found.get(field.path)) for field in definition.record.fields)
    heads = ("veld", "type", "verplicht", "⚠", "betekenis", "voorbeeld", "wat ermee gebeurt")
    parts = [bullets(facts), f"**Publiek wanneer** {_public_when(definition)}", _WARNING, table(heads, rows)]
    return page(f"Berichtspecificatie {definition.id}: {definition.title.nl}", *parts)


def _row(field: RecordField, found: FieldUse | None) -> tuple[str, ...]:
    mark = "" if not field.personal else "⚠ nodig" if field.used else "⚠"
    example = "" if found is not None and found.use is Use.DROPPED else code(_example(field))
    return code(field.path), _type(field), "ja" if field.required else "", mark, field.title, example, _becomes(found)


def _example(field: RecordField) -> str | None:
    return None if field.example is None else json.dumps(field.example, ensure_ascii=False)


def _type(field: RecordField) -> str:
    words = [_TYPES[field.type]]
    words += [f"een van {codes(field.codes)}"] if field.codes else []
    words += [f"vorm {code(field.pattern)}"] if field.pattern else []
    words += [f"hoogstens {field.max_length} tekens"] if field.max_length else []
    return ", ".join(words)


def _becomes(found: FieldUse | None) -> str:
    """In Dutch what becomes of a field; nothing for an object, whose parts say it."""
    if found is None:
        return ""
    if found.use is Use.PUBLISHED:
        return f"publiek: {codes(found.shown_as)}"
    return {
        Use.DECIDES: "beslist mee, nooit publiek",
        Use.CHECKED: "nagekeken, niet bewaard",
        Use.DROPPED: "ongelezen verwijderd",
    }[found.use]


def _public_when(definition: DatasetDefinition) -> str:
    """CONTRACT B.1 in a sentence."""
    if definition.projection == "policy":
        return "de gemeente bestaat; van haar regels die van kracht zijn (`vanaf` is bereikt of ontbreekt, `tot` is niet voorbij)."
    clauses = [*_clauses(definition.validity)]
    clauses += [f"het is niet ouder dan een actueel record van {code(wait.dataset)} over hetzelfde object" for wait in definition.waits]
    return "minstens één record van het object het is, dat wil zeggen: " + "; ".join(clauses) + "."


def _clauses(validity: Validity) -> Iterator[str]:
    if validity.start is not None:
        yield f"{code(validity.start)} is bereikt"
    for path in validity.last:
        yield f"{code(path)} is niet voorbij"
    for path in validity.ended:
        yield f"{code(path)} ontbreekt of is nog niet bereikt"
    for path, values in validity.never.items():
        yield f"{code(path)} is niet {' of '.join(values)}"
