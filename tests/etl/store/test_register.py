"""The register: compared with a delivery, taken over, narrowed, read, forgotten."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import numpy as np
import pytest

from etl.delivery import Kind
from etl.register import RegisterEntry
from etl.store import Comparison, Count, Gone, Store
from release.table import OPEN_END
from tests.etl.store.samples import DATASET, DAY, TODAY, accepted, digest, intake, keys, line, never, register


def test_an_entry_comes_back_as_it_went_in(store: Store) -> None:
    rules = ({"SOORT": "kamerreglement", "JAAR": 3, "BEDRAG": 12.5, "JA": True, "TOT": None}, {"SOORT": "reglement"})
    entry = RegisterEntry(
        b"\x00" * 16, 2**48 - 1, b"\xff" + b"\x00" * 15, -1, -5, OPEN_END, (22_000.01, 244_027.25), {"É": "ß", "rules": rules}
    )
    bare = RegisterEntry(digest("b"), 0, digest("c"), 2**53, 20_000, 30_000, None, {})
    accepted(store, 1, [entry, bare])
    assert register(store) == {entry.key: entry, bare.key: bare}


def test_a_batch_has_its_columns_ready_for_arrays(store: Store) -> None:
    accepted(store, 1, [line("a", dwelling=7, until=TODAY)])
    (batch,) = store.entries(DATASET)
    assert (batch.oidns.dtype, batch.changed.dtype, batch.start.dtype, batch.until.dtype) == (np.int64, np.int64, np.int32, np.int32)
    assert batch.positions.tolist() == [[104_000.25, 194_000.5]]
    assert list(batch.values) == [b'{"HUISNR":"1","STRAAT":"Kerkstraat"}']
    assert repr(batch) == "RegisterBatch(lines=1)"


def test_a_register_without_entries_has_no_batches(store: Store) -> None:
    assert list(store.entries(DATASET)) == []


def test_a_full_delivery_becomes_the_register_of_its_dataset_alone(store: Store) -> None:
    accepted(store, 1, [line("z")], dataset="besluiten")
    accepted(store, 1, [line("a"), line("b", HUISNR="1"), line("c")])
    accepted(store, 2, [line("b", HUISNR="2"), line("c"), line("d"), never("e"), Gone(digest("a"))])
    assert keys(store) == {digest(key) for key in "bcd"}
    assert register(store)[digest("b")].values["HUISNR"] == "2"
    assert keys(store, "besluiten") == {digest("z")}


@pytest.mark.parametrize("changed", [{"start": TODAY - 1}, {"until": TODAY + 1}, {"dwelling": 9}, {"HUISNR": "2"}])
def test_whatever_changes_in_a_record_is_taken_over(store: Store, changed: dict[str, int]) -> None:
    accepted(store, 1, [line("a")])
    accepted(store, 2, [line("a", **changed)])
    assert register(store) == {digest("a"): line("a", **changed)}


def test_a_position_that_comes_or_goes_is_taken_over(store: Store) -> None:
    with_position = line("a")
    without = RegisterEntry(*(None if name == "position" else getattr(with_position, name) for name in RegisterEntry.__slots__))
    for number, entry in enumerate((with_position, without, with_position)):
        accepted(store, number, [entry])
        assert register(store) == {digest("a"): entry}


def test_mutations_change_remove_and_keep_out_and_leave_the_rest(store: Store) -> None:
    accepted(store, 1, [line(key) for key in "abcdef"])
    mutations = [line("a", HUISNR="9"), Gone(digest("b")), never("c"), line("d", until=TODAY - 1), line("g"), Gone(digest("unknown"))]
    accepted(store, 2, mutations, Kind.MUTATIONS)
    assert keys(store) == {digest(key) for key in "aefg"}
    assert register(store)[digest("a")].values["HUISNR"] == "9"


def test_what_ended_before_the_day_of_the_delivery_is_not_kept(store: Store) -> None:
    accepted(store, 1, [line("a", until=TODAY - 1), line("b", until=TODAY)])
    assert keys(store) == {digest("b")}


def test_a_peildatum_in_the_future_forgets_nothing_that_is_public_today(store: Store) -> None:
    accepted(store, 1, [line("a", until=TODAY)])
    store.stage(DATASET, [[line("a", until=TODAY)]])
    store.hold(intake(2, day=DAY + timedelta(days=3650)))
    assert keys(store) == {digest("a")}


def test_staging_is_empty_after_every_end_of_an_intake(store: Store) -> None:
    for number, conclude in enumerate((store.accept, store.hold, store.queue, store.refuse)):
        store.stage(DATASET, [[line("a")]])
        conclude(intake(number))
        assert store.staged_count(DATASET, DAY).entries == 0


# What the gate asks.


def test_an_object_is_lost_with_a_stated_reason_when_all_its_records_have_ended(store: Store) -> None:
    accepted(store, 1, [line("a", 1), line("b", 2), line("c", 2), line("d", 3), line("e", 4)])
    store.stage(DATASET, [[line("a", 1, until=TODAY - 1), line("b", 2, until=TODAY - 1), line("c", 2), Gone(digest("d")), never("e")]])
    assert store.compare(DATASET, Kind.FULL, DAY) == Comparison(before=4, gained=0, stated=3, unexplained=0)


def test_an_object_is_lost_without_explanation_when_one_of_its_records_just_stops_coming(store: Store) -> None:
    accepted(store, 1, [line("a", 1), line("b", 2), line("c", 2), line("d", 3), line("e", 3)])
    store.stage(DATASET, [[line("b", 2, until=TODAY - 1), line("d", 3)]])
    assert store.compare(DATASET, Kind.FULL, DAY) == Comparison(before=3, gained=0, stated=0, unexplained=2)


def test_mutations_lose_nothing_by_silence(store: Store) -> None:
    accepted(store, 1, [line("a", 1), line("b", 2), line("c", 2), line("d", 3)])
    store.stage(DATASET, [[Gone(digest("a")), Gone(digest("b")), line("e", 5)]])
    assert store.compare(DATASET, Kind.MUTATIONS, DAY) == Comparison(before=3, gained=1, stated=1, unexplained=0)


def test_a_record_that_moves_to_another_dwelling_is_a_loss_without_explanation_and_a_gain(store: Store) -> None:
    accepted(store, 1, [line("a", 1)])
    store.stage(DATASET, [[line("a", 2)]])
    for kind in Kind:
        assert store.compare(DATASET, kind, DAY) == Comparison(before=1, gained=1, stated=0, unexplained=1)


def test_only_what_is_public_on_the_day_is_lost_or_gained(store: Store) -> None:
    accepted(store, 1, [line("a", 1, start=TODAY + 1), line("b", 2, until=TODAY)])
    store.stage(DATASET, [[line("c", 3, start=TODAY + 1), line("d", 4)]])
    assert store.compare(DATASET, Kind.FULL, DAY) == Comparison(before=1, gained=1, stated=0, unexplained=1)
    assert store.compare(DATASET, Kind.FULL, DAY + timedelta(days=1)) == Comparison(before=1, gained=2, stated=0, unexplained=1)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_comparison_foretells_the_count(store: Store, kind: Kind) -> None:
    chance = Random(5)

    def some(numbers: range) -> list[RegisterEntry]:
        return [line(key, chance.randrange(60), until=TODAY + chance.randrange(-1, 3)) for key in numbers]

    accepted(store, 1, some(range(100)))
    store.stage(DATASET, [[*some(range(50, 110)), *(Gone(digest(key)) for key in range(30, 50))]])
    foretold = store.compare(DATASET, kind, DAY)
    assert foretold.before == store.count(DATASET, DAY).objects
    assert foretold.gained > 0 and foretold.stated > 0 and foretold.unexplained > 0
    store.accept(intake(2, kind))
    assert store.count(DATASET, DAY).objects == foretold.after


# What a delivery that waits does at once.


def test_a_held_delivery_ends_what_it_says_has_ended_and_adds_nothing(store: Store) -> None:
    accepted(store, 1, [line(key) for key in "abcdef"])
    held = [line("a", until=TODAY - 1), line("b", until=TODAY + 5), line("c", until=TODAY + 500), Gone(digest("d")), never("e"), line("g")]
    store.stage(DATASET, [held])
    store.hold(intake(2))
    assert {key: entry.until for key, entry in register(store).items()} == {
        digest("b"): TODAY + 5,
        digest("c"): TODAY + 100,
        digest("f"): TODAY + 100,
    }


def test_what_a_held_delivery_would_lose_with_a_stated_reason_is_exactly_what_goes_at_once(store: Store) -> None:
    accepted(store, 1, [line(key, key % 30) for key in range(60)])
    store.stage(DATASET, [[*(line(key, key % 30, until=TODAY - key % 2) for key in range(40)), Gone(digest(41))]])
    foretold = store.compare(DATASET, Kind.FULL, DAY)
    assert foretold.stated > 0 and foretold.unexplained > 0
    store.hold(intake(2))
    assert store.count(DATASET, DAY).objects == foretold.before - foretold.stated


def test_holding_the_same_delivery_twice_is_the_same_as_once(store: Store) -> None:
    accepted(store, 1, [line("a"), line("b")])
    identifiers = set()
    for _ in range(2):
        store.stage(DATASET, [[line("a", until=TODAY + 3)]])
        identifiers.add(store.hold(intake(2)))
    assert register(store)[digest("a")].until == TODAY + 3
    assert keys(store) == {digest("a"), digest("b")}
    assert len(identifiers) == 1


def test_a_refused_delivery_does_nothing(store: Store) -> None:
    accepted(store, 1, [line("a")])
    store.stage(DATASET, [[Gone(digest("a"))]])
    store.refuse(intake(2))
    assert keys(store) == {digest("a")}


# Reading and forgetting.


def test_the_subjects_that_are_current_come_with_their_latest_start(store: Store) -> None:
    lines = [line("a", 1, start=TODAY - 9), line("b", 1, start=TODAY - 5), line("c", 1, start=TODAY + 1), line("d", 2, start=TODAY + 1)]
    accepted(store, 1, lines)
    assert store.subjects_current(DATASET, DAY) == {digest("dwelling 1"): TODAY - 5}


def test_what_ended_before_a_day_is_forgotten_and_so_is_what_a_killed_run_left(store: Store) -> None:
    accepted(store, 1, [line("a", until=TODAY), line("b", until=TODAY + 1)])
    store.stage(DATASET, [[line("c")]])
    store.forget(DATASET, DAY + timedelta(days=1))
    assert keys(store) == {digest("b")}
    assert store.staged_count(DATASET, DAY) == Count(0, 0)
