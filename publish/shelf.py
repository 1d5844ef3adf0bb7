"""The release that is current now, for the day that it is now in Brussels."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from release.errors import BrokenRelease, ReleaseGone
from release.pointer import OVERLAP, Pointer
from release.query import Query
from release.reader import Release, Rows

BRUSSELS = ZoneInfo("Europe/Brussels")
LONGEST_CACHE = 300
"""Seconds for which an answer may be kept, at most (DESIGN: the flow)."""


@dataclass(frozen=True)
class View:
    """One release seen on one day: what a request is answered from, from its first byte to its last."""

    release: Release
    day: date
    seconds_left: int  # to midnight in Brussels

    @property
    def etag_base(self) -> str:
        """Content id and day, to which an encoding is added (DESIGN: the flow).

        And what the content does not tell: of when the sentences say that it is, and what is withdrawn.
        """
        edition = self.release.latest_edition(self.day)
        told = _told(tuple(entry.state for entry in edition.products.values()), self.release.withdrawn(self.day))
        return f"{edition.content_id[:32]}-{self.day}-{told}"

    @property
    def cache_control(self) -> str:
        """`public, max-age=…, must-revalidate`: never past midnight."""
        return f"public, max-age={min(LONGEST_CACHE, self.seconds_left)}, must-revalidate"

    @property
    def token(self) -> str:
        """What a `next` link carries: content id and day, of which the rows and their order follow. The seal is never sent out."""
        return f"{self.release.content_id(self.day)[:16]}.{self.day:%Y%m%d}"


@dataclass(frozen=True)
class Edition:
    """What a page is read from: `view`, and for those who follow a `next` link the sealed release that it was made from."""

    view: View
    sealed: View | None = None

    def lawful(self, query: Query) -> tuple[Rows, NDArray[np.intp]]:
        """Of the sealed release every row that fits, and the places among them of those whose object is public now too.

        Raises `QueryError`, and `Withdrawn` as of now.
        """
        sealed, now, name = self.sealed or self.view, self.view, query.feature_type
        rows = sealed.release.select(replace(query, start=0, count=None), sealed.day).rows
        table = sealed.release.table(name)
        now.release.require_public(table.feature_type, query.predicate, now.day)
        return rows, np.flatnonzero(now.release.table(name).holds(table.table.ids[rows], now.day))


@lru_cache(maxsize=8)  # every answer asks
def _told(states: tuple[date, ...], withdrawn: tuple[str, ...]) -> str:
    text = " ".join([*(state.isoformat() for state in states), *withdrawn])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class _Day:
    """A day in Brussels, and when it begins and ends; worked out once, because every request asks."""

    date: date
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, now: datetime) -> _Day:
        day = now.astimezone(BRUSSELS).date()
        begins, ends = (datetime.combine(each, time.min, BRUSSELS).astimezone(UTC) for each in (day, day + timedelta(days=1)))
        return cls(day, begins, ends)


class Shelf:
    """Opens the current release, and opens it anew when the pointer has moved.

    The release and the day before stay readable for `overlap` to those who follow `next` links (DESIGN decision 5).
    """

    def __init__(self, root: Path, clock: Callable[[], datetime], release: Release | None = None, overlap: timedelta = OVERLAP) -> None:
        """`clock` gives an aware time; `release` fixes one release (the proof of a candidate)."""
        self._pointer, self._clock, self._fixed, self.overlap = Pointer(root), clock, release, overlap
        self._place = str(self._pointer.path)  # it is looked at for every request
        self._day = _Day.of(clock())
        self._open: tuple[tuple[int, int], Release] | None = None
        self._before: tuple[str, Release] | None = None

    def view(self) -> View:
        """The release and the day, never earlier than the day it was sealed for; raises `NoRelease`, `BrokenRelease`."""
        now = self._clock()
        release = self._fixed or self._current()
        day = self._day_of(now)
        return View(release, max(day.date, release.days[0]), max(0, int((day.ends - now).total_seconds())))

    def _day_of(self, now: datetime) -> _Day:
        day = self._day
        if not day.begins <= now < day.ends:
            day = self._day = _Day.of(now)
        return day

    def edition(self, view: View, token: str | None) -> Edition:
        """The view alone, or with what the `next` link of this token was made from; raises `ReleaseGone` after the overlap."""
        if token is None or token == view.token:
            return Edition(view)
        for earlier in self._earlier(view):
            if earlier.token == token:
                return Edition(view, earlier)
        raise ReleaseGone(
            f"the pages of this answer are kept for {int(self.overlap.total_seconds()) // 60} minutes; ask for the first page again"
        )

    def _earlier(self, view: View) -> Iterator[View]:
        """The release before and the current one, today and yesterday, as far as they are sealed and still readable."""
        now = self._clock()
        days = [view.day]
        if now - self._day_of(now).begins < self.overlap:
            days.append(view.day - timedelta(days=1))
        before, moved = self._previous()
        for release in (view.release, before if now - moved < self.overlap else None):
            if release is not None:
                yield from (View(release, day, 0) for day in days if day in release.days)

    def _previous(self) -> tuple[Release | None, datetime]:
        pointed = self._pointer.read()
        if self._fixed is not None or pointed.previous is None:
            return None, pointed.moved
        if self._before is None or self._before[0] != pointed.previous:
            try:
                self._before = (pointed.previous, Release.open(self._pointer.root / pointed.previous))
            except BrokenRelease:  # swept away already
                return None, pointed.moved
        return self._before[1], pointed.moved

    def _current(self) -> Release:
        try:
            status = os.stat(self._place)
        except FileNotFoundError:
            return Release.open(self._pointer.folder())  # raises NoRelease with its remedy
        stamp = (status.st_mtime_ns, status.st_ino)
        if self._open is None or self._open[0] != stamp:
            self._open = (stamp, Release.open(self._pointer.folder()))
        return self._open[1]
