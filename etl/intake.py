"""Take in one delivery of one dataset: number → read → check → gate → keep. Each step is in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from etl.definitions import DatasetDefinition
from etl.delivery import Delivery, Header, Kind
from etl.errors import DeliveryRefused, SourceError
from etl.findings import Tally
from etl.gate import Already, Decision, Known, Sizes, Verdict, judge, judge_mutations, place
from etl.keys import Keys
from etl.store import Comparison, Intake, LedgerEntry, State, Store
from etl.survey import Survey, Surveyor

FEW = 20
"""Records that are kept out always leave the register at once when they are at most so many, however small the register."""


class Fate(StrEnum):
    """What became of a dataset in a run."""

    ACCEPTED = "accepted"
    HELD = "held"
    QUEUED = "queued"
    REFUSED = "refused"
    DONE = "already done"
    ABSENT = "no delivery"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one dataset: `reasons` are codes and places, never values.

    `first` says that nothing was ever accepted, `failed` that the source could not be read.
    """

    dataset: str
    fate: Fate
    reasons: tuple[str, ...] = ()
    findings: tuple[Tally, ...] = ()
    delivered: int = 0
    first: bool = False
    failed: bool = False


@dataclass(frozen=True)
class Reception:
    """Takes in deliveries of one dataset."""

    definition: DatasetDefinition
    store: Store
    keys: Keys
    surveyor: Callable[[date], Surveyor]
    clock: Callable[[], datetime]

    def take(self, delivery: Delivery, day: date, *, waited: State | None = None, behind: bool = False) -> Outcome:
        """One delivery for a day. `waited`: it was held and a person lets it through, or was queued and comes to the gate now;
        `behind`: it stays queued behind another that is held, and only what it ends acts.
        """
        header = delivery.header
        digest = self.keys.digest(header.digest)
        try:
            again = Already.QUEUE if behind else Already.NEW
            placed = place(header, digest, self._known(header, digest)) if waited is None else again
            if placed is Already.DONE:
                delivery.discard()
                return Outcome(self.definition.id, self._fate_of(header, digest))
            survey = self._stage(delivery, day)
        except DeliveryRefused as refused:
            delivery.discard()
            return self._refuse(header, digest, refused)
        except SourceError as error:  # a disk that fails half-way
            return Outcome(self.definition.id, Fate.ABSENT, (str(error),), failed=True)
        comparison = self.store.compare(self.definition.id, header.kind, day)
        verdict = Verdict(Decision.PUBLISH) if waited is State.HELD else self._judge(header, survey, comparison)
        intake = Intake(
            header=header,
            digest=digest,
            delivered=survey.delivered,
            publishable=comparison.after,
            at=self.clock(),
            reasons=verdict.reasons,
            findings=tuple(survey.findings),
            reference=delivery.reference,
        )
        # Decision 8: so many that the fault is the delivery's wait for a person like any unexplained removal.
        few_kept_out = survey.kept_out <= max(FEW, comparison.before * self.definition.gate.fewer)
        fate = self._keep(delivery, intake, placed, verdict, few_kept_out)
        return Outcome(self.definition.id, fate, verdict.reasons, intake.findings, survey.delivered)

    def _known(self, header: Header, digest: bytes) -> Known | None:
        """This same delivery when the ledger has it, else the last one, which it must follow."""
        ledger = self.store.ledger
        line = ledger.seen(self.definition.id, header.number, digest) or ledger.last(self.definition.id)
        return None if line is None else Known(line.number, line.digest, line.state is not State.ACCEPTED)

    def _fate_of(self, header: Header, digest: bytes) -> Fate:
        """What became of a delivery that comes again; one that a person rejected is done with."""
        line = self.store.ledger.seen(self.definition.id, header.number, digest)
        fates = {State.HELD: Fate.HELD, State.QUEUED: Fate.QUEUED}
        return fates.get(line.state, Fate.DONE) if line is not None else Fate.DONE

    def _stage(self, delivery: Delivery, day: date) -> Survey:
        survey = Survey()
        self.store.stage(self.definition.id, self.surveyor(day).entries(delivery, survey))
        return survey

    def _judge(self, header: Header, survey: Survey, comparison: Comparison) -> Verdict:
        """Compare with yesterday's register as it would be today: what the calendar ended is no drop."""
        before = self._delivered_before()
        sizes = Sizes(before, survey.delivered, comparison.before, comparison.after)
        judged = judge if header.kind is Kind.FULL else judge_mutations
        return judged(self.definition.gate, sizes, frozenset(survey.unknown))

    def _delivered_before(self) -> int | None:
        """How many records the last accepted full delivery had; null when there was none."""
        last: LedgerEntry | None = self.store.ledger.last_accepted(self.definition.id)
        return last.delivered if last is not None and last.kind is Kind.FULL else None

    def _keep(self, delivery: Delivery, intake: Intake, placed: Already, verdict: Verdict, few_kept_out: bool) -> Fate:
        if placed is Already.QUEUE:
            self.store.queue(intake)
            return Fate.QUEUED
        if verdict.decision is Decision.HOLD:
            self.store.hold(intake, kept_out=few_kept_out)
            return Fate.HELD
        self.store.accept(intake)
        delivery.discard()
        return Fate.ACCEPTED

    def _refuse(self, header: Header, digest: bytes, refused: DeliveryRefused) -> Outcome:
        intake = Intake(header, digest, delivered=0, publishable=0, at=self.clock(), reasons=(refused.code,))
        self.store.refuse(intake)
        return Outcome(self.definition.id, Fate.REFUSED, (str(refused),))
