"""The act of publication: open the application over a candidate, prove it, and move the pointer. Nothing else moves it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports import readback
from exports.bundle import DownloadSuite
from exports.formats import made_for_whom
from exports.notice import PRODUCTION
from release import changes, journal, layout, soundness
from release.amendment import amend, by_hand, withdraw
from release.content import Candidate, Content, Suite
from release.errors import BrokenRelease, NoRelease
from release.journal import Journal
from release.pointer import OVERLAP, Pointer
from release.reader import Release
from release.soundness import damage, open_sound
from release.writer import Writer
from schedules import postgis
from schedules.cadence import BRUSSELS
from schedules.errors import LoadFailed, ProofFailed
from schedules.parity import Proof, Site, prove
from schedules.parity.postgis import differences
from schedules.withdrawals import Withdrawals


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

    @property
    def withdrawals(self) -> Withdrawals:
        """What a person has withdrawn, beside the folder of releases."""
        return Withdrawals(self.root.parent, self.root)

    @property
    def suite(self) -> Suite:
        """What writes files and documents."""
        return DownloadSuite(self.public_url, self.environment)

    def seal(self, content: Content, day: date, key: Ed25519PrivateKey, previous: Release | None) -> Candidate:
        """Seal a candidate for a day and its successor, with what is withdrawn; nothing is published by that."""
        decided = replace(content, freshness=by_hand(content.freshness, self.withdrawals.read()))
        return Writer(self.root, self.suite, key, previous).seal(decided, day)

    def publish(self, candidate: Candidate, key: Ed25519PrivateKey) -> Release:
        """Prove a sealed candidate, write the proof into it and make it current; raises `ProofFailed`: the release before stays."""
        proven = self._proven(candidate, key)
        with self._turn():
            sealed = {entry.dataset: entry.withdrawn_on for entry in Release.open(proven.folder).freshness if entry.withdrawn}
            # What was withdrawn while the job ran stays out. What came back meanwhile was not proven: it waits for the next job.
            release = self._made_current(self._withdrawn(proven, sealed | self.withdrawals.read()))
            self._sweep()
        return self._loaded(release)

    def withdraw(self, dataset: str, day: date) -> Release:
        """Take a dataset out of the current release, whatever else is wrong: nothing is proven, signed or asked (decision 0015).

        It is written down first, so that no later release brings it back. Raises `NoRelease`, and `BrokenRelease` when the
        current one cannot be opened.
        """
        with self._turn():
            decided = self.withdrawals.add(dataset, day)
            release = self._made_current(self._withdrawn(Candidate(Pointer(self.root).folder()), decided))
        return self._loaded(release)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time moves the pointer; the others wait. Jobs have a lock of their own, which a withdrawal does not wait for."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.root / "publication.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _withdrawn(self, candidate: Candidate, decided: Mapping[str, date | None]) -> Candidate:
        """The same with these datasets withdrawn; its documents are made for whom the others were, whatever is set now."""
        return withdraw(candidate, decided, self.made_as(Release.open(candidate.folder)).suite)

    def made_as(self, release: Release) -> Publication:
        """The same for the address and environment that a release was made for, whatever is set now."""
        for day in release.days:
            with suppress(BrokenRelease):
                if (found := made_for_whom(release.edition(day).software)) is not None:
                    return replace(self, public_url=found[0], environment=found[1])
        return self

    def _made_current(self, candidate: Candidate) -> Release:
        self.record()
        Pointer(self.root).move(candidate.seal, self.clock(), mended=candidate.mended)
        self.record()
        return Release.open(candidate.folder)

    def _loaded(self, release: Release) -> Release:
        """The release, after PostGIS has it too."""
        if self.postgis_url is not None:
            postgis.load(release, self.postgis_url, release.days[0])
            if wrong := differences(release, self.postgis_url, release.days[0]):
                raise LoadFailed("the release is published, but PostGIS does not hold it:\n" + "\n".join(f"  {line}" for line in wrong))
        return release

    def _proven(self, candidate: Candidate, key: Ed25519PrivateKey) -> Candidate:
        folder = candidate.folder
        proof = self._prove(Release.open(folder))
        if proof.problems:
            if folder != self._current():
                shutil.rmtree(folder)
            raise ProofFailed(
                "nothing was published; the candidate does not agree with itself:\n"
                + "\n".join(f"  {problem}" for problem in proof.problems[:20])
            )
        return amend(candidate, proof.parity, key)

    def record(self) -> Journal | None:
        """Write down what went until now, and what a run that died has left out; the journal, or null when nothing can be read."""
        known, today = journal.read(self.root), self.clock().astimezone(BRUSSELS).date()
        try:
            pointed = Pointer(self.root).read()
            before = None if known is None or known.seal == pointed.seal else self._opened(known.seal)
            brought_up = changes.follow(known, pointed, open_sound(self.root / pointed.seal, soundness.rows), before, today)
        except (NoRelease, BrokenRelease):
            return None
        kept = brought_up.since(changes.kept_from(today, self.feed_days))
        if kept != known:
            journal.write(self.root, kept)
        return kept

    def _opened(self, seal: str) -> Release | None:
        """A release that can tell what went with it; ids that a disk changed would tell something else."""
        try:
            return open_sound(self.root / seal, soundness.rows)
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
        return [*damage(release.folder), *proof.problems, *_restated(release, proof)]

    def _current(self) -> Path | None:
        try:
            return Pointer(self.root).folder()
        except (NoRelease, BrokenRelease):
            return None

    def sweep(self) -> None:
        """Delete what is neither current nor the one before within the overlap: there is no public past. Not while a job seals."""
        if self.root.is_dir():
            with self._turn():
                self._sweep()

    def _sweep(self) -> None:
        try:
            pointed = Pointer(self.root).read()
        except (NoRelease, BrokenRelease):  # the next job moves it
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
