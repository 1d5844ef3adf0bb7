"""The private ledger of jobs, from which the schedule knows what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from etl.errors import StoreError
from etl.store.database import Database
from etl.store.tables import run


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job; without `ended` it is under way or was killed. `content_id` is what it published."""

    id: int
    job: str
    day: date
    started: datetime
    ended: datetime | None
    outcome: Outcome | None
    content_id: str | None


class Runs:
    """Begins, ends and results of jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: str, day: date, at: datetime) -> int:
        """A job begins for a day; gives the id of the run."""
        with self._database.writing("begin a run") as connection:
            new = insert(run).values(job=job, day=day, started=at).returning(run.c.id)
            return int(connection.execute(new).scalar_one())

    def end(self, identifier: int, outcome: Outcome, at: datetime, content_id: str | None = None) -> None:
        """A run ends; `content_id` names the release that is current since."""
        with self._database.writing("end a run") as connection:
            ended = update(run).where(run.c.id == identifier).values(ended=at, outcome=outcome.value, content_id=content_id)
            if connection.execute(ended).rowcount != 1:
                raise StoreError(f"there is no run {identifier} in the ledger")

    def last(self, job: str, *outcomes: Outcome) -> Run | None:
        """The newest run of a job, of those that ended in one of `outcomes` when any are given."""
        chosen = select(run).where(run.c.job == job).order_by(run.c.id.desc()).limit(1)
        if outcomes:
            chosen = chosen.where(run.c.outcome.in_(outcomes))
        with self._database.reading("read the runs") as connection:
            found = connection.execute(chosen).first()
        return None if found is None else _run(found)


def _run(line: Row[Any]) -> Run:
    outcome = None if line.outcome is None else Outcome(line.outcome)
    return Run(line.id, line.job, line.day, line.started, line.ended, outcome, line.content_id)
