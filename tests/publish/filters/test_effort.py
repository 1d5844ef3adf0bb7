from __future__ import annotations

import pytest
import shapely

from publish.filters.effort import MAX_GEOMETRIES, MAX_PASSES, bounded
from publish.filters.errors import Unsupported
from publish.filters.shapes import MAX_VERTICES
from release.crs import LAMBERT72
from release.predicate import And, Compare, Distance, In, IsNull, Like, Not, Operator, Or, Predicate, Relation, Spatial


def equal(name: str, value: str) -> Compare:
    return Compare(name, Operator.EQUAL, value)


def spatial(vertices: int) -> Spatial:
    return Spatial(Relation.INTERSECTS, LAMBERT72, shapely.LineString([(n, n % 2) for n in range(vertices)]))


def test_equalities_of_one_field_are_one_comparison() -> None:
    many = Or(tuple(equal("POSTCODE", str(code)) for code in range(1000)))
    assert bounded(many) == In("POSTCODE", tuple(map(str, range(1000))))
    assert bounded(Or((equal("A", "1"), Like("B", "x"), In("A", ("2", "3"))))) == Or((In("A", ("1", "2", "3")), Like("B", "x")))
    folded = Compare("A", Operator.EQUAL, "x", match_case=False)
    assert bounded(Not(Or((folded, folded)))) == Not(Or((folded, folded)))


def test_many_comparisons_are_refused() -> None:
    fits: tuple[Predicate, ...] = tuple(Like("NAAM", str(n)) for n in range(MAX_PASSES))
    assert bounded(And(fits)) == And(fits)
    assert bounded(And((*fits, *(IsNull("NAAM"),) * 500)))
    with pytest.raises(Unsupported, match=f"at most {MAX_PASSES} comparisons"):
        bounded(And((*fits, Like("NAAM", "x"))))


def test_many_geometries_are_refused() -> None:
    assert bounded(And((spatial(2),) * MAX_GEOMETRIES))
    with pytest.raises(Unsupported, match="make one multi-geometry of them"):
        bounded(And((*(spatial(2),) * MAX_GEOMETRIES, Distance(LAMBERT72, shapely.Point(1, 1), 10))))


def test_many_positions_in_all_are_refused() -> None:
    assert bounded(Or((spatial(MAX_VERTICES // 2), spatial(MAX_VERTICES // 2))))
    with pytest.raises(Unsupported, match="simplify them first"):
        bounded(Or((spatial(MAX_VERTICES // 2), Not(spatial(MAX_VERTICES // 2 + 1)))))
