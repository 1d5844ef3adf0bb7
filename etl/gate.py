"""The gate: what becomes of a delivery. Asymmetric: doubtful additions wait, removals with a stated reason never do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from etl.definitions import GateSpec
from etl.delivery import Header, Kind
from etl.errors import DeliveryRefused


class Decision(StrEnum):
    """Publish the delivery, or hold it for a person. A refused delivery never reaches the gate."""

    PUBLISH = "publish"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Yesterday and today: records `delivered`, objects `publishable` on the day of the run; null when it was no full delivery."""

    delivered_before: int | None
    delivered: int
    publishable_before: int
    publishable: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its reasons, as stable codes."""

    decision: Decision
    reasons: tuple[str, ...] = ()


def judge(spec: GateSpec, sizes: Sizes, unknown: frozenset[str]) -> Verdict:
    """CONTRACT A.4: unknown fields, far fewer or far more records than yesterday, or none, hold the delivery."""
    reasons = [f"field.unknown:{path}" for path in sorted(unknown)]
    if sizes.delivered == 0:
        reasons.append("count.none")
    if sizes.delivered_before is not None:
        reasons += _compared("delivered", sizes.delivered_before, sizes.delivered, spec)
    reasons += _compared("publishable", sizes.publishable_before, sizes.publishable, spec)
    return Verdict(Decision.HOLD if reasons else Decision.PUBLISH, tuple(reasons))


def judge_mutations(spec: GateSpec, sizes: Sizes, unknown: frozenset[str]) -> Verdict:
    """Mutations say only what changed: the register that they lead to is compared with yesterday's."""
    reasons = [f"field.unknown:{path}" for path in sorted(unknown)]
    reasons += _compared("publishable", sizes.publishable_before, sizes.publishable, spec)
    return Verdict(Decision.HOLD if reasons else Decision.PUBLISH, tuple(reasons))


def _compared(what: str, before: int, now: int, spec: GateSpec) -> list[str]:
    if now < before * (1 - spec.fewer) or (before and not now):
        return [f"count.fewer:{what}"]
    return [f"count.more:{what}"] if before and now > before * (1 + spec.more) else []


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of the same delivery, or else of the last one of the dataset that was accepted, held or queued."""

    number: int
    digest: bytes
    held: bool  # a held or queued delivery stands before the next one


class Already(StrEnum):
    """What a number says of a delivery: new, queued behind a held one, or the same again."""

    NEW = "new"
    QUEUE = "queue"
    DONE = "done"


def place(header: Header, digest: bytes, last: Known | None) -> Already:
    """The rules on delivery numbers (CONTRACT A); raises `DeliveryRefused`.

    `volledig` may have any number above the last; `mutaties` exactly the next one. The same number with the same content
    is already done. A refused delivery leaves no number behind, so the mutations after it do not follow and are refused.
    """
    if last is None:
        if header.kind is Kind.MUTATIONS:
            raise DeliveryRefused("delivery.number", "mutations need a full delivery before them")
        return Already.NEW
    if header.number == last.number and digest == last.digest:
        return Already.DONE
    if header.number <= last.number:
        raise DeliveryRefused("delivery.number", f"number {header.number} is not above the last, {last.number}")
    if header.kind is Kind.MUTATIONS and header.number != last.number + 1:
        raise DeliveryRefused("delivery.number", f"mutations have number {header.number}; expected is {last.number + 1}")
    return Already.QUEUE if header.kind is Kind.MUTATIONS and last.held else Already.NEW
