"""How much work a piece of code does, told without a clock: a machine that is busy, or collects garbage, makes no test fail."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import pytest

PATIENCE = 60.0
"""Seconds for what takes a hundredth of one: only work that has no end, or grows with the square of its input, takes longer."""


@dataclass
class Effort:
    """Calls of functions, in Python and in C, that this thread has made."""

    calls: int = 0


@contextmanager
def effort() -> Iterator[Effort]:
    """Counts the calls in its block, which must end (`patience`)."""
    made = Effort()

    def count(frame: FrameType, event: str, argument: object) -> None:
        made.calls += event in ("call", "c_call")

    collecting = gc.isenabled()
    gc.disable()  # the finalizers of what other tests left are no work of this one
    with patience():
        sys.setprofile(count)
        try:
            yield made
        finally:
            sys.setprofile(None)
            if collecting:
                gc.enable()


@contextmanager
def patience(seconds: float = PATIENCE) -> Iterator[None]:
    """Its block must end: after so long the test fails, or when what was called in C comes back."""

    def give_up(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"no end within {seconds:.0f} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
