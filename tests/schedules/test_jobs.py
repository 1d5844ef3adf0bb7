"""The jobs: exit status, lock and ledger; a run that fails leaves the release that was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from etl.errors import JobRunning
from etl.intake import Fate, Outcome
from etl.store import Outcome as RunOutcome
from publish.shelf import View
from publish.status import status
from release.reader import Release
from schedules import jobs
from schedules.errors import ProofFailed
from schedules.jobs import Exit, JobReport, worst
from schedules.parity import Proof
from schedules.publication import Publication
from schedules.status import table
from tests.etl.deliveries import ATTESTS, DAY, DECISIONS, NEXT, PARAMETERS, World, houses, record, register


@pytest.mark.parametrize(
    ("exits", "expected"),
    [
        ([], Exit.DONE),
        ([Exit.DONE, Exit.HELD], Exit.HELD),
        ([Exit.HELD, Exit.FAILED, Exit.DONE], Exit.FAILED),
        ([Exit.HELD, Exit.USAGE], Exit.USAGE),
    ],
)
def test_the_worst_of_several_exits_is_failed_before_held_before_done(exits: Sequence[Exit], expected: Exit) -> None:
    assert worst(exits) is expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome("d", Fate.ACCEPTED), Exit.DONE),
        (Outcome("d", Fate.DONE), Exit.DONE),
        (Outcome("d", Fate.ABSENT), Exit.DONE),
        (Outcome("d", Fate.ABSENT, first=True), Exit.FAILED),
        (Outcome("d", Fate.ABSENT, failed=True), Exit.FAILED),
        (Outcome("d", Fate.REFUSED), Exit.FAILED),
        (Outcome("d", Fate.HELD), Exit.HELD),
        (Outcome("d", Fate.QUEUED), Exit.HELD),
    ],
    ids=lambda value: value.fate.value if isinstance(value, Outcome) else value.name,
)
def test_the_exit_of_a_job_follows_the_fate_of_its_deliveries(world: World, outcome: Outcome, expected: Exit) -> None:
    assert JobReport("daily", DAY, (outcome,), world.release()).exit is expected
    without = Exit.FAILED if expected is Exit.DONE else expected  # nothing is published, and nothing waits for a person
    assert JobReport("daily", DAY, (outcome,), None).exit is without


def test_a_second_job_does_not_start_while_one_runs(world: World) -> None:
    before = world.installation(NEXT).store.runs.last("purge")
    with world.installation(NEXT).store.lock("job"), pytest.raises(JobRunning, match="another process holds the lock"):
        world.run(NEXT, "purge")
    assert world.installation(NEXT).store.runs.last("purge") == before


def test_a_run_is_written_in_the_ledger_with_the_content_that_it_published(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [])
    world.run(NEXT)
    run = world.installation(NEXT).store.runs.last("daily")
    assert run is not None
    assert (run.day, run.outcome, run.content_id) == (NEXT, RunOutcome.HELD, world.release().content_id(NEXT))


def test_a_purge_before_anything_was_published_fails_and_publishes_nothing(tmp_path: Path) -> None:
    report = World(tmp_path).run(DAY, "purge")
    assert (report.exit, report.release) == (Exit.FAILED, None)


def test_the_monthly_job_takes_the_parameters_only(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 1, {"opgehevenOp": NEXT.isoformat()})))
    world.deliver(PARAMETERS, NEXT, register(PARAMETERS))
    report = world.run(NEXT, "monthly")
    assert [outcome.dataset for outcome in report.outcomes] == [PARAMETERS]
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_a_candidate_that_fails_its_proof_is_not_published_and_the_run_is_noted_as_failed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differ(publication: Publication, release: Release) -> Proof:
        return Proof(("2026-11-21 Conformiteitsattest: WFS serves 3, the manifest says 19",), {})

    before = world.release().folder
    folders = set(before.parent.iterdir())
    world.deliver(ATTESTS, NEXT, register(ATTESTS))
    publication = type(world.installation(NEXT).publication)
    with monkeypatch.context() as patch, pytest.raises(ProofFailed, match="WFS serves 3"):
        patch.setattr(publication, "_prove", differ)
        world.run(NEXT)
    assert world.release().folder == before
    assert set(before.parent.iterdir()) == folders
    run = world.installation(NEXT).store.runs.last("daily")
    assert run is not None
    assert run.outcome is RunOutcome.FAILED
    assert world.run(NEXT).exit is Exit.DONE


def test_the_status_tells_age_state_and_counts(world: World) -> None:
    world.run(NEXT)
    current = status(View(world.release(), NEXT, 0))
    assert (current.day, current.datasets[DECISIONS].age_days, current.datasets[DECISIONS].state) == (NEXT, 1, "current")
    assert (current.products["Conformiteitsattest"].public, current.products["POI"].public) == (19, 57)
    later = status(View(world.release(), NEXT + timedelta(days=1), 0))
    assert later.datasets[DECISIONS].state == "stale"
    assert "Conformiteitsattest" in table(current, "https://example.org")
    assert status(View(world.release(), NEXT + timedelta(days=2), 0)).products == {}  # no run has counted that day


def test_the_release_before_stays_for_half_an_hour_and_is_then_swept(world: World) -> None:
    root = world.home / "releases"
    first = world.release().folder
    world.deliver(ATTESTS, NEXT, register(ATTESTS)[1:])
    world.run(NEXT)
    second = world.release().folder
    assert {path for path in root.iterdir() if path.is_dir()} == {first, second}
    (root / ".candidate-of-a-killed-run").mkdir()
    jobs.run(world.installation(NEXT + timedelta(days=1)), "daily", NEXT)
    assert world.release().folder == second
    assert {path for path in root.iterdir() if path.is_dir()} == {second}
