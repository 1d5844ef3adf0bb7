"""Findings: what is wrong with data. Rule, field and record number; never a value (CONTRACT A.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a finding does."""

    KEEP_OUT = "keep_out"  # the record (with `item`: the item, e.g. a rule of a municipality) is public in no version
    DROP_VALUE = "drop_value"  # the value is left out, the record stays
    WAIT = "wait"  # the record waits for the source
    NOTE = "note"  # for the source to know


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `rule` is a stable code such as `personal.insz`, `field` a path, `record` the line number in the delivery."""

    rule: str
    field: str
    record: int
    effect: Effect
    item: int | None = None  # of a list: the effect is on this item, not on the record


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule struck a field, and the first record numbers."""

    rule: str
    field: str
    effect: Effect
    count: int
    records: tuple[int, ...]


class Findings:
    """Collects findings in bounded memory: counts of all, record numbers of the first `keep` of each kind."""

    def __init__(self, keep: int = 100) -> None:
        self._keep = keep
        self._counts: Counter[tuple[str, str, Effect]] = Counter()
        self._records: dict[tuple[str, str, Effect], list[int]] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Count findings."""
        for finding in findings:
            kind = (finding.rule, finding.field, finding.effect)
            self._counts[kind] += 1
            records = self._records.setdefault(kind, [])
            if len(records) < self._keep:
                records.append(finding.record)

    def __iter__(self) -> Iterator[Tally]:
        for rule, field, effect in sorted(self._counts):
            kind = (rule, field, effect)
            yield Tally(rule, field, effect, self._counts[kind], tuple(self._records[kind]))

    def count(self, effect: Effect) -> int:
        """How many findings have this effect."""
        return sum(count for (_, _, found), count in self._counts.items() if found is effect)
