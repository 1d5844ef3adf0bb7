"""Staging: what a delivery says, beside the register."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etl.errors import DeliveryRefused
from etl.register import RegisterEntry
from etl.store import Count, Gone, Store
from tests.etl.store.samples import DATASET, DAY, TODAY, accepted, digest, intake, keys, line, never, register


def test_what_is_staged_is_not_yet_in_the_register(store: Store) -> None:
    store.stage(DATASET, [[line("a"), line("b")]])
    assert store.staged_count(DATASET, DAY) == Count(2, 2)
    assert store.count(DATASET, DAY) == Count(0, 0)
    assert keys(store) == set()


def test_staging_again_replaces_what_was_staged_of_that_dataset_alone(store: Store) -> None:
    store.stage("besluiten", [[line("z")]])
    store.stage(DATASET, [[line("a")], [line("b")]])
    store.stage(DATASET, [[line("c")], []])
    assert store.staged_count(DATASET, DAY).entries == 1
    assert store.staged_count("besluiten", DAY).entries == 1


def test_of_lines_with_the_same_key_the_last_one_counts(store: Store) -> None:
    store.stage(DATASET, [[line("a", HUISNR="1"), line("b"), line("a", HUISNR="2")], [Gone(digest("b")), line("a", HUISNR="3")]])
    store.accept(intake(1))
    assert [entry.values["HUISNR"] for entry in register(store).values()] == ["3"]


def test_objects_are_dwellings_and_not_records(store: Store) -> None:
    store.stage(DATASET, [[line("a", dwelling=7), line("b", dwelling=7), line("c", dwelling=8), line("d", until=TODAY - 1)]])
    assert store.staged_count(DATASET, DAY) == Count(entries=4, objects=2)


def test_what_can_never_become_public_is_counted_nowhere(store: Store) -> None:
    store.stage(DATASET, [[line("a"), never("b"), Gone(digest("c")), line("d", start=TODAY, until=TODAY - 1)]])
    assert store.staged_count(DATASET, DAY).entries == 1


def test_a_delivery_that_breaks_while_it_is_read_leaves_no_trace(store: Store) -> None:
    def broken() -> Iterator[list[RegisterEntry]]:
        yield [line("b")]
        raise DeliveryRefused("levering.truncated", "the file ends in the middle of a line")

    accepted(store, 1, [line("a")])
    with pytest.raises(DeliveryRefused):
        store.stage(DATASET, broken())
    assert store.staged_count(DATASET, DAY).entries == 0
    assert keys(store) == {digest("a")}


def test_the_register_can_be_read_while_a_delivery_is_staged(store: Store) -> None:
    accepted(store, 1, [line("a")], dataset="besluiten")

    def batches() -> Iterator[list[RegisterEntry]]:
        assert store.subjects_current("besluiten", DAY)
        yield [line("b")]

    store.stage(DATASET, batches())
    assert store.staged_count(DATASET, DAY).entries == 1


def test_staging_can_be_dropped(store: Store) -> None:
    store.stage(DATASET, [[line("a")]])
    store.drop_staging(DATASET)
    assert store.staged_count(DATASET, DAY).entries == 0
