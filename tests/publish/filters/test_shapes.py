"""Geometries of filters: what is none is refused, with its remedy."""

from __future__ import annotations

import math

import pytest
import shapely

from publish.filters import shapes
from publish.filters.errors import FilterError, Unfit, Unreadable
from publish.filters.relations import related
from publish.filters.shapes import MAX_VERTICES, Shape
from release.crs import LAMBERT72, WGS84, CrsRef
from release.predicate import BBox, Not, Relation, Spatial

RING = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
HOLE = [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)]
BOWTIE = [(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0), (0.0, 0.0)]


def test_each_kind_is_made() -> None:
    assert shapes.points([(1.0, 2.0)], many=False) == shapely.Point(1, 2)
    assert shapes.points([(1.0, 2.0)], many=True) == shapely.MultiPoint([(1, 2)])
    assert shapes.lines([RING], many=False) == shapely.LineString(RING)
    assert shapes.lines([RING], many=True) == shapely.MultiLineString([RING])
    assert shapes.polygons([[RING, HOLE]], many=False) == shapely.Polygon(RING, [HOLE])
    assert shapes.polygons([[RING, HOLE]], many=True) == shapely.MultiPolygon([shapely.Polygon(RING, [HOLE])])
    assert shapes.collection([shapely.Point(1, 2)]) == shapely.GeometryCollection([shapely.Point(1, 2)])


def test_patches_that_share_a_border_are_one_surface() -> None:
    other = [(x + 4, y) for x, y in RING]
    assert shapes.surface([[RING], [other]]).equals(shapely.box(0, 0, 8, 4))
    with pytest.raises(Unfit, match="not valid"):
        shapes.polygons([[RING], [other]], many=True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: shapes.points([(math.nan, 1.0)], many=False),
        lambda: shapes.points([(math.inf, 1.0)], many=True),
        lambda: shapes.points([], many=True),
        lambda: shapes.points([(1.0, 1.0), (2.0, 2.0)], many=False),
        lambda: shapes.lines([[(1.0, 1.0)]], many=False),
        lambda: shapes.lines([[(1.0, 1.0), (1.0, 1.0)]], many=False),
        lambda: shapes.lines([], many=True),
        lambda: shapes.polygons([[RING[:-1]]], many=False),
        lambda: shapes.polygons([[RING[:3]]], many=False),
        lambda: shapes.polygons([[]], many=False),
        lambda: shapes.polygons([], many=True),
        lambda: shapes.polygons([[BOWTIE]], many=False),
        lambda: shapes.polygons([[HOLE, RING]], many=False),
        lambda: shapes.polygons([[RING], [RING]], many=True),
        lambda: shapes.collection([]),
        lambda: shapes.points([(1.0, 1.0)] * (MAX_VERTICES + 1), many=True),
        lambda: shapes.box([0, 0, math.nan, 1], CrsRef(LAMBERT72, "", lat_lon=False)),
        lambda: shapes.box([5, 5, 1, 1], CrsRef(LAMBERT72, "", lat_lon=False)),
    ],
)
def test_what_is_no_geometry_is_refused(make) -> None:
    with pytest.raises(FilterError):
        make()


def test_an_invalid_polygon_is_refused_with_its_remedy() -> None:
    with pytest.raises(Unfit, match=r"Self-intersection.*repair it first"):
        shapes.polygons([[BOWTIE]], many=False)
    with pytest.raises(Unreadable, match=f"more than {MAX_VERTICES}"):
        shapes.points([(float(n), 1.0) for n in range(MAX_VERTICES + 1)], many=True)


def test_a_box_has_the_order_of_its_crs() -> None:
    assert shapes.box([51, 4, 52, 5], CrsRef(WGS84, "", lat_lon=True)) == BBox(WGS84, 4, 51, 5, 52)
    assert shapes.box([4, 51, 5, 52], CrsRef(WGS84, "", lat_lon=False)) == BBox(WGS84, 4, 51, 5, 52)


def test_a_box_is_compared_as_a_box_where_that_says_the_same() -> None:
    box = BBox(LAMBERT72, 0, 0, 2, 1)
    assert related(Relation.INTERSECTS, box) == box
    assert related(Relation.DISJOINT, box) == Not(box)
    assert related(Relation.WITHIN, box) == Spatial(Relation.WITHIN, LAMBERT72, shapely.box(0, 0, 2, 1))
    assert related(Relation.EQUALS, BBox(LAMBERT72, 1, 1, 1, 1)) == Spatial(Relation.EQUALS, LAMBERT72, shapely.Point(1, 1))
    assert related(Relation.TOUCHES, BBox(LAMBERT72, 0, 1, 2, 1)) == Spatial(
        Relation.TOUCHES, LAMBERT72, shapely.LineString([(0, 1), (2, 1)])
    )


@pytest.mark.parametrize("relation", Relation)
def test_a_relation_said_the_other_way_round_is_its_converse(relation: Relation) -> None:
    ours, theirs = shapely.box(0, 0, 2, 2), shapely.box(0, 0, 1, 1)
    for feature, literal in ((ours, theirs), (theirs, ours), (ours, ours)):
        turned = related(relation, Shape(LAMBERT72, literal), shape_first=True)
        assert isinstance(turned, Spatial)
        assert getattr(shapely, turned.relation)(feature, literal) == getattr(shapely, relation)(literal, feature)
