"""When a dataset is withdrawn, and which questions that touches (CONTRACT A.4: never an empty answer)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely

from release.crs import LAMBERT72
from release.errors import Withdrawn
from release.freshness import admitted, reason, require_public, state, withdrawals
from release.predicate import And, Compare, CompareFields, Distance, Ids, In, Like, Not, Operator, Or, Predicate, Relation, Spatial
from release.schema import DatasetState, Freshness
from tests.release.samples import AREAS, DAY, LINES, POINTS, SCHEMA, dataset

EQ, NE = Operator.EQUAL, Operator.NOT_EQUAL
ONE, TWO = Compare("PRODUCT", EQ, "Een"), Compare("PRODUCT", EQ, "Twee")


def fresh(**more: object) -> Freshness:
    return Freshness.model_validate({"dataset": "een", "peildatum": DAY} | more)


@pytest.mark.parametrize(
    ("freshness", "age", "expected"),
    [
        (fresh(), 0, DatasetState.CURRENT),
        (fresh(), 1, DatasetState.CURRENT),
        (fresh(), 2, DatasetState.STALE),
        (fresh(), 3, DatasetState.STALE),
        (fresh(), 4, DatasetState.WITHDRAWN),
        (fresh(held=True), 0, DatasetState.HELD),
        (fresh(held=True), 3, DatasetState.HELD),
        (fresh(held=True), 4, DatasetState.WITHDRAWN),
        (fresh(withdrawn=True), 0, DatasetState.WITHDRAWN),
        (None, 0, DatasetState.WITHDRAWN),
    ],
)
def test_the_state_of_a_dataset_follows_its_age_and_what_a_person_decided(
    freshness: Freshness | None, age: int, expected: DatasetState
) -> None:
    assert state(dataset("een", days=3), freshness, DAY + timedelta(days=age)) is expected


def test_a_monthly_dataset_is_stale_after_a_month() -> None:
    monthly = dataset("gebieden", "monthly", 62)
    states = [state(monthly, fresh(dataset="gebieden"), DAY + timedelta(days=age)) for age in (31, 32, 62, 63)]
    assert states == [DatasetState.CURRENT, DatasetState.STALE, DatasetState.STALE, DatasetState.WITHDRAWN]


def test_the_reason_says_why_in_both_languages() -> None:
    assert "nog niet geleverd / not delivered yet" in reason(dataset("een"), None, DAY)
    assert "ingetrokken door de beheerder / withdrawn by the operator" in reason(dataset("een"), fresh(withdrawn=True), DAY)
    assert f"van {DAY}, te oud om te tonen" in reason(dataset("een"), fresh(), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("predicate", "values"),
    [
        (None, None),
        (ONE, {"Een"}),
        (In("PRODUCT", ("Een", "Twee")), {"Een", "Twee"}),
        (And((ONE, Ids((1,)))), {"Een"}),
        (And((In("PRODUCT", ("Een", "Twee")), TWO)), {"Twee"}),
        (And((ONE, TWO)), set()),
        (And((And((ONE, Ids((1,)))), Ids((2,)))), {"Een"}),
        (Or((ONE, TWO)), None),
        (Not(ONE), None),
        (Compare("PRODUCT", NE, "Een"), None),
        (Compare("PRODUCT", EQ, "een", match_case=False), None),
        (Like("PRODUCT", "Een"), None),
        (Compare("NAAM", EQ, "Een"), None),
        (Ids((1,)), None),
        (CompareFields("PRODUCT", EQ, "NAAM"), None),
        (Spatial(Relation.WITHIN, LAMBERT72, shapely.box(0, 0, 1, 1)), None),
        (And((Distance(LAMBERT72, shapely.Point(0, 0), 5), ONE)), {"Een"}),
    ],
)
def test_what_a_question_can_touch_is_never_underestimated(predicate: Predicate | None, values: set[str] | None) -> None:
    assert admitted(predicate) == values


@pytest.mark.parametrize(
    ("predicate", "withdrawn"),
    [
        (None, True),
        (ONE, True),
        (TWO, False),
        (And((TWO, Ids((1,)))), False),
        (In("PRODUCT", ("Een", "Twee")), True),
        (Or((TWO, Compare("NAAM", EQ, "x"))), True),
        (Compare("PRODUCT", EQ, "een", match_case=False), True),
        (Compare("PRODUCT", NE, "Een"), True),
        (Not(ONE), True),
        (And((ONE, TWO)), False),
        (Compare("PRODUCT", EQ, "Onbekend"), False),
    ],
)
def test_a_question_without_the_withdrawn_product_has_an_answer_and_any_other_has_none(
    predicate: Predicate | None, withdrawn: bool
) -> None:
    freshness = {"twee": fresh(dataset="twee"), "gebieden": fresh(dataset="gebieden")}
    if withdrawn:
        with pytest.raises(Withdrawn, match="een: nog niet geleverd"):
            require_public(SCHEMA, freshness, POINTS, predicate, DAY)
    else:
        require_public(SCHEMA, freshness, POINTS, predicate, DAY)
    require_public(SCHEMA, freshness, AREAS, predicate, DAY)


def test_an_attribute_table_is_withdrawn_with_its_product() -> None:
    with pytest.raises(Withdrawn, match="gebieden"):
        require_public(SCHEMA, {}, LINES, None, DAY)


@pytest.mark.parametrize(
    ("freshness", "age", "expected"),
    [
        (fresh(), 3, None),
        (fresh(), 9, 4),  # the first day after the limit, however late anyone looks
        (fresh(withdrawn=True, withdrawn_on=DAY + timedelta(days=1)), 2, 1),
        (fresh(withdrawn=True, withdrawn_on=DAY + timedelta(days=1)), 9, 1),
        (fresh(withdrawn=True, withdrawn_on=DAY + timedelta(days=6)), 9, 4),
    ],
)
def test_a_product_is_withdrawn_since_its_first_dataset_is(freshness: Freshness, age: int, expected: int | None) -> None:
    others = {known.id: Freshness(dataset=known.id, peildatum=DAY + timedelta(days=age)) for known in SCHEMA.datasets}
    found = withdrawals(SCHEMA, others | {"een": freshness}, DAY + timedelta(days=age))
    of_dataset = {product.id for product in SCHEMA.products if "een" in product.datasets}
    assert found == ({} if expected is None else dict.fromkeys(of_dataset, DAY + timedelta(days=expected)))


def test_nobody_knows_since_when_a_dataset_that_was_never_delivered_is_withdrawn() -> None:
    assert set(withdrawals(SCHEMA, {}, DAY).values()) == {None}
