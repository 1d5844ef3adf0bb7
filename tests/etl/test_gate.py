"""The gate: delivery numbers and sizes, each rule alone (the whole way: tests/test_contract_gate.py)."""

from __future__ import annotations

from datetime import date

import pytest

from etl.definitions import GateSpec
from etl.delivery import Header, Kind
from etl.errors import DeliveryRefused
from etl.gate import Already, Decision, Known, Sizes, judge, judge_mutations, place

SPEC = GateSpec(fewer=0.1, more=0.25, withdraw_after_days=3)
NOTHING: frozenset[str] = frozenset()


def header(number: int, kind: Kind = Kind.FULL) -> Header:
    return Header("besluiten", kind, date(2026, 11, 21), number, "digest")


LAST = Known(7, b"same", held=False)
WAITING = Known(7, b"same", held=True)


@pytest.mark.parametrize(
    ("number", "kind", "digest", "last", "expected"),
    [
        (1, Kind.FULL, b"new", None, Already.NEW),
        (8, Kind.FULL, b"new", LAST, Already.NEW),
        (900, Kind.FULL, b"new", LAST, Already.NEW),
        (7, Kind.FULL, b"same", LAST, Already.DONE),
        (7, Kind.MUTATIONS, b"same", LAST, Already.DONE),
        (8, Kind.MUTATIONS, b"new", LAST, Already.NEW),
        (8, Kind.MUTATIONS, b"new", WAITING, Already.QUEUE),
        (8, Kind.FULL, b"new", WAITING, Already.NEW),
        (8, Kind.FULL, b"same", LAST, Already.NEW),
    ],
)
def test_a_number_says_whether_a_delivery_is_new_queued_or_done(
    number: int, kind: Kind, digest: bytes, last: Known | None, expected: Already
) -> None:
    assert place(header(number, kind), digest, last) is expected


@pytest.mark.parametrize(
    ("number", "kind", "last", "reason"),
    [
        (7, Kind.FULL, LAST, "number 7 is not above the last, 7"),
        (6, Kind.FULL, LAST, "number 6 is not above the last, 7"),
        (7, Kind.MUTATIONS, LAST, "number 7 is not above the last, 7"),
        (9, Kind.MUTATIONS, LAST, "mutations have number 9; expected is 8"),
        (1, Kind.MUTATIONS, None, "mutations need a full delivery before them"),
    ],
)
def test_a_number_that_does_not_follow_refuses_the_delivery(number: int, kind: Kind, last: Known | None, reason: str) -> None:
    with pytest.raises(DeliveryRefused, match=f"delivery.number: {reason}"):
        place(header(number, kind), b"new", last)


@pytest.mark.parametrize(
    ("sizes", "reasons"),
    [
        (Sizes(100, 100, 80, 80), ()),
        (Sizes(100, 90, 80, 72), ()),
        (Sizes(100, 89, 80, 80), ("count.fewer:delivered",)),
        (Sizes(100, 100, 80, 71), ("count.fewer:publishable",)),
        (Sizes(100, 125, 80, 100), ()),
        (Sizes(100, 126, 80, 101), ("count.more:delivered", "count.more:publishable")),
        (Sizes(100, 0, 80, 0), ("count.none", "count.fewer:delivered", "count.fewer:publishable")),
        (Sizes(None, 0, 0, 0), ("count.none",)),
        (Sizes(None, 500, 0, 400), ()),
        (Sizes(None, 500, 80, 400), ("count.more:publishable",)),
        (Sizes(3, 3, 0, 3), ()),
        (Sizes(1, 1, 1, 0), ("count.fewer:publishable",)),
    ],
)
def test_far_fewer_none_or_far_more_hold_a_delivery(sizes: Sizes, reasons: tuple[str, ...]) -> None:
    verdict = judge(SPEC, sizes, NOTHING)
    assert verdict.reasons == reasons
    assert verdict.decision is (Decision.HOLD if reasons else Decision.PUBLISH)


def test_however_much_may_be_missing_everything_may_not() -> None:
    assert judge(GateSpec(fewer=1.0, withdraw_after_days=3), Sizes(None, 5, 10, 0), NOTHING).reasons == ("count.fewer:publishable",)


def test_unknown_fields_hold_a_delivery_and_are_named_in_order() -> None:
    for judged in (judge, judge_mutations):
        verdict = judged(SPEC, Sizes(100, 100, 80, 80), frozenset({"b", "a.c"}))
        assert (verdict.decision, verdict.reasons) == (Decision.HOLD, ("field.unknown:a.c", "field.unknown:b"))


@pytest.mark.parametrize(("after", "reasons"), [(80, ()), (71, ("count.fewer:publishable",)), (101, ("count.more:publishable",))])
def test_mutations_are_judged_by_the_register_that_they_lead_to(after: int, reasons: tuple[str, ...]) -> None:
    assert judge_mutations(SPEC, Sizes(100, 3, 80, after), NOTHING).reasons == reasons
    assert judge_mutations(SPEC, Sizes(100, 0, 80, after), NOTHING).reasons == reasons
