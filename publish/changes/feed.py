"""The journal of changes as it is now: what jobs have written down, and what happened since."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from publish.shelf import Shelf, View
from release import changes, journal
from release.errors import BrokenRelease, NoRelease
from release.journal import Journal
from release.pointer import Pointed, Pointer
from release.reader import Release

_TRIES = 5
"""Looks at the files before they are taken as they are: a job may change one while another is read."""

Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class Moment:
    """A view, and the journal that goes with it."""

    view: View
    journal: Journal


@dataclass(frozen=True)
class _Found:
    """The journal that was brought up from what was written."""

    pointed: Pointed
    stamp: Stamp
    journal: Journal


class Feed:
    """Brings the journal up to the view of each request; what it found stays until something changes."""

    def __init__(self, shelf: Shelf, root: Path, days: int) -> None:
        self._shelf, self._root, self._days = shelf, root, days
        self._written: tuple[Stamp, Journal | None] = (None, None)
        self._found: _Found | None = None

    def now(self) -> Moment:
        """The view and its journal; raises `NoRelease`, `BrokenRelease`."""
        for attempt in range(_TRIES):
            pointed, view = Pointer(self._root).read(), self._shelf.view()
            stamp, written = self._read()
            if pointed != Pointer(self._root).read() or view.release.folder.name != pointed.seal:
                continue  # the pointer was moved meanwhile
            known, before = self._known(pointed, stamp, written, view)
            if known is not None and known.seal != pointed.seal and before is None and attempt < _TRIES - 1:
                continue  # a job has written the journal meanwhile, and deleted what it needed no more
            brought_up = changes.follow(known, pointed, view.release, before, view.day)
            self._found = _Found(pointed, stamp, brought_up)
            return Moment(view, brought_up.since(changes.kept_from(view.day, self._days)))
        raise NoRelease("the release is being replaced; ask again")

    def _known(self, pointed: Pointed, stamp: Stamp, written: Journal | None, view: View) -> tuple[Journal | None, Release | None]:
        """The journal to go on from, and the release that it was brought up to when that is not the current one."""
        found = self._found
        if found is not None and (found.pointed, found.stamp) == (pointed, stamp) and found.journal.day <= view.day:
            return found.journal, None
        if written is None or written.seal == pointed.seal:
            return written, None
        try:
            return written, Release.open(self._root / written.seal)
        except BrokenRelease:
            return written, None

    def _read(self) -> tuple[Stamp, Journal | None]:
        """The journal that is written, read again when its file is another one."""
        try:
            status = os.stat(journal.path(self._root))
        except FileNotFoundError:
            return None, None
        stamp, known = (status.st_mtime_ns, status.st_ino), self._written
        if known[0] != stamp:
            known = self._written = (stamp, journal.read(self._root))
        return known
