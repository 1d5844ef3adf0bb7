"""One line of the register on its way into the database, and many lines on their way out."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from etl.register import NEVER, PublicValue, PublicValues, RegisterEntry
from etl.store.tables import SRID, entry

GONE_UNTIL = -(2**31)
"""`until` of a staged line without a public day."""

KEPT_OUT = 1
"""`changed` of such a line when a rule keeps the record out, and not the source."""

Line = tuple[str, bytes, int, bytes, int, int, int, bytes | None, bytes]
"""The columns of `entry`, in order; the point is EWKB."""

_POINT = struct.Struct("<BIIdd")
_POINT_TYPE = 0x20000001  # EWKB: a point that states its SRID
_POINTS = np.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")])
_NOWHERE = _POINT.pack(1, _POINT_TYPE, SRID, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Gone:
    """The delivery speaks of this record, but it may not be public: removed by the source, never public by B.1, or kept out."""

    key: bytes
    kept_out: bool = False


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RegisterBatch:
    """Lines of the register as columns of one length; `positions` is (n, 2) in EPSG:31370, NaN without one; `values` are JSON objects."""

    keys: Sequence[bytes]
    oidns: NDArray[np.int64]
    subjects: Sequence[bytes]
    changed: NDArray[np.int64]
    start: NDArray[np.int32]
    until: NDArray[np.int32]
    positions: NDArray[np.float64]
    values: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.keys)

    def __repr__(self) -> str:
        return f"RegisterBatch(lines={len(self)})"

    def entries(self) -> Iterator[RegisterEntry]:
        """The same lines one by one, with their values parsed."""
        columns = (self.oidns.tolist(), self.changed.tolist(), self.start.tolist(), self.until.tolist(), self.positions.tolist())
        for key, subject, values, oidn, changed, start, until, (x, y) in zip(self.keys, self.subjects, self.values, *columns, strict=True):
            yield RegisterEntry(key, oidn, subject, changed, start, until, None if x != x else (x, y), parse_values(values))


class _AsEwkb(FunctionElement[bytes]):
    """A stored point as little-endian EWKB on both databases."""

    inherit_cache = True
    type = LargeBinary()


@compiles(_AsEwkb)
def _stored_as_ewkb(element: _AsEwkb, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_AsEwkb, "postgresql")
def _postgis_as_ewkb(element: _AsEwkb, compiler: SQLCompiler, **options: Any) -> str:
    return f"ST_AsEWKB({compiler.process(element.clauses, **options)}, 'NDR')"


COLUMNS: tuple[ColumnElement[Any], ...] = (
    entry.c.key, entry.c.oidn, entry.c.subject, entry.c.changed, entry.c.start, entry.c.until, _AsEwkb(entry.c.geom), entry.c.public_values
)  # fmt: skip
"""What `batch` wants to be selected."""


def lines(dataset: str, items: Iterable[RegisterEntry | Gone]) -> list[Line]:
    """What to store. Of what can never become public only the key goes in, to take away what was there (CONTRACT C)."""
    return [_line(dataset, item) for item in items]


def _line(dataset: str, item: RegisterEntry | Gone) -> Line:
    if isinstance(item, Gone):
        return (dataset, item.key, 0, b"", KEPT_OUT if item.kept_out else 0, NEVER, GONE_UNTIL, None, b"")
    if item.start == NEVER or item.start > item.until:
        return (dataset, item.key, 0, b"", 0, NEVER, GONE_UNTIL, None, b"")
    point = None if item.position is None else _POINT.pack(1, _POINT_TYPE, SRID, *item.position)
    # Sorted, so that the same values are the same bytes and an unchanged record is not written again.
    values = orjson.dumps(item.values, default=_plain, option=orjson.OPT_SORT_KEYS)
    return (dataset, item.key, item.oidn, item.subject, item.changed, item.start, item.until, point, values)


def _plain(value: object) -> dict[str, PublicValue]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def parse_values(data: bytes) -> PublicValues:
    """Public values of one line as they were given."""
    values: dict[str, Any] = orjson.loads(data)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def batch(selected: Iterable[Sequence[Any]]) -> RegisterBatch:
    """Columns of lines that were selected as `COLUMNS`; at least one."""
    keys, oidns, subjects, changed, start, until, points, values = zip(*selected, strict=True)
    decoded = np.frombuffer(b"".join(_NOWHERE if point is None else point for point in points), dtype=_POINTS)
    return RegisterBatch(
        keys=keys,
        oidns=np.array(oidns, dtype=np.int64),
        subjects=subjects,
        changed=np.array(changed, dtype=np.int64),
        start=np.array(start, dtype=np.int32),
        until=np.array(until, dtype=np.int32),
        positions=np.column_stack([decoded["x"], decoded["y"]]),
        values=values,
    )
