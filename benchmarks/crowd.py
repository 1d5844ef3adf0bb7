"""A release with as many points as a measurement needs, made of one that the daily job published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray

from etl.disclose import public_table
from exports.bundle import DownloadSuite
from release.content import Content
from release.pointer import Pointer
from release.reader import Release
from release.table import ID, PublicTable, X, Y
from release.writer import Writer

POINTS = "POI:POI"
_NEW = 2**47
"""Numbers of the points that are there twice begin here."""

_SCATTER = 3_000.0
"""Metres to either side: the simulator has a few streets in each municipality, dwellings are nearly everywhere.

Then 300,000 points are on 13,000 km², with 23 on one of them, as over Flanders (13,600 km²); without it on 3,600, with 83.
"""


def seal(release: Release, day: date, points: int, root: Path) -> None:
    """Make current below `root` a release without files that has `points` objects on this day.

    The published ones, scattered; as many as are wanting are there twice, with numbers of their own.
    """
    content = release.content()
    crowd = _crowd(content.tables[POINTS], np.resize(release.table(POINTS).rows(day), points))
    suite = DownloadSuite("http://127.0.0.1:8080", formats=())
    made = Content(content.schema, {**content.tables, POINTS: crowd}, content.freshness)
    candidate = Writer(root, suite, Ed25519PrivateKey.generate()).seal(made, day, successor=False)
    Pointer(root).move(candidate.seal, datetime.now(UTC))


def _crowd(table: PublicTable, rows: NDArray[np.int64]) -> PublicTable:
    """These rows, of which some are there more than once, in release order; the same ones each time."""
    twin, arrow = np.ones(len(rows), dtype=np.bool_), table.arrow.take(pa.array(rows))
    twin[np.unique(rows, return_index=True)[1]] = False
    for name in (ID, "OIDN", "UIDN"):
        arrow = _with(arrow, name, np.where(twin, _NEW + np.arange(len(rows)), arrow[name].to_numpy()))
    random = np.random.default_rng(len(rows))
    for name in (X, Y):
        moved = arrow[name].to_numpy(zero_copy_only=False) + random.uniform(-_SCATTER, _SCATTER, len(rows))
        arrow = _with(arrow, name, moved.round(2))
    return public_table(table.feature_type, [arrow])


def _with(table: pa.Table, name: str, values: NDArray[np.generic]) -> pa.Table:
    """The table with other values in a column; NaN is none."""
    position = table.schema.get_field_index(name)
    return table.set_column(position, name, pa.array(values, table.schema.field(name).type, from_pandas=True))
