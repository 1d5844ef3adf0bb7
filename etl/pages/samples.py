"""Example deliveries for source holders, made from the examples in the definitions: fictional, and the same every time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from etl.definitions import DatasetDefinition, RecordField, RecordType
from etl.source_api import Json

DAY, NEXT_DAY = "2026-11-21", "2026-11-22"
ENDED = "2026-11-14"
"""The day on which a record of the examples has ended."""

Record = dict[str, Json]

_RULES: tuple[Record, ...] = (
    {
        "soort": "verplicht_conformiteitsattest",
        "toepassing": {"huurwoning": "alle", "bouwjaarVoor": 1970},
        "waarde": {"ja": True},
        "ministerieleGoedkeuring": "2022-11-15",
    },
    {"soort": "geldigheidsduur", "toepassing": {"huurwoning": "kamer"}, "waarde": {"jaren": 5}},
    {"soort": "vergoeding", "toepassing": {"huurwoning": "alle"}, "waarde": {"bedragEuro": 62.5}},
    {"soort": "reglement", "toepassing": {"gebied": "stationsbuurt"}, "waarde": {"tekst": "nieuwe verhuringen"}, "tot": "2027-12-31"},
)
"""Rules of a municipality: what `waarde` may hold excludes the rest, so that one rule cannot show everything."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One example: `folder` is below `voorbeelden/`; the delivery is `<folder>/<day>/<dataset>/`."""

    folder: str
    dataset: str
    shows: str  # Dutch
    files: Mapping[str, bytes]
    verdict: str = "publish"
    code: str | None = None  # of the refusal, the hold or the finding that it is about
    day: str = DAY

    @property
    def path(self) -> str:
        """Of the delivery's folder, below `voorbeelden/`."""
        return f"{self.folder}/{self.day}/{self.dataset}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A delivery before it is written: its records, and what `levering.json` or the bytes say otherwise."""

    definition: DatasetDefinition
    records: tuple[Record, ...]
    kind: str = "volledig"
    number: int = 1
    day: str = DAY
    ending: str = ".jsonl"

    @property
    def name(self) -> str:
        """The file of records."""
        return f"{self.definition.id}{self.ending}"

    def data(self) -> bytes:
        """One JSON object a line, UTF-8."""
        return b"".join(_line(record) for record in self.records)

    def files(self, data: bytes | None = None, otherwise: Mapping[str, Json] | None = None) -> dict[str, bytes]:
        """`levering.json` and the records; `data` and `otherwise` replace what would be right."""
        written, replaced = self.data() if data is None else data, dict(otherwise or {})
        entry: Record = {"naam": self.name, "aantal": len(self.records), "sha256": hashlib.sha256(written).hexdigest()}
        entry |= {key: replaced.pop(key) for key in tuple(replaced) if key in entry}
        statement: Record = {"dataset": self.definition.id, "soort": self.kind, "peildatum": self.day, "volgnummer": self.number}
        files: list[Json] = [entry]
        statement |= {"bestanden": files} | replaced
        return {"levering.json": json.dumps(statement, ensure_ascii=False, indent=1).encode() + b"\n", self.name: written}


def samples(definitions: Iterable[DatasetDefinition]) -> Iterator[Sample]:
    """The good examples of each dataset that is delivered: as little as possible, everything, and mutations after that."""
    for definition in definitions:
        if definition.source.kind != "delivery":
            continue
        minimal, full, changed = Draft(definition, (least(definition),)), extensive(definition), mutations(definition)
        yield Sample("minimaal", definition.id, "Alleen wat verplicht is.", minimal.files())
        yield Sample("uitgebreid", definition.id, "Alle velden, behalve de ⚠-velden die niet nodig zijn.", full.files())
        shows = "Na `uitgebreid`: een gewijzigd record en, waar dat kan, een record dat uit het register verdween."
        yield Sample("mutaties", definition.id, shows, changed.files(), day=changed.day)


def least(definition: DatasetDefinition) -> Record:
    """A record with the required fields only."""
    optional = {field.path for field in definition.record.fields if not field.required}
    return _record(definition, [field for field in definition.record.fields if not _below(field.path, optional)])


def most(definition: DatasetDefinition, number: int = 1) -> Record:
    """A record with every field that is read; `number` tells records and objects apart."""
    record = _record(definition, [field for field in definition.record.fields if not field.personal or field.used])
    if definition.projection == "policy":
        head: Record = {"regelId": "", "soort": "", "toepassing": None, "waarde": None, "vanaf": "2023-01-01", "tot": None}
        rules = [head | rule | {"regelId": f"{record[definition.record.key]}-R{index}"} for index, rule in enumerate(_RULES, start=1)]
        record["regels"] = [rule | {"publicatie": "https://www.voorbeeld.be/reglementen"} for rule in rules]
        return record if number == 1 else record | dict(zip(("niscode", "gemeentenaam"), ("11002", "Antwerpen"), strict=True))
    if definition.address is not None and definition.address.box is not None:
        prefix = f"{definition.address.many}[]." if definition.address.many else ""
        put(record, prefix + definition.address.box, str(number))
    for path in (definition.record.key, definition.record.object):
        put(record, path, re.sub(r"\d+$", lambda match: f"{int(match[0]) + number - 1:0{len(match[0])}d}", str(_at(record, path))))
    return record


def extensive(definition: DatasetDefinition) -> Draft:
    """Two records with everything, and one that has ended for each reason that the source can state."""
    records = [most(definition, 1), most(definition, 2)]
    for number, path in enumerate(definition.validity.ended, start=3):
        ended = most(definition, number)
        put(ended, path, ENDED)
        records.append(ended)
    return Draft(definition, tuple(records))


def mutations(definition: DatasetDefinition) -> Draft:
    """The first record changed, the second removed; a municipality stays."""
    changed, removed = most(definition, 1), most(definition, 2)
    if definition.record.changed is not None:
        put(changed, definition.record.changed, f"{DAY}T14:30:00+01:00")
    gone: Record = {definition.record.key: removed[definition.record.key], "verwijderd": True}
    records = (changed,) if definition.projection == "policy" else (changed, gone)
    return Draft(definition, records, kind="mutaties", number=2, day=NEXT_DAY)


def put(record: Record, path: str, value: Json) -> None:
    """Set a field by its path; `name[]` is the first item of a list."""
    *parents, last = path.split(".")
    node = record
    for name in parents:
        inner = node.setdefault(name.removesuffix("[]"), [{}] if name.endswith("[]") else {})
        node = _object(inner)
    node[last] = value


def _at(record: Record, path: str) -> Json:
    node = record
    *parents, last = path.split(".")
    for name in parents:
        node = _object(node[name.removesuffix("[]")])
    return node[last]


def _object(value: Json) -> Record:
    inner = value[0] if isinstance(value, list) else value
    assert isinstance(inner, dict)
    return inner


def _record(definition: DatasetDefinition, fields: Sequence[RecordField]) -> Record:
    record: Record = {}
    for field in fields:
        if field.type is RecordType.LIST:
            put(record, field.path, [{}])
        elif field.type is RecordType.OBJECT:
            put(record, field.path, {})
        else:
            put(record, field.path, field.example if field.example is not None else next(iter(field.codes), None))
    return record


def _below(path: str, parents: set[str]) -> bool:
    """Whether a field, or what it is in, is among these."""
    return any(path == parent or path.startswith((f"{parent}.", f"{parent}[].")) for parent in parents)


def _line(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
