"""The day of a content as the moment that feeds and records want."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

_BRUSSELS = ZoneInfo("Europe/Brussels")


def midnight(day: date) -> str:
    """`2026-11-21T00:00:00+01:00`: when the day begins in Brussels, from which the content held (RFC 3339)."""
    return datetime.combine(day, time.min, _BRUSSELS).isoformat()
