"""CONTRACT A and A.4: the gate, delivery numbers, mutations, days without a delivery, and what a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from etl import intake
from etl.errors import EtlError
from etl.intake import Fate
from etl.store import State
from release.errors import Withdrawn
from release.query import Query
from release.schema import DatasetState
from schedules import decisions
from schedules.jobs import Exit, JobReport
from tests.etl.deliveries import (
    ATTESTS,
    CLAIMS,
    DAY,
    DECISIONS,
    NEXT,
    PARAMETERS,
    Record,
    World,
    houses,
    municipality,
    record,
    register,
)

LATER = NEXT + timedelta(days=1)
LATEST = NEXT + timedelta(days=2)


def fate(report: JobReport, dataset: str = DECISIONS) -> Fate:
    return next(outcome.fate for outcome in reversed(report.outcomes) if outcome.dataset == dataset)


def reasons(report: JobReport, dataset: str = DECISIONS) -> tuple[str, ...]:
    return next(outcome.reasons for outcome in reversed(report.outcomes) if outcome.dataset == dataset)


def lifted(number: int, day: date = NEXT) -> Record:
    return record(DECISIONS, number, {"opgehevenOp": day.isoformat()})


def removed(number: int) -> Record:
    return {"besluitId": record(DECISIONS, number)["besluitId"], "verwijderd": True}


def held(world: World, dataset: str = DECISIONS) -> int:
    """The id of the delivery that is held."""
    (entry,) = (entry for entry in world.installation(NEXT).store.ledger.holds() if entry.dataset == dataset)
    return entry.id


# Far fewer, none, far more


def test_far_fewer_records_hold_the_delivery_while_stated_removals_and_the_calendar_act_at_once(world: World) -> None:
    few = [
        record(DECISIONS, 1),
        record(DECISIONS, 2),
        lifted(3),
        removed(4),
        *(record(DECISIONS, n) for n in range(5, 12)),
        record(DECISIONS, 21),
    ]
    world.deliver(DECISIONS, NEXT, few)
    report = world.run(NEXT)
    assert report.exit == Exit.HELD
    assert reasons(report) == ("count.fewer:delivered", "count.fewer:publishable")
    # 3 is lifted, 4 removed, 20 ended by its own date; 12 to 19 just stopped coming and wait for a person, as does 21.
    assert world.public(DECISIONS, NEXT) == houses(19, 3, 4)


def test_far_fewer_publishable_records_hold_the_delivery_although_as_many_are_delivered(world: World) -> None:
    others = [record(DECISIONS, number, {"aard": "overbewoond"}) for number in range(1, 6)]
    world.deliver(DECISIONS, NEXT, register(DECISIONS, *others))
    report = world.run(NEXT)
    assert (fate(report), reasons(report)) == (Fate.HELD, ("count.fewer:publishable",))
    # What the source itself states to be no ground for publication goes at once.
    assert world.public(DECISIONS, NEXT) == houses(19, 1, 2, 3, 4, 5)


def test_a_delivery_without_records_is_held_and_yesterday_stays(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    report = world.run(NEXT)
    assert (fate(report), reasons(report)) == (Fate.HELD, ("count.none", "count.fewer:delivered", "count.fewer:publishable"))
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_far_more_records_hold_the_delivery(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [lifted(1), *register(DECISIONS)[1:], *(record(DECISIONS, n) for n in range(21, 28))])
    report = world.run(NEXT)
    assert (fate(report), reasons(report)) == (Fate.HELD, ("count.more:delivered", "count.more:publishable"))
    assert world.public(DECISIONS, NEXT) == houses(19, 1)


def test_a_few_records_more_or_fewer_are_let_through(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS)[1:19], *(record(DECISIONS, n) for n in range(21, 24))])
    report = world.run(NEXT)
    assert (report.exit, fate(report)) == (Exit.DONE, Fate.ACCEPTED)
    assert world.public(DECISIONS, NEXT) == houses(23, 1, 20)


def test_records_kept_out_of_a_held_delivery_are_gone_at_once(world: World) -> None:
    personal = record(DECISIONS, 5, {"adres.busnummer": "bij Vrxkboermans"})
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS, personal, record(DECISIONS, 1, {"nieuw": 1})), record(DECISIONS, 21)])
    report = world.run(NEXT)
    assert (fate(report), reasons(report)) == (Fate.HELD, ("field.unknown:nieuw",))
    assert world.public(DECISIONS, NEXT) == houses(19, 5)


def test_when_far_too_many_records_are_broken_a_person_decides_whether_they_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "FEW", 5)
    broken = [record(DECISIONS, number, {"aard": "dwaling"}) for number in range(2, 10)]
    world.deliver(DECISIONS, NEXT, register(DECISIONS, lifted(1), *broken))
    report = world.run(NEXT)
    assert (fate(report), reasons(report)) == (Fate.HELD, ("count.fewer:publishable",))
    assert world.public(DECISIONS, NEXT) == houses(19, 1)
    decisions.approve(world.installation(NEXT), held(world), NEXT)
    assert world.public(DECISIONS, NEXT) == houses(19, *range(1, 10))


def test_the_calendar_goes_on_ending_what_a_held_delivery_left(world: World) -> None:
    few = [lifted(number, LATER) for number in range(1, 11)]
    world.deliver(DECISIONS, NEXT, few)
    assert world.run(NEXT).exit == Exit.HELD
    assert world.public(DECISIONS, NEXT) == houses(19)
    assert world.public(DECISIONS, LATER) == houses(19, *range(1, 11))


def test_a_fault_of_one_dataset_leaves_the_others(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS), record(ATTESTS, 21)])
    report = world.run(NEXT)
    assert (report.exit, fate(report), fate(report, ATTESTS), fate(report, CLAIMS)) == (Exit.HELD, Fate.HELD, Fate.ACCEPTED, Fate.ABSENT)
    assert world.public(ATTESTS, NEXT) == houses(21, 20)


def test_the_parameters_of_far_fewer_municipalities_are_held(world: World) -> None:
    world.deliver(PARAMETERS, NEXT, [municipality("44021")])
    report = world.run(NEXT, "monthly")
    assert fate(report, PARAMETERS) is Fate.HELD
    assert len(world.rows(PARAMETERS, NEXT)) == 12


# Delivery numbers and mutations


def test_the_same_delivery_again_is_already_done(world: World) -> None:
    report = world.run(DAY)
    assert report.exit == Exit.DONE
    assert {outcome.fate for outcome in report.outcomes} == {Fate.DONE}
    assert world.public(DECISIONS, DAY) == houses(20)


def test_a_delivery_of_before_the_last_one_is_already_done_too_when_it_is_the_same(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS))
    world.run(NEXT)
    report = world.run(DAY)
    assert (report.exit, fate(report)) == (Exit.DONE, Fate.DONE)


def test_a_held_delivery_that_comes_again_stays_held(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.run(NEXT)
    report = world.run(NEXT)
    assert (report.exit, fate(report)) == (Exit.HELD, Fate.HELD)
    assert len(world.installation(NEXT).store.ledger.holds()) == 1


def test_a_full_delivery_may_skip_numbers(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS), number=900)
    assert world.run(NEXT).exit == Exit.DONE


def test_mutations_change_add_and_remove_records_and_leave_the_others(world: World) -> None:
    mutations = [lifted(1), removed(2), record(DECISIONS, 21), record(DECISIONS, 3, {"adres.huisnummer": "3A"})]
    world.deliver(DECISIONS, NEXT, mutations, kind="mutaties")
    report = world.run(NEXT)
    assert (report.exit, fate(report)) == (Exit.DONE, Fate.ACCEPTED)
    assert world.public(DECISIONS, NEXT) == houses(21, 1, 2, 3, 20) | {"3A"}


def test_of_two_mutations_of_one_record_the_last_one_counts(world: World) -> None:
    again = [removed(1), record(DECISIONS, 1), record(DECISIONS, 2, {"adres.huisnummer": "2A"}), removed(2)]
    world.deliver(DECISIONS, NEXT, again, kind="mutaties")
    assert world.run(NEXT).exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == houses(19, 2)


def test_a_mutation_that_is_kept_out_takes_away_what_was_there(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [record(DECISIONS, 3, {"adres.huisnummer": "85073003328"})], kind="mutaties")
    report = world.run(NEXT)
    assert report.exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == houses(19, 3)


def test_mutations_without_a_full_delivery_before_them_are_refused(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.deliver(DECISIONS, DAY, [record(DECISIONS, 1)], kind="mutaties", number=1)
    report = world.run(DAY)
    assert (report.exit, fate(report), report.release) == (Exit.FAILED, Fate.REFUSED, None)


def test_mutations_after_a_refused_delivery_are_refused_until_that_one_comes_right(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [b"{"], kind="mutaties")
    world.deliver(DECISIONS, LATER, [lifted(2)], kind="mutaties")
    assert world.run(NEXT).exit == Exit.FAILED
    report = world.run(LATER)
    assert [outcome.fate for outcome in report.outcomes if outcome.dataset == DECISIONS] == [Fate.REFUSED, Fate.REFUSED]
    assert world.public(DECISIONS, LATER) == houses(19)

    world.deliver(DECISIONS, NEXT, [lifted(1)], kind="mutaties")
    report = world.run(LATER)
    assert [outcome.fate for outcome in report.outcomes if outcome.dataset == DECISIONS] == [Fate.ACCEPTED, Fate.ACCEPTED]
    assert world.public(DECISIONS, LATER) == houses(19, 1, 2)


def test_mutations_after_a_refused_delivery_are_refused_until_a_full_one_comes(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [b"{"], kind="mutaties")
    world.deliver(DECISIONS, LATER, [lifted(2)], kind="mutaties")
    world.deliver(DECISIONS, LATEST, register(DECISIONS, lifted(5)))
    world.run(NEXT)
    world.run(LATER)
    report = world.run(LATEST)
    assert fate(report) is Fate.ACCEPTED
    assert world.public(DECISIONS, LATEST) == houses(19, 5)


@pytest.fixture
def queued(world: World) -> World:
    """An empty full delivery is held; mutations wait behind it."""
    world.deliver(DECISIONS, NEXT, [record(DECISIONS, number) for number in range(1, 11)])
    world.deliver(DECISIONS, LATER, [lifted(1), removed(2), record(DECISIONS, 22)], kind="mutaties")
    assert world.run(NEXT).exit == Exit.HELD
    report = world.run(LATER)
    assert (report.exit, fate(report)) == (Exit.HELD, Fate.QUEUED)
    return world


def test_mutations_queue_behind_a_held_delivery_while_what_they_end_goes_at_once(queued: World) -> None:
    assert queued.public(DECISIONS, LATER) == houses(19, 1, 2)


def test_approval_takes_the_held_delivery_and_then_its_queue(queued: World) -> None:
    report = decisions.approve(queued.installation(LATER), held(queued), LATER)
    assert report.exit == Exit.DONE
    assert [outcome.fate for outcome in report.outcomes] == [Fate.ACCEPTED, Fate.ACCEPTED]
    assert queued.public(DECISIONS, LATER) == houses(10, 1, 2) | {"22"}


def test_a_queued_delivery_comes_before_the_gate_like_any_other(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [record(DECISIONS, number) for number in range(1, 11)])
    world.deliver(DECISIONS, LATER, [record(DECISIONS, number) for number in range(31, 41)], kind="mutaties")
    world.deliver(DECISIONS, LATEST, [lifted(3)], kind="mutaties")
    world.run(LATEST)
    report = decisions.approve(world.installation(LATEST), held(world), LATEST)
    assert [(outcome.fate, outcome.reasons) for outcome in report.outcomes] == [
        (Fate.ACCEPTED, ()),
        (Fate.HELD, ("count.more:publishable",)),
        (Fate.QUEUED, ()),
    ]
    assert report.exit == Exit.HELD
    assert world.public(DECISIONS, LATEST) == houses(10, 3)
    assert len(world.installation(LATEST).store.ledger.queued(DECISIONS)) == 1


def test_rejection_takes_the_queue_with_it(queued: World) -> None:
    number = held(queued)
    report = decisions.reject(queued.installation(LATER), number, LATER)
    ledger = queued.installation(LATER).store.ledger
    assert (ledger.delivery(number).state, ledger.queued(DECISIONS)) == (State.REJECTED, ())
    assert report.exit == Exit.DONE
    assert queued.public(DECISIONS, LATER) == houses(19, 1, 2)


def test_a_rejected_delivery_is_never_taken_in_by_catching_up(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 3, {"nieuw": 1})))
    world.run(NEXT)
    decisions.reject(world.installation(NEXT), held(world), NEXT)
    report = world.run(LATER)
    assert [outcome.fate for outcome in report.outcomes if outcome.dataset == DECISIONS] == [Fate.DONE, Fate.ABSENT]
    assert world.installation(LATER).store.ledger.holds() == ()


# What a person decides


def test_a_held_delivery_is_kept_as_a_reference_and_not_as_its_content(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.run(NEXT)
    entry = world.installation(NEXT).store.ledger.delivery(held(world))
    assert entry.reference is not None
    assert entry.reference.startswith(f"folder:{NEXT}/{DECISIONS}#")
    assert str(world.folder) not in entry.reference
    assert {path.name for path in world.home.iterdir()} <= {
        "state.sqlite",
        "state.sqlite-wal",
        "state.sqlite-shm",
        "state.sqlite.job.lock",
        "releases",
        "spool",
    }


def test_a_held_delivery_that_has_changed_since_cannot_be_approved(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.run(NEXT)
    world.deliver(DECISIONS, NEXT, register(DECISIONS))
    with pytest.raises(EtlError, match="the delivery that was kept is gone"):
        decisions.approve(world.installation(NEXT), held(world), NEXT)
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_approval_publishes_additions_and_unexplained_removals(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [record(DECISIONS, 1), record(DECISIONS, 2, {"nieuw": 1}), record(DECISIONS, 21)])
    world.run(NEXT)
    report = decisions.approve(world.installation(NEXT), held(world), NEXT)
    assert report.exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == {"1", "2", "21"}
    assert world.release().states(NEXT)[DECISIONS] is DatasetState.CURRENT


def test_only_what_is_held_can_be_approved(world: World) -> None:
    accepted = world.installation(NEXT).store.ledger.last_accepted(DECISIONS)
    assert accepted is not None
    with pytest.raises(EtlError, match="accepted, not held"):
        decisions.approve(world.installation(NEXT), accepted.id, NEXT)


def test_a_full_delivery_that_is_accepted_makes_older_held_ones_void(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.deliver(DECISIONS, LATER, register(DECISIONS))
    world.run(NEXT)
    assert world.run(LATER).exit == Exit.DONE
    assert world.installation(LATER).store.ledger.holds() == ()


def test_the_status_says_that_a_delivery_is_held(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.run(NEXT)
    assert world.release().states(NEXT)[DECISIONS] is DatasetState.HELD


def test_a_dataset_that_a_person_withdrew_answers_withdrawn_and_comes_back(world: World) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    with pytest.raises(Withdrawn, match="ingetrokken door de beheerder"):
        world.public(DECISIONS, DAY)
    with pytest.raises(Withdrawn):
        world.release().select(Query("POI:POI"), DAY)
    assert world.public(ATTESTS, DAY) == houses(20)
    assert world.run(DAY).exit == Exit.DONE
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)
    decisions.restore(world.installation(DAY), DECISIONS, DAY)
    assert world.public(DECISIONS, DAY) == houses(20)


# No delivery, the first run, too old, catching up


def test_a_day_without_delivery_evaluates_yesterdays_register_and_says_how_old_it_is(world: World) -> None:
    report = world.run(NEXT)
    assert report.exit == Exit.DONE
    assert {outcome.fate for outcome in report.outcomes} == {Fate.ABSENT}
    assert f"{NEXT}/{DECISIONS}/levering.json does not exist" in reasons(report)[0]
    assert world.public(DECISIONS, NEXT) == houses(19)
    assert {entry.dataset: entry.peildatum for entry in world.release().freshness}[DECISIONS] == DAY


def test_the_very_first_run_without_delivery_fails_and_names_the_place(tmp_path: Path) -> None:
    world = World(tmp_path)
    report = world.run(DAY)
    assert (report.exit, report.release) == (Exit.FAILED, None)
    assert str(world.deliveries / DAY.isoformat() / DECISIONS / "levering.json") in reasons(report)[0]
    assert not (world.home / "releases" / "current.json").exists()


def test_what_was_never_delivered_is_withdrawn_and_not_empty(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.deliver(DECISIONS, DAY, register(DECISIONS))
    assert world.run(DAY).exit == Exit.FAILED
    assert world.public(DECISIONS, DAY) == houses(20)
    with pytest.raises(Withdrawn, match="nog niet geleverd"):
        world.public(ATTESTS, DAY)


@pytest.mark.parametrize(("dataset", "days"), [(DECISIONS, 3), (CLAIMS, 3), (ATTESTS, 7), (PARAMETERS, 62)])
def test_a_dataset_without_an_accepted_delivery_for_too_long_is_withdrawn(world: World, dataset: str, days: int) -> None:
    last = DAY + timedelta(days=days)
    assert world.rows(dataset, last)
    with pytest.raises(Withdrawn, match=f"laatste aanvaarde levering is van {DAY}, te oud"):
        world.rows(dataset, last + timedelta(days=1))


def test_after_how_many_days_a_dataset_is_withdrawn_is_a_setting(world: World) -> None:
    world = World(world.folder, settings={"withdraw_after_days": {DECISIONS: 1}})
    world.run(NEXT)
    assert world.public(DECISIONS, NEXT) == houses(19)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, LATER)


def test_a_held_delivery_does_not_make_a_dataset_younger(world: World) -> None:
    for day in (NEXT, LATER, LATEST, LATEST + timedelta(days=1)):
        world.deliver(DECISIONS, day, [])
        world.run(day)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY + timedelta(days=4))


def test_missed_days_are_caught_up_in_order(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [lifted(1), record(DECISIONS, 21)], kind="mutaties")
    world.deliver(DECISIONS, LATER, [removed(21)], kind="mutaties")
    world.deliver(DECISIONS, LATEST, [lifted(2)], kind="mutaties")
    report = world.run(LATEST)
    assert report.exit == Exit.DONE
    assert [outcome.fate for outcome in report.outcomes if outcome.dataset == DECISIONS] == [Fate.ACCEPTED] * 3
    assert world.public(DECISIONS, LATEST) == houses(19, 1, 2)


def test_catching_up_stops_for_nobody_when_one_day_is_held(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.deliver(DECISIONS, LATER, register(DECISIONS, lifted(2)))
    report = world.run(LATER)
    assert [outcome.fate for outcome in report.outcomes if outcome.dataset == DECISIONS] == [Fate.HELD, Fate.ACCEPTED]
    assert world.public(DECISIONS, LATER) == houses(19, 2)


def test_a_disk_that_fails_half_way_leaves_the_register_and_fails_the_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from etl.errors import SourceError
    from etl.sources.folder import FolderDelivery

    whole = FolderDelivery.records

    def fail(delivery: FolderDelivery) -> Iterator[tuple[int, object]]:
        for number, document in whole(delivery):
            if number == 15:
                raise SourceError("besluiten.jsonl cannot be read: Input/output error")
            yield number, document

    world.deliver(DECISIONS, NEXT, register(DECISIONS, lifted(1)))
    with monkeypatch.context() as patch:
        patch.setattr(FolderDelivery, "records", fail)
        report = world.run(NEXT)
    assert (report.exit, fate(report)) == (Exit.FAILED, Fate.ABSENT)
    assert world.public(DECISIONS, NEXT) == houses(19)
    assert world.run(NEXT).exit == Exit.DONE
    assert world.public(DECISIONS, NEXT) == houses(19, 1)
