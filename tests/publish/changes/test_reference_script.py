"""docs/keep-in-step.py, run as anyone would, against a running server over publications and midnights."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from publish.app import ServeSettings, create_app
from schedules import decisions
from tests.etl.deliveries import ATTESTS, DAY, NEXT, PARAMETERS, certificate, houses, register
from tests.publish.changes.clocked import Clocked
from tests.running import running

PRODUCT = "Conformiteitsattest"


class Copy:
    """A copy of a product, kept with the script."""

    def __init__(self, script: Path, url: str, file: Path, product: str) -> None:
        self.command, self.file = [sys.executable, str(script), url, product, str(file)], file

    def step(self) -> Copy:
        result = subprocess.run(self.command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        return self

    @property
    def features(self) -> list[dict[str, dict[str, str]]]:
        with closing(sqlite3.connect(self.file)) as database:
            return [json.loads(text) for (text,) in database.execute("SELECT json FROM feature")]

    @property
    def houses(self) -> set[str]:
        return {feature["properties"]["HUISNR"] for feature in self.features}


@pytest.fixture
def url(clocked: Clocked) -> Iterator[str]:
    with running(lambda url: create_app(ServeSettings(clocked.world.home / "releases", url, feed_days=10), clocked)) as address:
        yield address


@pytest.fixture
def copy(root: Path, url: str, tmp_path: Path) -> Copy:
    return Copy(root / "docs" / "keep-in-step.py", url, tmp_path / "copy.sqlite", PRODUCT)


def test_it_is_short() -> None:
    script = Path(__file__).parents[3] / "docs" / "keep-in-step.py"
    assert len(script.read_text("utf-8").splitlines()) <= 50


def test_a_copy_follows_publications_and_midnight(clocked: Clocked, copy: Copy) -> None:
    assert copy.step().houses == houses(20)
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, [*register(ATTESTS)[1:], certificate(33)], number=50)
    clocked.run()
    assert copy.step().houses == (houses(20, 1) | {"33"})
    clocked.at(NEXT, 0, 0)
    assert copy.step().houses == (houses(19, 1) | {"33"})


def test_what_went_is_deleted_even_when_the_rest_cannot_be_fetched(clocked: Clocked, copy: Copy) -> None:
    copy.step()
    with closing(sqlite3.connect(copy.file)) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON feature BEGIN SELECT RAISE(FAIL, 'no room'); END")
        database.commit()
    clocked.at(NEXT, 0, 0)
    assert subprocess.run(copy.command, capture_output=True, check=False).returncode == 1
    assert copy.houses == houses(19)


def test_a_copy_that_was_away_for_too_long_is_compared_with_the_full_list(clocked: Clocked, copy: Copy) -> None:
    copy.step()
    for days in (2, 4, 6, 8, 10, 12):
        clocked.at(DAY + timedelta(days=days)).world.deliver_all(clocked.now.date(), ATTESTS)
        clocked.world.deliver(ATTESTS, clocked.now.date(), register(ATTESTS)[days // 2 :])
        clocked.run()
    assert copy.step().houses == houses(19, 1, 2, 3, 4, 5, 6)


def test_a_withdrawn_product_is_emptied_and_comes_back(clocked: Clocked, copy: Copy) -> None:
    copy.step()
    decisions.withdraw(clocked.at(DAY, 15).installation, ATTESTS, DAY)
    assert copy.step().features == []
    assert copy.step().features == []
    decisions.restore(clocked.at(DAY, 16).installation, ATTESTS, DAY)
    assert copy.step().houses == houses(20)


def test_a_product_that_was_withdrawn_and_came_back_meanwhile_is_fetched_anew(clocked: Clocked, copy: Copy) -> None:
    copy.step()
    for hour, undo in ((15, False), (16, True)):
        (decisions.restore if undo else decisions.withdraw)(clocked.at(DAY, hour).installation, ATTESTS, DAY)
    assert copy.step().houses == houses(20)


def test_municipalities_are_kept_too(clocked: Clocked, root: Path, url: str, tmp_path: Path) -> None:
    policy = Copy(root / "docs" / "keep-in-step.py", url, tmp_path / "policy.sqlite", "Woningkwaliteitsbeleid")
    assert len(policy.step().features) == 12
    assert {"11002", "44021"} < {each["properties"]["NISCODE"] for each in policy.features}
    decisions.withdraw(clocked.at(DAY, 15).installation, PARAMETERS, DAY)
    assert policy.step().features == []
