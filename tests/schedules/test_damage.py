"""A current release that is damaged: every job says so, goes on without it, and publishes a sound one that servers take."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from etl.intake import Fate
from publish.app import ServeSettings, create_app
from release import journal, layout
from release.errors import BrokenRelease
from release.pointer import Pointer
from release.reader import Release
from release.soundness import damage
from schedules import decisions, runner, serving
from schedules.jobs import Exit
from tests.etl.deliveries import ATTESTS, DAY, DECISIONS, NEXT, World, houses, noon, record, register

HITS = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=POI:POI&resultType=hits"

Harm = Callable[[Release], object]


def altered(path: Path) -> None:
    """Another byte in a file, in its place: as a disk does it, also under whoever has it open."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte ^ 0xFF]))


def pointer(release: Release) -> Path:
    return Pointer(release.folder.parent).path


def gone(release: Release) -> None:
    """The pointer names a folder that is not there."""
    path = pointer(release)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"seal": "0" * 32}))


HARMS: dict[str, Harm] = {
    "a manifest is cut off": lambda release: (layout.edition_folder(release.folder, DAY) / layout.MANIFEST).write_bytes(
        b'{"content_id": "'
    ),
    "an edition is absent": lambda release: shutil.rmtree(layout.edition_folder(release.folder, NEXT)),
    "there is no edition": lambda release: shutil.rmtree(release.folder / "editions"),
    "a byte of a column has changed": lambda release: altered(layout.table_folder(release.folder, "POI:POI") / layout.COLUMNS),
    "a column is absent": lambda release: (layout.table_folder(release.folder, "POI:POI") / layout.COLUMNS).unlink(),
    "the schema is cut off": lambda release: (release.folder / layout.SCHEMA).write_bytes(b"{"),
    "the seal is cut off": lambda release: (release.folder / layout.SEAL).write_bytes(b'{"schema.json": "'),
    "its folder is gone": lambda release: shutil.rmtree(release.folder),
    "the pointer names another folder": gone,
    "the pointer is empty": lambda release: pointer(release).write_bytes(b""),
}


@pytest.fixture(params=HARMS.values(), ids=HARMS.keys())
def harm(request: pytest.FixtureRequest) -> Harm:
    harm: Harm = request.param
    return harm


def is_sound(world: World) -> bool:
    return list(damage(world.release().folder)) == []


@pytest.mark.parametrize("job", ["daily", "monthly", "purge"])
def test_a_job_goes_on_says_so_and_publishes_a_sound_release(world: World, harm: Harm, job: str) -> None:
    before = world.public(DECISIONS, NEXT)
    harm(world.release())
    report = world.run(NEXT, job)
    assert report.exit is Exit.DONE and report.release is not None
    (warning,) = report.warnings
    assert "made wholly anew" in warning and warning in report.to_text()
    assert is_sound(world)
    assert world.public(DECISIONS, NEXT) == before
    assert {entry.since for entry in world.release().edition(NEXT).products.values()} == {NEXT}
    assert world.run(NEXT, job).warnings == ()


def test_a_server_that_is_running_takes_the_sound_release(world: World, harm: Harm) -> None:
    client = TestClient(create_app(ServeSettings(world.home / "releases"), lambda: noon(DAY)))
    before = client.get(HITS).text
    harm(world.release())
    client.get(HITS)
    world.run(DAY, "purge")
    assert 'numberMatched="60"' in before
    assert 'numberMatched="60"' in client.get(HITS).text
    assert client.get("/readyz").status_code == 200


def test_a_release_of_the_same_seal_takes_the_place_of_the_damaged_one_and_is_opened_again(world: World) -> None:
    seal = world.release().folder.name
    client = TestClient(create_app(ServeSettings(world.home / "releases"), lambda: noon(DAY)))
    client.get(HITS)
    moved, stamp = Pointer(world.home / "releases").read(), Pointer(world.home / "releases").path.stat().st_ino
    altered(layout.table_folder(world.release().folder, "POI:POI") / layout.COLUMNS)
    world.run(DAY)
    assert (world.release().folder.name, is_sound(world)) == (seal, True)
    assert Pointer(world.home / "releases").read() == moved  # and the one before does not come back
    assert Pointer(world.home / "releases").path.stat().st_ino != stamp


def test_the_gate_still_compares_with_the_register_and_takes_nothing_for_new(world: World, harm: Harm) -> None:
    harm(world.release())
    world.deliver(DECISIONS, NEXT, [record(DECISIONS, 1), record(DECISIONS, 2)])
    report = world.run(NEXT)
    (outcome,) = (outcome for outcome in report.outcomes if outcome.dataset == DECISIONS)
    assert (outcome.fate, outcome.reasons) == (Fate.HELD, ("count.fewer:delivered", "count.fewer:publishable"))
    assert world.public(DECISIONS, NEXT) == houses(19)


def test_no_reader_of_the_feed_is_left_to_believe_that_nothing_went(world: World, harm: Harm) -> None:
    """What went with a damaged release nobody can tell: every cursor of before is refused, so that readers compare with the full lists."""
    root = world.home / "releases"
    before = journal.read(root)
    assert before is not None
    harm(world.release())
    world.deliver(ATTESTS, NEXT, register(ATTESTS)[1:])
    world.run(NEXT)
    after = journal.read(root)
    assert after is not None
    assert after.seal == Pointer(root).read().seal
    known = after.after(before.sequence)
    assert known is None or any(change.products["Conformiteitsattest"].gone for change in known)


def test_a_dataset_that_is_withdrawn_stays_so(world: World, harm: Harm) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    harm(world.release())
    world.run(NEXT, "purge")
    assert world.release().withdrawn(NEXT) == (DECISIONS,)


def test_the_runner_goes_on(world: World, harm: Harm) -> None:
    harm(world.release())
    installation = world.installation(NEXT)
    assert set(runner.run_due(installation, ())) == set()
    installation.publication.sweep()
    world.run(NEXT)
    assert is_sound(world)


def test_a_server_starts_over_a_damaged_release_and_says_so(world: World, harm: Harm) -> None:
    harm(world.release())
    root = world.home / "releases"
    said = serving.over(root, DAY)
    assert (said is None) == _can_be_opened(root)


def _can_be_opened(root: Path) -> bool:
    try:
        return bool(Release.open(Pointer(root).folder()).days)
    except BrokenRelease:
        return False


def test_files_that_were_damaged_are_not_lent(tmp_path: Path) -> None:
    world = World(tmp_path, whole=True)
    world.deliver(ATTESTS, DAY, register(ATTESTS, size=4))
    world.run(DAY)
    path = layout.downloads_folder(world.release().folder, NEXT) / "Conformiteitsattest/Conformiteitsattest_CSV.zip"
    altered(path)
    report = world.run(NEXT)
    assert "Conformiteitsattest_CSV.zip is not what was sealed" in report.warnings[0]
    assert is_sound(world)
    assert world.installation(NEXT).publication.verify() == []


def test_the_runner_deletes_nothing_while_a_command_seals(world: World) -> None:
    candidate = world.home / "releases" / ".candidate-of-a-command"
    candidate.mkdir()
    with world.installation(NEXT).store.lock("job"):
        runner.run_due(world.installation(NEXT), ())
        assert candidate.is_dir()
    runner.run_due(world.installation(NEXT), ())
    assert not candidate.exists()
