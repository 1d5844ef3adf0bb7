"""The jobs: what `vlok run daily`, `monthly` and `purge` do, with a lock around them and a line in the ledger."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum

from etl import pipeline
from etl.intake import Fate, Outcome
from etl.report import outcome_text
from etl.store import Outcome as RunOutcome
from release.content import Candidate
from release.reader import Release
from schedules.cadence import BRUSSELS
from schedules.errors import ScheduleError
from schedules.homes import for_source
from schedules.installation import Installation

_log = logging.getLogger("vlok.jobs")


class Exit(IntEnum):
    """Exit status of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    HELD = 3


def worst(exits: Iterable[Exit]) -> Exit:
    """Failed before held before done."""
    return max(exits, key=(Exit.DONE, Exit.HELD, Exit.USAGE, Exit.FAILED).index, default=Exit.DONE)


@dataclass(frozen=True)
class JobReport:
    """What a job did: the fate of each dataset, and the release that is current now."""

    job: str
    day: date
    outcomes: tuple[Outcome, ...]
    release: Release | None
    waiting: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by dataset and rule: records that wait
    warnings: tuple[str, ...] = ()  # what was wrong with the release before
    failures: tuple[str, ...] = ()  # notices that did not arrive, by host

    def to_text(self) -> str:
        """The fate of every dataset, who waits, and what is published, for a person."""
        lines = [outcome_text(outcome) for outcome in self.outcomes]
        lines += [f"{dataset}: {count} records wait ({code})" for (dataset, code), count in self.waiting.items()]
        lines += [*self.warnings, *self.failures]
        return "\n".join(lines if self.release is not None else [*lines, "nothing is published: no delivery was ever accepted"])

    @property
    def exit(self) -> Exit:
        """Failed when a delivery was refused or nothing was ever delivered; held when a person must decide."""
        if any(map(_failed, self.outcomes)):
            return Exit.FAILED
        if any(outcome.fate in (Fate.HELD, Fate.QUEUED) for outcome in self.outcomes):
            return Exit.HELD
        return Exit.DONE if self.release is not None else Exit.FAILED


def _failed(outcome: Outcome) -> bool:
    return outcome.fate is Fate.REFUSED or outcome.failed or (outcome.fate is Fate.ABSENT and outcome.first)


def run(installation: Installation, name: str, day: date) -> JobReport:
    """Run `daily`, `monthly` or `purge` for a day, under the lock; raises what keeps it from publishing, after noting it.

    Those who asked for it are told of a change afterwards, which never makes a job fail.
    """
    return announced(installation, _run(installation, name, day))


def announced(installation: Installation, report: JobReport) -> JobReport:
    """The report, after the notices that are due were sent."""
    return replace(report, failures=announce(installation))


def announce(installation: Installation) -> tuple[str, ...]:
    """Send the notices that are due; what failed, in words."""
    webhooks = installation.webhooks
    if webhooks is None:
        return ()
    try:
        return webhooks.announce(installation.clock())
    except Exception as error:  # noqa: BLE001 # what was published stays published, whoever is told of it
        problem = str(error) if isinstance(error, ScheduleError) else f"webhooks: {type(error).__name__}"
        _log.warning("%s", problem)
        return (problem,)


def _run(installation: Installation, name: str, day: date) -> JobReport:
    if name != "purge":
        for_source(installation.settings)
    with installation.store.lock("job"):
        ledger = installation.store.runs
        number = ledger.begin(name, day, installation.clock())
        try:
            report = _purge(installation, day) if name == "purge" else _deliveries(installation, name, day)
        except BaseException:
            ledger.end(number, RunOutcome.FAILED, installation.clock())
            raise
        outcome = {Exit.DONE: RunOutcome.DONE, Exit.HELD: RunOutcome.HELD}.get(report.exit, RunOutcome.FAILED)
        ledger.end(number, outcome, installation.clock(), report.release.content_id(day) if report.release else None)
        return report


def _deliveries(installation: Installation, cadence: str, day: date) -> JobReport:
    result = pipeline.run(installation.job(day), cadence, day)
    installation.expire()
    return published(installation, JobReport(cadence, day, result.outcomes, None, result.waiting), result.candidate)


def _purge(installation: Installation, day: date) -> JobReport:
    """Seal a day from the calendar of the current release alone; when that is damaged, from the state. No source is asked."""
    candidate = _from_calendar(installation, day)
    today = installation.clock().astimezone(BRUSSELS).date()
    for definition in installation.definitions:
        installation.store.forget(definition.id, min(day, today))  # a wrong day in the future forgets nothing
    return published(installation, JobReport("purge", day, (), None), candidate)


def _from_calendar(installation: Installation, day: date) -> Candidate | None:
    before = installation.predecessor()
    if before.release is not None:
        return installation.follow(before, before.release.content(), day)
    return pipeline.seal(installation.job(day), day).candidate if before.damage else None


def reseal(installation: Installation, day: date) -> JobReport:
    """Seal the state again after a person's decision (approve, reject)."""
    result = pipeline.seal(installation.job(day), day)
    return published(installation, JobReport("reseal", day, (), None, result.waiting), result.candidate)


def recall(installation: Installation, day: date) -> JobReport:
    """Seal what is public again with what is withdrawn now, for whom it was made before: no source is asked, no register is read."""
    before = installation.predecessor()
    if before.release is None:
        return reseal(installation, day)
    publication, key = installation.publication.made_as(before.release), installation.keys.signing()
    candidate = publication.seal(before.release.content(), day, key, before.release)
    return JobReport("recall", day, (), publication.publish(candidate, key))


def published(installation: Installation, report: JobReport, candidate: Candidate | None) -> JobReport:
    """The report, after the candidate has become the release."""
    if candidate is None:
        return report
    release = installation.publication.publish(candidate, installation.keys.signing())
    return replace(report, release=release, warnings=candidate.warnings)
