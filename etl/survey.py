"""Read a whole delivery once, in batches: check every record, count what was found, and give what may be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


@dataclass
class Survey:
    """What reading a delivery brought to light; complete when its batches have been read to the end."""

    delivered: int = 0
    kept_out: int = 0
    findings: Findings = field(default_factory=Findings)
    unknown: set[str] = field(default_factory=set)
    kept_out_keys: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Surveyor:
    """Reads deliveries of one dataset for one day: records, rules, and the maker of what may be kept."""

    dataset: str
    key_path: str
    reader: RecordReader
    rules: Sequence[Rule]
    maker: EntryMaker

    def entries(self, delivery: Delivery, survey: Survey, kept_out_limit: float) -> Iterator[Sequence[RegisterEntry | Gone]]:
        """What may be kept of the delivery, in batches; fills `survey`; raises `DeliveryRefused` at the first broken line.

        A record that is kept out is public in no version, yesterday's included (CONTRACT A.4), so its key comes last, as
        `Gone`. When there are more of them than `kept_out_limit`, something is wrong with the delivery as a whole, and a
        person decides whether they go.
        """
        documents = delivery.records()
        while part := list(islice(documents, BATCH)):
            survey.delivered += len(part)
            readings = {number: self.reader.read(number, document) for number, document in part}
            spoken: dict[int, RegisterEntry | Gone] = dict(self._disclosed(self._checked(readings.values(), survey), survey))
            spoken |= {number: Gone(self.maker.key(r.key)) for number, r in readings.items() if r.removed and r.key}
            yield [spoken[number] for number in sorted(spoken)]  # of two lines with one key the last counts
        if len(survey.kept_out_keys) <= kept_out_limit:
            yield [Gone(key) for key in survey.kept_out_keys]

    def _checked(self, readings: Iterable[Reading], survey: Survey) -> SourceTable:
        """The records that pass the rules."""
        records: list[SourceRecord] = []
        for reading in readings:
            survey.unknown |= reading.unknown
            survey.findings.add(reading.findings)
            if reading.removed:
                continue
            record = reading.record
            if record is not None:
                record, findings = screen(record, self.rules)
                survey.findings.add(findings)
            if record is None:
                self._keep_out(reading.key, survey)
            else:
                records.append(record)
        return SourceTable(self.dataset, records)

    def _disclosed(self, table: SourceTable, survey: Survey) -> dict[int, RegisterEntry]:
        """What may be kept of the records, by record number."""
        entries: dict[int, RegisterEntry] = {}
        for record in table.records:
            entry, findings = self.maker.make(record)
            survey.findings.add(findings)
            if entry is None:
                self._keep_out(str(record.get(self.key_path)), survey)
            else:
                entries[record.number] = entry
        return entries

    def _keep_out(self, key: str | None, survey: Survey) -> None:
        survey.kept_out += 1
        if key is not None:
            survey.kept_out_keys.append(self.maker.key(key))
