"""`Store`: the state of the private side. Every method is one transaction: killed at any point, it leaves the old state or the new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from functools import partial

from sqlalchemy import Connection

from etl.delivery import Kind
from etl.store import ledger, locks, register, staging
from etl.store.database import Database
from etl.store.ledger import Intake, Ledger, State
from etl.store.register import Comparison, Count
from etl.store.rows import RegisterBatch
from etl.store.runs import Runs
from etl.store.tables import entry, staged
from release.table import to_day


class Store:
    """What part C of the contract lets us keep, and nothing else. Every method raises `StoreError`, without values.

    A delivery is staged, compared, and then accepted, held, queued or refused; each of these four ends the staging.
    `ledger` has the deliveries and their findings, `runs` the jobs.
    """

    def __init__(self, url: str) -> None:
        """`url` is a SQLAlchemy URL; connects to a state whose tables are there (see `open`)."""
        self._database = Database(url)
        self.ledger = Ledger(self._database)
        self.runs = Runs(self._database)

    @classmethod
    def open(cls, url: str) -> Store:
        """Connect, and bring the tables to their newest form."""
        store = cls(url)
        store._database.migrate()
        return store

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Exclude a second holder while in the context; raises `JobRunning`. A crash releases it."""
        return locks.locked(self._database, name)

    # A delivery that is being taken in.

    def stage(self, dataset: str, batches: staging.Batches) -> None:
        """Put a delivery beside the register, instead of what was staged before; an error of `batches` leaves it as it was.

        Every record that the delivery speaks of belongs in it, in its order: what may not be public as `Gone`, so that
        it leaves the register. Of lines with one key the last counts. `batches` may read this store, not write it.
        """
        with self._database.writing("stage a delivery") as connection:
            staging.load(connection, dataset, batches)

    def drop_staging(self, dataset: str) -> None:
        """Forget what is staged."""
        with self._database.writing("drop what is staged") as connection:
            staging.clear(connection, dataset)
        self._database.wipe_log()

    def staged_count(self, dataset: str, day: date) -> Count:
        """What the staged delivery holds, and its objects that are public on a day."""
        with self._database.reading("count what is staged") as connection:
            return register.count(connection, staged, dataset, to_day(day))

    def count(self, dataset: str, day: date) -> Count:
        """What the register holds, and its objects that are public on a day."""
        with self._database.reading("count the register") as connection:
            return register.count(connection, entry, dataset, to_day(day))

    def compare(self, dataset: str, kind: Kind, day: date) -> Comparison:
        """What taking over the staged delivery would do to the objects that are public on a day: for the gate."""
        with self._database.reading("compare what is staged") as connection:
            return register.compare(connection, dataset, kind, to_day(day))

    def accept(self, intake: Intake) -> int:
        """The staged delivery becomes (`volledig`) or changes (`mutaties`) the register; gives its id in the ledger.

        What ended before its day is not kept. A delivery that was held or queued is accepted under its own id; a full one
        rejects older ones that still wait.
        """
        return self._conclude(intake, State.ACCEPTED, register.replace if intake.header.kind is Kind.FULL else register.change)

    def hold(self, intake: Intake, *, kept_out: bool = True) -> int:
        """The staged delivery waits for a person; what it ends and removes acts at once, and what it keeps out (CONTRACT A.4).

        Without `kept_out` the last waits too: so many break a rule that the fault is the delivery's.
        """
        return self._conclude(intake, State.HELD, partial(register.end, kept_out=kept_out))

    def queue(self, intake: Intake) -> int:
        """The staged mutations wait behind a held delivery; what they end, remove or keep out acts at once."""
        return self._conclude(intake, State.QUEUED, register.end)

    def refuse(self, intake: Intake) -> int:
        """The delivery is broken: nothing of it acts."""
        return self._conclude(intake, State.REFUSED, None)

    def _conclude(self, intake: Intake, state: State, act: Callable[[Connection, str, int], None] | None) -> int:
        dataset = intake.header.dataset
        with self._database.writing("conclude a delivery") as connection:
            if act is not None:
                act(connection, dataset, to_day(intake.day))
            identifier = ledger.enter(connection, intake, state)
            staging.clear(connection, dataset)
        self._database.wipe_log()
        return identifier

    # The register.

    def entries(self, dataset: str) -> Iterator[RegisterBatch]:
        """The whole register of a dataset as columns, in batches, in no particular order; one state from begin to end."""
        with self._database.reading("read the register") as connection:
            yield from register.batches(connection, dataset)

    def subjects_current(self, dataset: str, day: date) -> dict[bytes, int]:
        """Of every subject that is public on a day the latest `start`: for certificates older than a current decision."""
        with self._database.reading("read the subjects") as connection:
            return register.subjects(connection, dataset, to_day(day))

    def forget(self, dataset: str, before: date) -> None:
        """Delete what ended before a day, and what a killed run left staged; the bytes are overwritten."""
        with self._database.writing("forget what has ended") as connection:
            register.forget(connection, dataset, to_day(before))
            staging.clear(connection, dataset)
        self._database.wipe_log()
