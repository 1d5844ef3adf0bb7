"""The atomic pointer: which sealed release is current, and which one came before it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from release.errors import BrokenRelease, NoRelease

OVERLAP = timedelta(minutes=30)
"""How long the release before stays readable for those who follow its links (DESIGN decision 5), unless a setting says otherwise."""


class Pointed(BaseModel):
    """Content of the pointer file: seals are folder names; `moved` is when the pointer was moved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seal: str
    moved: datetime
    previous: str | None = None


@dataclass(frozen=True)
class Pointer:
    """The file `current.json` in the folder of releases; moving it is one rename, so that readers see the old or the new."""

    root: Path

    @property
    def path(self) -> Path:
        """The pointer file."""
        return self.root / "current.json"

    def read(self) -> Pointed:
        """What is current; raises `NoRelease`, `BrokenRelease`."""
        try:
            return Pointed.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            raise NoRelease("nothing has been published yet; run: vlok run daily") from None
        except ValidationError as error:
            raise BrokenRelease(f"{self.path.name} cannot be read: {error.error_count()} faults") from error

    def folder(self) -> Path:
        """The folder of the current release; raises `NoRelease`."""
        return self.root / self.read().seal

    def move(self, seal: str, now: datetime, *, mended: bool = False) -> None:
        """Make a sealed release current. The file is on disk before the name changes, so a crash leaves the old one.

        A release that is current already stays so since when it was, so that the one before it does not come back; when its
        folder was `mended`, the pointer is written anew, so that readers open it again. A pointer that cannot be read is replaced.
        """
        try:
            old: Pointed | None = self.read()
        except (NoRelease, BrokenRelease):
            old = None
        if old is not None and old.seal == seal:
            if mended:
                self._write(old)
        else:
            self._write(Pointed(seal=seal, moved=now, previous=None if old is None else old.seal))

    def _write(self, pointed: Pointed) -> None:
        write_durably(self.path, pointed.model_dump_json(indent=1).encode())


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file in one step, with its bytes and its name on disk afterwards."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
