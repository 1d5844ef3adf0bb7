"""Locks: one job at a time, and a crash releases."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event

import pytest

from etl.errors import JobRunning
from etl.store import Store

FORK = multiprocessing.get_context("fork")


def hold(url: str, held: Event) -> None:
    with Store(url).lock("daily"):
        held.set()
        signal.pause()


def test_a_second_holder_is_excluded_until_the_first_is_done(store: Store, url: str) -> None:
    other = Store(url)
    with store.lock("daily"):
        with pytest.raises(JobRunning, match="'daily'"), other.lock("daily"):
            pytest.fail("two hold the lock")
        with other.lock("monthly"):
            pass
    with other.lock("daily"):
        pass
    other.close()


def test_an_error_of_the_holder_releases_the_lock_and_is_its_own(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("daily"):
        raise ZeroDivisionError
    with store.lock("daily"):
        pass


def test_another_process_is_excluded_and_its_death_releases_the_lock(store: Store, url: str) -> None:
    held = FORK.Event()
    other = FORK.Process(target=hold, args=(url, held))
    other.start()
    assert other.pid is not None and held.wait(60)
    with pytest.raises(JobRunning), store.lock("daily"):
        pytest.fail("two hold the lock")
    os.kill(other.pid, signal.SIGKILL)
    other.join(60)
    for _ in range(1200):  # the server notices the end of a connection in its own time
        try:
            with store.lock("daily"):
                return
        except JobRunning:
            signal.sigtimedwait([], 0.05)
    pytest.fail("the lock of a dead process is still held")
