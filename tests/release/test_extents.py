"""Blocks of neighbours: found by their extents, and not one row too few."""

from __future__ import annotations

import numpy as np
import pytest

from release.extents import BLOCK, Extents

DICE = np.random.default_rng(8)


def made(count: int, corners: int) -> Extents:
    low = np.sort(DICE.uniform(0, 1000, (count, 2)).round(), axis=0)
    low[DICE.random(count) < 0.1] = np.nan
    if count > 3 * BLOCK:
        low[BLOCK : 2 * BLOCK] = np.nan  # a block without any place
    return Extents.of(low if corners == 2 else np.hstack([low, low + DICE.uniform(0, 20, (count, 2)).round()]))


@pytest.mark.parametrize("corners", [2, 4])
@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7])
def test_a_box_is_met_by_the_rows_that_meet_it(count: int, corners: int) -> None:
    extents = made(count, corners)
    every = np.arange(count)
    for _ in range(50):
        x, y, width, height = DICE.uniform(-50, 1050), DICE.uniform(-50, 1050), *DICE.choice([0.0, 3, 100, 2000], 2)
        box = (x, y, x + width, y + height)
        low, high = extents.rows[:, :2], extents.rows[:, -2:]
        expected = (high[:, 0] >= x) & (low[:, 0] <= x + width) & (high[:, 1] >= y) & (low[:, 1] <= y + height)
        assert np.array_equal(extents.met(box), expected)
        assert np.array_equal(extents.met(box, every), expected)
        assert set(np.flatnonzero(expected)) <= set(extents.rows_of(extents.meeting(box)))
        inside = (low[:, 0] >= x) & (high[:, 0] <= x + width) & (low[:, 1] >= y) & (high[:, 1] <= y + height)
        assert np.array_equal(extents.within(box, every), inside)


def test_few_blocks_are_looked_at_for_a_small_box() -> None:
    side = np.arange(0, 160)
    x, y = (part.ravel() for part in np.meshgrid(side, side))
    order = np.lexsort((y, x, y // 16, x // 16))
    extents = Extents.of(np.column_stack([x, y])[order].astype(np.float64))
    assert len(extents.meeting((3, 3, 9, 9))) == 1
    assert len(extents.meeting((-9, -9, 900, 900))) == 100
