"""The runner: what is due is run, what fails is noted, and the rest goes on."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from etl.errors import StoreError
from schedules import jobs, runner
from schedules.cadence import load
from schedules.installation import Installation
from tests.etl.deliveries import DECISIONS, NEXT, World, houses, noon, record, register


@pytest.fixture
def tomorrow(world: World) -> Installation:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 1, {"opgehevenOp": NEXT.isoformat()})))
    return world.installation(NEXT)


def test_what_is_due_is_run_once(tomorrow: Installation, world: World) -> None:
    assert runner.run_due(tomorrow, load()) == ("purge", "daily")
    assert world.public(DECISIONS, NEXT) == houses(19, 1)
    assert runner.run_due(tomorrow, load()) == ()


def test_just_after_midnight_only_the_purge_is_due(tomorrow: Installation, world: World) -> None:
    midnight = replace(tomorrow, clock=lambda: datetime.combine(NEXT, datetime.min.time(), noon(NEXT).tzinfo) + timedelta(minutes=6))
    assert runner.run_due(midnight, load()) == ("purge",)
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_a_job_that_fails_is_noted_and_the_next_one_runs(
    tomorrow: Installation, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = jobs.run

    def failing(installation: Installation, name: str, day: date) -> jobs.JobReport:
        if name == "purge":
            raise StoreError("cannot read the register: OperationalError")
        return run(installation, name, day)

    monkeypatch.setattr(jobs, "run", failing)
    caplog.set_level(logging.INFO)
    assert runner.run_due(tomorrow, load()) == ("purge", "daily")
    assert world.public(DECISIONS, NEXT) == houses(19, 1)
    assert [record.getMessage() for record in caplog.records if record.name == "vlok.jobs"] == [
        "job=purge failed: cannot read the register: OperationalError",
        f"job=daily day={NEXT} exit=done",
    ]


def test_the_runner_looks_at_the_clock_until_it_is_stopped(tomorrow: Installation) -> None:
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runner.serve_jobs(tomorrow, pause)
    assert pauses == [runner.PAUSE] * 2
