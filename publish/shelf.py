"""The release that is current now, for the day that it is now in Brussels."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from release.pointer import Pointer
from release.reader import Release

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
        """Content id and day, to which an encoding is added (DESIGN: the flow)."""
        return f"{self.release.content_id(self.day)[:32]}-{self.day}"

    @property
    def cache_control(self) -> str:
        """`public, max-age=…, must-revalidate`: never past midnight."""
        return f"public, max-age={min(LONGEST_CACHE, self.seconds_left)}, must-revalidate"


class Shelf:
    """Opens the current release, and opens it anew when the pointer has moved."""

    def __init__(self, root: Path, clock: Callable[[], datetime], release: Release | None = None) -> None:
        """`clock` gives an aware time; `release` fixes one release (the proof of a candidate)."""
        self._pointer, self._clock, self._fixed = Pointer(root), clock, release
        self._open: tuple[tuple[int, int], Release] | None = None

    def view(self) -> View:
        """The release and the day, never earlier than the day it was sealed for; raises `NoRelease`, `BrokenRelease`."""
        now = self._clock().astimezone(BRUSSELS)
        release = self._fixed or self._current()
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, BRUSSELS)
        return View(release, max(now.date(), release.days[0]), max(0, int((midnight - now).total_seconds())))

    def _current(self) -> Release:
        try:
            status = os.stat(self._pointer.path)
        except FileNotFoundError:
            return Release.open(self._pointer.folder())  # raises NoRelease with its remedy
        stamp = (status.st_mtime_ns, status.st_ino)
        if self._open is None or self._open[0] != stamp:
            self._open = (stamp, Release.open(self._pointer.folder()))
        return self._open[1]
