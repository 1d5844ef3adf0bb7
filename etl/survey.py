"""Read a whole delivery once, in batches: check every record, count what was found, and give what may be kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from etl.delivery import Delivery
from etl.entries import EntryMaker
from etl.findings import Findings
from etl.records import Reading, RecordReader
from etl.register import RegisterEntry
from etl.rules import Rule, screen
from etl.store.rows import Gone
from etl.table import SourceRecord, SourceTable

BATCH = 10_000
"""Records that are private in memory at a time."""

Numbered = tuple[int, RegisterEntry | Gone]
"""A line number of the delivery, and what may be kept of it."""


@dataclass
class Survey:
    """What reading a delivery brought to light; complete when its batches have been read to the end."""

    delivered: int = 0
    kept_out: int = 0
    findings: Findings = field(default_factory=Findings)
    unknown: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Surveyor:
    """Reads deliveries of one dataset for one day: records, rules, and the maker of what may be kept."""

    dataset: str
    key_path: str
    reader: RecordReader
    rules: Sequence[Rule]
    maker: EntryMaker

    def entries(self, delivery: Delivery, survey: Survey) -> Iterator[Sequence[RegisterEntry | Gone]]:
        """What may be kept of the delivery, in its order and in batches; fills `survey`; raises `DeliveryRefused`.

        A record that is kept out is public in no version, yesterday's included (CONTRACT A.4), so its key comes as `Gone`.
        """
        documents = delivery.records()
        while part := list(islice(documents, BATCH)):
            survey.delivered += len(part)
            gone, table = self._checked([(number, self.reader.read(number, document)) for number, document in part], survey)
            yield [kept for _, kept in sorted(gone + self._disclosed(table, survey), key=lambda line: line[0])]

    def _checked(self, readings: Sequence[tuple[int, Reading]], survey: Survey) -> tuple[list[Numbered], SourceTable]:
        """The keys of records that are removed or kept out, and the records that pass the rules."""
        gone: list[Numbered] = []
        records: list[SourceRecord] = []
        for number, reading in readings:
            survey.unknown |= reading.unknown
            survey.findings.add(reading.findings)
            record = reading.record
            if record is not None:
                record, findings = screen(record, self.rules)
                survey.findings.add(findings)
            if record is not None:
                records.append(record)
                continue
            survey.kept_out += not reading.removed
            if reading.key is not None:
                gone.append((number, Gone(self.maker.key(reading.key), kept_out=not reading.removed)))
        return gone, SourceTable(self.dataset, records)

    def _disclosed(self, table: SourceTable, survey: Survey) -> list[Numbered]:
        """What may be kept of the records."""
        kept: list[Numbered] = []
        for record in table.records:
            entry, findings = self.maker.make(record)
            survey.findings.add(findings)
            survey.kept_out += entry is None
            kept.append((record.number, entry or Gone(self.maker.key(str(record.get(self.key_path))), kept_out=True)))
        return kept
