"""Whether a sealed release is still what was sealed: disks fail, and people delete."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from release import layout
from release.errors import BrokenRelease
from release.manifest import digest
from release.reader import Release

_DIGESTS = TypeAdapter(dict[str, str])


def seal_of(digests: Mapping[str, str]) -> str:
    """The seal id: the digest of the digests of every file, by its path."""
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:32]


def sealed_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a release by its path, as it was sealed; raises `BrokenRelease`."""
    try:
        return _DIGESTS.validate_json((folder / layout.SEAL).read_bytes())
    except (OSError, ValidationError) as error:
        raise BrokenRelease(f"release {folder.name[:12]}: {layout.SEAL} cannot be read") from error


def rows(name: str) -> bool:
    """Whether a file tells what was public: rows, words, dates, counts. Fragments and coordinates are made from the columns."""
    return name.endswith((layout.COLUMNS, layout.MANIFEST)) or "/" not in name


def lent(name: str) -> bool:
    """Whether a next release takes a file from this one: rows, and what lies ready for download."""
    return rows(name) or name.startswith("editions/")


def damage(folder: Path, among: Callable[[str], bool] = lambda name: True) -> Iterator[str]:
    """What is wrong, in words, with the files of these names."""
    try:
        digests = sealed_files(folder)
    except BrokenRelease as error:
        yield str(error)
        return
    if seal_of(digests) != folder.name:
        yield f"{layout.SEAL} is not what was sealed"
    for name, expected in digests.items():
        if not among(name):
            continue
        if not (folder / name).is_file():
            yield f"{name} is absent"
        elif digest(folder / name) != expected:
            yield f"{name} is not what was sealed"


def open_sound(folder: Path, among: Callable[[str], bool]) -> Release:
    """Open a release of which the files of these names are as they were sealed; raises `BrokenRelease`."""
    found = next(damage(folder, among), None)
    if found is not None:
        raise BrokenRelease(found if folder.name[:12] in found else f"release {folder.name[:12]}: {found}")
    return Release.open(folder)
