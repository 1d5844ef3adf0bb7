"""Predicates over columns: three-valued logic, types, and the same answers from dictionaries and plain columns."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from release.crs import CRS84, ETRS89, LAMBERT72, LAMBERT2008, SERVED, WEB_MERCATOR, WGS84, Crs
from release.errors import QueryError, UnfitLiteral, UnknownField
from release.evaluate import Evaluator
from release.index import Index
from release.predicate import And, BBox, Between, Compare, CompareFields, Ids, In, IsNull, Like, Literal, Not, Operator, Or, Predicate, both
from release.reader import Release
from release.table import PublicTable
from release.transform import transform_points
from tests.release.samples import AREAS, GOLDEN, LINES, POINTS, ROWS, Row, content, opened, point, table

EQ, NE, LT, LE, GT, GE = Operator


def boxes(made: PublicTable) -> Callable[[Crs], Any]:
    points = np.array([[row["_x"], row["_y"]] for row in made.arrow.select(["_x", "_y"]).to_pylist()], dtype=np.float64)
    return lambda crs: transform_points(points, crs)


@pytest.fixture(params=[True, False], ids=["dictionary", "plain"])
def select(request: pytest.FixtureRequest) -> Callable[[Predicate], set[int]]:
    made = table(POINTS, ROWS, dictionary=request.param)
    index = Index.of(made, boxes(made), lambda rows, crs: [])
    return lambda predicate: set(made.ids[Evaluator(index).find(predicate).all()].tolist())


Select = Callable[[Predicate], set[int]]


@pytest.mark.parametrize(
    ("field", "operator", "literal", "expected"),
    [
        ("NAAM", EQ, "Kerkstraat", {1, 5}),
        ("NAAM", EQ, "", {6}),
        ("NAAM", NE, "Kerkstraat", {2, 3, 6}),
        ("NAAM", LT, "a", {1, 5, 6}),
        ("NAAM", GE, "kerkstraat", {2, 3}),
        ("AANTAL", EQ, 3, {1}),
        ("AANTAL", EQ, "3", {1}),
        ("AANTAL", EQ, "3.0", {1}),
        ("AANTAL", EQ, 2.5, set()),
        ("AANTAL", LT, 2.5, {2, 3, 5}),
        ("AANTAL", GT, 2**46, {6}),
        ("AANTAL", NE, 3, {2, 3, 5, 6}),
        ("BEDRAG", EQ, "62.5", {1, 5}),
        ("BEDRAG", EQ, 0.1, {2}),
        ("BEDRAG", LE, "1e2", {1, 2, 5}),
        ("DATUM", EQ, "2026-01-01", {1}),
        ("DATUM", EQ, date(2026, 1, 1), {1}),
        ("DATUM", LT, "2026-01-01T00:00:00Z", {2}),
        ("DATUM", GT, "2026-01-01", {6}),
        ("LINK", EQ, "https://example.org/a", {1}),
    ],
)
def test_a_comparison_reads_its_literal_as_the_type_of_the_field(
    select: Select, field: str, operator: Operator, literal: Literal, expected: set[int]
) -> None:
    assert select(Compare(field, operator, literal)) == expected


def test_a_comparison_with_an_absent_value_is_neither_true_nor_false(select: Select) -> None:
    known = Compare("AANTAL", GT, 0)
    assert select(known) == {1, 2, 3, 6}
    assert select(Not(known)) == {5}
    assert select(Or((known, Not(known)))) == {1, 2, 3, 5, 6}
    assert select(Not(And((known, Not(known))))) == {1, 2, 3, 5, 6}
    assert select(Not(Not(known))) == {1, 2, 3, 6}


@pytest.mark.parametrize(
    "make", [lambda: Compare("NAAM", EQ, "x"), lambda: In("NAAM", ("x",)), lambda: Between("NAAM", "a", "b"), lambda: Like("NAAM", "x")]
)
def test_every_test_of_a_value_is_unknown_where_there_is_none(select: Select, make: Callable[[], Predicate]) -> None:
    assert 4 not in select(make()) | select(Not(make()))


def test_unknown_and_false_is_false_and_unknown_or_true_is_true(select: Select) -> None:
    unknown, false, true = Compare("NAAM", EQ, "x"), Not(Ids((4,))), Ids((4,))
    assert select(Not(And((unknown, false)))) >= {4}
    assert 4 not in select(And((unknown, true)))
    assert 4 not in select(Not(And((unknown, true))))
    assert 4 in select(Or((unknown, true)))
    assert 4 not in select(Or((unknown, false)))
    assert 4 not in select(Not(Or((unknown, false))))


def test_absence_is_never_unknown(select: Select) -> None:
    assert select(IsNull("BEDRAG")) == {3, 4, 6}
    assert select(Not(IsNull("BEDRAG"))) == {1, 2, 5}
    assert select(IsNull("NAAM")) == {4}
    assert select(IsNull("SHAPE")) == {4}
    assert select(Not(IsNull("SHAPE"))) == {1, 2, 3, 5, 6}


def test_case_counts_unless_it_is_said_not_to(select: Select) -> None:
    assert select(Compare("NAAM", EQ, "KERKSTRAAT", match_case=False)) == {1, 2, 5}
    assert select(Compare("NAAM", NE, "KERKSTRAAT", match_case=False)) == {3, 6}
    assert select(Compare("AANTAL", EQ, 3, match_case=False)) == {1}
    assert select(Like("NAAM", "ödestraat.*", match_case=False)) == {3}
    assert select(Like("NAAM", "ödestraat.*")) == set()


def test_a_pattern_matches_the_whole_value(select: Select) -> None:
    assert select(Like("NAAM", "Kerk")) == set()
    assert select(Like("NAAM", "Kerk.*")) == {1, 5}
    assert select(Like("NAAM", r"Ödestraat\ %_\.")) == {3}
    assert select(Like("AANTAL", "-5")) == {5}


def test_lists_and_ranges_include_their_ends(select: Select) -> None:
    assert select(In("AANTAL", (1, "2", 7.0))) == {2, 3}
    assert select(In("BEDRAG", (0.1, "62.50"))) == {1, 2, 5}
    assert select(In("NAAM", ())) == set()
    assert select(Between("AANTAL", 1, 3)) == {1, 2, 3}
    assert select(Between("AANTAL", 3, 1)) == set()
    assert select(Between("DATUM", "2025-12-31", "2026-01-01")) == {1, 2}
    assert select(Not(Between("DATUM", "2025-12-31", "2026-01-01"))) == {6}


def test_ids_may_be_any_number(select: Select) -> None:
    assert select(Ids((1, 4, 99, 2**63, -(2**80)))) == {1, 4}
    assert select(Ids(())) == set()
    assert select(Not(Ids(()))) == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("literal", ["veel", "", "nan", "NaN", "sNaN", "inf", "-Infinity", float("nan"), float("inf"), "1,5"])
@pytest.mark.parametrize("field", ["AANTAL", "BEDRAG"])
@pytest.mark.parametrize("make", [lambda f, v: Compare(f, LT, v), lambda f, v: Between(f, 0, v), lambda f, v: In(f, (v,))])
def test_a_literal_that_is_no_number_is_an_error_of_the_query(
    select: Select, field: str, literal: Literal, make: Callable[[str, Literal], Predicate]
) -> None:
    with pytest.raises(UnfitLiteral, match=r"is no (integer|number)"):
        select(make(field, literal))


@pytest.mark.parametrize("literal", ["gisteren", "2026-13-01", 5, ""])
def test_a_literal_that_is_no_date_is_an_error_of_the_query(select: Select, literal: Literal) -> None:
    with pytest.raises(UnfitLiteral, match="is no date"):
        select(Compare("DATUM", EQ, literal))


def test_a_number_of_a_billion_digits_costs_nothing(select: Select) -> None:
    assert select(Compare("AANTAL", LT, "1e999999999")) == {1, 2, 3, 5, 6}
    assert select(Compare("BEDRAG", EQ, "1e-999999999")) == set()
    assert select(In("AANTAL", ("1e999999999",))) == set()


def test_an_error_shows_little_of_what_was_asked(select: Select) -> None:
    with pytest.raises(UnfitLiteral) as found:
        select(Compare("AANTAL", EQ, "x" * 500))
    assert len(str(found.value)) < 80


@pytest.mark.parametrize(
    "predicate",
    [Compare("GEHEIM", EQ, 1), In("GEHEIM", (1,)), Between("naam", 1, 2), Like("_id", "1"), IsNull("_x"), Compare("SHAPE", EQ, "x")],
)
def test_a_field_that_is_not_public_is_unknown(select: Select, predicate: Predicate) -> None:
    with pytest.raises(UnknownField, match="it has PRODUCT, NAAM"):
        select(predicate)


# Fields with each other


@pytest.mark.parametrize(
    ("left", "operator", "right", "expected"),
    [
        ("AANTAL", GT, "BEDRAG", {2}),
        ("BEDRAG", LT, "AANTAL", {2}),
        ("AANTAL", LE, "BEDRAG", {1, 5}),
        ("AANTAL", NE, "BEDRAG", {1, 2, 5}),
        ("AANTAL", EQ, "AANTAL", {1, 2, 3, 5, 6}),
        ("DATUM", GE, "DATUM", {1, 2, 6}),
        ("NAAM", LT, "LINK", {1}),
        ("NAAM", GT, "PRODUCT", {1, 2, 3, 5}),
    ],
)
def test_two_fields_of_a_row_are_compared(select: Select, left: str, operator: Operator, right: str, expected: set[int]) -> None:
    asked = CompareFields(left, operator, right)
    assert select(asked) == expected
    unknown = {1, 2, 3, 4, 5, 6} - select(asked) - select(Not(asked))
    assert unknown == {row["_id"] for row in ROWS if row.get(left) is None or row.get(right) is None}


def test_numbers_are_compared_exactly_whatever_their_decimals() -> None:
    amounts = ["2.99", "3.00", "3.01", "-2.99", "-3.00", "-3.01"]
    rows = [point(n, AANTAL=3 if n < 3 else -3, BEDRAG=Decimal(amount)) for n, amount in enumerate(amounts)]
    rows += [point(9, AANTAL=2**62, BEDRAG=Decimal("9999999999.99")), point(10, AANTAL=-(2**63), BEDRAG=Decimal("-9999999999.99"))]
    made = table(POINTS, rows)
    index = Index.of(made, boxes(made), lambda rows, crs: [])
    for operator, expected in ((EQ, {1, 4}), (LT, {2, 3, 10}), (GT, {0, 5, 9}), (GE, {0, 1, 4, 5, 9}), (NE, {0, 2, 3, 5, 9, 10})):
        assert set(made.ids[Evaluator(index).find(CompareFields("AANTAL", operator, "BEDRAG")).all()].tolist()) == expected


def test_case_may_not_count_between_fields_either() -> None:
    rows = [
        point(1, NAAM="STRASSE", LINK="straße"),
        point(2, NAAM="Kerk", LINK="kerk"),
        point(3, NAAM="Kerk", LINK="Kerk"),
        point(4, NAAM="x"),
    ]
    made = table(POINTS, rows)
    index = Index.of(made, boxes(made), lambda rows, crs: [])
    for match_case, expected in ((True, {3}), (False, {1, 2, 3})):
        asked = CompareFields("NAAM", EQ, "LINK", match_case)
        assert set(made.ids[Evaluator(index).find(asked).all()].tolist()) == expected


@pytest.mark.parametrize(("left", "right"), [("NAAM", "AANTAL"), ("AANTAL", "DATUM"), ("DATUM", "LINK"), ("BEDRAG", "NAAM")])
def test_fields_of_different_kinds_cannot_be_compared(select: Select, left: str, right: str) -> None:
    with pytest.raises(QueryError, match=rf"{left} is .* and {right} is .*: they cannot be compared"):
        select(CompareFields(left, EQ, right))


@pytest.mark.parametrize(("left", "right"), [("NAAM", "GEHEIM"), ("_id", "AANTAL"), ("SHAPE", "SHAPE")])
def test_both_fields_have_to_be_public(select: Select, left: str, right: str) -> None:
    with pytest.raises(UnknownField):
        select(CompareFields(left, EQ, right))


def test_an_error_is_one_even_where_no_row_is_left(select: Select) -> None:
    nowhere, nobody = BBox(LAMBERT72, 0, 0, 1, 1), Ids(())
    for wrong in (Compare("AANTAL", EQ, "veel"), Like("GEHEIM", "x"), CompareFields("NAAM", EQ, "AANTAL")):
        for predicate in (And((nobody, nowhere, wrong)), Or((Not(nobody), wrong)), And((nobody, And((nowhere, Not(wrong)))))):
            with pytest.raises(QueryError):
                select(predicate)


def test_no_parts_are_all_true_and_none_is_true(select: Select) -> None:
    assert select(And(())) == {1, 2, 3, 4, 5, 6}
    assert select(Or(())) == select(Not(And(()))) == set()


# Boxes


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.short)
def test_a_box_is_read_in_every_crs_that_is_served(tmp_path: Path, crs: Crs) -> None:
    golden = {
        LAMBERT72: GOLDEN,
        LAMBERT2008: (640_249.09, 698_793.29),
        ETRS89: (4.2296042, 51.0991668),
        WGS84: (4.2296042, 51.0991668),
        CRS84: (4.2296042, 51.0991668),
        WEB_MERCATOR: (470_837.38, 6_638_853.96),
    }
    x, y = golden[crs]
    near = 3e-6 if crs.columns == "lonlat" else 0.3
    rows = [point(0), point(5), point(9, _x=GOLDEN[0] - 500)]
    found = select_in(opened(tmp_path, content(rows)), BBox(crs, x - near, y - near, x + near, y + near))
    assert found == {0}
    wide = 1.0 if crs.columns == "lonlat" else 90_000.0
    assert select_in(opened(tmp_path, content(rows)), BBox(crs, x - wide, y - wide, x + wide, y + wide)) == {0, 5, 9}


def select_in(release: Release, predicate: Predicate, kind: str = "Punten") -> set[int]:
    found = release.table(kind)
    index = Index.of(found.table, found.coordinates, found.geometries)
    return set(found.table.ids[Evaluator(index).find(predicate).all()].tolist())


def test_a_row_without_a_position_is_neither_in_a_box_nor_outside_it(select: Select) -> None:
    everywhere, nowhere = BBox(LAMBERT72, 0, 0, 1e6, 1e6), BBox(LAMBERT72, 0, 0, 1, 1)
    assert select(everywhere) == {1, 2, 3, 5, 6}
    assert select(Not(everywhere)) == set()
    assert select(nowhere) == set()
    assert select(Not(nowhere)) == {1, 2, 3, 5, 6}


def test_the_edges_of_a_box_belong_to_it(select: Select) -> None:
    x, y = GOLDEN
    assert select(BBox(LAMBERT72, x + 1, y, x + 2, y)) == {1, 2}


def test_areas_that_are_squares_meet_a_box_with_their_extent(tmp_path: Path) -> None:
    release = opened(tmp_path)
    assert select_in(release, BBox(LAMBERT72, 100_900, 180_900, 100_950, 180_950), "Gebieden") == {11}
    assert select_in(release, BBox(LAMBERT72, 101_000, 0, 150_000, 1e6), "Gebieden") == {11, 12}
    assert select_in(release, Not(BBox(LAMBERT72, 0, 0, 101_500, 1e6)), "Gebieden") == {12}
    assert select_in(release, IsNull("SHAPE"), "Gebieden") == {13}


def test_a_table_without_geometry_meets_no_box(tmp_path: Path) -> None:
    release = opened(tmp_path)
    assert select_in(release, BBox(LAMBERT72, 0, 0, 1e6, 1e6), "Regels") == set()
    with pytest.raises(UnknownField):
        select_in(release, IsNull("SHAPE"), "Regels")
    assert (LINES.geometry, AREAS.geometry) != (None, None)


# Against logic written out row by row


def truth(predicate: Predicate, row: Row) -> bool | None:
    match predicate:
        case And(parts):
            values = [truth(part, row) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts):
            values = [truth(part, row) for part in parts]
            return True if True in values else None if None in values else False
        case Not(part):
            value = truth(part, row)
            return None if value is None else not value
        case IsNull(name):
            return row.get(name) is None
        case Ids(ids):
            return row["_id"] in ids
        case Compare(name, operator, literal, _):
            held: Any = row.get(name)
            wanted: Any = literal
            return None if held is None else bool({EQ: held == wanted, LT: held < wanted, GE: held >= wanted}[operator])
        case In(name, literals):
            return None if row.get(name) is None else row.get(name) in literals
    raise AssertionError(predicate)


def random_predicate(dice: random.Random, depth: int) -> Predicate:
    kind = dice.randrange(7 if depth else 4)
    match kind:
        case 0:
            return Compare("AANTAL", dice.choice((EQ, LT, GE)), dice.randrange(-6, 5))
        case 1:
            return Compare("BEDRAG", dice.choice((EQ, LT, GE)), dice.choice((Decimal("62.50"), Decimal("0.10"), Decimal(5))))  # type: ignore[arg-type] # compares as a number does
        case 2:
            return In("NAAM", tuple(dice.sample(("Kerkstraat", "kerkstraat", "", "x"), 2)))
        case 3:
            return dice.choice((IsNull("NAAM"), IsNull("BEDRAG"), Ids((1, 4)), Ids(())))
        case 4:
            return Not(random_predicate(dice, depth - 1))
    parts = tuple(random_predicate(dice, depth - 1) for _ in range(dice.randrange(1, 4)))
    return And(parts) if kind == 5 else Or(parts)


def test_any_predicate_gives_what_three_valued_logic_gives_row_by_row(select: Select) -> None:
    dice = random.Random(11)
    answers = set()
    for _ in range(500):
        predicate = random_predicate(dice, 4)
        expected = {row["_id"] for row in ROWS if truth(predicate, row) is True}
        assert select(predicate) == expected, predicate
        answers.add(frozenset(expected))
    assert len(answers) > 20


def test_both_leaves_out_what_is_not_asked() -> None:
    one, two = Ids((1,)), Ids((2,))
    assert [both(), both(None), both(one, None), both(one, None, two)] == [None, None, one, And((one, two))]


def test_every_error_of_a_question_is_an_error_of_the_query() -> None:
    assert all(issubclass(error, QueryError) for error in (UnfitLiteral, UnknownField))
    assert len(list(itertools.islice(Operator, 6))) == 6
