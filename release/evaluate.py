"""Evaluate a `Predicate` over the columns of a table, vectorised, and over no more rows than may fit it.

The parts of the outermost `And` narrow the rows one after another: first to those that an index finds for an area or for ids, then
by what is cheap to compare, at last by what is not. Every part is evaluated, be it over no rows, so that an error is always one.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from shapely.errors import GEOSException

from release.comparisons import beside, compared
from release.crs import LAMBERT72, Crs
from release.errors import QueryError
from release.extents import BLOCK, Box
from release.index import Index
from release.outline import Budget, Outline
from release.predicate import And, BBox, CompareFields, Distance, Ids, IsNull, Like, Not, Or, Predicate, Relation, Spatial
from release.spatial import margin
from release.truth import Mask, Rows, Truth

_SPARSE = 4
"""Rows are listed when at most one in so many is left; else they are marked among all rows."""


@dataclass(frozen=True, eq=False)
class Found:
    """Rows that fit: those of `rows` (in release order; null: all `size` rows of the table) where `mask` is true (null: everywhere)."""

    size: int
    rows: Rows | None = None
    mask: Mask | None = None

    @property
    def count(self) -> int:
        """How many."""
        if self.mask is not None:
            return int(np.count_nonzero(self.mask))
        return self.size if self.rows is None else len(self.rows)

    def all(self) -> Rows:
        """Their numbers, in release order."""
        if self.mask is not None:
            return np.flatnonzero(self.mask) if self.rows is None else self.rows[self.mask]
        return np.arange(self.size) if self.rows is None else self.rows

    def where(self, true: Mask) -> Found:
        """Those of them for which something is true too; one value for each of `rows`."""
        mask = true if self.mask is None else self.mask & true
        found = Found(self.size, self.rows, mask)
        return Found(self.size, found.all()) if found.count * _SPARSE <= len(mask) else found


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Answers one question."""

    index: Index
    _outlines: dict[int, Outline] = field(default_factory=dict)
    _budget: Budget = field(default_factory=Budget)

    def find(self, predicate: Predicate, alive: Mask | None = None) -> Found:
        """The rows for which the predicate is true, of those that are `alive` (null: all); raises `QueryError`."""
        parts = sorted(_parts(predicate), key=_cost)
        try:
            found = self._near(parts)
            if alive is not None:
                found = found.where(alive if found.rows is None else alive[found.rows])
            for part in parts:
                found = found.where(self._truth(part, found.rows).true)
        except GEOSException as error:
            raise QueryError("the geometry cannot be compared; simplify it, or repair it first") from error
        return found

    def _near(self, parts: list[Predicate]) -> Found:
        """The fewest rows among which an index says that all are that fit; every row when that is not worth it."""
        size = len(self.index.table)
        fewest, found = size // _SPARSE, Found(size)
        for part in parts:
            if isinstance(part, Ids):
                rows = self.index.identifiers.rows_of(part.ids)
                if len(rows) <= fewest:
                    fewest, found = len(rows), Found(size, rows)
            elif (area := self._area(part)) is not None:
                extents = self.index.places.extents(area[0])
                blocks = extents.meeting(area[1])
                if len(blocks) * BLOCK <= fewest:
                    rows = extents.rows_of(blocks)
                    fewest, found = len(rows), Found(size, rows)
        return found

    def _area(self, part: Predicate) -> tuple[Crs, Box] | None:
        """Where everything is that fits; null for anywhere."""
        if self.index.places.kind is None:
            return None
        match part:
            case BBox(crs, min_x, min_y, max_x, max_y):
                return crs, (min_x, min_y, max_x, max_y)
            case Spatial(relation, crs) if relation is not Relation.DISJOINT:
                return crs, self._outline(part).box
            case Distance(beyond=False, metres=metres):
                return LAMBERT72, margin(self._outline(part).box, metres)
        return None

    def _truth(self, predicate: Predicate, rows: Rows | None) -> Truth:
        match predicate:
            case And(parts):
                return reduce(operator.and_, (self._truth(part, rows) for part in parts), self._every(rows))
            case Or(parts):
                return reduce(operator.or_, (self._truth(part, rows) for part in parts), ~self._every(rows))
            case Not(part):
                return ~self._truth(part, rows)
            case BBox() | Spatial() | Distance():
                return self._place(predicate, rows)
            case CompareFields():
                return beside(self.index.columns, predicate, rows)
            case IsNull(name):
                return self._absent(name, rows)
            case Ids(ids):
                return self._named(ids, rows)
            case _:
                return compared(self.index.columns, predicate, rows)

    def _place(self, predicate: BBox | Spatial | Distance, rows: Rows | None) -> Truth:
        places = self.index.places
        outline = None if isinstance(predicate, BBox) else self._outline(predicate)
        located = self._located(rows)
        if places.kind is None:
            nowhere = np.zeros_like(located)
            return Truth(nowhere, ~nowhere if outline is None else nowhere)
        match predicate:
            case BBox():
                return Truth.of(places.met(predicate, rows), located)
            case Distance(beyond=beyond):
                near = Truth.of(places.near(predicate, self._outline(predicate), rows), located)
                return ~near if beyond else near
            case Spatial(Relation.DISJOINT, crs, geometry):
                met = places.related(Spatial(Relation.INTERSECTS, crs, geometry), self._outline(predicate), rows)
                return ~Truth.of(met, located)
            case Spatial():
                return Truth.of(places.related(predicate, self._outline(predicate), rows), located)

    def _outline(self, predicate: Spatial | Distance) -> Outline:
        """The checked geometry of a predicate, made once."""
        found = self._outlines.get(id(predicate))
        if found is None:
            found = self._outlines[id(predicate)] = self._checked(predicate)
        return found

    def _checked(self, predicate: Spatial | Distance) -> Outline:
        if isinstance(predicate, Spatial):
            return Outline.of(predicate.geometry, self._budget)
        if not 0 <= predicate.metres < math.inf:
            raise QueryError("a distance is a number of metres, zero or more")
        return Outline.in_lambert72(predicate.geometry, predicate.crs, self._budget)

    def _absent(self, name: str, rows: Rows | None) -> Truth:
        kind = self.index.table.feature_type
        if name == kind.geometry_name and kind.geometry is not None:
            present: Mask | None = self._located(rows)
        else:
            present = self.index.columns.present(name, rows)
        return ~self._every(rows) if present is None else Truth(~present, present)

    def _named(self, ids: Sequence[int], rows: Rows | None) -> Truth:
        held = self.index.identifiers.rows_of(ids)
        if rows is not None:
            return Truth.of(np.isin(rows, held, assume_unique=True), None)
        true = np.zeros(len(self.index.table), dtype=np.bool_)
        true[held] = True
        return Truth.of(true, None)

    def _located(self, rows: Rows | None) -> Mask:
        located = self.index.table.located
        return located if rows is None else located[rows]

    def _every(self, rows: Rows | None) -> Truth:
        return Truth.of(np.ones(len(self.index.table) if rows is None else len(rows), dtype=np.bool_), None)


def _parts(predicate: Predicate) -> Iterator[Predicate]:
    """What all has to be true."""
    if isinstance(predicate, And):
        for part in predicate.parts:
            yield from _parts(part)
    else:
        yield predicate


def _cost(part: Predicate) -> int:
    """The later a part comes, the fewer rows are left for it."""
    match part:
        case BBox() | Ids():
            return 0
        case Like() | CompareFields():
            return 2
        case And() | Or() | Not():
            return 3
        case Spatial() | Distance():
            return 4
    return 1
