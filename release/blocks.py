"""Fragments compressed beforehand in blocks of whole rows, so that a compressed answer is copied too.

`<name>.deflate` holds segments of raw deflate (RFC 1951), each of which begins on a byte and refers to nothing before it, so that
a gzip member may be put together of any of them; `<name>.zstd` holds one frame (RFC 8878) a block.
"""

from __future__ import annotations

import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from release.mapping import mapped

RAW, DEFLATE, ZSTD, CRC, SHIFT = range(5)

BLOCK_BYTES = 1 << 18
"""Size before compression: at 64 kB a GML answer is 14 % larger, at 1 MB 4 % smaller, but fewer pages hold a whole block (measured)."""

_DEFLATE_LEVEL, _ZSTD_LEVEL = 6, 1
"""GML at 160 MB/s and 1.4 GB/s of one core, each to a fifteenth; more effort gains a tenth and takes six times as long (measured)."""

_POLYNOMIAL = 0xEDB88320  # RFC 1952 §8


@dataclass(frozen=True, eq=False)
class Blocks:
    """`index` has shape (blocks + 1, 5), int64: start of the block before compression, in `deflate` and in `zstd`, its CRC-32, its shift.

    The last line holds the three ends. The shift is what `combined` needs of the length.
    """

    index: NDArray[np.int64]
    deflate: memoryview
    zstd: memoryview

    def within(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """For each stretch of bytes the first of the blocks that are wholly in it, and the one after the last; none when they cross."""
        edges = self.index[:, RAW]
        return np.searchsorted(edges, starts, "left"), np.searchsorted(edges, ends, "right") - 1


@dataclass(frozen=True, eq=False)
class Stretch:
    """Blocks that follow one another, from `first` to before `last`."""

    blocks: Blocks
    first: int
    last: int

    @property
    def size(self) -> int:
        """Bytes before compression."""
        return int(self.blocks.index[self.last, RAW] - self.blocks.index[self.first, RAW])

    @property
    def deflate(self) -> memoryview:
        """Segments of raw deflate, without a last block."""
        return self._cut(self.blocks.deflate, DEFLATE)

    @property
    def zstd(self) -> memoryview:
        """Frames."""
        return self._cut(self.blocks.zstd, ZSTD)

    def crc(self, before: int) -> int:
        """The CRC-32 of what had `before` and these blocks after it."""
        for crc, shift in self.blocks.index[self.first : self.last, CRC:].tolist():
            before = combined(before, crc, shift)
        return before

    def _cut(self, data: memoryview, column: int) -> memoryview:
        return data[int(self.blocks.index[self.first, column]) : int(self.blocks.index[self.last, column])]


def write(folder: Path, name: str, starts: NDArray[np.int64]) -> None:
    """Compress `<name>.bin`, whose rows begin at `starts`, of which the last is its length. Same bytes and zlib, same files."""
    places = np.searchsorted(starts, np.arange(0, int(starts[-1]), BLOCK_BYTES))
    edges = np.append(starts[np.unique(places)], starts[-1]).tolist()
    sizes = []
    with (
        ThreadPoolExecutor(os.cpu_count()) as pool,  # both libraries let go of the interpreter's lock
        (folder / f"{name}.deflate").open("wb") as deflate,
        (folder / f"{name}.zstd").open("wb") as zstd,
    ):
        for block in pool.map(partial(_compressed, folder / f"{name}.bin"), edges[:-1], edges[1:]):
            sizes.append((block.size, deflate.write(block.deflate), zstd.write(block.zstd), block.crc, power(block.size)))
    index = np.zeros((len(sizes) + 1, 5), dtype=np.int64)
    if sizes:
        index[1:, :CRC] = np.cumsum(np.array(sizes, dtype=np.int64)[:, :CRC], axis=0)
        index[:-1, CRC:] = np.array(sizes, dtype=np.int64)[:, CRC:]
    np.save(folder / f"{name}.blocks.npy", index)


def read(folder: Path, name: str) -> Blocks | None:
    """Open the blocks of an encoding; null in a release that was sealed before there were any."""
    index = folder / f"{name}.blocks.npy"
    if not index.exists():
        return None
    return Blocks(np.load(index), mapped(folder / f"{name}.deflate"), mapped(folder / f"{name}.zstd"))


@dataclass(frozen=True)
class _Compressed:
    size: int
    crc: int
    deflate: bytes
    zstd: bytes


def _compressed(path: Path, start: int, end: int) -> _Compressed:
    with path.open("rb") as file:
        file.seek(start)
        raw = file.read(end - start)
    squeeze = zlib.compressobj(_DEFLATE_LEVEL, wbits=-zlib.MAX_WBITS, memLevel=9)
    deflate = squeeze.compress(raw) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return _Compressed(len(raw), zlib.crc32(raw), deflate, pa.Codec("zstd", _ZSTD_LEVEL).compress(raw, asbytes=True))


def combined(first: int, second: int, shift: int) -> int:
    """The CRC-32 of bytes with CRC-32 `first` followed by bytes with CRC-32 `second`, which have `power(length)` = `shift`."""
    return _times(shift, first) ^ second


def power(length: int) -> int:
    """x to the power of 8 times `length`, modulo the polynomial of CRC-32: what following bytes do to a CRC."""
    result, square = 1 << 31, 1 << 23  # 1, and x^8; the highest bit is that of x^0
    while length:
        if length & 1:
            result = _times(result, square)
        square, length = _times(square, square), length >> 1
    return result


def _times(a: int, b: int) -> int:
    """The product of two polynomials over GF(2), modulo that of CRC-32."""
    product = 0
    while a:
        if a & 1 << 31:
            product ^= b
        a = a << 1 & 0xFFFFFFFF
        b = b >> 1 ^ (_POLYNOMIAL if b & 1 else 0)
    return product
