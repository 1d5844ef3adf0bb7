"""Which phase a program is in: phases do not overlap, an inner one interrupts the outer one."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import BaseModel, ConfigDict

END = ""
"""The phase after the last one."""


class Switch(BaseModel):
    """From this moment (seconds of the monotonic clock) and processor time on, this phase."""

    model_config = ConfigDict(frozen=True)

    at: float
    cpu: float
    phase: str


class Journal(BaseModel):
    """What a measured program says of itself; `resident` is its peak memory in bytes, mapped files counted."""

    model_config = ConfigDict(frozen=True)

    switches: tuple[Switch, ...]
    resident: int
    public: int = 0


class Timeline:
    """Notes when a phase begins; what has no phase of its own counts for `base`."""

    def __init__(self, base: str) -> None:
        """The clock runs from here."""
        self._switches = [_switch(base)]

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """In this phase for as long as the context lasts."""
        before = self._switches[-1].phase
        self._switches.append(_switch(name))
        try:
            yield
        finally:
            self._switches.append(_switch(before))

    def journal(self, public: int = 0) -> Journal:
        """Everything until now."""
        return Journal(switches=(*self._switches, _switch(END)), resident=_peak_resident(), public=public)


def _switch(phase: str) -> Switch:
    """Processor time counts the children that have ended."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return Switch(at=time.monotonic(), cpu=sum(part.ru_utime + part.ru_stime for part in used), phase=phase)


def _peak_resident() -> int:
    """`VmHWM` and not `ru_maxrss`: the latter begins with what the parent held (proc(5), getrusage(2))."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
