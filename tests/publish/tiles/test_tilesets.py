"""What is in the tiles: every located row once at the deepest level, thinned above it, and never too large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from exports.vector_tile import EXTENT, identifiers
from publish.shelf import View
from publish.tiles.errors import UnknownTile
from publish.tiles.matrices import BELGIAN_LAMBERT72, SETS, WEB_MERCATOR_QUAD, Place, TileMatrixSet
from publish.tiles.points import CROWD, GRID
from publish.tiles.tilesets import MAX_BYTES, Tileset, Tilesets
from release.reader import Release
from tests.publish.tiles.world import ATTEST, DAY, NEXT, PRODUCTS, TOWN, content, publish

sets = pytest.mark.parametrize("matrices", SETS.values(), ids=lambda known: known.id)
layers = pytest.mark.parametrize("layer", ["POI", *PRODUCTS])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(tmp_path_factory.mktemp("tiles"), content())


@pytest.fixture(scope="module")
def tilesets(release: Release) -> Tilesets:
    return Tilesets(View(release, DAY, 60))


def places(tileset: Tileset, level: int) -> Iterator[Place]:
    """Every tile within the limits of a level."""
    limits = tileset.limits[level]
    for row in range(limits.first_row, limits.last_row + 1):
        for column in range(limits.first_column, limits.last_column + 1):
            yield Place(level, row, column)


def occupied(tileset: Tileset, level: int) -> list[Place]:
    """The tiles of a level in which points lie, worked out here."""
    side, matrices = tileset.matrices.span / 2**level, tileset.matrices
    found = tileset.located.table.coordinates(matrices.crs)[tileset.located.rows].tolist()
    cells = {(int((matrices.top - y) // side), int((x - matrices.left) // side)) for x, y in found}
    return [Place(level, row, column) for row, column in sorted(cells)]


def read(tileset: Tileset, place: Place) -> list[dict[str, Any]]:
    """The features of a tile, as a stranger reads them; y downwards."""
    made = mapbox_vector_tile.decode(tileset.tile(place), default_options={"y_coord_down": True})
    return made[tileset.layer.name]["features"] if made else []


def public(release: Release, layer: str, day: Any = DAY) -> dict[int, tuple[float, float]]:
    """Located rows of a day by id, from the sealed table itself."""
    rows = release.table("POI").table.on(day).arrow.to_pylist()
    return {row["_id"]: (row["_x"], row["_y"]) for row in rows if layer in ("POI", row["PRODUCT"]) and row["_x"] is not None}


@sets
@layers
def test_every_located_object_is_in_one_tile_of_the_deepest_level(
    release: Release, tilesets: Tilesets, matrices: TileMatrixSet, layer: str
) -> None:
    tileset = tilesets.tileset(layer, matrices.id)
    found = Counter(number for place in occupied(tileset, tileset.deepest) for number in identifiers(tileset.tile(place)))
    assert found == Counter(public(release, layer).keys())


def test_tiles_of_the_deepest_level_that_have_nothing_are_empty(tilesets: Tilesets) -> None:
    tileset = tilesets.tileset("POI", BELGIAN_LAMBERT72.id)
    there = set(occupied(tileset, tileset.deepest))
    empty = [place for number, place in enumerate(places(tileset, tileset.deepest)) if place not in there and number % 40 == 0]
    assert len(empty) > 100 and {tileset.tile(place) for place in empty} == {b""}


def test_a_tile_with_little_in_it_is_made_at_once_when_the_limits_are_known(release: Release, tmp_path: Path) -> None:
    tileset = Tilesets(View(release, DAY, 60)).tileset("POI", WEB_MERCATOR_QUAD.id)
    deepest = tileset.deepest
    (place, *_) = occupied(tileset, deepest)
    assert not tileset.soon(place)
    assert tileset.limits and tileset.soon(place)
    assert not tileset.soon(Place(deepest - 1, place.row // 2, place.column // 2))
    crowd = [(TOWN[0] + number % 20, TOWN[1] + number // 20) for number in range(400)]
    crowded = Tilesets(View(publish(tmp_path, content(10, crowd)), DAY, 60)).tileset("POI", WEB_MERCATOR_QUAD.id)
    assert crowded.limits
    assert {crowded.soon(place) for place in occupied(crowded, crowded.deepest)} == {True, False}


def test_a_point_is_where_it_is(release: Release, tilesets: Tilesets) -> None:
    tileset, known = tilesets.tileset("POI", BELGIAN_LAMBERT72.id), public(release, "POI")
    unit = BELGIAN_LAMBERT72.side(tileset.deepest) / EXTENT
    for place in occupied(tileset, tileset.deepest)[::50]:
        left, top = BELGIAN_LAMBERT72.corner(place)
        for feature in read(tileset, place):
            x, y = feature["geometry"]["coordinates"]
            assert (left + x * unit, top - y * unit) == pytest.approx(known[feature["id"]], abs=1.01 * unit)


@sets
def test_a_point_on_the_edge_of_tiles_is_in_one_of_them(tmp_path: Path, matrices: TileMatrixSet) -> None:
    side = BELGIAN_LAMBERT72.side(BELGIAN_LAMBERT72.base)
    corner = (BELGIAN_LAMBERT72.left + 100 * side, BELGIAN_LAMBERT72.top - 120 * side)
    edges = [corner, (corner[0] + side / 2, corner[1]), (corner[0], corner[1] - side / 2)]
    tileset = Tilesets(View(publish(tmp_path, content(0, edges)), DAY, 60)).tileset("POI", matrices.id)
    numbers = [number for place in places(tileset, tileset.deepest) for number in identifiers(tileset.tile(place))]
    assert len(numbers) == len(set(numbers)) == len(edges)


@sets
def test_counts_of_thinned_points_add_up_to_all_of_them(release: Release, tilesets: Tilesets, matrices: TileMatrixSet) -> None:
    tileset, known = tilesets.tileset("POI", matrices.id), public(release, "POI")
    for level in range(0, tileset.deepest, 3):
        features = [feature for place in occupied(tileset, level) for feature in read(tileset, place)]
        assert sum(feature["properties"]["AANTAL"] for feature in features) == len(known)
        assert {feature["properties"]["PRODUCT"] for feature in features} == set(PRODUCTS)
        for feature in features:
            lone = feature["properties"]["AANTAL"] == 1
            assert (feature["id"] in known) == lone and ("NAAM" in feature["properties"]) == lone


def test_points_are_thinned_to_one_for_each_product_and_cell(tilesets: Tilesets) -> None:
    tileset = tilesets.tileset("POI", BELGIAN_LAMBERT72.id)
    size = EXTENT // GRID
    for place in places(tileset, 2):
        cells = [(f["properties"]["PRODUCT"], *(c // size for c in f["geometry"]["coordinates"])) for f in read(tileset, place)]
        assert len(cells) == len(set(cells))


def test_a_row_that_ends_on_the_day_is_gone_the_next(release: Release) -> None:
    tileset = Tilesets(View(release, NEXT, 60)).tileset(ATTEST, WEB_MERCATOR_QUAD.id)
    found = {number for place in occupied(tileset, tileset.deepest) for number in identifiers(tileset.tile(place))}
    assert found == public(release, ATTEST, NEXT).keys()
    assert found < public(release, ATTEST, DAY).keys()


def test_no_tile_of_a_dense_town_is_too_large_and_none_is_left_out(tmp_path: Path) -> None:
    chance = np.random.default_rng(9)
    tower = [(104_300.5, 192_000.5)] * 5000
    town = (np.array([104_300.0, 191_800.0]) + chance.uniform(0, 900, (8000, 2))).tolist()
    release = publish(tmp_path, content(50, [*tower, *town]))
    tileset = Tilesets(View(release, DAY, 60)).tileset("POI", BELGIAN_LAMBERT72.id)
    assert tileset.deepest > BELGIAN_LAMBERT72.base
    shallow = [tileset.tile(place) for level in range(tileset.deepest) for place in occupied(tileset, level)]
    deepest = [tileset.tile(place) for place in occupied(tileset, tileset.deepest)]
    assert max(map(len, shallow + deepest)) <= MAX_BYTES
    numbers = [identifiers(made) for made in deepest]
    assert Counter(number for found in numbers for number in found) == Counter(public(release, "POI").keys())
    assert 5000 <= max(map(len, numbers)) <= CROWD


@pytest.mark.parametrize("place", [Place(0, 1, 0), Place(8, 0, 0), Place(40, 0, 0), Place(8, 10**9, 10**9)])
def test_a_tile_outside_the_limits_is_unknown(tilesets: Tilesets, place: Place) -> None:
    with pytest.raises(UnknownTile):
        tilesets.tileset("POI", BELGIAN_LAMBERT72.id).tile(place)


def test_where_nothing_is_located_there_are_no_tiles(tmp_path: Path) -> None:
    tileset = Tilesets(View(publish(tmp_path, content(0)), DAY, 60)).tileset("POI", WEB_MERCATOR_QUAD.id)
    assert tileset.limits == ()
    with pytest.raises(UnknownTile):
        tileset.tile(Place(0, 0, 0))


@sets
def test_every_municipality_of_the_day_is_in_the_tiles_where_it_lies(release: Release, tilesets: Tilesets, matrices: TileMatrixSet) -> None:
    tileset = tilesets.tileset("Woningkwaliteitsbeleid", matrices.id)
    rows = [row for row in release.table("Woningkwaliteitsbeleid").table.on(DAY).arrow.to_pylist() if row["_wkb"] is not None]
    found = {place: set(identifiers(tileset.tile(place))) for place in places(tileset, tileset.deepest)}
    assert set().union(*found.values()) == {row["_id"] for row in rows}
    if matrices is BELGIAN_LAMBERT72:
        for row in rows:
            x, y = shapely.from_wkb(row["_wkb"]).representative_point().coords[0]
            ((column, line),) = matrices.cells_of([(x, y)], tileset.deepest)
            assert row["_id"] in found[Place(tileset.deepest, line, column)]


def test_attributes_of_a_municipality_are_its_parameters(release: Release, tilesets: Tilesets) -> None:
    tileset = tilesets.tileset("Woningkwaliteitsbeleid", BELGIAN_LAMBERT72.id)
    rows = {row["_id"]: row for row in release.table("Woningkwaliteitsbeleid").table.on(DAY).arrow.to_pylist()}
    for feature in read(tileset, Place(0, 0, 0)):
        row, told = rows[feature["id"]], feature["properties"]
        assert told["NISCODE"] == row["NISCODE"] and told["NAAM"] == row["NAAM"] and told["AANTREGELS"] == row["AANTREGELS"]
        assert told.get("CAVERPL") == row["CAVERPL"] and told["PEILDATUM"] == DAY.isoformat()
        assert told.get("CAVERGOED") == (None if row["CAVERGOED"] is None else float(row["CAVERGOED"]))
        assert "LINK1" not in told


@pytest.mark.parametrize("level", range(2, 7))
def test_borders_of_simplified_municipalities_do_not_tear(tilesets: Tilesets, level: int) -> None:
    tileset = tilesets.tileset("Woningkwaliteitsbeleid", BELGIAN_LAMBERT72.id)
    for place in places(tileset, level):
        shapes = shapely.make_valid([shapely.geometry.shape(feature["geometry"]) for feature in read(tileset, place)])
        together = shapely.union_all(shapes)
        assert shapely.area(shapes).sum() == pytest.approx(together.area), "they overlap"
        assert not any(part.interiors for part in shapely.get_parts(together)), "there are gaps between them"


def test_municipalities_are_simplified_more_the_further_one_looks_from(tilesets: Tilesets) -> None:
    tileset = tilesets.tileset("Woningkwaliteitsbeleid", BELGIAN_LAMBERT72.id)
    sizes = [len(tileset.tile(Place(0, 0, 0))), sum(len(tileset.tile(place)) for place in places(tileset, 5))]
    assert sizes[0] < sizes[1] / 3
