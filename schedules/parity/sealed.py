"""What a product is according to the sealed table: the rows against which every channel is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from release.crs import CRS84, LAMBERT72
from release.reader import Release
from release.schema import DatasetState, FeatureType, FieldType, Geometry, Product
from release.table import WKB, PublicTable, X, Y
from release.transform import stored_shapes, transform_points
from schedules.parity import places
from schedules.parity.known import Library
from schedules.parity.rows import NOWHERE, Find, Row, Shape
from schedules.parity.texts import plain_values, sealed_texts

SAMPLE = 25
"""Objects of a product that a channel is asked for which makes every answer anew."""

_MIXER = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses nothing


@dataclass(frozen=True, eq=False)
class Sealed:
    """The rows of a product, or of one of its attribute tables, on a day; `find` knows the hashes of those that are given in order."""

    product: Product
    table: PublicTable
    find: Find | None = None

    @classmethod
    def of(cls, release: Release, product: Product, day: date, library: Library | None = None) -> Sealed:
        """The product itself; with a library its rows need not be hashed again."""
        whole = release.table(product.feature_type).table
        chosen = whole.alive(day)
        if product.value is not None:
            chosen &= np.asarray(pc.equal(whole.arrow["PRODUCT"], product.value), dtype=np.bool_)
        find = None if library is None else library.known(product.feature_type).of(np.flatnonzero(chosen)).find
        return cls(product, whole.take(chosen), find)

    @classmethod
    def attribute(cls, release: Release, product: Product, name: str, day: date) -> Sealed:
        """One of its attribute tables, by its name."""
        return cls(product, release.table(name).table.on(day))

    @property
    def kind(self) -> FeatureType:
        """The feature type of the rows."""
        return self.table.feature_type

    def rows(self, longest: int | None = None, unit: int = places.METRES) -> Iterator[Row]:
        """Every row, placed in EPSG:31370 or, with `places.DEGREES`, in CRS84.

        `longest` is how many bytes of a text a channel can hold (a loss that the read-me of the files states).
        """
        cut = None if longest is None or self.longest <= longest else partial(_cut, longest=longest)
        start = 0
        for texts in sealed_texts(self.table, cut):
            batch = self.table.arrow.slice(start, len(texts))
            start += len(texts)
            yield from zip(texts, _places(batch, self.kind.geometry, unit), strict=True)

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest text."""
        columns = [self.table.arrow[field.name] for field in self.kind.fields if field.type in (FieldType.TEXT, FieldType.URI)]
        return max((pc.max(pc.binary_length(plain_values(texts))).as_py() or 0 for texts in columns), default=0)

    def sample(self, seed: str) -> Sealed:
        """Some rows that have a place, others for every `seed` (64 hex digits, the content id); all when there are few.

        Without a key nothing can be asked for by it.
        """
        located = np.flatnonzero(self.table.located)[: None if Shape(self.kind).key >= 0 else 0]
        order = np.argsort((self.table.ids[located].view(np.uint64) * _MIXER) ^ np.uint64(int(seed[:16], 16)), kind="stable")
        return replace(self, table=self.table.pick(np.sort(located[order[:SAMPLE]]), self.kind), find=None)

    @property
    def ids(self) -> NDArray[np.int64]:
        """Ids of the objects."""
        return self.table.ids


def withdrawn(release: Release, product: Product, day: date) -> bool:
    """Whether a dataset of the product is not public on the day: then every channel answers 503."""
    states = release.states(day)
    return any(states[name] is DatasetState.WITHDRAWN for name in product.datasets)


def _cut(texts: pa.StringArray, longest: int) -> pa.StringArray:
    return pa.array([text.encode()[:longest].decode(errors="ignore").rstrip(" ") for text in texts.to_pylist()], pa.string())


def _places(batch: pa.Table, geometry: Geometry | None, unit: int) -> list[bytes]:
    crs = CRS84 if unit == places.DEGREES else LAMBERT72
    match geometry:
        case Geometry.POINT:
            metres = np.column_stack([pc.fill_null(batch[axis], np.nan).to_numpy() for axis in (X, Y)])
            return places.points(transform_points(metres, crs), unit)
        case Geometry.MULTIPOLYGON:
            return [places.wkb_area(data, unit) for data in stored_shapes(plain_values(batch[WKB]).to_pylist(), crs)]
        case None:
            return [NOWHERE] * batch.num_rows
