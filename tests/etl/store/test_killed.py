"""Killing at any point leaves the old state or the new, never a mix."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event

from etl.delivery import Kind
from etl.register import RegisterEntry
from etl.store import Gone, Intake, Store
from tests.etl.store.samples import DATASET, DAY, TODAY, accepted, digest, intake, line, register
from tests.etl.store.test_ledger import TALLIES

FORK = multiprocessing.get_context("fork")
OLD = [line(number, HUISNR="old") for number in range(200)]
NEW = [
    Gone(digest(0)),
    *(line(number, HUISNR="new", until=TODAY + 3) for number in range(1, 150)),
    *(line(number) for number in range(200, 250)),
]

ACTS: dict[str, Callable[[Store, Intake], object]] = {
    "full": Store.accept,
    "mutations": Store.accept,
    "held": Store.hold,
    "refused": Store.refuse,
}


def new_intake(act: str) -> Intake:
    return intake(2, Kind.MUTATIONS if act == "mutations" else Kind.FULL, findings=TALLIES)


def conclude_and_die(url: str, act: str, statements: int) -> None:
    """Die by SIGKILL right after this many statements; exit 0 when there were fewer."""
    store, seen = Store(url), [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == statements:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store._database.engine, "after_cursor_execute", count)
    event.listen(store._database.engine, "commit", count)
    ACTS[act](store, new_intake(act))
    os._exit(0)


def stage_and_die(url: str) -> None:
    def dying() -> Iterator[list[RegisterEntry]]:
        yield OLD
        os.kill(os.getpid(), signal.SIGKILL)

    Store(url).stage(DATASET, dying())


def seen(store: Store) -> tuple[object, ...]:
    """What there is to see of the state."""
    last = store.ledger.last(DATASET)
    assert last is not None
    findings = tuple(store.ledger.findings(last.id)) if last.number == 2 else ()
    return register(store), last.number, findings, store.staged_count(DATASET, DAY).entries


def prepare(url: str) -> Store:
    store = Store.open(url)
    accepted(store, 1, OLD)
    store.stage(DATASET, [NEW])
    return store


@pytest.mark.parametrize("act", ACTS)
def test_a_job_killed_after_any_statement_leaves_the_old_state_or_the_new(url: str, act: str) -> None:
    store = prepare(url)
    old, died = seen(store), 0
    for statements in range(1, 40):
        store.close()
        other = FORK.Process(target=conclude_and_die, args=(url, act, statements))
        other.start()
        other.join(120)
        if other.exitcode == 0:
            break
        assert other.exitcode == -signal.SIGKILL
        assert seen(store) == old
        died += 1
    assert died >= (4 if act == "refused" else 5)
    new = seen(store)
    assert new != old and new[3] == 0
    store.close()


def test_a_job_killed_while_staging_leaves_the_register_and_what_was_staged(url: str) -> None:
    store = prepare(url)
    old = seen(store)
    store.close()
    other = FORK.Process(target=stage_and_die, args=(url,))
    other.start()
    other.join(120)
    assert other.exitcode == -signal.SIGKILL
    assert seen(store) == old
    store.close()
