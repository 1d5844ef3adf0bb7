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
_turn: RunVar[CapacityLimiter] = RunVar("vlok-turn")


async def in_thread(make: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
    """Run in a thread, when one is free."""
    return await to_thread.run_sync(partial(make, *given, **named), limiter=_of_this_loop(_limiter, THREADS))


async def in_turn(make: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
    """The same for what takes long: one at a time in a worker, so that others always find a thread."""
    async with _of_this_loop(_turn, 1):
        return await in_thread(make, *given, **named)


def _of_this_loop(kept: RunVar[CapacityLimiter], most: int) -> CapacityLimiter:
    try:
        return kept.get()
    except LookupError:
        limiter = CapacityLimiter(most)
        kept.set(limiter)
        return limiter
