"""The cadence file, and what is due by it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
FILE = Path(__file__).with_name("cadence.toml")


@dataclass(frozen=True, slots=True)
class Slot:
    """A job and its time: every day, or on one day of the month."""

    job: str
    at: time
    day: int | None = None

    def latest(self, now: datetime) -> datetime:
        """The last moment, not after `now`, at which the job was to run."""
        local = now.astimezone(BRUSSELS)
        for back in range(63):
            date = local.date() - timedelta(days=back)
            moment = datetime.combine(date, self.at, BRUSSELS)
            if moment <= local and self.day in (None, date.day):
                return moment
        raise ValueError(f"the cadence names day {self.day}, which no month has")


def load(path: Path = FILE) -> tuple[Slot, ...]:
    """The slots of a cadence file."""
    parts = tomllib.loads(path.read_text("utf-8"))
    return tuple(Slot(part["job"], part["at"], part.get("day")) for part in parts.values())


def due(slots: tuple[Slot, ...], started: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """The jobs whose last moment came after they last ran, in order of that moment; the purge first when all are late."""
    late = [(slot.latest(now), slot.job) for slot in slots if slot.job not in started or started[slot.job] < slot.latest(now)]
    return tuple(job for _, job in sorted(late, key=lambda pair: (pair[1] != "purge", pair[0])))
