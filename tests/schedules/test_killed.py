"""Killing the job at any point leaves a whole release, served; the next run ends where an undisturbed one would have."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import etl.pipeline
import etl.store.ledger
import exports.bundle
import release.writer
import schedules.publication
from etl.store.runs import Runs
from etl.survey import Surveyor
from publish.app import ServeSettings, create_app
from release.pointer import Pointer
from release.soundness import damage
from release.writer import Writer
from schedules.jobs import Exit
from schedules.publication import Publication
from tests.etl.deliveries import ATTESTS, CLAIMS, DAY, DECISIONS, NEXT, World, houses, noon, record, register

_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["schedules.jobs", "publish.app", "tests.etl.deliveries"])


@dataclass(frozen=True)
class Step:
    """The process dies at call number `call` of `owner.name`; `after`: when that is done. `moved`: the new release is current then."""

    owner: Any
    name: str
    call: int = 1
    after: bool = False
    moved: bool = False
    whole: bool = False


STEPS = {
    "while staging": Step(Surveyor, "_checked"),
    "while staging the second dataset": Step(Surveyor, "_checked", call=2),
    "while a delivery is accepted": Step(etl.store.ledger, "enter", after=True),
    "before disclosure": Step(etl.pipeline, "contents"),
    "while sealing": Step(release.writer, "write_coordinates", call=2, after=True),
    "while writing the files": Step(exports.bundle, "_write", call=17, after=True, whole=True),
    "between the editions": Step(Writer, "_write_edition", after=True),
    "before the seal has its name": Step(release.writer, "write_durably", after=True),
    "before the proof": Step(Publication, "publish"),
    "while the proof is written": Step(release.writer, "write_durably", call=2, after=True),
    "after the proof is written": Step(schedules.publication, "amend", after=True),
    "before the pointer": Step(Pointer, "move"),
    "after the pointer": Step(Pointer, "move", after=True, moved=True),
    "before the run is noted": Step(Runs, "end", moved=True),
}


def _run_and_die(folder: Path, whole: bool, name: str) -> None:
    step, calls = STEPS[name], 0
    original = getattr(step.owner, step.name)

    def dying(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls < step.call:
            return original(*arguments, **more)
        if step.after:
            original(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(step.owner, step.name, dying)
    World(folder, whole).run(NEXT)


def deliver(world: World) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 1, {"opgehevenOp": NEXT.isoformat()})))
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS), record(ATTESTS, 21)])
    world.deliver(CLAIMS, NEXT, register(CLAIMS)[1:])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, _started: World) -> dict[bool, str]:
    """The seal of the release of `NEXT` when nothing happens, without and with files."""
    seals = {}
    for whole in (False, True):
        world = prepared(_started, tmp_path_factory.mktemp("undisturbed") / "world", whole)
        assert world.run(NEXT).exit == Exit.DONE
        seals[whole] = world.release().folder.name
    return seals


def prepared(started: World, folder: Path, whole: bool) -> World:
    """The world of `DAY`, with the deliveries of `NEXT` waiting."""
    shutil.copytree(started.folder, folder)
    world = World(folder, whole)
    deliver(world)
    return world


def served(world: World) -> int:
    """What WFS says that there is of the decisions."""
    app = create_app(ServeSettings(world.home / "releases"), lambda: noon(NEXT))
    query = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=POI:POI&resultType=hits&cql_filter=" + (
        "PRODUCT='VlaamseInventarisOngeschikteOnbewoonbareWoningen'"
    )
    matched = re.search(r'numberMatched="(\d+)"', TestClient(app).get(query).text)
    assert matched
    return int(matched[1])


@pytest.mark.parametrize("name", STEPS)
def test_a_killed_job_leaves_a_whole_release_and_the_next_run_ends_as_if_nothing_had_been(
    _started: World, tmp_path: Path, undisturbed: dict[bool, str], name: str
) -> None:
    step = STEPS[name]
    world = prepared(_started, tmp_path / "world", step.whole)
    before = world.release().folder
    child = _SPAWN.Process(target=_run_and_die, args=(world.folder, step.whole, name))
    child.start()
    child.join(240)
    assert child.exitcode == -signal.SIGKILL

    assert list(damage(world.release().folder)) == []
    assert (world.release().folder != before) is step.moved
    assert world.public(DECISIONS, NEXT) == houses(19, *([1] if step.moved else []))
    assert served(world) == (18 if step.moved else 19)

    assert world.run(NEXT).exit == Exit.DONE
    assert world.release().folder.name == undisturbed[step.whole]
    assert not [path for path in (world.home / "releases").iterdir() if path.name.startswith(".")]
    assert world.installation(NEXT).store.staged_count(DECISIONS, NEXT).entries == 0


def test_the_same_deliveries_and_secret_give_the_same_bytes_in_another_place(tmp_path: Path) -> None:
    folders = []
    for name in ("here", "there"):
        world = World(tmp_path / name, whole=True)
        world.deliver(ATTESTS, DAY, register(ATTESTS, size=5))
        world.run(DAY)
        world.deliver(ATTESTS, NEXT, [record(ATTESTS, 9), *register(ATTESTS, size=5)])
        world.run(NEXT)
        folders.append(world.release().folder)
    files = [{path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} for folder in folders]
    assert files[0] == files[1]
    assert folders[0].name == folders[1].name
