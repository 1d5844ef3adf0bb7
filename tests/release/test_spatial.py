"""Boxes, relations and distances: many points, every CRS, municipalities, and geometries that are no good or too much."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from release.crs import CRS84, LAMBERT72, SERVED, Crs
from release.errors import QueryError
from release.evaluate import Evaluator
from release.index import Index
from release.predicate import And, BBox, Compare, Distance, Ids, Not, Operator, Or, Predicate, Relation, Spatial
from release.reader import Release
from release.table import ID, WKB
from release.transform import transform_points
from tests.effort import patience
from tests.release.samples import AREAS, GOLDEN, LINES, POINTS, Row, area, content, opened, point, table

SIDE = 96
"""Points on a square, ten metres from each other: enough for whole blocks of them to be judged at once."""


def ring(count: int, radius: float, x: float, y: float) -> shapely.Polygon:
    """A polygon with a ragged edge."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    length = radius * (0.8 + 0.2 * np.random.default_rng(1).random(count))
    return shapely.Polygon(np.column_stack([x + length * np.cos(turns), y + length * np.sin(turns)]))


def comb(teeth: int) -> shapely.Polygon:
    """A polygon of which every horizontal line meets every tooth."""
    x = np.linspace(-10, 970, 2 * teeth)
    upper = np.column_stack([np.repeat(x, 2), np.tile([-4.0, 960.0, 960.0, -4.0], teeth)])
    return shapely.Polygon([*upper, (970, -5), (-10, -5)])


@pytest.fixture(scope="module")
def square() -> Index:
    """Points in order of small squares, as along a curve; every fifth row has no place."""
    places = [(x, y) for x in range(SIDE) for y in range(SIDE)]
    places.sort(key=lambda place: (place[0] // 16, place[1] // 16, place))
    xy = np.array(places, dtype=np.float64) * 10
    xy[::5] = np.nan
    known = [None if np.isnan(x) else (float(x), float(y)) for x, y in xy]
    rows = [point(number, AANTAL=number % 3, _x=at and at[0], _y=at and at[1]) for number, at in enumerate(known)]
    return Index.of(table(POINTS, rows), lambda crs: xy, lambda rows, crs: [])


def found(index: Index, predicate: Predicate) -> set[int]:
    return set(Evaluator(index).find(predicate).all().tolist())


def shapes(index: Index) -> NDArray[Any]:
    xy = index.places.coordinates(LAMBERT72)
    return np.asarray(shapely.points(np.nan_to_num(xy, nan=1e7)))


GEOMETRIES = {
    "ragged": ring(2000, 400, 480, 480),
    "on the points": shapely.box(100, 100, 700, 600),
    "hole": shapely.Polygon(shapely.box(0, 0, 900, 900).exterior.coords, [shapely.box(200, 200, 650, 700).exterior.coords]),
    "two": shapely.MultiPolygon([shapely.box(0, 0, 300, 950), shapely.box(500, 500, 950, 950)]),
    "line": shapely.LineString([(0, 0), (950, 950), (950, 100)]),
    "lines": shapely.MultiLineString([[(0, 5), (950, 5)], [(100, 0), (100, 950)]]),
    "points": shapely.MultiPoint([(10, 10), (10, 20), (11, 20), (940, 930)]),
    "all points": shapely.MultiPoint([(x * 10, y * 10) for x in range(0, SIDE, 9) for y in range(SIDE)]),
    "point": shapely.Point(50, 60),
    "mixed": shapely.GeometryCollection([shapely.box(0, 0, 500, 500), shapely.LineString([(600, 0), (600, 900)])]),
    "high": shapely.Polygon([(0, 0, 5), (900, 0, 5), (0, 900, 5)]),
}


@pytest.mark.parametrize("relation", [relation for relation in Relation if relation is not Relation.DISJOINT])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_a_relation_of_many_points_is_that_of_each_of_them(square: Index, name: str, relation: Relation) -> None:
    geometry = GEOMETRIES[name]
    expected = set(np.flatnonzero(getattr(shapely, relation.value)(shapes(square), geometry)).tolist())
    asked = Spatial(relation, LAMBERT72, geometry)
    assert found(square, asked) == expected
    third = Compare("AANTAL", Operator.EQUAL, 1)
    assert found(square, And((asked, third))) == {row for row in expected if row % 3 == 1}
    assert found(square, Or((asked, third))) == expected | set(range(1, SIDE * SIDE, 3))
    located = set(np.flatnonzero(square.table.located).tolist())
    assert found(square, Not(asked)) == located - expected
    if relation is Relation.INTERSECTS:
        assert found(square, Spatial(Relation.DISJOINT, LAMBERT72, geometry)) == located - expected


@pytest.mark.parametrize("metres", [0.0, 5.0, 10.0, 14.15, 100.0, 400.0, 5000.0, 1e300])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_a_distance_of_many_points_is_that_of_each_of_them(square: Index, name: str, metres: float) -> None:
    located = square.table.located
    near = shapely.distance(shapes(square), GEOMETRIES[name]) <= metres
    assert found(square, Distance(LAMBERT72, GEOMETRIES[name], metres)) == set(np.flatnonzero(located & near).tolist())
    beyond = Distance(LAMBERT72, GEOMETRIES[name], metres, beyond=True)
    assert found(square, beyond) == set(np.flatnonzero(located & ~near).tolist())
    assert found(square, And((Compare("AANTAL", Operator.EQUAL, 1), beyond))) == {row for row in found(square, beyond) if row % 3 == 1}


def test_boxes_of_any_size_hold_the_points_in_them(square: Index) -> None:
    xy = square.places.coordinates(LAMBERT72)
    dice = np.random.default_rng(2)
    for _ in range(200):
        x, y = dice.integers(-50, 1000, 2).tolist()
        width, height = dice.choice([0, 10, 45, 400, 2000], 2).tolist()
        inside = (xy[:, 0] >= x) & (xy[:, 0] <= x + width) & (xy[:, 1] >= y) & (xy[:, 1] <= y + height)
        box = BBox(LAMBERT72, x, y, x + width, y + height)
        assert found(square, box) == set(np.flatnonzero(inside).tolist())
        assert found(square, Or((box, Ids((1,))))) == {1, *np.flatnonzero(inside).tolist()}


# In every CRS


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.short)
def test_a_geometry_is_compared_in_its_own_crs_and_distances_are_in_metres(tmp_path: Path, crs: Crs) -> None:
    release = opened(tmp_path, content([point(0), point(1, _x=GOLDEN[0] + 800), point(2, _y=GOLDEN[1] + 3000), point(3, _x=None, _y=None)]))
    here = shapely.Point(transform_points(np.array([GOLDEN]), crs)[0])
    wide = 0.3 if crs.columns != "lonlat" else 3e-6
    assert in_release(release, Spatial(Relation.WITHIN, crs, here.buffer(wide))) == {0}
    assert in_release(release, Spatial(Relation.DISJOINT, crs, here.buffer(wide))) == {1, 2}
    assert in_release(release, Distance(crs, here, 0.05)) == {0}
    assert in_release(release, Distance(crs, here, 799.9)) == {0}
    assert in_release(release, Distance(crs, here, 800.1)) == {0, 1}
    assert in_release(release, Distance(crs, here, 800.1, beyond=True)) == {2}


def in_release(release: Release, predicate: Predicate, kind: str = "Punten") -> set[int]:
    known = release.table(kind)
    index = Index.of(known.table, known.coordinates, known.geometries)
    return set(known.table.ids[Evaluator(index).find(predicate).all()].tolist())


# Municipalities

CORNER = shapely.MultiPolygon([shapely.Polygon([(0, 0), (1000, 0), (1000, 100), (100, 100), (100, 1000), (0, 1000)])])


def index_of_areas(*made: shapely.Geometry | None) -> Index:
    rows: list[Row] = [area(number, 0, 0, _wkb=shape and shapely.to_wkb(shape)) for number, shape in enumerate(made)]
    extents = np.array([shapely.bounds(shape) if shape else [np.nan] * 4 for shape in made])
    return Index.of(table(AREAS, rows), lambda crs: extents, lambda chosen, crs: [rows[row][WKB] for row in chosen])


def test_a_municipality_meets_a_box_with_its_area_and_not_with_its_extent() -> None:
    index = index_of_areas(CORNER, None, shapely.MultiPolygon([shapely.box(2000, 0, 3000, 1000)]))
    for box in ((500, 500, 900, 900), (500, 500, 500, 900), (500, 500, 500, 500)):
        assert found(index, BBox(LAMBERT72, *box)) == set()
        assert found(index, Not(BBox(LAMBERT72, *box))) == {0, 2}
    for box in ((500, 100, 900, 900), (0, 1000, 10, 2000), (1000, 0, 1000, 0), (50, 500, 90, 500), (-5, -5, 1001, 1001)):
        assert found(index, BBox(LAMBERT72, *box)) == {0}
    assert found(index, BBox(LAMBERT72, 900, 0, 2000, 50)) == {0, 2}


def test_the_relation_is_said_of_the_municipality_first() -> None:
    index = index_of_areas(CORNER, None, shapely.MultiPolygon([shapely.box(2000, 0, 3000, 1000)]))
    whole, part = shapely.box(-1, -1, 1001, 1001), shapely.box(10, 10, 20, 20)
    assert found(index, Spatial(Relation.WITHIN, LAMBERT72, whole)) == {0}
    assert found(index, Spatial(Relation.CONTAINS, LAMBERT72, part)) == {0}
    assert found(index, Spatial(Relation.CONTAINS, LAMBERT72, whole)) == set()
    assert found(index, Spatial(Relation.EQUALS, LAMBERT72, CORNER.geoms[0])) == {0}
    assert found(index, Spatial(Relation.TOUCHES, LAMBERT72, shapely.box(100, 100, 2000, 500))) == {0, 2}
    assert found(index, Spatial(Relation.CROSSES, LAMBERT72, shapely.LineString([(50, 50), (1500, 50)]))) == {0}
    assert found(index, Spatial(Relation.OVERLAPS, LAMBERT72, shapely.box(900, 50, 2500, 500))) == {0, 2}
    assert found(index, Spatial(Relation.DISJOINT, LAMBERT72, shapely.box(500, 500, 900, 900))) == {0, 2}
    assert found(index, Distance(LAMBERT72, shapely.Point(500, 500), 400)) == {0}
    assert found(index, Distance(LAMBERT72, shapely.Point(500, 500), 399.9)) == set()
    assert found(index, Distance(LAMBERT72, shapely.Point(500, 500), 399.9, beyond=True)) == {0, 2}
    mixed = shapely.GeometryCollection([shapely.box(-5, -5, 2000, 1001), shapely.Point(9000, 0)])
    assert found(index, Distance(LAMBERT72, mixed, 0)) == {0, 2}


def test_a_table_without_geometry_is_nowhere_and_not_elsewhere_either() -> None:
    index = Index.of(table(LINES, [{ID: 1, "_from": 0, "_until": 9, "WAARDE": "x"}]), lambda crs: np.empty((1, 2)), lambda rows, crs: [])
    asked = Spatial(Relation.INTERSECTS, LAMBERT72, shapely.box(0, 0, 9, 9))
    for predicate in (
        asked,
        Not(asked),
        Distance(LAMBERT72, shapely.Point(0, 0), 9),
        Distance(LAMBERT72, shapely.Point(0, 0), 9, beyond=True),
    ):
        assert found(index, predicate) == set()


# Geometries that are no good

BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
BAD = {
    "empty": shapely.Polygon(),
    "empty parts": shapely.GeometryCollection([shapely.Point(), shapely.LineString()]),
    "crosses itself": BOW_TIE,
    "overlapping parts": shapely.MultiPolygon([shapely.box(0, 0, 5, 5), shapely.box(1, 1, 6, 6)]),
    "one position": shapely.LineString([(1, 1), (1, 1)]),
    "no number": shapely.Point(float("nan"), 1),
    "endless": shapely.LineString([(0, 0), (float("inf"), 1)]),
}


@pytest.mark.parametrize("kind", ["Punten", "Gebieden"])
@pytest.mark.parametrize("name", BAD)
def test_a_geometry_that_is_none_is_an_error_of_the_query(tmp_path: Path, name: str, kind: str) -> None:
    release = opened(tmp_path)
    for crs in (LAMBERT72, CRS84):
        for asked in (*(Spatial(relation, crs, BAD[name]) for relation in Relation), Distance(crs, BAD[name], 10)):
            for predicate in (asked, Not(asked), And((Ids(()), asked))):
                with pytest.raises(QueryError, match=r"the geometry|a coordinate"):
                    in_release(release, predicate, kind)


@pytest.mark.parametrize("metres", [-1.0, float("nan"), float("inf"), -0.001])
def test_a_distance_is_a_number_that_is_not_negative(square: Index, metres: float) -> None:
    with pytest.raises(QueryError, match="a distance is a number of metres"):
        found(square, Distance(LAMBERT72, shapely.Point(1, 1), metres))


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.short)
@pytest.mark.parametrize("far", [0.0, 179.9, -5e5, 1e9, 1e38, 1e300])
def test_positions_anywhere_give_an_answer_or_an_error_of_the_query(tmp_path: Path, crs: Crs, far: float) -> None:
    release = opened(tmp_path)
    for geometry in (shapely.Point(far, -far), shapely.LineString([(far, 0), (0, far + 1)]), shapely.box(-far - 1, -far - 1, far, far)):
        for predicate in (
            Spatial(Relation.INTERSECTS, crs, geometry),
            Spatial(Relation.TOUCHES, crs, geometry),
            Distance(crs, geometry, 10),
        ):
            for kind in ("Punten", "Gebieden"):
                try:
                    in_release(release, predicate, kind)
                except QueryError as error:
                    assert "geometr" in str(error)


# Too much work


def test_a_geometry_that_would_take_too_long_is_refused(monkeypatch: pytest.MonkeyPatch, square: Index) -> None:
    monkeypatch.setattr("release.outline.Budget.__init__.__defaults__", (1_000_000,))
    teeth = comb(300)
    assert shapely.is_valid(teeth)
    with pytest.raises(QueryError, match="too many positions for so many features"):
        found(square, Spatial(Relation.INTERSECTS, LAMBERT72, teeth))
    assert found(square, And((Ids((1, 2, 3)), Spatial(Relation.INTERSECTS, LAMBERT72, teeth)))) != set()
    assert len(found(square, Spatial(Relation.INTERSECTS, LAMBERT72, ring(1200, 400, 480, 480)))) > 1000


def test_the_limit_holds_for_all_geometries_of_a_question_together(monkeypatch: pytest.MonkeyPatch, square: Index) -> None:
    monkeypatch.setattr("release.outline.Budget.__init__.__defaults__", (1_000_000,))
    one = Spatial(Relation.INTERSECTS, LAMBERT72, ring(1200, 400, 480, 480))
    assert found(square, Or((one, Ids(()))))
    with pytest.raises(QueryError, match="too many positions for so many features"):
        found(square, Or(tuple(Spatial(Relation.INTERSECTS, LAMBERT72, ring(1200, 400, 480 + far, 480)) for far in range(20))))


def tangle(count: int) -> shapely.LineString:
    """A line from end to end, again and again."""
    return shapely.LineString(np.random.default_rng(4).uniform(0, 3000, (count, 2)))


@pytest.mark.parametrize("kind", ["points", "areas"])
@pytest.mark.parametrize("asked", ["touches", "crosses", "near"])
def test_lines_that_cross_themselves_thousands_of_times_are_refused_or_soon_answered(square: Index, kind: str, asked: str) -> None:
    boxes = [shapely.MultiPolygon([shapely.box(x, y, x + 300, y + 300)]) for x in range(0, 3000, 300) for y in range(0, 3000, 300)]
    index = square if kind == "points" else index_of_areas(*boxes)
    line = tangle(8000)  # with municipalities, untangling it takes minutes
    predicate = Distance(LAMBERT72, line, 1) if asked == "near" else Spatial(Relation(asked), LAMBERT72, line)
    with patience():
        try:
            found(index, predicate)
        except QueryError as error:
            assert "too many positions" in str(error)


def test_many_threads_may_ask_with_the_same_geometry(square: Index) -> None:
    asked = Or((Spatial(Relation.INTERSECTS, LAMBERT72, GEOMETRIES["ragged"]), Distance(LAMBERT72, GEOMETRIES["hole"], 15)))
    expected, failures = found(square, asked), []

    def ask() -> None:
        for _ in range(5):
            if found(square, asked) != expected:
                failures.append(asked)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
