"""The program that is measured: the daily job as `vlok run daily` runs it, without XLSX and without the edition for tomorrow.

The phases are seen by standing where the parts of the job meet: at the store, at the suite that writes files, at publication.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.timeline import Timeline
from etl.delivery import Kind
from etl.report import outcome_text
from etl.store import Comparison, Intake, Store
from etl.store.staging import Batches
from exports import formats
from exports.bundle import DownloadSuite
from release.content import Candidate, Content
from release.manifest import FileEntry, ProductEntry
from release.reader import Release
from release.schema import Product
from release.writer import Writer
from schedules import jobs
from schedules.cadence import BRUSSELS
from schedules.installation import Installation
from schedules.publication import Publication
from settings import Settings

CHECK, STATE, DISCLOSE, SEAL, PROOF = "read and check", "state", "disclose, and the rest", "columns and fragments", "proof"
LEAN = tuple(format_ for format_ in formats.FORMATS if format_ is not formats.XLSX)
"""The formats that are not reported apart."""


class TimedStore(Store):
    """A store that notes when it works, and when it waits for the next records."""

    timeline: Timeline

    def stage(self, dataset: str, batches: Batches) -> None:
        """Reading and checking happens while this iterates."""
        with self.timeline.phase(STATE):
            super().stage(dataset, self._read(batches))

    def _read(self, batches: Batches) -> Batches:
        iterator = iter(batches)
        while True:
            with self.timeline.phase(CHECK):
                batch = next(iterator, None)
            if batch is None:
                return
            yield batch

    def compare(self, dataset: str, kind: Kind, day: date) -> Comparison:
        """For the gate."""
        with self.timeline.phase(STATE):
            return super().compare(dataset, kind, day)

    def accept(self, intake: Intake) -> int:
        """The staged delivery becomes the register."""
        with self.timeline.phase(STATE):
            return super().accept(intake)


@dataclass(frozen=True, kw_only=True)
class TimedSuite(DownloadSuite):
    """A suite that notes when it writes which format."""

    timeline: Timeline

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        """The files of a product, one format after another."""
        return tuple(file for format_ in self.formats for file in self._files(format_, product, content, entry, folder))

    def _files(
        self, format_: formats.Format, product: Product, content: Content, entry: ProductEntry, folder: Path
    ) -> tuple[FileEntry, ...]:
        with self.timeline.phase(f"file: {format_.name}"):
            return DownloadSuite(self.public_url, self.environment, (format_,)).files(product, content, entry, folder)


@dataclass(frozen=True, kw_only=True)
class TimedPublication(Publication):
    """Seals without XLSX and successor, and notes when it seals and proves."""

    timeline: Timeline

    def seal(self, content: Content, day: date, key: Ed25519PrivateKey, previous: Release | None) -> Candidate:
        """Today's edition alone."""
        suite = TimedSuite(self.public_url, self.environment, LEAN, timeline=self.timeline)
        with self.timeline.phase(SEAL):
            return Writer(self.root, suite, key, previous).seal(content, day, successor=False)

    def publish(self, candidate: Candidate, key: Ed25519PrivateKey) -> Release:
        """Prove it and move the pointer."""
        with self.timeline.phase(PROOF):
            return super().publish(candidate, key)


@dataclass(frozen=True, kw_only=True)
class TimedInstallation(Installation):
    """An installation of which the parts above are timed."""

    timeline: Timeline

    @cached_property
    def store(self) -> Store:
        """The same state."""
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = TimedStore.open(f"sqlite:///{self.settings.home.resolve() / 'state.sqlite'}")
        assert isinstance(store, TimedStore)
        store.timeline = self.timeline
        return store

    @property
    def publication(self) -> Publication:
        """The same act."""
        return TimedPublication(**vars(super().publication), timeline=self.timeline)


def main() -> int:
    """Arguments: where the journal goes, folder of deliveries, home (absent), day."""
    journal, deliveries, home, day = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), date.fromisoformat(sys.argv[4])
    timeline = Timeline(DISCLOSE)
    installation = TimedInstallation(
        Settings(home=home, source=f"folder:{deliveries}"), lambda: datetime.combine(day, time(12), BRUSSELS), timeline=timeline
    )
    report = jobs.run(installation, "daily", day)
    if report.exit is not jobs.Exit.DONE or report.release is None:
        print("\n".join(map(outcome_text, report.outcomes)), file=sys.stderr)
        return 1
    public = report.release.edition(day).products["POI"].public
    journal.write_text(timeline.journal(public).model_dump_json(), "utf-8")
    return 0
