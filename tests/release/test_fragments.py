"""Fragments: runs of rows, described before they are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import geojson
from release import fragments
from release.fragments import Fragments, flat

ROWS = [b"<a>1</a>", b"<b>22</b>", b"<c></c>", b"<d>4444</d>", b"<e>5</e>"]


def made() -> Fragments:
    """Rows whose text between the tags is the geometry; the third has none."""
    index, start = [], 0
    for row in ROWS:
        index.append([start, start + 3, start + len(row) - 4])
        start += len(row)
    return Fragments(memoryview(b"".join(ROWS)), np.array([*index, [start] * 3], dtype=np.int64))


@given(st.lists(st.integers(0, len(ROWS) - 1)))
def test_runs_give_the_rows_in_order_and_know_their_size(rows: list[int]) -> None:
    runs = made().runs(np.array(rows, dtype=np.int64))
    expected = b"".join(ROWS[row] for row in rows)
    assert (b"".join(runs), runs.size) == (expected, len(expected))
    assert len(runs.starts) == sum(1 for before, after in zip([-2, *rows], rows, strict=False) if after != before + 1)


def test_neighbours_are_one_run() -> None:
    assert [bytes(piece) for piece in made().runs(np.array([1, 2, 3, 0, 1]))] == [b"".join(ROWS[1:4]), b"".join(ROWS[:2])]


def test_a_long_run_comes_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "_RUN_BYTES", 10)
    pieces = [bytes(piece) for piece in made().runs(np.arange(5))]
    assert [len(piece) for piece in pieces] == [10, 10, 10, 10, 3]
    assert b"".join(pieces) == b"".join(ROWS)


def test_runs_can_begin_after_some_bytes() -> None:
    runs = made().runs(np.array([1, 2, 0]))
    assert b"".join(runs.after(3)) == b"22</b><c></c><a>1</a>"
    assert b"".join(runs) == b"<b>22</b><c></c><a>1</a>"
    assert list(made().runs(np.array([], dtype=np.int64)).after(3)) == []


def test_pieces_of_any_kind_are_one_row_of_bytes() -> None:
    runs = made().runs(np.array([0, 4]))
    assert b"".join(flat([b"head", runs, memoryview(b"tail")])) == b"head" + ROWS[0] + ROWS[4] + b"tail"


@given(st.lists(st.integers(0, len(ROWS) - 1)))
def test_another_geometry_is_put_in_one_by_one_or_in_one_piece(rows: list[int]) -> None:
    wanted, texts = np.array(rows, dtype=np.int64), [f"<{number}>".encode() for number in range(len(rows))]
    one_by_one = list(made().replace(wanted, texts))
    assert one_by_one == [ROWS[row][:3] + (b"" if row == 2 else text) + ROWS[row][-4:] for row, text in zip(rows, texts, strict=True)]
    assert made().replaced(wanted, texts) == b"".join(one_by_one)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    class Encoder:
        name = "letters"

        def fragments(self, table: object) -> tuple[bytes, np.ndarray]:
            whole = made()
            return bytes(whole.data), whole.index

    fragments.write(tmp_path, Encoder(), [None, None])  # type: ignore[arg-type,list-item]
    read = fragments.read(tmp_path, "letters")
    assert b"".join(read.copy(np.array([4, 5]))) == ROWS[4] + ROWS[0]
    assert b"".join(fragments.read_copy(tmp_path, "letters", np.arange(10))) == b"".join(ROWS) * 2
    assert read.blocks is not None and read.blocks.index[-1, 0] == 2 * len(b"".join(ROWS))


def test_the_separator_before_the_first_feature_is_left_out_of_runs_too() -> None:
    data = b",\n{1},\n{2},\n{3}"
    whole = Fragments(memoryview(data), np.array([[0] * 3, [5] * 3, [10] * 3, [15] * 3], dtype=np.int64))
    assert b"".join(flat(geojson.body([whole.runs(np.array([1, 2])), whole.runs(np.array([0]))]))) == b"{2},\n{3},\n{1}"
