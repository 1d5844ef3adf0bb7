"""Symbols on a map: as one after another would be drawn, and with little work."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from publish.wms.images import PNG, Look, encoded
from publish.wms.palette import LEVELS, MAX_FILLS, OVER, Palette
from publish.wms.sheets import Symbols
from publish.wms.sprites import reach, sprite
from publish.wms.stamps import Stamp, stamped
from release.schema import Shape
from tests.effort import effort

PALETTE = Palette((255, 255, 255), ((0, 105, 92), (198, 40, 40), (69, 39, 160)))
shapes = pytest.mark.parametrize("shape", Shape)


@shapes
@pytest.mark.parametrize("size", [2.0, 4.5, 6.0, 8.0, 10.0, 10.6, 21.0, 130.0])
def test_a_sprite_is_whole_and_within_its_radius(shape: Shape, size: float) -> None:
    made = sprite(shape, size)
    assert made.radius >= reach(size) - 1
    assert all(np.abs(places).max(initial=0) <= made.radius for places in (made.solid, made.edge))
    assert len({tuple(place) for place in [*made.solid.tolist(), *made.edge.tolist()]}) == len(made.solid) + len(made.edge)
    assert ((made.solid_levels >= 0) & (made.solid_levels < LEVELS)).all() and ((made.edge_levels > 0) & (made.edge_levels < LEVELS)).all()
    assert made.solid_levels[(made.solid == 0).all(axis=1)].tolist() == [0]  # the pure fill in the middle
    if size >= 4.5:
        area = (made.solid_levels < LEVELS / 2).sum()
        assert 0.3 < area / size**2 < 0.95


@shapes
def test_a_sprite_is_the_same_on_its_left_and_its_right(shape: Shape) -> None:
    made = sprite(shape, 10)
    left = {(-dx, dy, level) for (dx, dy), level in zip(made.solid.tolist(), made.solid_levels.tolist(), strict=True)}
    right = {(dx, dy, level) for (dx, dy), level in zip(made.solid.tolist(), made.solid_levels.tolist(), strict=True)}
    assert left == right


def one_by_one(stamps: list[Stamp], width: int, height: int) -> np.ndarray:
    """What is meant: a symbol after another, in an order that is given here by what the map shows of each pair."""
    canvas = np.zeros((height, width), dtype=np.uint8)
    for stamp in stamps:
        for x, y in np.floor(stamp.places).astype(int).tolist():
            for (dx, dy), level in zip(stamp.sprite.edge.tolist(), stamp.sprite.edge_levels.tolist(), strict=True):
                if 0 <= y + dy < height and 0 <= x + dx < width:
                    canvas[y + dy, x + dx] = OVER[level, canvas[y + dy, x + dx]]
            for (dx, dy), level in zip(stamp.sprite.solid.tolist(), stamp.sprite.solid_levels.tolist(), strict=True):
                if 0 <= y + dy < height and 0 <= x + dx < width:
                    canvas[y + dy, x + dx] = stamp.number + level
    return canvas


@shapes
def test_symbols_are_drawn_over_each_other_in_the_order_of_their_stamps(shape: Shape) -> None:
    places = [np.array([[30.2, 30.9]]), np.array([[37.0, 34.5]]), np.array([[-3.0, 62.4]])]
    stamps = [Stamp(sprite(shape, 10), PALETTE.number(number), place) for number, place in enumerate(places)]
    for order in (stamps, stamps[::-1]):
        drawn, meant = stamped(order, 64, 64), one_by_one(order, 64, 64)
        same = drawn == meant
        assert same.sum() > 0.995 * drawn.size
        assert (meant[~same] % LEVELS > 0).all()  # only where two smoothed edges meet, of which the upper one is kept


def test_places_that_are_none_or_far_away_are_left_out() -> None:
    places = np.array([[np.nan, 1.0], [1e12, 5.0], [-1e300, 5.0], [20.0, 20.0]])
    drawn = stamped([Stamp(sprite(Shape.CIRCLE, 10), PALETTE.number(0), places)], 40, 40)
    assert drawn[20, 20] == PALETTE.number(0) and drawn[:, :8].max() == 0
    assert stamped([], 3, 2).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_equal_places_are_drawn_once_and_neighbours_hide_no_town() -> None:
    """Where all is full of symbols, most of what is seen is their fill, not their outline."""
    grid = np.array([(x + 0.5, y + 0.5) for x in range(100) for y in range(100)])
    drawn = stamped([Stamp(sprite(Shape.CIRCLE, 10), PALETTE.number(0), np.tile(grid, (3, 1)))], 100, 100)
    assert (drawn % LEVELS < LEVELS / 2).mean() > 0.55 and drawn.min() > 0
    shifted = stamped([Stamp(sprite(Shape.CIRCLE, 10), PALETTE.number(0), grid - 20)], 60, 60, origin=(20, 20))
    assert (shifted == drawn[20:80, 20:80]).all()


def test_symbols_for_print_are_as_many_as_on_a_screen_and_where_they_are() -> None:
    points = np.random.default_rng(3).random((5_000, 2)) * 400
    large = sprite(Shape.CIRCLE, 80)
    exact, rounded = (stamped([Stamp(large, PALETTE.number(0), points[:20], grain)], 400, 400, (7, -3)) for grain in (1, 8))
    assert ((exact > 0) != (rounded > 0)).mean() < 0.08
    tile = stamped([Stamp(large, PALETTE.number(0), points[:20] - (100, 50), 8)], 200, 200, (107, 47))
    assert (tile == rounded[50:250, 100:300]).all()
    assert stamped([Stamp(large, PALETTE.number(0), points, 8)], 400, 400).min() > 0


def test_colours_over_each_other_stay_in_the_palette() -> None:
    colours = PALETTE.rgba.astype(float)
    assert len(colours) == LEVELS * 4 and PALETTE.number(MAX_FILLS - 1) + LEVELS == 256
    for level in range(LEVELS):
        opacity = level / LEVELS
        for under in range(len(colours)):
            over = colours[OVER[level, under]]
            if under >= LEVELS:
                assert over[:3] == pytest.approx(opacity * 255 + (1 - opacity) * colours[under, :3], abs=9)
            else:
                assert over[3] == pytest.approx(255 * opacity + (1 - opacity) * colours[under, 3], abs=17)


def test_colours_on_a_background_are_opaque() -> None:
    on = PALETTE.on((10, 20, 30))
    assert on[0].tolist() == [10, 20, 30, 255] and (on[:, 3] == 255).all()
    assert (on[LEVELS:] == PALETTE.rgba[LEVELS:]).all()


def test_the_work_depends_on_the_pixels_of_the_map_not_on_the_points() -> None:
    """A guard against another order of work; `make bench` has the figures."""
    points = np.random.default_rng(7).random((300_000, 2)) * 64
    calls = []
    for count in (20_000, 20_000, 300_000):
        stamps = [Stamp(sprite(shape, 10), PALETTE.number(number), points[number:count:3]) for number, shape in enumerate(list(Shape)[:3])]
        with effort() as made:
            encoded(Symbols(stamped(stamps, 64, 64), PALETTE), Look(PNG))
        calls.append(made.calls)
    assert calls[2] < calls[1] + 50  # the first makes the sprites
    tracemalloc.start()
    encoded(Symbols(stamped(stamps, 64, 64), PALETTE), Look(PNG))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * len(points)
