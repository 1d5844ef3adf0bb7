"""Codes, names and polygons of the municipalities."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box, shape

from etl.errors import SourceError
from etl.municipalities import TABLE, Boundaries, Feature, code_of, codes, former_codes, name, province, today_code
from release.crs import LAMBERT72, WGS84, Crs
from release.transform import transform_points

TODAY = date(2026, 11, 21)
EVE, MERGER = date(2024, 12, 31), date(2025, 1, 1)


def features(path: Path, crs: Crs = LAMBERT72) -> Iterator[Feature]:
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        yield feature["properties"], shape(feature["geometry"]), crs


@pytest.mark.parametrize(("on", "count"), [(date(2018, 12, 31), 308), (date(2019, 1, 1), 300), (EVE, 300), (MERGER, 285), (TODAY, 285)])
def test_flanders_has_as_many_municipalities_as_it_had_on_the_day(on: date, count: int) -> None:
    assert len(codes(on)) == len({name(code) for code in codes(on)}) == count


def test_every_row_leads_to_a_municipality_of_today_and_no_merger_leaves_a_gap() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    assert {today_code(code, TODAY) for code in rows} == set(codes(TODAY))
    for row in rows.values():
        assert bool(row["until"]) == bool(row["successor"])
        successor = rows.get(row["successor"])
        assert successor is None or successor["since"] in ("", row["until"])
        assert province(row["code"]) in {"Antwerpen", "Vlaams-Brabant", "West-Vlaanderen", "Oost-Vlaanderen", "Limburg"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("11002", "11002"),
        ("11007", "11002"),
        ("11056", "46030"),
        ("23024", "23106"),
        ("37012", "37021"),
        ("37015", "37022"),
        ("44048", "44086"),
        ("44034", "44087"),
        ("44043", "44088"),
        ("44045", "46029"),
        ("71069", "71071"),
        ("73040", "71072"),
        ("73032", "73110"),
        ("73083", "73111"),
        ("12034", "12041"),
        ("44072", "44085"),
        ("72029", "72043"),
    ],
)
def test_a_code_from_before_a_merger_gives_the_code_of_today(old: str, new: str) -> None:
    assert today_code(old, TODAY) == new


def test_the_crosswalk_is_followed_from_the_day_of_the_merger_on() -> None:
    assert today_code("46014", EVE) == "46014"
    assert today_code("46014", MERGER) == "46029"
    assert today_code("46029", EVE) is None
    assert today_code("44001", date(2018, 12, 31)) == "44001"
    assert today_code("44001", date(2019, 1, 1)) == "44084"


@pytest.mark.parametrize("code", ["21004", "99999", "", "11002 ", "1002", "x"])
def test_what_is_no_flemish_municipality_has_no_code_of_today(code: str) -> None:
    assert today_code(code, TODAY) is None


def test_the_province_is_that_of_the_merged_municipality() -> None:
    assert (province("11056"), province(today_code("11056", TODAY) or "")) == ("Antwerpen", "Oost-Vlaanderen")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lokeren", "46029"),
        ("Nevele", "44083"),
        ("NAZARETH DE PINTE", "44086"),
        ("sint katelijne waver", "12035"),
        ("Elsene", None),
        ("", None),
    ],
)
def test_a_name_of_any_time_gives_the_code_of_today(text: str, code: str | None) -> None:
    assert code_of(text, TODAY) == code


def test_names_agree_with_the_polygons_of_both_years(shared: Path) -> None:
    for year, on in (("285-2025", TODAY), ("300-2019", EVE)):
        known = {
            row["niscode"]: row["naam"] for row, _, _ in features(shared / f"municipalities/derived-flanders-{year}-lambert72.geojson")
        }
        assert known == {code: name(code) for code in codes(on)}


def test_polygons_of_merged_municipalities_are_dissolved() -> None:
    lokeren, moerbeke = box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)
    boundaries = Boundaries.read([({"NisCode": 46014}, lokeren, LAMBERT72), ({"NISCODE": "44045"}, moerbeke, LAMBERT72)], TODAY)
    merged = boundaries.multipolygon("46029")
    assert isinstance(merged, MultiPolygon)
    assert merged.equals(box(0, 0, 2000, 1000))
    assert len(boundaries.missing) == 284
    assert boundaries.multipolygon("46014") is None


def test_the_order_of_features_and_of_their_corners_changes_no_byte() -> None:
    blocks = [box(x, y, x + 5, y + 5).difference(box(x + 1, y + 1, x + 2, y + 2)) for x in (0, 5, 20) for y in (0, 10, 20)]
    turned = [Polygon([*block.exterior.coords[2:], *block.exterior.coords[1:3]], block.interiors) for block in blocks]
    there, back = (
        Boundaries.read([({"niscode": "46014"}, block, LAMBERT72) for block in order], TODAY).multipolygon("46029")
        for order in (blocks, turned[::-1])
    )
    assert there is not None
    assert shapely.to_wkb(there) == shapely.to_wkb(back)
    assert all(ring.is_ccw for ring in shapely.get_exterior_ring(there.geoms))


def test_another_crs_is_transformed() -> None:
    square = box(140_000, 198_000, 141_000, 199_000)
    degrees = shapely.transform(square, lambda points: transform_points(points, WGS84))
    polygon = Boundaries.read([({"niscode": "11002"}, degrees, WGS84)], TODAY).multipolygon("11002")
    assert polygon is not None
    assert polygon.symmetric_difference(square).area < 20


def test_an_invalid_geometry_is_repaired_and_reduced_to_polygons() -> None:
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    mixed = GeometryCollection([Point(0, 0), LineString([(0, 0), (1, 1)]), bow_tie, box(20, 20, 30, 30)])
    polygon = Boundaries.read([({"niscode": "11002"}, mixed, LAMBERT72)], TODAY).multipolygon("11002")
    assert polygon is not None
    assert polygon.is_valid
    assert polygon.area == 150


def test_features_that_give_no_polygon_are_counted() -> None:
    useless: list[Feature] = [
        ({"niscode": "21004"}, box(0, 0, 1, 1), LAMBERT72),
        ({"name": "Gent"}, box(0, 0, 1, 1), LAMBERT72),
        ({"niscode": "44021"}, LineString([(0, 0), (1, 1)]), LAMBERT72),
        ({"niscode": "44021"}, Polygon(), LAMBERT72),
        ({"niscode": "44021"}, Polygon([(0, 0), (np.inf, 0), (1, 1)]), LAMBERT72),
    ]
    boundaries = Boundaries.read([*useless, ({"niscode": "11002"}, box(0, 0, 1, 1), LAMBERT72)], TODAY)
    assert boundaries.unused == 5
    with pytest.raises(SourceError, match="NISCODE"):
        Boundaries.read(useless, TODAY)


def test_distances_are_metres_to_the_own_municipality() -> None:
    boundaries = Boundaries.read([({"niscode": "11002"}, box(0, 0, 1000, 1000), LAMBERT72)], TODAY)
    assert boundaries.distance("11002", 500, 500) == 0
    assert boundaries.distance("11002", 4000, 5000) == 5000
    assert boundaries.distance("44021", 0, 0) is None
    assert boundaries.near("11002", 3000, 500, 2000) is True
    assert boundaries.near("11002", 3000.01, 500, 2000) is False
    assert boundaries.near("44021", 0, 0, 2000) is None


def test_the_300_polygons_of_2019_dissolve_into_the_285_of_2025(shared: Path) -> None:
    today = Boundaries.read(features(shared / "municipalities/derived-flanders-285-2025-lambert72.geojson"), TODAY)
    before = Boundaries.read(features(shared / "municipalities/derived-flanders-300-2019-lambert72.geojson"), TODAY)
    assert (today.missing, today.unused, before.missing, before.unused) == ((), 0, (), 0)
    for code in codes(TODAY):
        here, there = today.multipolygon(code), before.multipolygon(code)
        assert here is not None
        assert there is not None
        assert here.is_valid
        assert here.symmetric_difference(there).area < 1e-3 * here.area, name(code)


def test_a_real_file_with_invalid_geometries_in_degrees_is_read(shared: Path) -> None:
    path = shared / "municipalities/datafable-589-wgs84.geojson"
    read = [({"NISCODE": code_of(row["name"], TODAY)}, geometry, crs) for row, geometry, crs in features(path, WGS84)]
    assert not all(geometry.is_valid for _, geometry, _ in read)
    boundaries = Boundaries.read(read, TODAY)
    assert len(boundaries.missing) < 10
    assert all(polygon.is_valid for code in codes(TODAY) if (polygon := boundaries.multipolygon(code)) is not None)


@pytest.mark.parametrize(("on", "count"), [(date(2018, 12, 31), 0), (date(2019, 1, 1), 15), (EVE, 15), (MERGER, 42)])
def test_a_former_code_leads_to_one_that_holds_on_the_day(on: date, count: int) -> None:
    former = former_codes(on)
    assert len(former) == count
    assert not former.keys() & set(codes(on))
    assert set(former.values()) <= set(codes(on))
