"""Rules on records: one rule is one class with stable codes. A rule only finds; `screen` applies what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from etl.findings import Effect, Finding
from etl.table import SourceRecord, Value


class Rule(Protocol):
    """Checks one record that fits its schema."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable codes of its findings."""

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """What is wrong with the record; never with a value in it."""


def screen(record: SourceRecord, rules: Iterable[Rule]) -> tuple[SourceRecord | None, tuple[Finding, ...]]:
    """Apply the rules: the record without the items and values that are kept out, or null when it is kept out itself."""
    findings = tuple(finding for rule in rules for finding in rule.check(record))
    if not findings:
        return record, ()
    if any(finding.effect is Effect.KEEP_OUT and finding.item is None for finding in findings):
        return None, findings
    return SourceRecord(record.number, {path: _without(path, value, findings) for path, value in record.values.items()}), findings


def _without(path: str, value: Value, findings: tuple[Finding, ...]) -> Value:
    if not isinstance(value, tuple):
        return value
    mine = [finding for finding in findings if finding.field.startswith(f"{path}[].") and finding.item is not None]
    out = {finding.item for finding in mine if finding.effect is Effect.KEEP_OUT}
    bare = {(finding.item, finding.field.removeprefix(f"{path}[].")) for finding in mine if finding.effect is Effect.DROP_VALUE}
    return tuple(
        {name: scalar for name, scalar in item.items() if (index, name) not in bare} for index, item in enumerate(value) if index not in out
    )
