"""Disclosure: the only maker of a `PublicTable`. From register entries to dwellings, panden and municipalities.

The allow-list is the definition's list of public fields: a column exists because a field names it and its article of law,
never because a value happened to be there (CONTRACT B).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.definitions import DatasetDefinition, Derived, PublicField, PublicTableSpec
from etl.errors import Collision
from etl.register import RegisterEntry
from etl.store.rows import RegisterBatch
from release.schema import FeatureType, FieldType
from release.table import FROM, ID, UNTIL, PublicTable, X, Y, arrow_schema

_ADDRESS_IDS = 1000
"""Row ids of an attribute table are the object's id times this, plus the position of the row."""

_PLAIN = frozenset({"NAAM", "ADRESID", "GEBEENHID", "GEBOUWID", "LINK1"})
"""Columns with a value of their own for nearly every row; the others are dictionary-encoded."""


Register = Callable[[], Iterable[RegisterBatch]]
"""Gives the register of a dataset from the beginning, in batches."""


@dataclass(frozen=True)
class Waiting:
    """Latest start of a current record in the other dataset, by subject (CONTRACT A.4: the certificate waits)."""

    starts: Mapping[bytes, int]

    def holds(self, entry: RegisterEntry) -> bool:
        """Whether the entry is older than a current decision on the same dwelling."""
        return entry.start < self.starts.get(entry.subject, entry.start)


@dataclass(frozen=True)
class Disclosed:
    """The rows of one dataset: of its feature type, and of its attribute tables by name; `waiting` counts who waits."""

    rows: pa.Table
    tables: Mapping[str, pa.Table]
    waiting: int


@dataclass(frozen=True, slots=True)
class _Version:
    """One object as it is published from one day until another."""

    entry: RegisterEntry
    start: int
    until: int


def dwellings(definition: DatasetDefinition, kind: FeatureType, register: Register, day: int, waiting: Sequence[Waiting]) -> Disclosed:
    """One row per object and version from `day` on; raises `Collision`.

    The object is public while at least one of its records is; values are those of the record with the latest
    gewijzigdOp (CONTRACT B.1). What begins later waits for a run. The register is read twice, so that memory holds only
    the objects that have several records.
    """
    repeated = _repeated(register, day)
    groups: dict[int, list[RegisterEntry]] = {}
    builder, waits = _Builder(definition, kind), 0
    for batch in register():
        single = []
        for entry in batch.entries():
            if not entry.public_on(day):
                continue
            if any(other.holds(entry) for other in waiting):
                waits += 1
            elif entry.oidn in repeated:
                groups.setdefault(entry.oidn, []).append(entry)
            else:
                single.append(_Version(entry, day, entry.until))
        builder.add(single)
    builder.add([version for group in groups.values() for version in _versions(group, day)])
    return Disclosed(builder.table(), builder.tables(), waits)


def _repeated(register: Register, day: int) -> frozenset[int]:
    """The public numbers that more than one public record has."""
    public = [batch.oidns[(batch.start <= day) & (day <= batch.until)] for batch in register()]
    numbers, counts = np.unique(np.concatenate([*public, np.empty(0, np.int64)]), return_counts=True)
    return frozenset(numbers[counts > 1].tolist())


def _versions(group: Sequence[RegisterEntry], day: int) -> Iterator[_Version]:
    """The object day by day: its latest record, then those that outlive it. Ties are broken by what is public, not by keys."""
    if len(group) == 1:
        yield _Version(group[0], day, group[0].until)
        return
    if len({entry.subject for entry in group}) > 1:
        raise Collision("two objects have the same OIDN; see docs/operations.md")
    start, last = day, None
    for entry in sorted(group, key=lambda entry: (-entry.changed, str(entry.values.get("UIDN")))):
        if entry.until < start:
            continue
        if last is not None and last.entry.values == entry.values:
            last = _Version(last.entry, last.start, entry.until)
        else:
            if last is not None:
                yield last
            last = _Version(entry, start, entry.until)
        start = entry.until + 1
    if last is not None:
        yield last


class _Builder:
    """Collects versions as Arrow columns, a batch at a time."""

    def __init__(self, definition: DatasetDefinition, kind: FeatureType) -> None:
        self._definition, self._schema = definition, arrow_schema(kind)
        self._batches: list[pa.RecordBatch] = []
        self._rows: dict[str, list[dict[str, object]]] = {table.name: [] for table in definition.tables}

    def add(self, versions: Sequence[_Version]) -> None:
        self._batches.append(self._encode(versions))
        for table in self._definition.tables:
            for version in versions:
                self._rows[table.name] += _attribute_rows(table, version)

    def _encode(self, versions: Sequence[_Version]) -> pa.RecordBatch:
        entries = [version.entry for version in versions]
        columns: dict[str, pa.Array] = {
            ID: pa.array([entry.oidn for entry in entries], pa.int64()),
            FROM: pa.array([version.start for version in versions], pa.int32()),
            UNTIL: pa.array([version.until for version in versions], pa.int32()),
        }
        for field in self._definition.public:
            columns[field.name] = _column(field, entries, self._schema.field(field.name).type)
        columns[X] = pa.array([entry.position[0] if entry.position else None for entry in entries], pa.float64())
        columns[Y] = pa.array([entry.position[1] if entry.position else None for entry in entries], pa.float64())
        return pa.RecordBatch.from_pydict(columns)

    def table(self) -> pa.Table:
        return pa.Table.from_batches(self._batches)

    def tables(self) -> dict[str, pa.Table]:
        return {table.name: _attribute_table(table, self._rows[table.name]) for table in self._definition.tables}


def _column(field: PublicField, entries: Sequence[RegisterEntry], kind: pa.DataType) -> pa.Array:
    if field.derived is Derived.OIDN:
        return pa.array([entry.oidn for entry in entries], kind)
    if field.constant is not None:
        values: list[object] = [field.constant or None] * len(entries)
    elif field.derived is Derived.TITLE:
        values = [title(field, entry) for entry in entries]
    else:
        read = _READERS.get(field.type, _same) if field.path is not None else _same
        values = [None if (value := entry.values.get(field.name)) is None else read(value) for entry in entries]
    array = pa.array(values, kind)
    return array if field.name in _PLAIN or field.type is not FieldType.TEXT else array.dictionary_encode()


def _same(value: object) -> object:
    return value


_READERS: Mapping[FieldType, Callable[[object], object]] = {
    FieldType.TEXT: str,
    FieldType.URI: str,
    FieldType.DATE: lambda value: date.fromisoformat(str(value)),
    FieldType.NUMBER: lambda value: Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP),
}
"""From a value as it was kept, in JSON, to one of its column."""


def title(field: PublicField, entry: RegisterEntry) -> str:
    """Title for a popup, from the product's label and the address: `Conformiteitsattest: Kerkstraat 12 bus 3, 9000 Gent`."""
    value = entry.values.get
    box = f" bus {value('BUSNR')}" if value("BUSNR") else ""
    return f"{field.prefix}{value('STRAAT')} {value('HUISNR')}{box}, {value('POSTCODE')} {value('GEMEENTE')}"


def _attribute_rows(table: PublicTableSpec, version: _Version) -> Iterator[dict[str, object]]:
    rows = version.entry.values.get(table.kind)
    for position, row in enumerate(rows if isinstance(rows, tuple | list) else ()):
        yield {
            ID: version.entry.oidn * _ADDRESS_IDS + position,
            FROM: version.start,
            UNTIL: version.until,
            **{field.name: version.entry.oidn if field.derived is Derived.OIDN else row.get(field.name) for field in table.fields},
        }


def _attribute_table(table: PublicTableSpec, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    kinds = {FieldType.INTEGER: pa.int64(), FieldType.DATE: pa.date32(), FieldType.NUMBER: pa.decimal128(12, 2)}
    columns = {ID: pa.int64(), FROM: pa.int32(), UNTIL: pa.int32()}
    columns |= {field.name: kinds.get(field.type, pa.string()) for field in table.fields}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


def public_table(kind: FeatureType, parts: list[pa.Table]) -> PublicTable:
    """Rows of one feature type, of all its datasets, in release order; raises `Collision` when an id is there twice on a day.

    Empties `parts` and goes column by column, so that memory holds the rows once and one column more.
    """
    whole = pa.concat_tables(part.unify_dictionaries() for part in parts)
    parts.clear()
    order, columns = pa.array(_release_order(whole)), {}
    for name in whole.column_names:
        column = whole.select([name]).unify_dictionaries()[name].combine_chunks()
        columns[name], whole = column.take(order), whole.drop_columns([name])
    table = PublicTable(kind, pa.table(columns))
    _no_collision(table)
    return table


def _release_order(table: pa.Table) -> NDArray[np.intp]:
    """Along a Z curve over the coordinates, then by id and first day; rows without a position come last."""
    keys = [np.asarray(table[FROM]), np.asarray(table[ID])]
    if X in table.column_names:
        keys.append(_z_curve(np.asarray(table[X], dtype=np.float64), np.asarray(table[Y], dtype=np.float64)))
    return np.lexsort(keys)


def _z_curve(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.uint64]:
    located = np.isfinite(x) & np.isfinite(y)
    code = _spread(np.where(located, x, 0)) | (_spread(np.where(located, y, 0)) << np.uint64(1))
    return np.where(located, code, np.uint64(2**63)).astype(np.uint64)


def _spread(metres: NDArray[np.float64]) -> NDArray[np.uint64]:
    """The bits of whole metres (below 2^20), each followed by a zero."""
    bits = np.clip(metres, 0, 2**20 - 1).astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def _no_collision(table: PublicTable) -> None:
    order = np.lexsort((np.asarray(table.arrow[FROM]), table.ids))
    ids, start, until = table.ids[order], np.asarray(table.arrow[FROM])[order], np.asarray(table.arrow[UNTIL])[order]
    if np.any((ids[1:] == ids[:-1]) & (start[1:] <= until[:-1])):
        raise Collision(f"{table.feature_type.qualified}: two objects have the same number; see docs/operations.md")
