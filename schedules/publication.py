"""The act of publication: open the application over a candidate, prove it, and move the pointer. Nothing else moves it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports import readback
from exports.bundle import DownloadSuite
from release import layout
from release.content import Candidate, Content
from release.errors import BrokenRelease, NoRelease
from release.manifest import digest
from release.pointer import OVERLAP, Pointer
from release.reader import Release
from release.writer import Writer
from schedules import postgis
from schedules.errors import ProofFailed
from schedules.proof import served_counts


@dataclass(frozen=True)
class Publication:
    """Seals and publishes releases below `root`."""

    root: Path
    clock: Callable[[], datetime]
    public_url: str
    environment: str
    postgis_url: str | None = None
    overlap: timedelta = OVERLAP

    def seal(self, content: Content, day: date, key: Ed25519PrivateKey, previous: Release | None) -> Candidate:
        """Seal a candidate for a day and its successor; nothing is published by that."""
        return Writer(self.root, DownloadSuite(self.public_url, self.environment), key, previous).seal(content, day)

    def publish(self, candidate: Candidate) -> Release:
        """Prove a sealed candidate and make it current; raises `ProofFailed`, and then the release before stays."""
        folder = candidate.folder
        release = Release.open(folder)
        problems = list(self._problems(release))
        if problems:
            if folder != self._current():
                shutil.rmtree(folder)
            raise ProofFailed(
                "nothing was published; the candidate does not agree with itself:\n"
                + "\n".join(f"  {problem}" for problem in problems[:20])
            )
        Pointer(self.root).move(candidate.seal, self.clock())
        self.sweep()
        if self.postgis_url is not None:
            postgis.load(release, self.postgis_url, release.days[0])
        return release

    def _problems(self, release: Release) -> Iterator[str]:
        for day in release.days:
            manifest = release.edition(day)
            manifest.verify()
            yield from readback.check(layout.downloads_folder(release.folder, day), manifest.products, release.schema)
            yield from served_counts(release, day)

    def verify(self) -> list[str]:
        """What is wrong with the current release: digests, signature, files, services; raises `NoRelease`."""
        release = Release.open(Pointer(self.root).folder())
        return [*_digests(release.folder), *self._problems(release)]

    def _current(self) -> Path | None:
        try:
            return Pointer(self.root).folder()
        except (NoRelease, BrokenRelease):
            return None

    def sweep(self) -> None:
        """Delete what is neither current nor the one before within the overlap: there is no public past."""
        try:
            pointed = Pointer(self.root).read()
        except NoRelease:
            return
        keep = {pointed.seal}
        if pointed.previous is not None and self.clock() - pointed.moved < self.overlap:
            keep.add(pointed.previous)
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def _digests(folder: Path) -> Iterator[str]:
    """Files of a sealed release that are absent or differ from what was sealed."""
    for name, expected in json.loads((folder / layout.SEAL).read_text("utf-8")).items():
        if not (folder / name).is_file():
            yield f"{name} is absent"
        elif digest(folder / name) != expected:
            yield f"{name} is not what was sealed"
