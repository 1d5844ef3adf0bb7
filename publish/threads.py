"""The threads in which answers are made: few, since more of them only hold more memory (the interpreter runs one at a time)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

Given = ParamSpec("Given")
Made = TypeVar("Made")

THREADS = 4
"""Requests, and pieces of answers, that are made at the same time in a worker."""

_limiter: RunVar[CapacityLimiter] = RunVar("vlok-wfs-threads")


async def in_thread(make: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
    """Run in a thread, when one is free."""
    return await to_thread.run_sync(partial(make, *given, **named), limiter=_of_this_loop())


def _of_this_loop() -> CapacityLimiter:
    try:
        return _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(THREADS)
        _limiter.set(limiter)
        return limiter
