"""The pipeline, read first: from the registers' deliveries to a sealed candidate. Each step is a module of its own.

    definition → Source.pull → Delivery → SourceTable → findings → gate → disclose → PublicTable → candidate

What comes after (the proof, and moving the pointer) is `schedules.publication`; it alone publishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from etl.arrivals import arrivals
from etl.contents import contents
from etl.definitions import DatasetDefinition
from etl.intake import Outcome
from etl.job import Job
from release.content import Candidate


@dataclass(frozen=True)
class Result:
    """What a run brought: the fate of each dataset, who waits, and a candidate unless nothing was ever accepted."""

    outcomes: tuple[Outcome, ...]
    waiting: Mapping[tuple[str, str], int]
    candidate: Candidate | None


def run(job: Job, cadence: str, day: date) -> Result:
    """Take in the deliveries of a cadence and seal everything for a day. A fault of one dataset leaves the others."""
    outcomes = tuple(outcome for definition in job.of(cadence) for outcome in _receive(job, definition, day))
    return seal(job, day, outcomes)


def _receive(job: Job, definition: DatasetDefinition, day: date) -> Iterator[Outcome]:
    reception = job.reception(definition)
    for arrival in arrivals(job, definition, day):  # pull; days that were missed first
        if isinstance(arrival, Outcome):  # nothing to take: refused at the door, or absent
            yield arrival
        else:
            yield reception.take(arrival.delivery, arrival.day)  # number → read → check → gate → keep


def seal(job: Job, day: date, outcomes: tuple[Outcome, ...] = ()) -> Result:
    """Disclose what the state holds for a day, and seal it."""
    disclosed = contents(job, day)  # disclose
    candidate = job.seal(disclosed.content, day) if disclosed.content.freshness else None
    return Result(outcomes, disclosed.waiting, candidate)
