"""The same deliveries with the state in PostgreSQL and PostGIS: the same public rows, and the release as views for people in SQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest

from schedules.cadence import BRUSSELS
from schedules.jobs import Exit
from schedules.parity.postgis import differences
from schedules.postgis import load
from tests.etl.deliveries import DAY, PRODUCTS, World, start
from tests.etl.store.databases import fresh_postgis

pytestmark = pytest.mark.postgis


@pytest.fixture
def database() -> Iterator[str]:
    with fresh_postgis() as url:
        yield url


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_a_job_with_its_state_in_postgis_publishes_the_rows_that_one_in_sqlite_does(database: str, tmp_path: Path) -> None:
    sqlite = start(tmp_path / "sqlite")
    postgis = World(tmp_path / "postgis", settings={"database_url": database})
    postgis.deliver_all(DAY)
    for job in ("daily", "monthly"):
        assert postgis.run(DAY, job).exit == Exit.DONE
    assert postgis.release().content_id(DAY) == sqlite.release().content_id(DAY)


def test_the_shared_deliveries_give_the_expected_counts_from_postgis(database: str, shared: Path, tmp_path: Path) -> None:
    deliveries = shared / "deliveries"
    world = World(tmp_path, settings={"database_url": database, "source": f"folder:{deliveries}"})
    for folder in sorted(deliveries.iterdir()):
        day, expected = date.fromisoformat(folder.name), json.loads((folder / "EXPECTED.json").read_text())
        for job in ("daily", "monthly"):
            assert world.run(day, job).exit == Exit.DONE
        products = world.release().edition(day).products
        assert {dataset: products[product].public for dataset, product in PRODUCTS.items()} == {
            dataset: expected[dataset]["public_objects"] for dataset in PRODUCTS
        }


def test_a_published_release_is_there_as_views(database: str, tmp_path: Path) -> None:
    world = World(tmp_path, settings={"postgis_url": plain(database)}, whole=True)
    world.deliver_all(DAY)
    world.run(DAY)
    today = max(datetime.now(BRUSSELS).date(), DAY)  # the views know the day themselves: what has ended since is not in them
    expected = int(world.release().table("POI").table.of(world.release().schema.product("Conformiteitsattest")).alive(today).sum())
    with psycopg.connect(plain(database)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM vlok.conformiteitsattest").fetchone() or (None,)
    assert count == expected


def test_rows_in_postgis_that_differ_from_the_release_are_reported(database: str, tmp_path: Path) -> None:
    world = World(tmp_path, settings={"postgis_url": plain(database)})
    world.deliver_all(DAY)
    world.run(DAY)
    release, url = world.release(), plain(database)
    load(release, url, DAY)
    assert differences(release, url, DAY) == []
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE vlok_rows.poi SET straat = straat || 'x' WHERE _row = 0")
    day = max(datetime.now(BRUSSELS).date(), DAY)
    counts = r"gives (\d+) rows for \1: 1 are lacking or changed, 1 are not sealed"
    found = differences(release, url, DAY)
    assert len(found) == 2, "the product that the row is of, and the one that holds every row"
    assert all(re.fullmatch(rf"{day} PostGIS: the view \w+ {counts}", words) for words in found)
