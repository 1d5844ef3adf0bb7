"""The rows that answer a bound query, page by page over its parts, and their features in any CRS and with any fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from publish.shelf import View
from publish.wfs.binding import Bound, Part
from publish.wfs.errors import InvalidParameter
from publish.wfs.formats import Format
from release.crs import CrsRef
from release.errors import QueryError
from release.fragments import Fragments, middles
from release.query import Query
from release.reader import ReleaseTable, Rows
from release.schema import FeatureType, Geometry

_POINTS, _POLYGONS = 5_000, 50
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

    def features(self, form: Format, crs: CrsRef) -> Iterator[bytes | memoryview]:
        """The features, in order: copied where the stored fragments say what is asked, else made in batches."""
        if self.part.fields is None and form.copies(crs):
            yield from self.table.fragments(form.encoder.name).copy(self.rows)
            return
        for rows in self._batches():
            fragments, numbers = self._fragments(form, rows)
            if form.copies(crs):
                yield from fragments.copy(numbers)
            else:
                yield from fragments.replace(numbers, self._geometry(form, crs, rows))

    def each(self, form: Format, crs: CrsRef) -> Iterator[bytes]:
        """The features with all their fields, one at a time."""
        for rows in self._batches():
            yield from self.table.fragments(form.encoder.name).replace(rows, self._geometry(form, crs, rows))

    def _batches(self) -> Iterator[Rows]:
        size = _POLYGONS if self.part.kind.geometry is Geometry.MULTIPOLYGON else _POINTS
        for start in range(0, len(self.rows), size):
            yield self.rows[start : start + size]

    def _fragments(self, form: Format, rows: Rows) -> tuple[Fragments, Rows]:
        """Fragments, and the numbers that these rows have in them."""
        if self.part.fields is None:
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
class Selected:
    """A page: `matched` counts every feature that fits, `chosen` holds those on the page."""

    chosen: tuple[Chosen, ...]
    matched: int

    @property
    def returned(self) -> int:
        """Features on the page."""
        return sum(len(chosen.rows) for chosen in self.chosen)


def select(bound: Bound, view: View, start: int, count: int) -> Selected:
    """The page from `start` of at most `count` features; raises `InvalidParameter`, and `Withdrawn` (CONTRACT A.4)."""
    chosen: list[Chosen] = []
    matched = 0
    for part in bound.parts:
        left = count - sum(len(known.rows) for known in chosen)
        query = Query(part.kind.qualified, part.predicate, part.sort, max(0, start - matched), left)
        try:
            found = view.release.select(query, view.day)
        except QueryError as error:
            raise InvalidParameter(str(error), "filter") from error
        chosen.append(Chosen(part, view.release.table(part.kind.qualified), found.rows))
        matched += found.matched
    return Selected(tuple(chosen), matched)
