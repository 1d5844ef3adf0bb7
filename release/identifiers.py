"""Where the rows of an `_id` are: an index for looking up a few among many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Identifiers:
    """`ordered` holds the ids of all rows from small to large, `rows` the row of each; an id may have a row for each of several days."""

    ordered: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, ids: NDArray[np.int64]) -> Identifiers:
        """The index of a column of ids."""
        order = np.argsort(ids, kind="stable").astype(np.int32)
        return cls(ids[order], order)

    def rows_of(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """The rows with one of these ids, in release order; a client may send any number."""
        known = np.unique(np.array([number for number in ids if abs(number) < 2**63], dtype=np.int64))
        return np.sort(self._found(known)[0])

    def held(self, ids: NDArray[np.int64], alive: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """Which of these ids have a row that is `alive` (null: every row is)."""
        rows, owners = self._found(ids)
        answer = np.zeros(len(ids), dtype=np.bool_)
        answer[owners if alive is None else owners[alive[rows]]] = True
        return answer

    def _found(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Every row that has one of the ids, and the place of that id among `ids`."""
        first, after = (np.searchsorted(self.ordered, ids, side) for side in ("left", "right"))
        counts = after - first
        owners = np.repeat(np.arange(len(ids)), counts)
        starts = np.cumsum(counts) - counts
        places = np.arange(len(owners)) + (first - starts)[owners]
        return self.rows[places].astype(np.int64), owners
