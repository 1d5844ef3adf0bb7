"""The program that is measured: what `benchmarks.daily` leaves out, made from the release that it published."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from benchmarks.daily import LEAN
from benchmarks.timeline import Timeline
from exports import formats, readback
from exports.bundle import DownloadSuite
from release import layout
from release.content import Content
from release.manifest import FileEntry, ProductEntry
from release.reader import Release
from release.schema import Product
from release.writer import Writer
from schedules.cadence import BRUSSELS
from schedules.installation import Installation
from settings import Settings

XLSX_WRITTEN, XLSX_READ = "XLSX, written", "XLSX, read back"
SUCCESSOR_WRITTEN, SUCCESSOR_READ = "successor, written", "successor, read back"
SHOWN = (XLSX_WRITTEN, XLSX_READ, SUCCESSOR_WRITTEN, SUCCESSOR_READ)
"""The phases that are reported; sealing the columns once more is not one of them."""


@dataclass(frozen=True, kw_only=True)
class SuccessorSuite(DownloadSuite):
    """A suite that notes when it writes: only for tomorrow, because the release lends the files of today."""

    timeline: Timeline

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        """The files of a product that changes tomorrow."""
        with self.timeline.phase(SUCCESSOR_WRITTEN):
            return super().files(product, content, entry, folder)


def main() -> int:
    """Arguments: where the journal goes, home of a published release, its day."""
    journal, home, day = Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3])
    installation = Installation(Settings(home=home), lambda: datetime.combine(day, time(12), BRUSSELS))
    release = installation.current()
    assert release is not None
    timeline = Timeline("rest")
    with tempfile.TemporaryDirectory(dir=home) as work:
        problems = [*_xlsx(release, day, Path(work) / "xlsx", timeline), *_successor(installation, release, day, Path(work), timeline)]
    for problem in problems:
        print(problem, file=sys.stderr)
    journal.write_text(timeline.journal().model_dump_json(), "utf-8")
    return 1 if problems else 0


def _xlsx(release: Release, day: date, folder: Path, timeline: Timeline) -> list[str]:
    """The XLSX of every product, written and read back."""
    folder.mkdir()
    with timeline.phase(XLSX_WRITTEN):
        today = release.content().on(day)
        for product in release.schema.products:
            DownloadSuite("http://127.0.0.1:8080", formats=(formats.XLSX,)).files(
                product, today, release.edition(day).products[product.id], folder
            )
    with timeline.phase(XLSX_READ):
        return readback.compare(folder)


def _successor(installation: Installation, release: Release, day: date, work: Path, timeline: Timeline) -> list[str]:
    """The files of tomorrow; those of today, and what is the same tomorrow, are lent by the release."""
    plain = installation.publication
    suite = SuccessorSuite(plain.public_url, plain.environment, LEAN, timeline=timeline)
    candidate = Writer(work, suite, installation.keys.signing(), release).seal(release.content(), day)
    with timeline.phase(SUCCESSOR_READ):
        return readback.compare(layout.downloads_folder(candidate.folder, day + timedelta(days=1)))
