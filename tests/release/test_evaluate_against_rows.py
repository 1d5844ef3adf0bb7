"""Predicates of every kind, made by chance, against logic written out row by row over the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.like import like_pattern
from release.crs import LAMBERT72, Crs
from release.evaluate import Evaluator
from release.index import Index
from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    Distance,
    Ids,
    In,
    IsNull,
    Like,
    Not,
    Operator,
    Or,
    Predicate,
    Relation,
    Spatial,
)
from release.schema import FeatureType, FieldType, Geometry
from release.table import FROM, ID, OPEN_END, UNTIL, WKB, PublicTable, X, Y, to_day
from tests.release.samples import DAY, Row, field, table, text

KIND = FeatureType(
    prefix="T",
    name="Proef",
    namespace="https://example.org/t",
    title=text("Proef"),
    abstract=text("Proef"),
    geometry=Geometry.POINT,
    fields=(
        field("PRODUCT"),
        field("NAAM"),
        field("LINK", FieldType.URI),
        field("AANTAL", FieldType.INTEGER),
        field("JAAR", FieldType.INTEGER),
        field("BEDRAG", FieldType.NUMBER),
        field("PRIJS", FieldType.NUMBER),
        field("VANAF", FieldType.DATE),
        field("TOT", FieldType.DATE),
    ),
)
AREAS = KIND.model_copy(update={"geometry": Geometry.MULTIPOLYGON})

PRODUCTS = ("Een", "Twee", "drie")
NAMES = ("", "Kerkstraat", "kerkstraat", "KERKSTRAAT", "Ödestraat", "ödestraat", "Straße", "STRASSE", "Een", "ſtraat", "İstraat", "a.c%_")
INTEGERS = (-5, -1, 0, 1, 2, 3, 7, 2**47)
NUMBERS = tuple(map(Decimal, ("-5.00", "-0.05", "0.00", "0.10", "1.00", "2.50", "3.00", "62.50")))
DATES = tuple(DAY + timedelta(days=days) for days in (-400, -1, 0, 1, 365))
GRID = 12
"""Points lie on whole positions of a small grid, so that many are on the edges of what is asked."""

_VALUES: dict[str, Sequence[object]] = {
    "PRODUCT": PRODUCTS,
    "NAAM": NAMES,
    "LINK": NAMES[:5],
    "AANTAL": INTEGERS,
    "JAAR": INTEGERS,
    "BEDRAG": NUMBERS,
    "PRIJS": NUMBERS,
    "VANAF": DATES,
    "TOT": DATES,
}
_KINDS = (("PRODUCT", "NAAM", "LINK"), ("AANTAL", "JAAR", "BEDRAG", "PRIJS"), ("VANAF", "TOT"))


def _rows(count: int, areas: bool) -> Sequence[Row]:
    """Rows in spatial order, as a release has them; some without values, some without place, some not of the day."""
    dice = np.random.default_rng(3)
    made: list[dict[str, object]] = []
    for number in range(count):
        row: dict[str, object] = {ID: number // 2 if number % 7 == 1 else number, FROM: 0, UNTIL: OPEN_END}
        if dice.random() < 0.2:
            row |= {UNTIL: to_day(DAY) - 1} if dice.random() < 0.5 else {FROM: to_day(DAY) + 1}
        for name, values in _VALUES.items():
            row[name] = None if dice.random() < 0.15 else values[dice.integers(len(values))]
        x, y = (int(number) for number in dice.integers(0, GRID, 2))
        if dice.random() < 0.9:
            row |= {WKB: shapely.to_wkb(_area(x, y, dice))} if areas else {X: float(x), Y: float(y)}
        made.append(row | {"place": (x // 4, y // 4, x, y)})
    made.sort(key=lambda row: (WKB not in row and X not in row, row["place"], row[ID]))
    return made


def _area(x: int, y: int, dice: np.random.Generator) -> shapely.MultiPolygon:
    width, height = (int(number) for number in dice.integers(1, 4, 2))
    first = shapely.box(x, y, x + width, y + height)
    parts = [first, shapely.box(x + 5, y, x + 6, y + 1)] if dice.random() < 0.3 else [first]
    return shapely.MultiPolygon(parts)


class World:
    """Rows twice: as a table with an index, and as they are."""

    def __init__(self, count: int, *, areas: bool, dictionary: bool) -> None:
        self.rows = _rows(count, areas)
        self.table: PublicTable = table(AREAS if areas else KIND, self.rows, dictionary=dictionary)
        self.shapes = [_shape(row) for row in self.rows]
        self.wkb = [row.get(WKB) for row in self.rows]
        self.index = Index.of(self.table, self._coordinates, lambda rows, crs: [self.wkb[row] for row in rows.tolist()])
        self.alive = self.table.alive(DAY)

    def _coordinates(self, crs: Crs) -> np.ndarray[Any, np.dtype[np.float64]]:
        bounds = np.array([shapely.bounds(shape) if shape is not None else [np.nan] * 4 for shape in self.shapes])
        return bounds if self.table.feature_type.geometry is Geometry.MULTIPOLYGON else bounds[:, :2]

    def found(self, predicate: Predicate) -> list[int]:
        return [int(row) for row in Evaluator(self.index).find(predicate, self.alive).all()]

    def expected(self, predicate: Predicate) -> list[int]:
        return [number for number in range(len(self.rows)) if self.alive[number] and self._truth(predicate, number) is True]

    def _truth(self, predicate: Predicate, number: int) -> bool | None:
        return truth(predicate, self.rows[number], self.shapes[number])


@cache
def world(kind: str) -> World:
    return World(40 if kind == "few" else 1600, areas=kind == "areas", dictionary=kind != "plain")


def _shape(row: Row) -> shapely.Geometry | None:
    wkb = row.get(WKB)
    if isinstance(wkb, bytes):
        found: shapely.Geometry = shapely.from_wkb(wkb)
        return found
    return shapely.Point(row[X], row[Y]) if X in row else None


# What each predicate says of one row


def truth(predicate: Predicate, row: Row, shape: shapely.Geometry | None) -> bool | None:
    match predicate:
        case And(parts):
            values = [truth(part, row, shape) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts):
            return _opposite(truth(And(tuple(map(Not, parts))), row, shape))
        case Not(part):
            return _opposite(truth(part, row, shape))
        case IsNull(name):
            return (shape if name == "SHAPE" else row.get(name)) is None
        case Ids(ids):
            return row[ID] in ids
        case BBox() | Spatial() | Distance():
            return None if shape is None else placed(predicate, shape)
        case CompareFields(left, op, right, match_case):
            return _valued(lambda a, b: _said(op, _folded(a, match_case), _folded(b, match_case)), row.get(left), row.get(right))
    return _valued(lambda value: valued(predicate, value), row.get(predicate.field))


def valued(predicate: Compare | In | Between | Like, value: Any) -> bool:
    match predicate:
        case Compare(_, op, literal, match_case):
            return _said(op, _folded(value, match_case), _folded(literal, match_case))
        case In(_, literals):
            return value in literals
        case Between(_, lower, upper):
            low: Any = lower
            return bool(low <= value <= upper)
        case Like(_, pattern, match_case):
            return re.fullmatch(pattern, str(value), re.DOTALL | (re.NOFLAG if match_case else re.IGNORECASE)) is not None


def placed(predicate: BBox | Spatial | Distance, shape: shapely.Geometry) -> bool:
    match predicate:
        case BBox(_, low_x, low_y, high_x, high_y):
            return bool(shapely.intersects(shape, shapely.box(low_x, low_y, high_x, high_y)))
        case Spatial(relation, _, geometry):
            return bool(getattr(shapely, relation.value)(shape, geometry))
        case Distance(_, geometry, metres, beyond):
            return bool(shapely.distance(shape, geometry) > metres) is beyond


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _valued(test: Callable[..., bool], *values: object) -> bool | None:
    return None if None in values else test(*values)


def _folded(value: Any, match_case: bool) -> Any:
    return value if match_case or not isinstance(value, str) else value.casefold()


def _said(op: Operator, left: Any, right: Any) -> bool:
    return {
        Operator.EQUAL: left == right,
        Operator.NOT_EQUAL: left != right,
        Operator.LESS: left < right,
        Operator.LESS_OR_EQUAL: left <= right,
        Operator.GREATER: left > right,
        Operator.GREATER_OR_EQUAL: left >= right,
    }[op]


# Predicates by chance

_operators = st.sampled_from(list(Operator))
_fields = st.sampled_from(list(_VALUES))


def _literal(name: str) -> st.SearchStrategy[Any]:
    known = st.sampled_from(list(_VALUES[name]))
    if isinstance(_VALUES[name][0], str):
        return known | st.text("aKkſİßs Ö", max_size=3)
    if isinstance(_VALUES[name][0], date):
        return known
    return known | st.integers(-8, 70) | st.decimals(-6, 66, places=3)


def _about(make: Callable[[str], st.SearchStrategy[Predicate]]) -> st.SearchStrategy[Predicate]:
    return _fields.flatmap(make)


_patterns = st.text("aKkE%_.ßÖsſİt", max_size=5).map(like_pattern) | st.sampled_from(NAMES).map(like_pattern)
_whole = st.integers(-1, GRID + 1)
_position = st.tuples(_whole, _whole)


@st.composite
def _boxes(draw: st.DrawFn) -> tuple[int, int, int, int]:
    x, y, width, height = draw(_whole), draw(_whole), draw(st.integers(0, 5)), draw(st.integers(0, 5))
    return x, y, x + width, y + height


def _geometry() -> st.SearchStrategy[shapely.Geometry]:
    corners = st.lists(_position, min_size=2, max_size=5)
    return st.one_of(
        _position.map(shapely.Point),
        st.lists(_position, min_size=1, max_size=4).map(shapely.MultiPoint),
        corners.map(shapely.LineString),
        st.lists(corners, min_size=1, max_size=3).map(shapely.MultiLineString),
        _boxes().map(lambda box: shapely.box(*box)),
        st.lists(_position, min_size=3, max_size=6).map(lambda ring: shapely.convex_hull(shapely.MultiPoint(ring))),
        st.lists(_boxes(), min_size=1, max_size=3).map(lambda boxes: shapely.union_all([shapely.box(*box) for box in boxes])),
        st.tuples(corners.map(shapely.LineString), _boxes().map(lambda box: shapely.box(*box)), _position.map(shapely.Point)).map(
            shapely.GeometryCollection
        ),
    ).filter(lambda geometry: bool(shapely.is_valid(geometry)) and not geometry.is_empty)


_leaves: st.SearchStrategy[Predicate] = st.one_of(
    _about(lambda name: st.builds(Compare, st.just(name), _operators, _literal(name), st.booleans())),
    _about(lambda name: st.builds(In, st.just(name), st.lists(_literal(name), max_size=4).map(tuple))),
    _about(lambda name: st.builds(Between, st.just(name), _literal(name), _literal(name))),
    _about(lambda name: st.builds(Like, st.just(name), _patterns, st.booleans())),
    _about(lambda name: st.just(IsNull(name))),
    st.just(IsNull("SHAPE")),
    st.sampled_from(_KINDS).flatmap(
        lambda names: st.builds(CompareFields, st.sampled_from(names), _operators, st.sampled_from(names), st.booleans())
    ),
    st.builds(Ids, st.lists(st.integers(-2, 1700), max_size=4).map(tuple)),
    _boxes().map(lambda box: BBox(LAMBERT72, *box)),
    st.builds(Spatial, st.sampled_from(list(Relation)), st.just(LAMBERT72), _geometry()),
    st.builds(Distance, st.just(LAMBERT72), _geometry(), st.sampled_from([0.0, 0.5, 1.0, 2.0, 30.0]), st.booleans()),
)


def _combined(inner: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    parts = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return parts.map(And) | parts.map(Or) | inner.map(Not)


predicates = st.recursive(_leaves, _combined, max_leaves=6)


@pytest.mark.parametrize("kind", ["few", "many", "plain", "areas"])
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(predicate=predicates)
def test_any_predicate_gives_the_rows_for_which_it_is_true(kind: str, predicate: Predicate) -> None:
    known = world(kind)
    assert known.found(predicate) == known.expected(predicate)


@pytest.mark.parametrize("kind", ["many", "areas"])
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(predicate=_leaves)
def test_what_is_neither_true_nor_false_is_so_for_the_negation_too(kind: str, predicate: Predicate) -> None:
    known = world(kind)
    assert known.found(Not(predicate)) == known.expected(Not(predicate))
    assert not set(known.found(Not(predicate))) & set(known.found(predicate))


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("kind", ["many", "areas"])
def test_each_relation_is_sometimes_true_where_it_can_be(kind: str, relation: Relation) -> None:
    lines = [shapely.LineString([(2, 2), (9, 7)]), shapely.LineString([(0, 1), (12, 1)])]
    geometries = [shapely.Point(3, 3), *lines, shapely.box(2, 2, 7, 7), *(shape for shape in world(kind).shapes[:9] if shape is not None)]
    asked = [Spatial(relation, LAMBERT72, geometry) for geometry in geometries]
    counts = [len(world(kind).found(one)) for one in asked]
    assert counts == [len(world(kind).expected(one)) for one in asked]
    never = kind == "many" and relation in (Relation.CROSSES, Relation.OVERLAPS)
    assert any(counts) is not never
