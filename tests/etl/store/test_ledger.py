"""The ledger: what came, what was wrong with it, what became of it, and which jobs ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from etl.delivery import Kind
from etl.errors import StoreError
from etl.findings import Effect, Tally
from etl.store import LedgerEntry, Outcome, Run, State, Store
from tests.etl.store.samples import DATASET, DAY, NOON, digest, intake

MUTATIONS = Kind.MUTATIONS
TALLIES = (
    Tally("personal.insz", "adres.huisnummer", Effect.KEEP_OUT, 120, tuple(range(1, 101))),
    Tally("schema.date", "afgiftedatum", Effect.KEEP_OUT, 2, (7, 9)),
    Tally("schema.date", "geldigTot", Effect.KEEP_OUT, 3, (1, 2, 3)),
    Tally("link.scheme", "publicatie", Effect.NOTE, 1, (4,)),
)


def test_an_empty_ledger_knows_nothing(store: Store) -> None:
    assert store.ledger.last(DATASET) is None
    assert store.ledger.last_accepted(DATASET) is None
    assert store.ledger.holds() == store.ledger.queued(DATASET) == ()
    assert store.ledger.kept_out(DATASET) == {}


def test_a_delivery_is_in_the_ledger_as_it_was_entered(store: Store) -> None:
    identifier = store.hold(intake(3, reasons=("gate.fewer", "gate.unknown_field"), reference="2026-11-21/x"))
    assert store.ledger.delivery(identifier) == LedgerEntry(
        identifier,
        DATASET,
        3,
        Kind.FULL,
        DAY,
        digest("delivery 3"),
        State.HELD,
        "2026-11-21/x",
        ("gate.fewer", "gate.unknown_field"),
        10,
        9,
        NOON,
    )


def test_moments_are_kept_in_utc_and_must_have_a_zone(store: Store) -> None:
    brussels = datetime(2026, 11, 21, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    assert store.ledger.delivery(store.accept(intake(1, at=brussels))).at == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    with pytest.raises(Exception, match="without a zone"):
        store.runs.begin("daily", DAY, datetime(2026, 11, 21))


def test_mutations_follow_the_highest_number_that_was_accepted_or_waits(store: Store) -> None:
    store.accept(intake(4))
    store.hold(intake(5, MUTATIONS))
    store.queue(intake(6, MUTATIONS))
    store.refuse(intake(9, MUTATIONS))
    store.accept(intake(11, dataset="besluiten"))
    last, accepted = store.ledger.last(DATASET), store.ledger.last_accepted(DATASET)
    assert last is not None and accepted is not None
    assert (last.number, accepted.number) == (6, 4)


def test_a_held_delivery_is_accepted_under_its_own_id_and_loses_its_reference(store: Store) -> None:
    held = store.hold(intake(1, reference="somewhere", findings=TALLIES[:1], reasons=("gate.more",)))
    assert [line.id for line in store.ledger.holds()] == [held]
    assert store.accept(intake(1, findings=TALLIES[1:2], reasons=("approved",))) == held
    line = store.ledger.delivery(held)
    assert (line.state, line.reference, line.reasons) == (State.ACCEPTED, None, ("approved",))
    assert store.ledger.findings(held) == TALLIES[1:2]
    assert store.ledger.holds() == ()


def test_a_refused_delivery_that_comes_again_is_a_new_line(store: Store) -> None:
    refused = store.refuse(intake(1, reasons=("levering.sha256",)))
    assert store.accept(intake(1)) != refused
    assert store.ledger.delivery(refused).state is State.REFUSED


def test_a_delivery_that_comes_again_is_recognised_unless_it_was_refused_or_expired(store: Store) -> None:
    def seen(number: int) -> LedgerEntry | None:
        return store.ledger.seen(DATASET, number, digest(f"delivery {number}"))

    accepted, rejected = store.accept(intake(1)), store.hold(intake(2))
    store.ledger.reject(rejected)
    store.refuse(intake(3))
    store.hold(intake(4, reference="four"))
    store.ledger.expire_references(NOON + timedelta(days=7), lambda _: None)
    assert [line and line.id for line in map(seen, (1, 2, 3, 4, 5))] == [accepted, rejected, None, None, None]
    assert store.ledger.seen(DATASET, 1, digest("other content")) is None
    assert store.ledger.seen("besluiten", 1, digest("delivery 1")) is None


def test_queued_mutations_come_in_the_order_of_their_numbers(store: Store) -> None:
    store.hold(intake(5))
    store.queue(intake(7, MUTATIONS))
    store.queue(intake(6, MUTATIONS))
    assert [line.number for line in store.ledger.queued(DATASET)] == [6, 7]
    assert store.ledger.queued("besluiten") == ()


def test_a_full_delivery_that_is_accepted_rejects_older_ones_that_wait(store: Store) -> None:
    held, queued = store.hold(intake(5)), store.queue(intake(6, MUTATIONS))
    other, newer = store.hold(intake(5, dataset="besluiten")), store.hold(intake(9))
    store.accept(intake(8))
    assert [store.ledger.delivery(line).state for line in (held, queued, other, newer)] == [
        State.REJECTED,
        State.REJECTED,
        State.HELD,
        State.HELD,
    ]
    assert store.ledger.delivery(held).reasons == ("superseded",)


def test_accepting_mutations_rejects_nothing(store: Store) -> None:
    held = store.hold(intake(5))
    store.accept(intake(6, MUTATIONS))
    assert store.ledger.delivery(held).state is State.HELD


def test_a_rejected_delivery_takes_with_it_what_is_queued_behind_it(store: Store) -> None:
    store.accept(intake(4))
    held, queued = store.hold(intake(5, reasons=("gate.fewer",))), store.queue(intake(6, MUTATIONS))
    assert store.ledger.reject(held).reasons == ("gate.fewer", "rejected")
    assert store.ledger.delivery(queued).state is State.REJECTED
    last = store.ledger.last(DATASET)
    assert last is not None and last.number == 4


def test_only_a_held_delivery_can_be_rejected(store: Store) -> None:
    accepted = store.accept(intake(1))
    with pytest.raises(StoreError, match="accepted, not held"):
        store.ledger.reject(accepted)
    with pytest.raises(StoreError, match="no delivery 999"):
        store.ledger.reject(999)


def test_findings_are_kept_with_their_delivery(store: Store) -> None:
    identifier = store.accept(intake(1, findings=TALLIES))
    assert sorted(store.ledger.findings(identifier), key=str) == sorted(TALLIES, key=str)
    assert store.ledger.findings(identifier + 1) == ()


def test_kept_out_counts_are_those_of_the_last_full_delivery_and_the_mutations_since(store: Store) -> None:
    store.accept(intake(1, findings=TALLIES))
    store.accept(intake(2, findings=TALLIES))
    store.accept(intake(3, MUTATIONS, findings=TALLIES[:1]))
    store.hold(intake(4, findings=TALLIES))
    assert store.ledger.kept_out(DATASET) == {"personal.insz": 240, "schema.date": 5}


def test_references_of_what_no_longer_waits_are_discarded(store: Store) -> None:
    discarded: list[str | None] = []
    first, second = store.hold(intake(1, reference="one")), store.hold(intake(2, reference="two"))
    store.ledger.reject(first)
    assert store.ledger.expire_references(NOON, lambda line: discarded.append(line.reference)) == 1
    assert discarded == ["one"]
    assert store.ledger.delivery(second).reference == "two"
    assert store.ledger.expire_references(NOON, lambda line: discarded.append(line.reference)) == 0


def test_a_delivery_that_waited_too_long_is_rejected_and_discarded(store: Store) -> None:
    discarded: list[int] = []
    held = store.hold(intake(1, reference="one"))
    assert store.ledger.expire_references(NOON + timedelta(days=7), lambda line: discarded.append(line.id)) == 1
    assert discarded == [held]
    line = store.ledger.delivery(held)
    assert (line.state, line.reference, line.reasons) == (State.REJECTED, None, ("expired",))


def test_a_discard_that_fails_is_done_again(store: Store) -> None:
    def failing(_: LedgerEntry) -> None:
        raise OSError("disk")

    held = store.hold(intake(1, reference="one"))
    with pytest.raises(OSError, match="disk"):
        store.ledger.expire_references(NOON + timedelta(days=7), failing)
    assert store.ledger.delivery(held).state is State.HELD
    assert store.ledger.expire_references(NOON + timedelta(days=7), lambda _: None) == 1


# Runs.


def test_the_last_run_of_a_job_is_known_with_its_outcome(store: Store) -> None:
    assert store.runs.last("daily") is None
    first = store.runs.begin("daily", DAY, NOON)
    assert store.runs.last("daily") == Run(first, "daily", DAY, NOON, None, None, None)
    store.runs.end(first, Outcome.DONE, NOON + timedelta(minutes=2), "ab" * 32)
    second = store.runs.begin("daily", DAY + timedelta(days=1), NOON + timedelta(days=1))
    store.runs.end(second, Outcome.FAILED, NOON + timedelta(days=1))
    store.runs.begin("monthly", DAY, NOON)
    assert store.runs.last("daily") == Run(
        second, "daily", DAY + timedelta(days=1), NOON + timedelta(days=1), NOON + timedelta(days=1), Outcome.FAILED, None
    )
    assert store.runs.last("daily", Outcome.DONE, Outcome.HELD) == Run(
        first, "daily", DAY, NOON, NOON + timedelta(minutes=2), Outcome.DONE, "ab" * 32
    )


def test_a_run_that_never_began_cannot_end(store: Store) -> None:
    with pytest.raises(StoreError, match="no run 5"):
        store.runs.end(5, Outcome.DONE, NOON)
