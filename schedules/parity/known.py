"""The texts of the sealed rows with their hashes: a row that a channel gives in the same bytes is not hashed once more.

They are written to files that are mapped, so that processes share them and memory does not grow with them.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from release.reader import Release
from schedules.parity.rows import Shape, heads
from schedules.parity.texts import sealed_texts

_TEXTS, _ENDS, _HEADS = "texts.bin", "ends.npy", "heads.npy"


@dataclass(frozen=True, eq=False)
class Known:
    """Rows of a feature type: `chosen` are the numbers of those of a product on a day, in the order of the release."""

    texts: pa.LargeBinaryArray
    heads: NDArray[np.uint8]
    chosen: NDArray[np.int64]

    @classmethod
    def open(cls, folder: Path) -> Known:
        """All rows of which the texts are in this folder."""
        ends = np.load(folder / _ENDS, mmap_mode="r")
        with (folder / _TEXTS).open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(ends) > 1 else b""
        texts = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(ends) - 1, [None, pa.py_buffer(ends), pa.py_buffer(data)])
        return cls(texts, np.load(folder / _HEADS, mmap_mode="r"), np.arange(len(texts)))

    def of(self, chosen: NDArray[np.int64]) -> Known:
        """These rows alone."""
        return replace(self, chosen=chosen)

    def find(self, texts: Sequence[bytes], start: int) -> NDArray[np.uint8] | None:
        """The hashes of rows, shape (n, 24), when they are those from `start` on, byte for byte; else null."""
        rows = self.chosen[start : start + len(texts)]
        if len(rows) != len(texts):
            return None
        one_run = rows[-1] - rows[0] == len(rows) - 1
        sealed = self.texts.slice(int(rows[0]), len(rows)) if one_run else self.texts.take(pa.array(rows))
        return self.heads[rows] if sealed.equals(pa.array(texts, pa.large_binary())) else None


@dataclass(frozen=True)
class Library:
    """The known rows of every feature type of a release, in a folder for each."""

    folder: Path

    def known(self, name: str) -> Known:
        """Those of a feature type, by its qualified name."""
        return Known.open(self._folder(name))

    def _folder(self, name: str) -> Path:
        return self.folder / name.replace(":", ".")

    def add(self, release: Release, name: str) -> None:
        """Write every row of a feature type, of all days."""
        table, folder = release.table(name).table, self._folder(name)
        folder.mkdir()
        key, ends, found = Shape(table.feature_type).key, [np.zeros(1, np.int64)], []
        with (folder / _TEXTS).open("wb") as file:
            for texts in sealed_texts(table):
                file.write(b"".join(texts))
                ends.append(ends[-1][-1] + np.cumsum(list(map(len, texts)), dtype=np.int64))
                found.append(heads(texts, key))
        np.save(folder / _ENDS, np.concatenate(ends))
        np.save(folder / _HEADS, np.concatenate(found) if found else heads((), key))


@contextmanager
def library(release: Release) -> Iterator[Library]:
    """That of a release, for as long as the context lasts."""
    with TemporaryDirectory() as folder:
        made = Library(Path(folder))
        for kind in release.schema.feature_types:
            made.add(release, kind.qualified)
        yield made
