"""Open a sealed release and answer questions to it, memory-mapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import TypeAdapter

from release import fragments, layout, order
from release.columns import Columns
from release.content import Content
from release.crs import Crs
from release.errors import BrokenRelease, DayOver
from release.evaluate import Evaluator
from release.fragments import Encoder, Fragments
from release.freshness import require_public, state, withdrawals
from release.index import Index
from release.manifest import Manifest
from release.once import Once
from release.predicate import Compare, Operator, Predicate
from release.query import Query
from release.schema import DatasetState, FeatureType, Freshness, Geometry, Product, Schema
from release.table import PublicTable
from release.truth import Rows

__all__ = ["Release", "ReleaseTable", "Rows", "Selection", "read_arrow"]

_FEW = 5_000
"""Rows of a table that are held in memory in an encoding that is seldom asked for: about 5 MB."""

_FRESHNESS = TypeAdapter(tuple[Freshness, ...])


@dataclass(frozen=True, eq=False)
class Selection:
    """The answer to a query: row numbers of the page, in order, and how many rows match in all."""

    rows: Rows
    matched: int


@dataclass(frozen=True, eq=False)
class _Alive:
    """The rows of a day, and which of all rows they are; `mask` is null when they are all of them."""

    rows: Rows
    mask: NDArray[np.bool_] | None

    @classmethod
    def of(cls, table: PublicTable, day: date) -> _Alive:
        mask = table.alive(day)
        return cls(np.flatnonzero(mask), None if mask.all() else mask)


@dataclass(frozen=True, eq=False)
class ReleaseTable:
    """One feature type of an open release."""

    folder: Path
    release: Path
    table: PublicTable
    _alive: dict[date, _Alive] = field(default_factory=dict)
    _fragments: Once[str, Fragments] = field(default_factory=Once)
    _coordinates: Once[str, NDArray[np.float64]] = field(default_factory=Once)

    @property
    def feature_type(self) -> FeatureType:
        """The feature type of the rows."""
        return self.table.feature_type

    def select(self, query: Query, day: date) -> Selection:
        """The rows of a day that fit the query, in its order and then in release order; raises `QueryError`."""
        for key in query.sort:
            self.feature_type.field(key.field)
        end = None if query.count is None else query.start + query.count
        if query.predicate is None:
            return self._page(query, end, self.rows(day))
        found = Evaluator(self._index).find(query.predicate, self._on(day).mask)
        if query.count == 0:
            return Selection(np.empty(0, dtype=np.int64), found.count)
        return self._page(query, end, found.all())

    def _page(self, query: Query, end: int | None, rows: Rows) -> Selection:
        if query.sort:
            return Selection(order.page(rows, query.sort, self._index.columns, query.start, end), len(rows))
        return Selection(rows[query.start : end], len(rows))

    def rows(self, day: date) -> Rows:
        """Every row that holds on this day, in release order."""
        return self._on(day).rows

    def among(self, rows: Rows, predicate: Predicate) -> Rows:
        """Those of the rows that fit, in release order; raises `QueryError`."""
        mask = np.zeros(len(self.table), dtype=np.bool_)
        mask[rows] = True
        return Evaluator(self._index).find(predicate, mask).all()

    def holds(self, ids: NDArray[np.int64], day: date) -> NDArray[np.bool_]:
        """Which of these `_id`s are among the rows of a day."""
        return self._index.identifiers.held(ids, self._on(day).mask)

    def _on(self, day: date) -> _Alive:
        alive = self._alive.get(day)
        if alive is None:
            alive = _Alive.of(self.table, day)
            self._alive.clear()  # by now another thread may have asked for another day
            self._alive[day] = alive
        return alive

    @property
    def columns(self) -> Columns:
        """The public fields in the form in which they are compared."""
        return self._index.columns

    @cached_property
    def _index(self) -> Index:
        return Index.of(self.table, self.coordinates, self.geometries)

    def fragments(self, encoding: str) -> Fragments:
        """The pre-rendered features of an encoding; raises `BrokenRelease`."""
        return self._fragments.get(encoding, lambda: self._opened_fragments(encoding))

    def made(self, encoder: Encoder) -> Fragments | None:
        """Every feature in an encoding that the release does not hold, made once; null for areas, and for more rows than a few."""
        if len(self.table) > _FEW or self.feature_type.geometry is not Geometry.POINT:
            return None
        return self._fragments.get(f"made {encoder.name}", lambda: Fragments.of(encoder, self.table))

    def holds_fragments(self, encoding: str) -> bool:
        """Whether the release was sealed with this encoding."""
        return encoding in self._encodings

    @cached_property
    def _encodings(self) -> frozenset[str]:
        return frozenset(path.stem for path in self.folder.glob("*.bin"))

    def _opened_fragments(self, encoding: str) -> Fragments:
        with _whole(self.release):
            return fragments.read(self.folder, encoding)

    def coordinates(self, crs: Crs) -> NDArray[np.float64]:
        """Points (n, 2) or extents (n, 4) in a CRS, x, y order; NaN where there is no geometry."""
        return self._coordinates.get(crs.columns, lambda: self._opened_coordinates(crs.columns))

    def _opened_coordinates(self, columns: str) -> NDArray[np.float64]:
        with _whole(self.release):
            stored = np.load(layout.coordinates_file(self.release, self.feature_type.qualified, columns), mmap_mode="r")
            return np.asarray(stored)  # a plain array: np.memmap makes each use dearer

    @cached_property
    def _geometries(self) -> pa.Table:
        with _whole(self.release):
            return read_arrow(self.folder / layout.GEOMETRY)

    def geometries(self, rows: Rows, crs: Crs) -> Sequence[bytes | None]:
        """Multipolygons of these rows as WKB in a CRS, x, y order."""
        column: list[bytes | None] = self._geometries[crs.columns].take(pa.array(rows)).to_pylist()
        return column


@dataclass(frozen=True, eq=False)
class Release:
    """An open release. Its folder name is the seal id, which is never sent out."""

    folder: Path
    schema: Schema
    freshness: tuple[Freshness, ...]
    tables: dict[str, ReleaseTable]
    _manifests: dict[date, Manifest] = field(default_factory=dict)
    _withdrawn: dict[date, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Release:
        """Open the folder of a sealed release; raises `BrokenRelease`."""
        with _whole(folder):
            schema = Schema.model_validate_json((folder / layout.SCHEMA).read_bytes())
            freshness = _FRESHNESS.validate_json((folder / layout.FRESHNESS).read_bytes())
            tables = {kind.qualified: _open_table(folder, kind) for kind in schema.feature_types}
        return cls(folder, schema, freshness, tables)

    def table(self, name: str) -> ReleaseTable:
        """By qualified or local name of the feature type; raises `UnknownFeatureType`."""
        return self.tables[self.schema.feature_type(name).qualified]

    def select(self, query: Query, day: date) -> Selection:
        """Answer a query for a day; raises `QueryError`, and `Withdrawn` when a dataset that it touches is not public."""
        table = self.table(query.feature_type)
        self.require_public(table.feature_type, query.predicate, day)
        return table.select(query, day)

    def require_public(self, feature_type: FeatureType, predicate: Predicate | None, day: date) -> None:
        """Raise `Withdrawn` when a dataset that the question touches is not public on this day."""
        if not self.withdrawn(day):  # on most days nothing is, for any question
            return
        require_public(self.schema, self._fresh, feature_type, predicate, day)

    def require_product(self, product: Product, day: date) -> None:
        """Raise `Withdrawn` when a dataset of the product is not public on this day."""
        only = None if product.value is None else Compare("PRODUCT", Operator.EQUAL, product.value)
        self.require_public(self.schema.feature_type(product.feature_type), only, day)

    def withdrawn(self, day: date) -> tuple[str, ...]:
        """The datasets that are not public on a day."""
        if day not in self._withdrawn:
            self._withdrawn[day] = tuple(name for name, state_ in self.states(day).items() if state_ is DatasetState.WITHDRAWN)
        return self._withdrawn[day]

    def withdrawals(self, day: date) -> dict[str, date | None]:
        """The products that are not public on a day, and since when; null when nobody knows."""
        return withdrawals(self.schema, self._fresh, day) if self.withdrawn(day) else {}

    def states(self, day: date) -> dict[str, DatasetState]:
        """State of every dataset on a day."""
        return {dataset.id: state(dataset, self._fresh.get(dataset.id), day) for dataset in self.schema.datasets}

    @property
    def _fresh(self) -> dict[str, Freshness]:
        return {entry.dataset: entry for entry in self.freshness}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days that have an edition: the sealed day and its successor; raises `BrokenRelease`."""
        with _whole(self.folder):
            found = sorted(date.fromisoformat(path.name) for path in (self.folder / "editions").iterdir())
        if not found:
            raise BrokenRelease(f"release {self.folder.name[:12]} has no edition")
        return tuple(found)

    def edition(self, day: date) -> Manifest:
        """The manifest of a day; raises `DayOver` when no run has made files for it, and `BrokenRelease`."""
        if day not in self.days:
            raise DayOver(f"no files for {day}; the operator runs: vlok run purge")
        if day not in self._manifests:
            with _whole(self.folder):
                text = (layout.edition_folder(self.folder, day) / layout.MANIFEST).read_bytes()
                self._manifests[day] = Manifest.model_validate_json(text)
        return self._manifests[day]

    def latest_edition(self, day: date) -> Manifest:
        """The manifest of a day, or when no run has made files for it the newest there is; raises `BrokenRelease`."""
        return self.edition(day if day in self.days else self.days[-1])

    def content_id(self, day: date) -> str:
        """Content id of the edition of a day, or of the last edition when the day has none."""
        return self.latest_edition(day).content_id

    def content(self) -> Content:
        """Everything as it can be sealed again for another day (purge: no source is needed)."""
        return Content(self.schema, {name: table.table for name, table in self.tables.items()}, self.freshness)


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    """A file that is absent or damaged breaks the release."""
    try:
        yield
    except (OSError, ValueError, EOFError, pa.ArrowException) as error:
        raise BrokenRelease(f"release {folder.name[:12]} cannot be opened: {type(error).__name__}") from error


def read_arrow(path: Path) -> pa.Table:
    """An Arrow IPC file, memory-mapped."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _open_table(folder: Path, kind: FeatureType) -> ReleaseTable:
    place = layout.table_folder(folder, kind.qualified)
    return ReleaseTable(place, folder, PublicTable(kind, read_arrow(place / layout.COLUMNS)))
