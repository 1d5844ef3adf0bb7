"""The rows that answer a bound query, page by page over its parts, and their features in any CRS and with any fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from publish.shelf import Edition, View
from publish.wfs.answer import Chunk
from publish.wfs.binding import Bound, Part
from publish.wfs.errors import InvalidParameter
from publish.wfs.formats import Format
from publish.wfs.paging import Before
from release.crs import CrsRef
from release.errors import QueryError
from release.fragments import Fragments, middles
from release.query import Query
from release.reader import ReleaseTable, Rows, Selection
from release.schema import FeatureType, Geometry

_POINTS, _POLYGONS = 2_000, 50
"""Rows that are encoded at a time, so that memory does not grow with the answer."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """The rows of one part that are on the page."""

    part: Part
    table: ReleaseTable
    rows: Rows

    @property
    def kind(self) -> FeatureType:
        """The feature type, with the fields that the answer has."""
        return self.part.kind if self.part.fields is None else self.part.kind.only(self.part.fields)

    def features(self, form: Format, crs: CrsRef) -> Iterator[Chunk]:
        """The features, in order: to be copied where the stored fragments say what is asked, else made in batches."""
        if self.part.fields is None and form.stored and form.copies(crs):
            if len(self.rows):
                yield self.table.fragments(form.encoder.name).runs(self.rows)
            return
        for rows in self._batches():
            fragments, numbers = self._fragments(form, rows)
            if form.copies(crs):
                yield fragments.data
            else:
                yield fragments.replaced(numbers, self._geometry(form, crs, rows))

    def each(self, form: Format, crs: CrsRef) -> Iterator[bytes]:
        """The features with all their fields, one at a time."""
        for rows in self._batches():
            yield from self.table.fragments(form.encoder.name).replace(rows, self._geometry(form, crs, rows))

    def _batches(self) -> Iterator[Rows]:
        """A small one first: many answers need no more, and the others begin soon."""
        size = _POLYGONS if self.part.kind.geometry is Geometry.MULTIPOLYGON else _POINTS
        first = size // 20 or 1
        for start, end in chain([(0, first)], ((start, start + size) for start in range(first, len(self.rows), size))):
            if len(rows := self.rows[start:end]):
                yield rows

    def _fragments(self, form: Format, rows: Rows) -> tuple[Fragments, Rows]:
        """Fragments, and the numbers that these rows have in them."""
        if self.part.fields is None and form.stored:
            return self.table.fragments(form.encoder.name), rows
        data, index = form.encoder.fragments(self.table.table.pick(rows, self.kind))
        return Fragments(memoryview(data), index), np.arange(len(rows), dtype=np.int64)

    def _geometry(self, form: Format, crs: CrsRef, rows: Rows) -> list[bytes]:
        if self.kind.geometry is None:
            return [b""] * len(rows)
        if self.kind.geometry is Geometry.POINT:
            return middles(form.encoder, Geometry.POINT, self.table.coordinates(crs.crs)[rows], crs)
        return middles(form.encoder, Geometry.MULTIPOLYGON, self.table.geometries(rows, crs.crs), crs)


@dataclass(frozen=True, eq=False)
class Group:
    """The answer of one query: `matched` counts every feature that fits, `chosen` holds those on the page."""

    bound: Bound
    chosen: tuple[Chosen, ...]
    matched: int

    @property
    def returned(self) -> int:
        """Features on the page."""
        return sum(len(chosen.rows) for chosen in self.chosen)


@dataclass(frozen=True, eq=False)
class Selected:
    """A page over the groups of all queries.

    `next` is the position after the last feature on it, null when nothing follows; `previous` the page before, null on the first.
    """

    groups: tuple[Group, ...]
    next: int | None
    previous: Before | None

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        """What is on the page."""
        return tuple(chosen for group in self.groups for chosen in group.chosen)

    @property
    def matched(self) -> int:
        """Features that fit."""
        return sum(group.matched for group in self.groups)

    @property
    def returned(self) -> int:
        """Features on the page."""
        return sum(group.returned for group in self.groups)


@dataclass
class Window:
    """The positions that a page still has room for, while the parts of the queries pass by.

    `end` is after the last one taken; `behind` holds the last of those before the page, as many as it holds at most.
    """

    start: int
    size: int
    left: int
    passed: int = 0
    end: int = 0
    more: bool = False
    behind: list[int] = field(default_factory=list)

    def take(self, part: Part, edition: Edition) -> tuple[Chosen, int]:
        """The features of a part that are on the page, and how many it has in all; raises `InvalidParameter`, `Withdrawn`."""
        taken, matched = self._lawful(part, edition) if edition.sealed is not None else self._plain(part, edition.view)
        self.left -= len(taken.rows)
        return taken, matched

    def before(self, *, sealed: bool) -> Before | None:
        """The page before, which ends where this one begins."""
        if sealed:
            return Before(self.behind[0], len(self.behind)) if self.behind else None
        start = min(self.start, self.passed)
        return Before(max(0, start - self.size), min(self.size, start)) if start else None

    def _plain(self, part: Part, view: View) -> tuple[Chosen, int]:
        found = _found(part, view, max(0, self.start - self.passed), self.left)
        self.passed += found.matched
        self.end += len(found.rows)
        self.more = self.end < self.passed
        return Chosen(part, view.release.table(part.kind.qualified), found.rows), found.matched

    def _lawful(self, part: Part, edition: Edition) -> tuple[Chosen, int]:
        """Of the rows of the sealed release those whose object the current one still holds; the page fills up past the others."""
        sealed, now = edition.sealed or edition.view, edition.view
        rows = _found(part, sealed, 0, None).rows
        table = sealed.release.table(part.kind.qualified)
        now.release.require_public(part.kind, part.predicate, now.day)
        positions = np.flatnonzero(now.release.table(part.kind.qualified).holds(table.table.ids[rows], now.day))
        ahead = positions[positions >= self.start - self.passed]
        taken = ahead[: self.left]
        if len(taken):
            self.end = self.passed + int(taken[-1]) + 1
        self.more = self.more or len(ahead) > len(taken)
        before = positions[: len(positions) - len(ahead)] + self.passed
        self.behind = [*self.behind, *before[-self.size :].tolist()][-self.size :] if self.size else []
        self.passed += len(rows)
        return Chosen(part, table, rows[taken]), len(positions)


def select(bounds: Sequence[Bound], edition: Edition, start: int, count: int) -> Selected:
    """The page from `start` of at most `count` features; raises `InvalidParameter`, and `Withdrawn` (CONTRACT A.4)."""
    window = Window(start, count, count, end=start)
    groups = []
    for bound in bounds:
        taken = [window.take(part, edition) for part in bound.parts]
        groups.append(Group(bound, tuple(chosen for chosen, _ in taken), sum(matched for _, matched in taken)))
    return Selected(tuple(groups), window.end if window.more else None, window.before(sealed=edition.sealed is not None))


def _found(part: Part, view: View, start: int, count: int | None) -> Selection:
    try:
        return view.release.select(Query(part.kind.qualified, part.predicate, part.sort, start, count), view.day)
    except QueryError as error:
        raise InvalidParameter(str(error), "filter") from error
