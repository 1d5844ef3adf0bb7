"""Content codings: what is chosen, and that what is put together of blocks unpacks to the same bytes everywhere."""

from __future__ import annotations

import gzip
import io
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.codings import GZIP, IDENTITY, ZSTD, Coding, chosen, gathered
from release import blocks, fragments
from release.fragments import Chunk, Fragments, flat

ROWS = 3_000


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Fragments:
    """Rows of some 300 bytes, in four blocks or so."""
    folder = tmp_path_factory.mktemp("fragments")
    rows = [f"<row number='{number}'>{number * 7919**3 % 10**9:040}{'straat ' * (number % 60)}</row>\n".encode() for number in range(ROWS)]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    (folder / "rows.bin").write_bytes(b"".join(rows))
    np.save(folder / "rows.npy", np.column_stack([starts, starts, starts]))
    blocks.write(folder, "rows", starts)
    read = fragments.read(folder, "rows")
    assert read.blocks is not None and len(read.blocks.index) >= 3
    return read


def unzipped(body: bytes) -> bytes:
    """Of the one member, by a reader that stops after the first; it checks CRC and size."""
    reader = zlib.decompressobj(wbits=31)
    plain = reader.decompress(body)
    assert (reader.eof, reader.unused_data) == (True, b"")
    return plain


def unpacked(coding: Coding, body: bytes) -> bytes:
    if coding is GZIP:
        assert gzip.decompress(body) == unzipped(body)
        return unzipped(body)
    if coding is ZSTD:
        return pa.CompressedInputStream(pa.BufferReader(body), "zstd").read() if body else b""
    return body


def encoded(coding: Coding, *chunks: Chunk) -> bytes:
    return b"".join(coding.encode(chunks))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", IDENTITY),
        ("gzip", GZIP),
        ("x-gzip", GZIP),
        ("GZIP", GZIP),
        ("zstd", ZSTD),
        ("gzip, deflate, br, zstd", ZSTD),  # browsers
        ("deflate, gzip", GZIP),  # curl, GDAL
        ("gzip, zstd;q=0.9", GZIP),
        ("zstd;q=0.5,gzip;q=0.4", ZSTD),
        ("gzip;q=0", IDENTITY),
        ("gzip;q=0.000, *", IDENTITY),
        ("*", GZIP),
        ("*;q=0", IDENTITY),
        ("identity", IDENTITY),
        ("identity, gzip;q=0.5", IDENTITY),
        ("gzip, identity", GZIP),
        ("gzip;q=x", IDENTITY),
        ("gzip;q=2", IDENTITY),
        ("gzip;q=nan", IDENTITY),
        ("gzip ; q=1.0", GZIP),
        (",,;;=,", IDENTITY),
        ("gzip," * 1000, IDENTITY),
    ],
)
def test_the_coding_that_is_liked_best_is_chosen(accepted: str, coding: Coding) -> None:
    assert chosen(accepted) is coding


@pytest.mark.parametrize("coding", [IDENTITY, GZIP, ZSTD], ids=lambda coding: coding.name)
@pytest.mark.parametrize(
    "rows", [[], [0], range(ROWS), range(5, ROWS - 5), range(0, ROWS, 2), [*range(900), *range(905, ROWS)], [7, 3, 3]], ids=len
)
def test_rows_unpack_to_the_same_bytes_whatever_blocks_they_fill(stored: Fragments, coding: Coding, rows: Sequence[int]) -> None:
    runs = stored.runs(np.array(rows, dtype=np.int64))
    expected = b"head" + b"".join(flat([runs])) + b"tail"
    assert unpacked(coding, encoded(coding, b"head", runs, b"tail")) == expected


@settings(max_examples=60)
@given(cuts=st.lists(st.tuples(st.integers(0, ROWS), st.integers(0, ROWS)), max_size=6), between=st.binary(max_size=40))
def test_any_runs_with_anything_between_them_unpack_to_the_same_bytes(
    stored: Fragments, cuts: list[tuple[int, int]], between: bytes
) -> None:
    chunks: list[Chunk] = []
    for start, end in cuts:
        chunks += [stored.runs(np.arange(start, max(start, end), dtype=np.int64)), between]
    expected = b"".join(flat(chunks))
    for coding in (IDENTITY, GZIP, ZSTD):
        assert unpacked(coding, encoded(coding, *chunks)) == expected


def test_whole_blocks_are_copied_not_compressed(stored: Fragments, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zlib, "crc32", None)  # not even looked at
    assert stored.blocks is not None
    runs = stored.runs(np.arange(ROWS))
    assert bytes(stored.blocks.deflate) in encoded(GZIP, runs)
    assert encoded(ZSTD, runs) == bytes(stored.blocks.zstd)


def test_a_release_without_blocks_is_compressed_on_the_way(stored: Fragments) -> None:
    runs = Fragments(stored.data, stored.index).runs(np.arange(ROWS))
    for coding in (GZIP, ZSTD):
        assert unpacked(coding, encoded(coding, runs)) == bytes(stored.data)


def test_every_piece_can_be_read_when_it_comes(stored: Fragments) -> None:
    runs = stored.runs(np.arange(ROWS))
    reader, seen = zlib.decompressobj(wbits=31), 0
    for piece in GZIP.encode([b"a" * 300_000, runs, b"b" * 300_000]):
        seen += len(reader.decompress(piece))
        if seen == 300_000:
            break
    assert seen == 300_000


def test_small_pieces_go_together_and_large_ones_alone() -> None:
    small, large = b"s" * 10, memoryview(b"l" * 100_000)
    assert [len(piece) for piece in gathered([small, small, large, small])] == [20, 100_000, 10]
    assert [len(piece) for piece in gathered([small] * 60_000)] == [262_150, 262_150, 75_700]


@pytest.mark.skipif(shutil.which("zstd") is None, reason="the program zstd is not installed")
def test_the_program_zstd_reads_all_frames(stored: Fragments, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(encoded(ZSTD, b"head", stored.runs(np.arange(10, ROWS)), b"tail"))
    plain = subprocess.run(["zstd", "-dc", str(tmp_path / "body")], capture_output=True, check=True).stdout
    assert plain == b"head" + bytes(stored.data[int(stored.index[10, 0]) :]) + b"tail"


@pytest.mark.skipif(shutil.which("gzip") is None, reason="the program gzip is not installed")
def test_the_program_gzip_finds_nothing_wrong(stored: Fragments) -> None:
    body = io.BytesIO(encoded(GZIP, b"head", stored.runs(np.arange(10, ROWS))))
    subprocess.run(["gzip", "-t"], input=body.getvalue(), check=True)
