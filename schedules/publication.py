"""The act of publication: open the application over a candidate, prove it, and move the pointer. Nothing else moves it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports import readback
from exports.bundle import DownloadSuite
from exports.notice import PRODUCTION
from release import changes, journal, layout
from release.content import Candidate, Content
from release.errors import BrokenRelease, NoRelease
from release.journal import Journal
from release.manifest import digest
from release.pointer import OVERLAP, Pointer
from release.reader import Release
from release.writer import Writer, amend
from schedules import postgis
from schedules.cadence import BRUSSELS
from schedules.errors import LoadFailed, ProofFailed
from schedules.parity import Proof, Site, prove
from schedules.parity.postgis import differences


@dataclass(frozen=True)
class Publication:
    """Seals and publishes releases below `root`."""

    root: Path
    clock: Callable[[], datetime]
    public_url: str
    environment: str
    postgis_url: str | None = None
    overlap: timedelta = OVERLAP
    feed_days: int = changes.FEED_DAYS

    def seal(self, content: Content, day: date, key: Ed25519PrivateKey, previous: Release | None) -> Candidate:
        """Seal a candidate for a day and its successor; nothing is published by that."""
        return Writer(self.root, DownloadSuite(self.public_url, self.environment), key, previous).seal(content, day)

    def publish(self, candidate: Candidate, key: Ed25519PrivateKey) -> Release:
        """Prove a sealed candidate, write the proof into it and make it current; raises `ProofFailed`: the release before stays."""
        folder = candidate.folder
        proof = self._prove(Release.open(folder))
        if proof.problems:
            if folder != self._current():
                shutil.rmtree(folder)
            raise ProofFailed(
                "nothing was published; the candidate does not agree with itself:\n"
                + "\n".join(f"  {problem}" for problem in proof.problems[:20])
            )
        proven = amend(candidate, proof.parity, key)
        self.record()
        Pointer(self.root).move(proven.seal, self.clock())
        self.record()
        self.sweep()
        release = Release.open(proven.folder)
        if self.postgis_url is not None:
            postgis.load(release, self.postgis_url, release.days[0])
            if wrong := differences(release, self.postgis_url, release.days[0]):
                raise LoadFailed("the release is published, but PostGIS does not hold it:\n" + "\n".join(f"  {line}" for line in wrong))
        return release

    def record(self) -> Journal | None:
        """Write down what went until now, and what a run that died has left out; the journal, or null when nothing can be read."""
        known, today = journal.read(self.root), self.clock().astimezone(BRUSSELS).date()
        try:
            pointed = Pointer(self.root).read()
            before = None if known is None or known.seal == pointed.seal else self._opened(known.seal)
            brought_up = changes.follow(known, pointed, Release.open(self.root / pointed.seal), before, today)
        except (NoRelease, BrokenRelease):
            return None
        kept = brought_up.since(changes.kept_from(today, self.feed_days))
        if kept != known:
            journal.write(self.root, kept)
        return kept

    def _opened(self, seal: str) -> Release | None:
        try:
            return Release.open(self.root / seal)
        except BrokenRelease:
            return None

    def _prove(self, release: Release) -> Proof:
        """Another GDAL reads the files back, and every channel gives the rows of the sealed table."""
        problems: list[str] = []
        for day in release.days:
            manifest = release.edition(day)
            manifest.verify()
            folder = layout.downloads_folder(release.folder, day)
            problems += readback.check(folder, manifest.products, release.schema, depth=readback.foreign)
        proof = prove(release, Site(self.public_url, self.environment == PRODUCTION))
        return replace(proof, problems=(*problems, *proof.problems))

    def verify(self) -> list[str]:
        """What is wrong with the current release: digests, signature, files, services, its proof; raises `NoRelease`."""
        release = Release.open(Pointer(self.root).folder())
        proof = self._prove(release)
        return [*_digests(release.folder), *proof.problems, *_restated(release, proof)]

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
        if (known := journal.read(self.root)) is not None:
            keep.add(known.seal)  # until the journal says what went with it
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def _restated(release: Release, proof: Proof) -> Iterator[str]:
    """Products of which the manifest states another proof than was found now; a release from before there was one states none."""
    for day, products in proof.parity.items():
        for name, parity in products.items():
            stated = release.edition(day).products[name].parity
            if stated is not None and any(stated.parts.get(part, digest) != digest for part, digest in parity.parts.items()):
                yield f"{day} {name}: the manifest states another proof than its rows give"


def _digests(folder: Path) -> Iterator[str]:
    """Files of a sealed release that are absent or differ from what was sealed."""
    for name, expected in json.loads((folder / layout.SEAL).read_text("utf-8")).items():
        if not (folder / name).is_file():
            yield f"{name} is absent"
        elif digest(folder / name) != expected:
            yield f"{name} is not what was sealed"
