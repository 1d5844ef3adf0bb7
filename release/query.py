"""A question to a release."""

from __future__ import annotations

from dataclasses import dataclass

from release.predicate import Predicate


@dataclass(frozen=True, slots=True)
class SortKey:
    """Order by a field."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of one feature type: which, in what order, and which page of them. `count` null means all."""

    feature_type: str
    predicate: Predicate | None = None
    sort: tuple[SortKey, ...] = ()
    start: int = 0
    count: int | None = None
