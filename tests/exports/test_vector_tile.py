"""Vector tiles: what we write is read back by the library of Mapbox, as a stranger."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from exports.vector_tile import EXTENT, Attribute, BrokenTile, Features, identifiers, points, polygons, rings, tile

SMALL = 2**14
"""Numbers around which a varint becomes a byte longer, and ids as long as ours."""


def read(made: bytes) -> dict[str, Any]:
    """The one layer, y downwards as it is written."""
    (layer,) = mapbox_vector_tile.decode(made, default_options={"y_coord_down": True}).values()
    return layer


def some(count: int, seed: int = 1) -> tuple[Features, list[dict[str, Any]]]:
    """Features, and what the stranger must make of them."""
    chance = np.random.default_rng(seed)
    places = chance.integers(-64, EXTENT + 64, (count, 2))
    ids = chance.integers(0, 2**48, count)
    ids[::5] = -1
    values: list[list[Any]] = [
        ["Conformiteitsattest", "É – <&>", ""],
        [0, 1, -1, 2**40, -(2**40)],
        [0.5, -62.25],
        [f"naam {n}" for n in range(count)],
    ]
    names = ["PRODUCT", "AANTAL", "BEDRAG", "NAAM"]
    codes = [chance.integers(-1, len(known), count) for known in values]
    attributes = tuple(Attribute(name, known, code) for name, known, code in zip(names, values, codes, strict=True))
    expected = [
        {
            "place": tuple(place),
            "id": number if number >= 0 else None,
            "properties": {name: known[code[row]] for name, known, code in zip(names, values, codes, strict=True) if code[row] >= 0},
        }
        for row, (place, number) in enumerate(zip(places.tolist(), ids.tolist(), strict=True))
    ]
    return Features(ids, points(places), attributes), expected


@pytest.mark.parametrize("count", [1, 2, 100, 101, 127, 128, 5000])
def test_the_stranger_reads_every_point_with_its_id_and_attributes(count: int) -> None:
    features, expected = some(count)
    layer = read(tile("POI", features))
    assert layer["extent"] == EXTENT and layer["version"] == 2
    found = [
        {"place": tuple(feature["geometry"]["coordinates"]), "id": feature.get("id"), "properties": feature["properties"]}
        for feature in layer["features"]
    ]
    for feature, row in zip(found, expected, strict=True):
        assert feature["id"] == row["id"] or (row["id"] is None and feature["id"] == 0)  # the library gives 0 for none
        assert feature["place"] == row["place"] and feature["properties"] == row["properties"]


@pytest.mark.parametrize("number", [0, 1, 127, 128, SMALL - 1, SMALL, 2**31, 2**48 - 1])
def test_an_id_of_any_length_is_written_as_it_is(number: int) -> None:
    made = tile("POI", Features(np.array([number]), points(np.zeros((1, 2), np.int64)), ()))
    assert read(made)["features"][0]["id"] == number
    assert identifiers(made) == [number]


def test_our_reader_finds_the_ids_in_order_and_null_where_there_is_none() -> None:
    features, expected = some(300, seed=2)
    assert identifiers(tile("POI", features)) == [row["id"] for row in expected]


def test_a_tile_without_features_has_no_bytes() -> None:
    made = tile("POI", Features(np.empty(0, np.int64), points(np.empty((0, 2), np.int64)), ()))
    assert made == b"" and identifiers(made) == []


@pytest.mark.parametrize("left", [1, 7, 40])
def test_a_tile_that_ends_too_early_is_refused(left: int) -> None:
    features, _ = some(3)
    with pytest.raises(BrokenTile):
        identifiers(tile("POI", features)[:left])


def test_polygons_with_holes_and_parts_come_back_as_they_are() -> None:
    ring, hole = shapely.box(0, 0, 1000, 1000), shapely.box(200, 200, 400, 400)
    shapes = [
        shapely.MultiPolygon([shapely.difference(ring, hole), shapely.box(2000, 0, 2500, 700)]),
        shapely.MultiPolygon([shapely.Polygon([(-60, -60), (4000, 50), (2000, 4160)])]),
    ]
    drawn = [rings(shape, 0.0, float(EXTENT), 1.0) for shape in shapes]
    layer = read(tile("G", Features(np.array([1, 2]), polygons(drawn), ())))
    for feature, shape in zip(layer["features"], shapes, strict=True):
        flipped = shapely.transform(shape, lambda positions: np.column_stack([positions[:, 0], EXTENT - positions[:, 1]]))
        assert shapely.equals(shapely.geometry.shape(feature["geometry"]), flipped)


def test_exterior_rings_turn_one_way_and_holes_the_other() -> None:
    """MVT 2.1 §4.3.4.4, by the surveyor's formula."""
    shape = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(20, 20, 40, 40))
    for each in (shape, shapely.reverse(shape)):
        outer, inner = rings(each, 0.0, 100.0, 1.0)
        assert _area(outer) == 2 * 100 * 100 and _area(inner) == -2 * 20 * 20


def test_what_is_smaller_than_a_unit_is_left_out() -> None:
    seen, unseen = shapely.box(0, 0, 50, 50), shapely.box(60.1, 60.1, 60.3, 60.3)
    assert len(rings(shapely.MultiPolygon([unseen, seen]), 0.0, 100.0, 1.0)) == 1
    assert rings(unseen, 0.0, 100.0, 1.0) == []


def test_the_same_features_give_the_same_bytes() -> None:
    assert tile("POI", some(200)[0]) == tile("POI", some(200)[0])


def _area(ring: np.ndarray) -> int:
    following = np.roll(ring, -1, axis=0)
    return int((ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]).sum())
