"""A value is made once, whoever asks."""

from __future__ import annotations

import threading
import time

import pytest

from release.once import Once


def test_threads_that_ask_together_get_one_value() -> None:
    once: Once[str, object] = Once()
    made: list[object] = []

    def make() -> object:
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(once.get("a", make))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert got == made * 16


def test_what_failed_is_tried_again() -> None:
    once: Once[int, str] = Once()

    def fail() -> str:
        raise OSError

    with pytest.raises(OSError):
        once.get(1, fail)
    assert [once.get(1, lambda: "made"), once.get(1, fail), once.get(2, lambda: "another")] == ["made", "made", "another"]


def test_one_value_may_need_another() -> None:
    once: Once[int, int] = Once()
    assert once.get(1, lambda: 1 + once.get(2, lambda: 2)) == 3
