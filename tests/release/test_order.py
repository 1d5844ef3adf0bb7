"""Pages of sorted rows, against Python's stable sort."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release import order
from release.columns import Columns
from release.errors import UnknownField
from release.query import SortKey
from tests.release.samples import POINTS, point, table
from tests.release.test_evaluate_against_rows import NAMES, NUMBERS

NAME = ("PRODUCT", "NAAM", "AANTAL", "BEDRAG")
DICE = np.random.default_rng(6)
ROWS = [
    point(
        number,
        PRODUCT=DICE.choice(["Een", "Twee"]),
        NAAM=None if number % 7 == 0 else NAMES[DICE.integers(len(NAMES))],
        AANTAL=None if number % 5 == 0 else int(DICE.integers(-3, 4)),
        BEDRAG=None if number % 11 == 0 else NUMBERS[DICE.integers(len(NUMBERS))],
    )
    for number in range(200)
]
keys = st.lists(st.builds(SortKey, st.sampled_from(NAME), st.booleans()), min_size=1, max_size=4)
COLUMNS = {dictionary: Columns(table(POINTS, ROWS, dictionary=dictionary)) for dictionary in (True, False)}


def expected(rows: Sequence[int], by: Sequence[SortKey]) -> list[int]:
    """Absent values are the largest, as in PostgreSQL; what is equal stays as it was."""
    found = list(rows)
    for key in reversed(by):
        present = [row for row in found if ROWS[row].get(key.field) is not None]
        absent = [row for row in found if ROWS[row].get(key.field) is None]
        present.sort(key=lambda row: ROWS[row][key.field], reverse=key.descending)  # type: ignore[arg-type, return-value] # values of one type
        found = absent + present if key.descending else present + absent
    return found


@pytest.mark.parametrize("dictionary", [True, False])
@given(by=keys, chosen=st.sets(st.integers(0, 199)), start=st.integers(0, 220), count=st.none() | st.integers(0, 60))
def test_a_page_is_a_part_of_the_sorted_rows(dictionary: bool, by: list[SortKey], chosen: set[int], start: int, count: int | None) -> None:
    rows = np.array(sorted(chosen), dtype=np.int64)
    end = None if count is None else start + count
    assert order.page(rows, by, COLUMNS[dictionary], start, end).tolist() == expected(sorted(chosen), by)[start:end]


def test_pages_one_after_another_are_the_whole() -> None:
    by = [SortKey("PRODUCT"), SortKey("AANTAL", True)]
    rows = np.arange(200)
    pages = [order.page(rows, by, COLUMNS[True], start, start + 7).tolist() for start in range(0, 210, 7)]
    assert list(chain.from_iterable(pages)) == expected(range(200), by)


def test_many_keys_with_many_values_each_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_LARGEST", 5_000)
    by = [SortKey("NAAM", True), SortKey("BEDRAG"), SortKey("AANTAL"), SortKey("PRODUCT", True)]
    assert order.page(np.arange(200), by, COLUMNS[True], 0, None).tolist() == expected(range(200), by)


def test_an_order_by_what_is_no_field_is_an_error() -> None:
    with pytest.raises(UnknownField):
        order.page(np.arange(3), [SortKey("_id")], COLUMNS[True], 0, None)
