"""What must be met on 2 cores and 24 GiB, and whether it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import Figures, JobFigures

GB = 1_000_000_000

JOB_GOALS = {300_000: (180.0, 2 * GB), 3_000_000: (12 * 180.0, 4 * GB)}
"""Seconds and bytes from delivery to published release, by number of certificates, without XLSX and successor."""

START_SECONDS = 3.0
"""From the start of a server to its first answers."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its goal, both in `unit`."""

    what: str
    figure: float
    goal: float
    unit: str

    @property
    def met(self) -> bool:
        """At most the goal."""
        return self.figure <= self.goal


def verdicts(figures: Figures) -> Iterator[Verdict]:
    """Every figure that has a goal; a job of another size than those of `JOB_GOALS` has none."""
    for job in figures.jobs:
        yield from _of_job(job)
    if figures.starts:
        last = median(max(start.healthz, start.wfs, start.ogcapi) for start in figures.starts)
        yield Verdict("start to first answers of all services", last, START_SECONDS, "s")


def _of_job(job: JobFigures) -> Iterator[Verdict]:
    if job.records in JOB_GOALS:
        seconds, memory = JOB_GOALS[job.records]
        name = f"{job.records:,} certificates"
        yield Verdict(f"{name}: delivery to published release", job.run.seconds, seconds, "s")
        yield Verdict(f"{name}: memory of the job, mapped files counted", job.run.resident / GB, memory / GB, "GB")
        yield Verdict(f"{name}: memory of the job and its children, mapped files not counted", job.run.anonymous / GB, memory / GB, "GB")
