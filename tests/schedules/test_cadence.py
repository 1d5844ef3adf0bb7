"""When the jobs are due, in Brussels time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from schedules.cadence import BRUSSELS, Slot, due, load

DAILY = Slot("daily", time(5, 30))
MONTHLY = Slot("monthly", time(6, 30), day=2)
PURGE = Slot("purge", time(0, 5))
SLOTS = (DAILY, MONTHLY, PURGE)


def brussels(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def test_the_cadence_file_names_the_three_jobs() -> None:
    assert set(load()) == set(SLOTS)


def test_a_cadence_file_may_give_other_times(tmp_path: Path) -> None:
    (tmp_path / "cadence.toml").write_text('[daily]\nat = 04:00:00\njob = "daily"\n')
    assert load(tmp_path / "cadence.toml") == (Slot("daily", time(4)),)


@pytest.mark.parametrize(
    ("slot", "now", "latest"),
    [
        (DAILY, "2026-11-21T05:30", "2026-11-21T05:30"),
        (DAILY, "2026-11-21T05:29", "2026-11-20T05:30"),
        (MONTHLY, "2026-11-21T12:00", "2026-11-02T06:30"),
        (MONTHLY, "2026-11-02T06:00", "2026-10-02T06:30"),
        (MONTHLY, "2026-01-01T00:00", "2025-12-02T06:30"),
        (Slot("monthly", time(6), day=31), "2026-05-01T00:00", "2026-03-31T06:00"),
    ],
)
def test_the_latest_moment_of_a_job_is_not_after_now(slot: Slot, now: str, latest: str) -> None:
    assert slot.latest(brussels(now)) == brussels(latest)


def test_the_time_is_that_of_brussels_in_summer_and_in_winter() -> None:
    assert DAILY.latest(datetime(2026, 7, 1, 3, 31, tzinfo=UTC)).date().isoformat() == "2026-07-01"
    assert DAILY.latest(datetime(2026, 12, 1, 4, 29, tzinfo=UTC)).date().isoformat() == "2026-11-30"


def test_a_day_that_no_month_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="which no month has"):
        Slot("monthly", time(6), day=32).latest(brussels("2026-11-21T12:00"))


def test_every_job_is_due_when_none_ever_ran_and_the_purge_comes_first() -> None:
    assert due(SLOTS, {}, brussels("2026-11-21T12:00")) == ("purge", "monthly", "daily")


def test_a_job_that_ran_after_its_moment_is_not_due() -> None:
    now = brussels("2026-11-21T12:00")
    assert due(SLOTS, {slot.job: slot.latest(now) for slot in SLOTS}, now) == ()


def test_a_job_that_was_missed_is_due_once_however_long_ago() -> None:
    now = brussels("2026-11-21T12:00")
    started = {slot.job: now for slot in SLOTS} | {"daily": now - timedelta(days=9)}
    assert due(SLOTS, started, now) == ("daily",)
