"""Questions put to a sealed release: in this process, or in several that each open it."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from release.reader import Release
from schedules.parity import comparison
from schedules.parity.channels import Place
from schedules.parity.comparison import Digests, Places, Question
from schedules.parity.known import Library, library
from schedules.parity.served import Site, served

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Asking:
    """Puts questions, and gives the answers in their order. `places` is null where other processes answer."""

    places: Places | None
    pool: ProcessPoolExecutor | None = None

    def digests(self, asked: Sequence[Question]) -> Iterator[Digests | str]:
        """What each gave, or in words why it gave nothing."""
        return self._each(comparison.digests, asked)

    def differences(self, asked: Sequence[Question]) -> Iterator[str]:
        """In words how each differs from the sealed table."""
        return self._each(comparison.difference, asked)

    def _each(self, put: Callable[[Places, Question], Answer], asked: Sequence[Question]) -> Iterator[Answer]:
        if self.pool is not None:
            return self.pool.map(_in_worker, [(put, question) for question in asked])
        assert self.places is not None
        places = self.places
        return (put(places, question) for question in asked)


@contextmanager
def asking(release: Release, site: Site, workers: int) -> Iterator[Asking]:
    """One worker is this process, over the release as it is open."""
    with library(release) as made:
        if workers > 1:
            arguments = (release.folder, site, release.days, made)
            with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _open, arguments) as pool:
                yield Asking(None, pool)
        else:
            with opened(release, site, release.days, made) as places:
                yield Asking(places)


@contextmanager
def opened(release: Release, site: Site, days: Sequence[date], made: Library | None = None) -> Iterator[Places]:
    """The application over a release on each of these days."""
    with ExitStack() as stack:
        yield {day: Place(release, day, stack.enter_context(served(release, day, site)), made) for day in days}


_worker = ExitStack()
_places: dict[date, Place] = {}


def _open(folder: Path, site: Site, days: Sequence[date], made: Library) -> None:
    """Of a process that does nothing else: open once what all its questions are about."""
    gc.freeze()  # what is imported stays: it need not be looked through for cycles while rows are read
    _places.update(_worker.enter_context(opened(Release.open(folder), site, days, made)))


def _in_worker(asked: tuple[Callable[[Places, Question], Answer], Question]) -> Answer:
    put, question = asked
    return put(_places, question)
