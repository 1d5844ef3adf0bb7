"""The private ledger of deliveries: what came, what was wrong with it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from etl.delivery import Header, Kind
from etl.errors import StoreError
from etl.findings import Effect, Tally
from etl.store.database import Database
from etl.store.tables import delivery, finding


class State(StrEnum):
    """What became of a delivery."""

    ACCEPTED = "accepted"
    HELD = "held"  # waits for a person
    QUEUED = "queued"  # mutations that wait behind a held delivery
    REFUSED = "refused"  # broken: never taken in
    REJECTED = "rejected"  # held or queued, and never to be taken in any more


WAITING = (State.HELD, State.QUEUED)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a run found out about a delivery. `digest` is the HMAC of the header's digest; a reference is kept only while it waits."""

    header: Header
    digest: bytes
    delivered: int  # records in the files
    publishable: int  # objects that are public on the day, by this delivery
    at: datetime
    reasons: tuple[str, ...] = ()  # stable codes of the gate or of the refusal
    findings: tuple[Tally, ...] = ()
    reference: str | None = None

    @property
    def day(self) -> date:
        """The day up to which what ended may be forgotten: the peildatum, but a wrong one in the future forgets nothing."""
        return min(self.header.day, self.at.astimezone(UTC).date())


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One delivery as the ledger has it."""

    id: int
    dataset: str
    number: int
    kind: Kind
    day: date
    digest: bytes
    state: State
    reference: str | None
    reasons: tuple[str, ...]
    delivered: int
    publishable: int
    at: datetime


def enter(connection: Connection, intake: Intake, state: State) -> int:
    """Write a delivery and its findings; one that waited under the same number and digest gets its new state. Gives its id."""
    header = intake.header
    values: dict[str, object] = {
        "dataset": header.dataset,
        "number": header.number,
        "kind": header.kind.value,
        "day": header.day,
        "digest": intake.digest,
        "state": state.value,
        "reference": intake.reference if state in WAITING else None,
        "reasons": list(intake.reasons),
        "delivered": intake.delivered,
        "publishable": intake.publishable,
        "at": intake.at,
    }
    if state is State.ACCEPTED and header.kind is Kind.FULL:
        # A register that was replaced as a whole leaves no sense in older deliveries that still wait.
        _reject(connection, _waiting(header.dataset, before=header.number), reason="superseded")
    identifier = _waiting_id(connection, intake)
    if identifier is None:
        identifier = int(connection.execute(insert(delivery).values(values).returning(delivery.c.id)).scalar_one())
    else:
        connection.execute(update(delivery).where(delivery.c.id == identifier).values(values))
    _enter_findings(connection, identifier, intake.findings)
    return identifier


class Ledger:
    """Deliveries and findings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, dataset: str) -> LedgerEntry | None:
        """The highest number that was accepted or waits: mutations must follow it (CONTRACT A)."""
        found = self._select(delivery.c.dataset == dataset, delivery.c.state.in_([State.ACCEPTED, *WAITING]))
        return max(found, key=lambda line: line.number, default=None)

    def last_accepted(self, dataset: str) -> LedgerEntry | None:
        """What the register is now; its `day` is the peildatum that is published."""
        found = self._select(delivery.c.dataset == dataset, delivery.c.state == State.ACCEPTED)
        return max(found, key=lambda line: line.number, default=None)

    def seen(self, dataset: str, number: int, digest: bytes) -> LedgerEntry | None:
        """The same delivery when it came before and is dealt with or waits; one that was refused or expired may come again."""
        same = (delivery.c.dataset == dataset, delivery.c.number == number, delivery.c.digest == digest)
        found = [line for line in self._select(*same, delivery.c.state != State.REFUSED) if "expired" not in line.reasons]
        return found[-1] if found else None

    def holds(self) -> tuple[LedgerEntry, ...]:
        """Every held delivery, oldest first."""
        return self._select(delivery.c.state == State.HELD)

    def queued(self, dataset: str) -> tuple[LedgerEntry, ...]:
        """Mutations that wait behind a held delivery, in the order in which they are to be taken in."""
        return tuple(sorted(self._select(delivery.c.dataset == dataset, delivery.c.state == State.QUEUED), key=lambda line: line.number))

    def delivery(self, identifier: int) -> LedgerEntry:
        """One delivery; raises `StoreError` when there is none."""
        found = self._select(delivery.c.id == identifier)
        if not found:
            raise StoreError(f"there is no delivery {identifier} in the ledger")
        return found[0]

    def findings(self, identifier: int) -> tuple[Tally, ...]:
        """What was wrong with a delivery."""
        columns = (finding.c.rule, finding.c.field, finding.c.effect, finding.c["count"], finding.c.records)
        chosen = select(*columns).where(finding.c.delivery == identifier).order_by(*columns[:3])
        with self._database.reading("read the findings") as connection:
            found = connection.execute(chosen).all()
        return tuple(Tally(rule, field, Effect(effect), count, tuple(records)) for rule, field, effect, count, records in found)

    def kept_out(self, dataset: str) -> dict[str, int]:
        """How many records each rule keeps out of the register of now: the last full delivery and the mutations since."""
        accepted = self._select(delivery.c.dataset == dataset, delivery.c.state == State.ACCEPTED)
        since = max((line.number for line in accepted if line.kind is Kind.FULL), default=0)
        chosen = finding.c.delivery.in_([line.id for line in accepted if line.number >= since])
        total = select(finding.c.rule, func.sum(finding.c["count"])).where(chosen, finding.c.effect == Effect.KEEP_OUT)
        with self._database.reading("count what is kept out") as connection:
            return {rule: int(count) for rule, count in connection.execute(total.group_by(finding.c.rule))}

    def reject(self, identifier: int) -> LedgerEntry:
        """A person says no to a held delivery; what is queued behind it goes with it. Raises `StoreError` when it is not held."""
        held = self.delivery(identifier)
        if held.state is not State.HELD:
            raise StoreError(f"delivery {identifier} is {held.state}, not held")
        with self._database.writing("reject a delivery") as connection:
            _reject(connection, delivery.c.id == identifier, reason="rejected")
            behind = (delivery.c.dataset == held.dataset, delivery.c.state == State.QUEUED, delivery.c.number > held.number)
            _reject(connection, *behind, reason="rejected")
        return self.delivery(identifier)

    def expire_references(self, before: datetime, discard: Callable[[LedgerEntry], None]) -> int:
        """Discard what was fetched for deliveries that no longer wait, or wait since before a moment; gives how many.

        CONTRACT C: after the next accepted run, seven days at most. A delivery that waited too long is rejected, for it
        cannot be read again. A crash half-way repeats: `discard` must bear that.
        """
        with self._database.writing("expire references") as connection:
            too_old = (delivery.c.state.in_(WAITING), delivery.c.at < before)
            _reject(connection, *too_old, reason="expired")
            expired = _lines(connection, delivery.c.reference.is_not(None), delivery.c.state.not_in(WAITING))
            for line in expired:
                discard(line)
            chosen = delivery.c.id.in_([line.id for line in expired])
            connection.execute(update(delivery).where(chosen).values(reference=None))
        return len(expired)

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[LedgerEntry, ...]:
        with self._database.reading("read the ledger") as connection:
            return _lines(connection, *conditions)


def _waiting(dataset: str, before: int) -> ColumnElement[bool]:
    return (delivery.c.dataset == dataset) & delivery.c.state.in_(WAITING) & (delivery.c.number < before)


def _waiting_id(connection: Connection, intake: Intake) -> int | None:
    same = (delivery.c.dataset == intake.header.dataset, delivery.c.number == intake.header.number, delivery.c.digest == intake.digest)
    return connection.execute(select(delivery.c.id).where(*same, delivery.c.state.in_(WAITING))).scalar()


def _reject(connection: Connection, *conditions: ColumnElement[bool], reason: str) -> None:
    for line in _lines(connection, *conditions):
        rejected = {"state": State.REJECTED.value, "reasons": [*line.reasons, reason]}
        connection.execute(update(delivery).where(delivery.c.id == line.id).values(rejected))


def _lines(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[LedgerEntry, ...]:
    found = connection.execute(select(delivery).where(*conditions).order_by(delivery.c.id))
    return tuple(_ledger_entry(line) for line in found)


def _enter_findings(connection: Connection, identifier: int, tallies: tuple[Tally, ...]) -> None:
    connection.execute(delete(finding).where(finding.c.delivery == identifier))
    if tallies:
        connection.execute(insert(finding), [{"delivery": identifier, **_finding(tally)} for tally in tallies])


def _finding(tally: Tally) -> dict[str, object]:
    return {"rule": tally.rule, "field": tally.field, "effect": tally.effect.value, "count": tally.count, "records": list(tally.records)}


def _ledger_entry(line: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        id=line.id,
        dataset=line.dataset,
        number=line.number,
        kind=Kind(line.kind),
        day=line.day,
        digest=line.digest,
        state=State(line.state),
        reference=line.reference,
        reasons=tuple(line.reasons),
        delivered=line.delivered,
        publishable=line.publishable,
        at=line.at,
    )
