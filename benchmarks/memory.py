"""Memory of processes, from outside: what they hold alone, and what of mapped files is in memory because of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import MemoryFigures

_PAUSE = 0.1
_FIELDS = ("Rss:", "Pss:", "Anonymous:")


def of(pid: int) -> MemoryFigures:
    """A process at this moment (proc_pid_smaps_rollup(5)); raises `OSError` when it has ended."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    held = {name: int(value.split()[0]) * 1024 for name, value in (line.split(None, 1) for line in lines) if name in _FIELDS}
    return MemoryFigures(resident=held["Rss:"], proportional=held["Pss:"], anonymous=held["Anonymous:"])


def largest(pids: Sequence[int]) -> MemoryFigures:
    """The most that any of these processes holds, measure by measure."""
    return _most([of(pid) for pid in pids])


@contextmanager
def watched(pids: Sequence[int]) -> Iterator[list[MemoryFigures]]:
    """After the context, the only item of the list is the most that any of the processes held meanwhile."""
    seen, done, result = [largest(pids)], threading.Event(), list[MemoryFigures]()

    def look() -> None:
        while not done.is_set():
            seen.append(largest(pids))
            time.sleep(_PAUSE)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield result
    finally:
        done.set()
        watcher.join()
    result.append(_most(seen))


def _most(seen: Sequence[MemoryFigures]) -> MemoryFigures:
    return MemoryFigures(
        resident=max(held.resident for held in seen),
        proportional=max(held.proportional for held in seen),
        anonymous=max(held.anonymous for held in seen),
    )
