"""Connections: private files, overwritten bytes, errors without values."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from etl.errors import StoreError
from etl.store import Gone, Store
from etl.store.database import Database
from etl.store.tables import delivery, run
from release.table import from_day
from tests.etl.store.samples import DATASET, DAY, NOON, TODAY, accepted, digest, intake, keys, line

CANARY = "Zyxwvutsrqstraat"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the state is."""
    return tmp_path / "state" / "state.sqlite"


@pytest.fixture
def small(file: Path) -> Store:
    """A state in SQLite."""
    return Store.open(f"sqlite:///{file}")


def bytes_of(file: Path) -> bytes:
    """Every byte of the state: file, write-ahead log, index, locks."""
    return b"".join(path.read_bytes() for path in sorted(file.parent.iterdir()))


def test_only_the_owner_reads_the_state(small: Store, file: Path) -> None:
    accepted(small, 1, [line("a")])
    with small.lock("daily"):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(("state.sqlite", "state.sqlite-wal", "state.sqlite-shm", "state.sqlite.daily.lock"), 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_state_that_others_could_read_is_closed_to_them(file: Path) -> None:
    file.parent.mkdir()
    file.touch(mode=0o644)
    Store.open(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_every_connection_deletes_securely_and_keeps_references_whole(small: Store) -> None:
    with small._database.reading("look") as connection, small._database.reading("look again") as other:
        for each in (connection, other):
            values = [
                each.execute(text(f"PRAGMA {name}")).scalar() for name in ("secure_delete", "foreign_keys", "journal_mode", "temp_store")
            ]
            assert values == [1, 1, "wal", 2]


@pytest.mark.parametrize("way", ["forgotten", "replaced", "kept out", "held", "dropped"])
def test_what_is_deleted_is_in_no_byte_of_the_state(small: Store, file: Path, way: str) -> None:
    accepted(small, 1, [line(number) for number in range(500)])
    secret = line("secret", STRAAT=CANARY, until=TODAY)
    accepted(small, 2, [*(line(number) for number in range(500)), secret])
    assert CANARY.encode() in bytes_of(file) and secret.key in bytes_of(file)
    if way == "forgotten":
        small.forget(DATASET, from_day(TODAY + 1))
    elif way == "replaced":
        accepted(small, 3, [line(number) for number in range(500)])
    else:
        small.stage(DATASET, [[Gone(secret.key)]])
        small.hold(intake(3))
    if way == "dropped":
        small.stage(DATASET, [[secret]])
        small.drop_staging(DATASET)
    assert CANARY.encode() not in bytes_of(file)
    assert secret.key not in bytes_of(file)


def test_an_error_says_what_failed_and_never_with_which_values(store: Store) -> None:
    number = store.runs.begin("daily", DAY, NOON)
    with pytest.raises(StoreError, match="cannot try: ") as caught, store._database.writing("try") as connection:
        connection.execute(insert(run).values(id=number, job=DATASET, day=DAY, started=NOON))
    assert DATASET not in str(caught.value) and str(NOON.year) not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_finding_without_its_delivery_cannot_exist(store: Store) -> None:
    identifier = store.accept(intake(1))
    with store._database.writing("delete a delivery") as connection:
        connection.execute(delivery.delete().where(delivery.c.id == identifier))
    with pytest.raises(StoreError, match="cannot try"), store._database.writing("try") as connection:
        connection.execute(text("INSERT INTO finding VALUES (1234, 'rule', 'field', 'note', 1, '[]')"))


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://user:hunter2@host/db", "SQLite or PostgreSQL"),
        ("no url with hunter2", "cannot be read"),
    ],
)
def test_a_url_that_is_of_no_use_is_refused_without_repeating_it(url: str, remedy: str) -> None:
    with pytest.raises(StoreError, match=remedy) as caught:
        Store.open(url)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_an_error_of_the_state(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database " * 1000)
    with pytest.raises(StoreError, match=r"DatabaseError \(SQLITE_NOTADB\)"):
        Store.open(f"sqlite:///{file}")


def test_two_writers_take_turns(store: Store, url: str) -> None:
    other = Store(url)
    thread = threading.Thread(target=other.runs.begin, args=("purge", DAY, NOON))
    with store._database.writing("hold the lock") as connection:
        connection.execute(insert(run).values(job="daily", day=DAY, started=NOON))
        thread.start()
        thread.join(0.3)
    thread.join(60)
    assert all(store.runs.last(job) is not None for job in ("daily", "purge"))
    other.close()


def test_two_processes_may_prepare_the_tables_at_once(url: str) -> None:
    stores: list[Store] = []
    threads = [threading.Thread(target=lambda: stores.append(Store.open(url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [store.runs.last("daily") for store in stores] == [None] * 3


def test_a_state_can_be_opened_and_read_while_another_writes(store: Store, url: str) -> None:
    accepted(store, 1, [line("a")])
    with store._database.writing("take long") as connection:
        connection.execute(insert(run).values(job="daily", day=DAY, started=NOON))
        other = Store.open(url)
        assert other.count(DATASET, DAY).entries == 1
        assert other.runs.last("daily") is None
        other.close()


def test_a_reader_that_stops_half_way_does_not_hinder_a_writer(store: Store) -> None:
    accepted(store, 1, [line("a")])
    reading = store.entries(DATASET)
    next(reading)
    accepted(store, 2, [line("b")])
    reading.close()  # type: ignore[attr-defined] # a generator
    assert keys(store) == {digest("b")}
    assert store.count(DATASET, DAY).entries == 1


def test_the_file_of_a_state_is_known(file: Path) -> None:
    assert Database(f"sqlite:///{file}").path == file
