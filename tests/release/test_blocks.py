"""Fragments compressed beforehand: blocks of whole rows, each by itself, and checksums that can be put together."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release import blocks
from release.blocks import CRC, DEFLATE, RAW, ZSTD, Stretch, combined, power

TEXT = b"".join(f"row {number} {'x' * (number % 97)}\n".encode() for number in range(40_000))
STARTS = np.array([0, *(index + 1 for index, byte in enumerate(TEXT) if byte == 10)], dtype=np.int64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "text.bin").write_bytes(TEXT)
    blocks.write(tmp_path, "text", STARTS)
    return tmp_path


def test_blocks_hold_whole_rows_of_about_the_same_size(folder: Path) -> None:
    read = blocks.read(folder, "text")
    assert read is not None
    assert set(read.index[:, RAW]) <= set(STARTS)
    assert read.index[-1, :CRC].tolist() == [len(TEXT), len(read.deflate), len(read.zstd)]
    sizes = np.diff(read.index[:, RAW])
    assert len(sizes) == -(-len(TEXT) // blocks.BLOCK_BYTES)
    assert all(abs(sizes[:-1] - blocks.BLOCK_BYTES) < 200)


def test_each_block_unpacks_by_itself(folder: Path) -> None:
    read = blocks.read(folder, "text")
    assert read is not None
    for number in range(len(read.index) - 1):
        stretch = Stretch(read, number, number + 1)
        raw = TEXT[int(read.index[number, RAW]) : int(read.index[number + 1, RAW])]
        assert zlib.decompressobj(wbits=-15).decompress(stretch.deflate) == raw
        assert pa.CompressedInputStream(pa.BufferReader(stretch.zstd), "zstd").read() == raw
        assert stretch.crc(0) == zlib.crc32(raw)
        assert stretch.size == len(raw)


def test_a_stretch_of_blocks_continues_a_checksum(folder: Path) -> None:
    read = blocks.read(folder, "text")
    assert read is not None
    first, last = 1, len(read.index) - 1
    start = int(read.index[first, RAW])
    assert Stretch(read, first, last).crc(zlib.crc32(TEXT[:start])) == zlib.crc32(TEXT)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_checksums_are_combined_as_if_the_bytes_had_been_read(first: bytes, second: bytes) -> None:
    assert combined(zlib.crc32(first), zlib.crc32(second), power(len(second))) == zlib.crc32(first + second)


def test_the_blocks_within_a_stretch_are_those_that_are_wholly_in_it(folder: Path) -> None:
    read = blocks.read(folder, "text")
    assert read is not None
    edges = read.index[:, RAW].tolist()
    starts = np.array([0, 1, edges[1], edges[1] - 1, edges[1] + 1], dtype=np.int64)
    ends = np.array([len(TEXT), len(TEXT), edges[2], edges[2], edges[2] - 1], dtype=np.int64)
    first, last = read.within(starts, ends)
    blocks_in_all = len(edges) - 1
    assert [max(0, number) for number in (last - first)] == [blocks_in_all, blocks_in_all - 1, 1, 1, 0]


def test_a_row_longer_than_a_block_is_a_block(tmp_path: Path) -> None:
    rows = [b"a" * 10, b"b" * (3 * blocks.BLOCK_BYTES), b"c" * 10]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    (tmp_path / "long.bin").write_bytes(b"".join(rows))
    blocks.write(tmp_path, "long", starts)
    read = blocks.read(tmp_path, "long")
    assert read is not None
    assert set(read.index[:, RAW]) <= set(starts.tolist())
    assert zlib.decompressobj(wbits=-15).decompress(read.deflate) == b"".join(rows)


def test_nothing_has_no_blocks(tmp_path: Path) -> None:
    (tmp_path / "none.bin").write_bytes(b"")
    blocks.write(tmp_path, "none", np.zeros(1, dtype=np.int64))
    read = blocks.read(tmp_path, "none")
    assert read is not None and read.index.tolist() == [[0, 0, 0, 0, 0]]
    assert blocks.read(tmp_path, "absent") is None


def test_the_same_bytes_give_the_same_blocks(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = tmp_path_factory.mktemp("again")
    (again / "text.bin").write_bytes(TEXT)
    blocks.write(again, "text", STARTS)
    for name in ("text.deflate", "text.zstd", "text.blocks.npy"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
    assert (DEFLATE, ZSTD) == (1, 2)
