"""Pre-rendered features: one byte string a row, with a cut where the coordinates are, so that answering is copying."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from release.crs import CrsRef
from release.schema import Geometry
from release.table import PublicTable

START, CUT, RESUME = 0, 1, 2
_RUN_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class Fragments:
    """`index` has shape (rows + 1, 3), int64: start of the row, start and end of its geometry text, all offsets in `data`.

    The last line of `index` holds the length of `data` three times. A row without geometry text has CUT == RESUME.
    The geometry text is what another CRS replaces; what is around it is the same in every CRS.
    """

    data: memoryview
    index: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.index) - 1

    def copy(self, rows: NDArray[np.int64]) -> Iterator[memoryview]:
        """The rows in this order, as stored; neighbouring rows come as one slice of at most about 1 MB."""
        for start, end in self.spans(rows):
            for position in range(start, end, _RUN_BYTES):
                yield self.data[position : min(position + _RUN_BYTES, end)]

    def spans(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """Where the rows are: start and end in `data` of each run of neighbours."""
        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        for run in np.split(rows, breaks) if len(rows) else ():
            yield int(self.index[int(run[0]), START]), int(self.index[int(run[-1]) + 1, START])

    def replace(self, rows: NDArray[np.int64], middles: Sequence[bytes]) -> Iterator[bytes]:
        """The rows with another geometry text each (same length as `rows`; ignored where the row has none)."""
        ends = self.index[rows + 1, START].tolist()
        for (start, cut, resume), end, middle in zip(self.index[rows].tolist(), ends, middles, strict=True):
            text = middle if cut != resume else b""
            yield b"".join((self.data[start:cut], text, self.data[resume:end]))


class Encoder(Protocol):
    """An encoding of features, as `exports` gives them: `gml32`, `geojson`, `csv`."""

    @property
    def name(self) -> str:
        """Name of the fragment files."""

    def fragments(self, table: PublicTable) -> tuple[bytes, NDArray[np.int64]]:
        """The rows as bytes, and the index of `Fragments`; geometry in EPSG:31370, written as the encoding's default."""

    def points(self, coordinates: NDArray[np.float64], crs: CrsRef) -> list[bytes]:
        """Geometry texts for points, shape (n, 2) in x, y order."""

    def polygons(self, wkb: Sequence[bytes | None], crs: CrsRef) -> list[bytes]:
        """Geometry texts for multipolygons, as WKB in x, y order."""


def write(folder: Path, encoder: Encoder, batches: Iterable[PublicTable]) -> None:
    """Write `<name>.bin` and `<name>.npy` for tables that follow one another."""
    offset, indexes = 0, []
    with (folder / f"{encoder.name}.bin").open("wb") as out:
        for batch in batches:
            data, index = encoder.fragments(batch)
            out.write(data)
            indexes.append(index[:-1] + offset)
            offset += len(data)
    end = np.full((1, 3), offset, dtype=np.int64)
    np.save(folder / f"{encoder.name}.npy", np.concatenate([*indexes, end]))


def read(folder: Path, name: str) -> Fragments:
    """Open the fragments memory-mapped."""
    path = folder / f"{name}.bin"
    data = memoryview(b"")
    if path.stat().st_size:
        with path.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return Fragments(data, np.load(folder / f"{name}.npy", mmap_mode="r"))


def read_copy(folder: Path, name: str, rows: NDArray[np.int64]) -> Iterator[bytes]:
    """What `Fragments.copy` gives, read and not mapped: for going through all of a large file once."""
    index = np.load(folder / f"{name}.npy", mmap_mode="r")
    with (folder / f"{name}.bin").open("rb") as file:
        for start, end in Fragments(memoryview(b""), index).spans(rows):
            file.seek(start)
            for position in range(start, end, _RUN_BYTES):
                yield file.read(min(_RUN_BYTES, end - position))


def middles(encoder: Encoder, kind: Geometry | None, geometry: NDArray[np.float64] | Sequence[bytes | None], crs: CrsRef) -> list[bytes]:
    """Geometry texts of either kind of geometry."""
    if kind is Geometry.POINT:
        assert isinstance(geometry, np.ndarray)
        return encoder.points(geometry, crs)
    assert not isinstance(geometry, np.ndarray)
    return encoder.polygons(geometry, crs)
