"""`SourceTable`: records as delivered, stripped of everything that is dropped on reading, but still private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Scalar = str | int | float | bool | None
Value = Scalar | tuple[Mapping[str, Scalar], ...]
"""A field of a record: a scalar, or a list of objects with their paths relative to the list."""


@dataclass(frozen=True, slots=True, repr=False)
class SourceRecord:
    """One record: its line number and its values by path (`adres.straatnaam`). Its repr shows no value."""

    number: int
    values: Mapping[str, Value]

    def get(self, path: str | None) -> Scalar:
        """A scalar, or null when it is absent."""
        value = self.values.get(path) if path is not None else None
        return None if isinstance(value, tuple) else value

    def text(self, path: str | None) -> str | None:
        """A text without white space around it; null when absent or empty."""
        value = self.get(path)
        return (str(value).strip() or None) if value is not None else None

    def items(self, path: str) -> tuple[Mapping[str, Scalar], ...]:
        """The objects of a list."""
        value = self.values.get(path)
        return value if isinstance(value, tuple) else ()

    def __repr__(self) -> str:
        return f"SourceRecord(number={self.number})"


@dataclass(frozen=True, slots=True, repr=False)
class SourceTable:
    """Records of one dataset, private. Nothing but `etl.disclose` turns them into something that may leave."""

    dataset: str
    records: Sequence[SourceRecord]

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"SourceTable(dataset={self.dataset!r}, records={len(self.records)})"
