"""Pre-rendered features: one byte string a row, with a cut where the coordinates are, so that answering is copying."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from release import blocks
from release.blocks import Blocks, Stretch
from release.crs import CrsRef
from release.mapping import mapped, used
from release.schema import Geometry
from release.table import PublicTable

START, CUT, RESUME = 0, 1, 2
_RUN_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class Fragments:
    """`index` has shape (rows + 1, 3), int64: start of the row, start and end of its geometry text, all offsets in `data`.

    The last line of `index` holds the length of `data` three times. A row without geometry text has CUT == RESUME.
    The geometry text is what another CRS replaces; what is around it is the same in every CRS. `blocks` hold the same, compressed.
    """

    data: memoryview
    index: NDArray[np.int64]
    blocks: Blocks | None = None

    @classmethod
    def of(cls, encoder: Encoder, table: PublicTable) -> Fragments:
        """Every row of a table in an encoding, in memory."""
        data, index = encoder.fragments(table)
        return cls(memoryview(data), index)

    def __len__(self) -> int:
        return len(self.index) - 1

    def copy(self, rows: NDArray[np.int64]) -> Iterator[memoryview]:
        """The rows in this order, as stored; neighbouring rows come as one slice of at most about 1 MB."""
        return iter(self.runs(rows))

    def runs(self, rows: NDArray[np.int64]) -> Runs:
        """The rows in this order, to be copied later."""
        begins = np.ones(len(rows) + 1, dtype=np.bool_)
        np.not_equal(rows[1:], rows[:-1] + 1, out=begins[1:-1])
        starts = self.index[:, START]
        return Runs(self, starts[rows[begins[:-1]]], starts[rows[begins[1:]] + 1])

    def replace(self, rows: NDArray[np.int64], middles: Sequence[bytes]) -> Iterator[bytes]:
        """The rows with another geometry text each (same length as `rows`; ignored where the row has none)."""
        parts = self._parts(rows, middles)
        for row in range(0, len(parts), 3):
            yield b"".join(parts[row : row + 3])

    def replaced(self, rows: NDArray[np.int64], middles: Sequence[bytes]) -> bytes:
        """The same in one piece."""
        return b"".join(self._parts(rows, middles))

    def _parts(self, rows: NDArray[np.int64], middles: Sequence[bytes]) -> list[memoryview | bytes]:
        """For each row what is before the geometry text, the text, and what is after it."""
        starts, cuts, resumes = self.index[rows].T.tolist()
        ends = self.index[rows + 1, START].tolist()
        data = self.data
        parts: list[memoryview | bytes] = [b""] * (3 * len(rows))
        parts[0::3] = [data[start:cut] for start, cut in zip(starts, cuts, strict=True)]
        parts[1::3] = [text if cut != resume else b"" for text, cut, resume in zip(middles, cuts, resumes, strict=True)]
        parts[2::3] = [data[resume:end] for resume, end in zip(resumes, ends, strict=True)]
        used(data, sum(ends) - sum(starts))
        return parts


@dataclass(frozen=True, eq=False)
class Runs:
    """Stored rows in an order: where each run of neighbours starts and ends in the data of `fragments`."""

    fragments: Fragments
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return int((self.ends - self.starts).sum())

    def __iter__(self) -> Iterator[memoryview]:
        """As stored, in slices of at most about 1 MB."""
        data, read = self.fragments.data, 0
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            if end - start > _RUN_BYTES:
                yield from self._slices(start, end)
                continue
            yield data[start:end]
            read += end - start
            if read > _RUN_BYTES:
                used(data, read)
                read = 0
        used(data, read)

    def packed(self) -> Iterator[memoryview | Stretch]:
        """The same, with the blocks that are wholly in a run as they were compressed."""
        packed = self.fragments.blocks
        if packed is None:
            yield from self
            return
        cover = (column.tolist() for column in packed.within(self.starts, self.ends))
        for start, end, first, last in zip(self.starts.tolist(), self.ends.tolist(), *cover, strict=True):
            if first >= last:
                yield self.fragments.data[start:end]  # no longer than two blocks
                continue
            yield from self._slices(start, int(packed.index[first, blocks.RAW]))
            yield Stretch(packed, first, last)
            yield from self._slices(int(packed.index[last, blocks.RAW]), end)

    def after(self, count: int) -> Runs:
        """The same without its first `count` bytes, which are all in the first row."""
        starts = self.starts.copy()
        starts[:1] += count
        return replace(self, starts=starts)

    def _slices(self, start: int, end: int) -> Iterator[memoryview]:
        """Of a long run; a piece counts as read when the next one is asked for."""
        for position in range(start, end, _RUN_BYTES):
            yield self.fragments.data[position : min(position + _RUN_BYTES, end)]
            used(self.fragments.data, _RUN_BYTES)


Chunk = bytes | memoryview | Runs
"""A piece of a body."""


def flat(chunks: Iterable[Chunk]) -> Iterator[bytes | memoryview]:
    """The bytes of all pieces."""
    for chunk in chunks:
        if isinstance(chunk, Runs):
            yield from chunk
        else:
            yield chunk


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
    """Write `<name>.bin`, `<name>.npy` and the blocks for tables that follow one another."""
    offset, indexes = 0, []
    with (folder / f"{encoder.name}.bin").open("wb") as out:
        for batch in batches:
            data, index = encoder.fragments(batch)
            out.write(data)
            indexes.append(index[:-1] + offset)
            offset += len(data)
    index = np.concatenate([*indexes, np.full((1, 3), offset, dtype=np.int64)])
    np.save(folder / f"{encoder.name}.npy", index)
    blocks.write(folder, encoder.name, index[:, START])


def read(folder: Path, name: str) -> Fragments:
    """Open the fragments memory-mapped."""
    index = np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))  # a plain array: np.memmap makes each use dearer
    return Fragments(mapped(folder / f"{name}.bin"), index, blocks.read(folder, name))


def read_copy(folder: Path, name: str, rows: NDArray[np.int64]) -> Iterator[bytes]:
    """What `Fragments.copy` gives, read and not mapped: for going through all of a large file once."""
    index = np.load(folder / f"{name}.npy", mmap_mode="r")
    runs = Fragments(memoryview(b""), index).runs(rows)
    with (folder / f"{name}.bin").open("rb") as file:
        for start, end in zip(runs.starts.tolist(), runs.ends.tolist(), strict=True):
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
