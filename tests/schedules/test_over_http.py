"""Deliveries over HTTP through whole jobs: signed login, a held delivery kept encrypted, approval, and what is left after seven days."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from etl.errors import EtlError
from etl.intake import Fate
from etl.sources.http import HttpSource
from schedules import decisions
from schedules.cadence import BRUSSELS
from schedules.jobs import Exit
from simulator.dossiers import Sizes
from simulator.example import running
from simulator.persons import persons
from tests.canaries import files, search
from tests.etl.deliveries import ATTESTS, CLAIMS, DECISIONS, World, noon

SEED = 5
# Copies are as old as their files say, so these days are the real ones.
DAY = datetime.now(BRUSSELS).date()
NEXT = DAY + timedelta(days=1)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting() -> Iterator[None]:
    """Retries come at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(cast(dict[str, object], HttpSource.__init__.__kwdefaults__), "sleep", lambda seconds: None)
        yield


@contextmanager
def serving(folder: Path, day: date, sizes: Sizes) -> Iterator[World]:
    """A world whose source is a server of the example registers of this size, on a day."""
    with running(folder / "example", seed=SEED, clock=lambda: noon(day), sizes=sizes, trouble=0.3) as example:
        source = {"source": f"http:{example.url}", "token_url": example.token_url, "client_id": example.client_id}
        yield World(folder, settings=source | {"client_key_file": example.client_key})


@pytest.fixture(scope="module")
def _held(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("http")
    with serving(folder, DAY, Sizes(60, 30, 20)) as world:
        assert world.run(DAY).exit == Exit.DONE
    with serving(folder, NEXT, Sizes(8, 6, 4)) as world:
        assert world.run(NEXT).exit == Exit.HELD
    return world


@pytest.fixture
def held(_held: World, tmp_path: Path) -> World:
    """On `NEXT` far fewer records came than on `DAY`; the source is silent since."""
    shutil.copytree(_held.folder, tmp_path / "world")
    return World(tmp_path / "world", settings=_held.settings)


def copies(world: World) -> list[Path]:
    return sorted((world.home / "spool").rglob("*.spool"))


def test_registers_are_taken_in_over_http_and_what_was_fetched_is_deleted(tmp_path: Path) -> None:
    with serving(tmp_path, DAY, Sizes(60, 30, 20)) as world:
        report = world.run(DAY)
        assert report.exit == Exit.DONE
        assert [outcome.fate for outcome in report.outcomes] == [Fate.ACCEPTED] * 3
        assert all(len(world.public(dataset, DAY)) > 5 for dataset in (ATTESTS, DECISIONS, CLAIMS))
        assert copies(world) == []
        again = world.run(DAY)
        assert {outcome.fate for outcome in again.outcomes} == {Fate.DONE}
        assert copies(world) == []


def test_a_held_delivery_is_kept_encrypted_for_its_owner_alone(held: World) -> None:
    found = copies(held)
    assert len(found) == 3
    assert {(path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) for path in found} == {(0o600, 0o700)}
    needles = {marker for person in persons(SEED) for marker in person.markers()}
    assert search(files(held.home), needles) == []


def test_approval_reads_the_copy_takes_it_in_and_deletes_it(held: World) -> None:
    before = len(held.public(ATTESTS, NEXT))
    for line in held.installation(NEXT).store.ledger.holds():
        report = decisions.approve(held.installation(NEXT), line.id, NEXT)
        assert [outcome.fate for outcome in report.outcomes] == [Fate.ACCEPTED]
    assert len(held.public(ATTESTS, NEXT)) < before
    assert copies(held) == []
    assert held.installation(NEXT).store.ledger.holds() == ()


def test_a_held_delivery_that_comes_again_leaves_one_copy(held: World) -> None:
    with serving(held.folder, NEXT, Sizes(8, 6, 4)) as world:
        assert world.run(NEXT).exit == Exit.HELD
    assert len(copies(held)) == 3


def test_a_copy_that_is_damaged_cannot_be_approved_and_changes_nothing(held: World) -> None:
    (line, *_) = held.installation(NEXT).store.ledger.holds()
    path = next(path for path in copies(held) if path.parent.name == line.dataset)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    before = held.release().folder
    with pytest.raises(EtlError, match="is gone or damaged"):
        decisions.approve(held.installation(NEXT), line.id, NEXT)
    assert held.release().folder == before


def test_after_seven_days_nothing_that_was_fetched_is_left_and_nothing_waits_for_it(held: World) -> None:
    old = (noon(NEXT) - timedelta(days=2)).timestamp()
    for path in copies(held):
        os.utime(path, (old, old))
    later = NEXT + timedelta(days=8)
    held.run(later)
    assert copies(held) == []
    assert held.installation(later).store.ledger.holds() == ()


def test_a_source_that_does_not_answer_fails_the_run_and_leaves_the_release(held: World) -> None:
    before = held.public(ATTESTS, NEXT)
    report = held.run(NEXT)
    assert report.exit == Exit.FAILED
    assert {(outcome.fate, outcome.failed, outcome.first) for outcome in report.outcomes} == {(Fate.ABSENT, True, False)}
    assert held.public(ATTESTS, NEXT) == before != set()
