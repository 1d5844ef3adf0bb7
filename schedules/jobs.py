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
    failures: tuple[str, ...] = ()  # notices that did not arrive, by host

    def to_text(self) -> str:
        """The fate of every dataset, who waits, and what is published, for a person."""
        lines = [outcome_text(outcome) for outcome in self.outcomes]
        lines += [f"{dataset}: {count} records wait ({code})" for (dataset, code), count in self.waiting.items()]
        lines += self.failures
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
    return JobReport(cadence, day, result.outcomes, _publish(installation, result.candidate), result.waiting)


def _purge(installation: Installation, day: date) -> JobReport:
    """Seal a day from the calendar of the current release alone: no source is asked, no register is read."""
    current = installation.current()
    candidate = installation.seal(current.content(), day) if current is not None else None
    today = installation.clock().astimezone(BRUSSELS).date()
    for definition in installation.definitions:
        installation.store.forget(definition.id, min(day, today))  # a wrong day in the future forgets nothing
    return JobReport("purge", day, (), _publish(installation, candidate))


def reseal(installation: Installation, day: date) -> JobReport:
    """Seal the state again after a person's decision (approve, withdraw, restore)."""
    result = pipeline.seal(installation.job(day), day)
    return JobReport("reseal", day, (), _publish(installation, result.candidate), result.waiting)


def _publish(installation: Installation, candidate: Candidate | None) -> Release | None:
    return installation.publication.publish(candidate, installation.keys.signing()) if candidate is not None else None
