"""The ground on which is measured: a folder with generated deliveries and with an installation that publishes them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import child
from benchmarks.apart import SHOWN
from benchmarks.figures import JobFigures
from release.pointer import Pointer
from release.reader import Release
from simulator.dossiers import Sizes
from simulator.registers import write_deliveries

DAY = date(2026, 11, 21)
_SEED = 1
_LEAST = 20  # records of a register: one that delivers nothing is held


@dataclass(frozen=True)
class Stand:
    """`records` certificates, with a hundredth as many decisions and a three-hundredth as many claims, below `folder`."""

    folder: Path
    records: int

    @property
    def home(self) -> Path:
        """State and releases."""
        return self.folder / "home"

    def deliver(self) -> None:
        """Generate the deliveries, unless they are there."""
        deliveries = self.folder / "deliveries"
        if not deliveries.exists():
            write_deliveries(
                deliveries, DAY, _SEED, Sizes(self.records, max(self.records // 100, _LEAST), max(self.records // 300, _LEAST))
            )

    def publish(self) -> child.Ended:
        """Run the daily job on an empty installation."""
        shutil.rmtree(self.home, ignore_errors=True)
        return child.run("daily", str(self.folder / "deliveries"), str(self.home), DAY.isoformat())

    def measure(self) -> JobFigures:
        """The daily job, then what it leaves out."""
        whole = self.publish()
        rest = child.run("apart", str(self.home), DAY.isoformat())
        apart = tuple(phase for phase in rest.run.phases if phase.name in SHOWN)
        return JobFigures(records=self.records, public=whole.journal.public, run=whole.run, apart=apart)

    def release(self) -> Release:
        """What was published."""
        return Release.open(Pointer(self.home / "releases").folder())
