"""The limits of the work of a filter and of a request, in the codes of the WFS."""

from __future__ import annotations

from collections.abc import Sequence

from publish.filters import effort
from publish.filters.effort import MAX_PASSES
from publish.wfs.errors import ProcessingFailed
from publish.wfs.filter_errors import told
from release.predicate import Predicate
from release.query import SortKey

MAX_SORT_KEYS = 40
"""Names in one SORTBY; a feature type has fewer properties."""

MAX_MORE_POSITIONS = 500
"""Positions of geometries in all queries but the one that has most: the work of each is bounded by the release, not of all together."""


def bounded(predicate: Predicate | None) -> Predicate | None:
    """The same predicate, cheaper where that is possible; raises `ProcessingFailed` when it still needs too much work."""
    with told("filter"):
        return None if predicate is None else effort.bounded(predicate)


def require_modest(parts: Sequence[tuple[Predicate | None, tuple[SortKey, ...]]]) -> None:
    """All that a request asks, filters and orders of every query, stays near the work of one filter; raises `ProcessingFailed`."""
    passes = sum(effort.passes(predicate) + 2 * len(sort) for predicate, sort in parts)
    positions = [effort.positions(predicate) for predicate, _ in parts]
    if passes > 2 * MAX_PASSES or sum(positions) - max(positions, default=0) > MAX_MORE_POSITIONS:
        raise ProcessingFailed("the queries of this request are too much work together; send them one by one", "query")
