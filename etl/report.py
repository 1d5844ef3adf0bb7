"""The report that a source holder gets on a delivery: what would happen to it, and why. It publishes nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from etl.delivery import Delivery, Header
from etl.errors import DeliveryRefused
from etl.findings import Effect, Tally
from etl.gate import Decision
from etl.intake import Outcome
from etl.register import RegisterEntry
from etl.survey import Survey, Surveyor

_EFFECTS = {
    Effect.KEEP_OUT: "kept out",
    Effect.DROP_VALUE: "value left out",
    Effect.WAIT: "waits",
    Effect.NOTE: "note",
}
_SHOWN_RECORDS = 10


@dataclass(frozen=True)
class DeliveryReport:
    """Verdict, counts and findings of one delivery; no value of a record."""

    dataset: str
    header: Header | None
    verdict: str  # accept, hold or refuse
    reasons: tuple[str, ...]
    delivered: int = 0
    publishable: int = 0
    kept_out: int = 0
    findings: tuple[Tally, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        """Whether it would go through, as far as one delivery can tell without yesterday's."""
        return self.verdict == Decision.PUBLISH

    def to_json(self) -> str:
        """The report for a program."""
        document = asdict(self)
        if self.header is not None:
            document["header"] = {
                "dataset": self.header.dataset,
                "soort": self.header.kind.value,
                "peildatum": self.header.day.isoformat(),
                "volgnummer": self.header.number,
            }
        return json.dumps(document, ensure_ascii=False, indent=1)

    def to_text(self) -> str:
        """The report for a person."""
        lines = [f"{self.dataset}: {_VERDICTS[self.verdict]}"]
        lines += [f"  {reason}" for reason in self.reasons]
        lines += [
            f"  records delivered    {self.delivered:>9,}",
            f"  publishable today    {self.publishable:>9,}",
            f"  kept out             {self.kept_out:>9,}",
        ]
        lines += [_tally_text(tally) for tally in self.findings]
        return "\n".join(lines)


def _tally_text(tally: Tally) -> str:
    shown = ", ".join(map(str, tally.records[:_SHOWN_RECORDS])) + (" …" if tally.count > _SHOWN_RECORDS else "")
    return f"  {_EFFECTS[tally.effect]:<15} {tally.rule:<28} {tally.field:<32} {tally.count:>6,} ×  records {shown}"


def outcome_text(outcome: Outcome) -> str:
    """What became of a dataset in a run, for a person."""
    lines = [f"{outcome.dataset}: {outcome.fate.value}" + (f", {outcome.delivered:,} records" if outcome.delivered else "")]
    lines += [f"  {reason}" for reason in outcome.reasons]
    lines += [_tally_text(tally) for tally in outcome.findings]
    return "\n".join(lines)


_VERDICTS = {"publish": "would be accepted", "hold": "would be held: a person decides", "refuse": "would be refused"}


def examine(delivery: Delivery, surveyor: Surveyor, day: int) -> DeliveryReport:
    """Read a delivery as the job would, and say what would happen to it on a day."""
    survey, publishable = Survey(), 0
    try:
        for batch in surveyor.entries(delivery, survey):
            publishable += sum(entry.public_on(day) for entry in batch if isinstance(entry, RegisterEntry))
    except DeliveryRefused as refused:
        return refusal(surveyor.dataset, refused, delivery.header)
    reasons = [f"field.unknown: {path}" for path in sorted(survey.unknown)]
    if not survey.delivered:
        reasons.append("count.none: the delivery holds no record")
    return DeliveryReport(
        dataset=surveyor.dataset,
        header=delivery.header,
        verdict=(Decision.HOLD if reasons else Decision.PUBLISH).value,
        reasons=tuple(reasons),
        delivered=survey.delivered,
        publishable=publishable,
        kept_out=survey.kept_out,
        findings=tuple(survey.findings),
    )


def refusal(dataset: str, refused: DeliveryRefused, header: Header | None = None) -> DeliveryReport:
    """The report on a delivery that is refused whole."""
    return DeliveryReport(dataset, header, "refuse", (str(refused),))
