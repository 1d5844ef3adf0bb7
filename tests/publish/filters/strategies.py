"""Predicates of every kind over one feature type with fields of every type, for tests that write and read them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from publish.like import like_pattern
from release.crs import LAMBERT72
from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    In,
    IsNull,
    Like,
    Literal,
    Not,
    Operator,
    Or,
    Predicate,
    Relation,
    Spatial,
)
from release.schema import FeatureType, Field, FieldType, Geometry, Text

TYPES = {
    "NAAM": FieldType.TEXT,
    "STRAAT": FieldType.TEXT,
    "LINK1": FieldType.URI,
    "OIDN": FieldType.INTEGER,
    "UIDN": FieldType.INTEGER,
    "BEDRAG": FieldType.NUMBER,
    "VANAF": FieldType.DATE,
    "TOT": FieldType.DATE,
}
WORDS = Text(nl="woorden", en="words")
THING = FeatureType(
    prefix="POI",
    name="POI",
    namespace="https://geo.api.vlaanderen.be/POI",
    title=WORDS,
    abstract=WORDS,
    geometry=Geometry.POINT,
    fields=tuple(Field(name=name, type=kind, title=WORDS, ground="art. 3.57 §1 VCW") for name, kind in TYPES.items()),
)
TEXTS = [name for name, kind in TYPES.items() if kind in (FieldType.TEXT, FieldType.URI)]
PAIRS = [("NAAM", "STRAAT"), ("LINK1", "NAAM"), ("OIDN", "UIDN"), ("OIDN", "BEDRAG"), ("VANAF", "TOT")]

texts = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=12)
_hundredths = st.integers(0, 30_000_000).map(lambda number: number / 100)
_positions = st.tuples(_hundredths, _hundredths)


def _literals(kind: FieldType) -> st.SearchStrategy[Literal]:
    match kind:
        case FieldType.INTEGER:
            return st.integers(-(2**53), 2**53)
        case FieldType.NUMBER:
            return st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9, allow_nan=False).filter(lambda number: not number.is_integer())
        case FieldType.DATE:
            return st.dates(date(1, 1, 1), date(9999, 12, 31))
    return texts


def _typed(name: str) -> st.SearchStrategy[Literal]:
    return _literals(TYPES[name])


_fields = st.sampled_from(list(TYPES))
_operators = st.sampled_from(Operator)
_compared = _fields.flatmap(lambda name: st.builds(Compare, st.just(name), _operators, _typed(name)))
_folded = st.builds(Compare, st.sampled_from(TEXTS), _operators, texts, st.just(False))
_between = _fields.flatmap(lambda name: st.builds(Between, st.just(name), _typed(name), _typed(name)))
_in = _fields.flatmap(lambda name: st.builds(In, st.just(name), st.lists(_typed(name), min_size=2, max_size=4).map(tuple)))
_like = st.builds(Like, st.sampled_from(TEXTS), st.text("aé%_\\'<&", max_size=8), st.booleans())
_null = st.builds(IsNull, st.sampled_from([*TYPES, "SHAPE"]))
_two = st.tuples(st.sampled_from(PAIRS), _operators).map(lambda found: CompareFields(found[0][0], found[1], found[0][1]))
_two_folded = _operators.map(lambda operator: CompareFields("NAAM", operator, "STRAAT", match_case=False))


def _boxed(corner: tuple[float, float], width: int, height: int) -> tuple[float, float, float, float]:
    return corner[0], corner[1], round(corner[0] + width, 2), round(corner[1] + height, 2)


_sizes = st.integers(1, 5000)
_corners = st.builds(_boxed, _positions, _sizes, _sizes)
_boxes = _corners.map(lambda box: BBox(LAMBERT72, *box))
_lines = st.lists(_positions, min_size=2, max_size=5, unique=True).map(shapely.LineString)
_polygons = _corners.map(lambda box: shapely.box(*box))
_holed = _corners.map(
    lambda box: shapely.Polygon(
        shapely.box(*(round(side + way, 2) for side, way in zip(box, (-10, -10, 10, 10), strict=True))).exterior.coords,
        [shapely.box(*box).exterior.coords],
    )
)
_apart = st.integers(1, 4).map(
    lambda count: shapely.MultiPolygon([shapely.box(index * 100.0, 0, index * 100.0 + 50.25, 50) for index in range(count)])
)
geometries: st.SearchStrategy[BaseGeometry] = st.one_of(
    _positions.map(shapely.Point),
    st.lists(_positions, min_size=1, max_size=4, unique=True).map(shapely.MultiPoint),
    _lines,
    st.lists(_lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    _polygons,
    _holed,
    _apart,
)
_spatial = st.builds(Spatial, st.sampled_from(Relation), st.just(LAMBERT72), geometries)

leaves: st.SearchStrategy[Predicate] = st.one_of(_compared, _folded, _between, _in, _like, _null, _two, _two_folded, _boxes, _spatial)


def _several(inner: st.SearchStrategy[Predicate]) -> st.SearchStrategy[tuple[Predicate, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


written = st.recursive(
    leaves,
    lambda inner: st.one_of(st.builds(And, _several(inner)), st.builds(Or, _several(inner)), st.builds(Not, inner)),
    max_leaves=6,
)
"""Predicates as they are written: a `Like` has its pattern with %, _ and the backslash."""


def meant(predicate: Predicate) -> Predicate:
    """The predicate that a written one stands for."""
    match predicate:
        case And(parts):
            return And(tuple(map(meant, parts)))
        case Or(parts):
            return Or(tuple(map(meant, parts)))
        case Not(part):
            return Not(meant(part))
        case Like(_, pattern):
            return replace(predicate, pattern=like_pattern(pattern))
    return predicate
