"""The rows that answer a bound query, page by page over its parts, and their features in any CRS and with any fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from publish.features import Features
from publish.shelf import Edition, View
from publish.wfs.binding import Bound, Part
from publish.wfs.errors import InvalidParameter
from publish.wfs.formats import Format
from publish.wfs.paging import Before
from release.crs import CrsRef
from release.errors import QueryError
from release.fragments import Chunk
from release.query import Query
from release.reader import ReleaseTable, Rows, Selection
from release.schema import FeatureType


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
        return self._all.chunks(form.encoder, crs, stored=form.stored, copies=form.copies(crs))

    def each(self, form: Format, crs: CrsRef) -> Iterator[bytes]:
        """The features with all their fields, one at a time."""
        return self._all.each(form.encoder, crs)

    @property
    def _all(self) -> Features:
        return Features(self.table, self.rows, self.part.fields)


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
        try:
            rows, positions = edition.lawful(Query(part.kind.qualified, part.predicate, part.sort))
        except QueryError as error:
            raise InvalidParameter(str(error), "filter") from error
        table = (edition.sealed or edition.view).release.table(part.kind.qualified)
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
