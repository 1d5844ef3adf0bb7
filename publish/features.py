"""Features of chosen rows in an encoding, a CRS and with some of their fields: copied where the release holds them so, else made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from release.crs import CrsRef
from release.fragments import Chunk, Encoder, Fragments, middles
from release.reader import ReleaseTable, Rows
from release.schema import FeatureType, Geometry

_POINTS, _POLYGONS = 2_000, 50
"""Rows that are encoded at a time, so that memory does not grow with the answer."""


@dataclass(frozen=True, eq=False)
class Features:
    """Rows of a table, in order. `fields` null means all of them; the geometry's name is one of them."""

    table: ReleaseTable
    rows: Rows
    fields: frozenset[str] | None = None

    @property
    def kind(self) -> FeatureType:
        """The feature type, with the fields that are asked for."""
        whole = self.table.feature_type
        return whole if self.fields is None else whole.only(self.fields)

    def chunks(self, encoder: Encoder, crs: CrsRef, *, stored: bool, copies: bool) -> Iterator[Chunk]:
        """The features; the release holds fragments of the encoder when it is `stored`, and they are as this CRS has them when it `copies`.

        Made in batches, when the one before has been taken.
        """
        held = self._held(encoder, stored=stored)
        if held is not None and copies:
            if len(self.rows):
                yield held.runs(self.rows)
            return
        for batch in self._batches():
            fragments, numbers = batch._made(encoder) if held is None else (held, batch.rows)
            yield fragments.data if copies else fragments.replaced(numbers, batch._geometry(encoder, crs))

    def each(self, encoder: Encoder, crs: CrsRef) -> Iterator[bytes]:
        """The features with all their fields, one at a time; the release holds fragments of the encoder."""
        for batch in self._batches():
            yield from self.table.fragments(encoder.name).replace(batch.rows, batch._geometry(encoder, crs))

    def _batches(self) -> Iterator[Features]:
        """A small one first: many answers need no more, and the others begin soon."""
        size = _POLYGONS if self.table.feature_type.geometry is Geometry.MULTIPOLYGON else _POINTS
        first = size // 20 or 1
        for start, end in chain([(0, first)], ((start, start + size) for start in range(first, len(self.rows), size))):
            if len(rows := self.rows[start:end]):
                yield replace(self, rows=rows)

    def _held(self, encoder: Encoder, *, stored: bool) -> Fragments | None:
        """Whole features of every row: those of the release, or of a small table what was made before; null where they are made now."""
        if self.fields is not None:
            return None
        return self.table.fragments(encoder.name) if stored else self.table.made(encoder)

    def _made(self, encoder: Encoder) -> tuple[Fragments, Rows]:
        """Fragments of these rows alone, and the numbers that they have in them."""
        return Fragments.of(encoder, self.table.table.pick(self.rows, self.kind)), np.arange(len(self.rows), dtype=np.int64)

    def _geometry(self, encoder: Encoder, crs: CrsRef) -> list[bytes]:
        kind = self.kind.geometry
        if kind is None:
            return [b""] * len(self.rows)
        if kind is Geometry.POINT:
            return middles(encoder, kind, self.table.coordinates(crs.crs)[self.rows], crs)
        return middles(encoder, kind, self.table.geometries(self.rows, crs.crs), crs)
