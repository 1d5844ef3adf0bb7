"""Rows in an order that a client asked for, no more of them than a page holds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from release.columns import Columns
from release.query import SortKey
from release.truth import Rows

_LARGEST = 2**62


def page(rows: Rows, keys: Iterable[SortKey], columns: Columns, start: int, end: int | None) -> Rows:
    """The rows from `start` to before `end` of `rows`, which are in release order, when all of them are sorted by `keys`.

    The order is total: what the keys do not tell apart stays in release order. Absent values are the largest, as in PostgreSQL.
    Raises `UnknownField`.
    """
    merged, size = np.zeros(len(rows), dtype=np.int64), 1
    for key in keys:
        ranks = columns.ranks(key.field)
        merged, size = _room(merged, size, ranks.count)
        found = ranks.values[rows]
        merged = merged * ranks.count + (ranks.count - 1 - found if key.descending else found)
        size *= ranks.count
    merged, _ = _room(merged, size, len(rows))
    places = _smallest(merged * len(rows) + np.arange(len(rows)), start, len(rows) if end is None else min(end, len(rows)))
    return rows[places % max(1, len(rows))]


def _smallest(values: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    """What stands from `start` to before `end` when the values, all different, are sorted; reorders `values`."""
    if start >= end:
        return values[:0]
    values.partition((start, end - 1))
    return np.sort(values[start:end])


def _room(merged: NDArray[np.int64], size: int, factor: int) -> tuple[NDArray[np.int64], int]:
    """The same order in numbers that may be multiplied by `factor`."""
    if size * factor < _LARGEST:
        return merged, size
    distinct, places = np.unique(merged, return_inverse=True)
    return places, len(distinct)
