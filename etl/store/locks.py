"""A lock that excludes a second job, and that dies with the process that holds it."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from etl.errors import JobRunning
from etl.store.database import Database, translated


@contextmanager
def locked(database: Database, name: str) -> Iterator[None]:
    """Hold the lock of this name; raises `JobRunning` at once when another holds it."""
    with _file_lock(database.path, name) if database.is_sqlite else _advisory_lock(database, name):
        yield


@contextmanager
def _file_lock(database: Path, name: str) -> Iterator[None]:
    """A lock of the operating system on a file beside the database; the file itself stays, for removing it would race."""
    descriptor = os.open(database.with_name(f"{database.name}.{name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise JobRunning(_message(name)) from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _advisory_lock(database: Database, name: str) -> Iterator[None]:
    """A lock of a PostgreSQL session: the server releases it when the connection ends, however that comes."""
    number = {"lock": int.from_bytes(hashlib.sha256(f"vlok {name}".encode()).digest()[:8], "big", signed=True)}
    with translated(f"lock {name}"), database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), number).scalar_one():
            raise JobRunning(_message(name))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), number)


def _message(name: str) -> str:
    return f"another process holds the lock {name!r}; wait until it has ended"
