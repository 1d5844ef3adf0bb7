"""On which days a record is public (CONTRACT B.1)."""

from __future__ import annotations

from datetime import date

from etl.definitions import Validity
from etl.table import SourceRecord
from release.table import OPEN_END, to_day


def public_days(record: SourceRecord, validity: Validity) -> tuple[int, int]:
    """First and last public day, as day numbers; the last is before the first when it can never be public."""
    start = _day(record, validity.start) if validity.start else None
    first = 0 if start is None else start
    if any(record.get(path) in values for path, values in validity.never.items()):
        return first, -1
    lasts = [day for path in validity.last if (day := _day(record, path)) is not None]
    lasts += [day - 1 for path in validity.ended if (day := _day(record, path)) is not None]
    return first, min(lasts, default=OPEN_END)


def _day(record: SourceRecord, path: str) -> int | None:
    value = record.get(path)
    return to_day(date.fromisoformat(value)) if isinstance(value, str) else None
