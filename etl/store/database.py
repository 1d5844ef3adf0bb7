"""Connections to the state: SQLite by default, PostgreSQL with PostGIS by URL; the same migrations on both."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from etl.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 60

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    # What is deleted is overwritten; nothing of it is left in a page or in a temporary file (CONTRACT C).
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -262144",
)
_MIGRATION_LOCK = 0x564C4F4B  # any number that is ours


class Database:
    """Transactions on the state. Every failure is a `StoreError` that names the act and the kind of fault, never a value."""

    def __init__(self, url: str) -> None:
        """`url` is a SQLAlchemy URL: `sqlite:///PATH` or `postgresql+psycopg://…`."""
        self.engine = _sqlite_engine(_parsed(url)) if url.startswith("sqlite") else _postgresql_engine(_parsed(url))

    @property
    def is_sqlite(self) -> bool:
        """Whether the state is one file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path:
        """The file of a SQLite state."""
        return Path(str(self.engine.url.database))

    @contextmanager
    def reading(self, action: str) -> Iterator[Connection]:
        """A transaction that sees one state from its begin to its end."""
        with translated(action), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, action: str) -> Iterator[Connection]:
        """A transaction that is there wholly or not at all."""
        # SQLite: taking the write lock at the begin waits its turn; taking it half-way fails at once.
        options = {"vlok_begin": "BEGIN IMMEDIATE"}
        with translated(action), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest form; two processes may try at once. When there is nothing to do, no writer is waited for."""
        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.reading("read the tables") as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == ScriptDirectory.from_config(settings).get_current_head():
            return
        with self.writing("prepare the tables (PostgreSQL needs CREATE EXTENSION postgis by a superuser, once)") as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")

    def wipe_log(self) -> None:
        """SQLite: move the write-ahead log into the file and empty it, so that deleted bytes do not live on in it.

        A reader that is still busy is not waited for: then the next time does it.
        """
        if self.is_sqlite:
            with translated("empty the write-ahead log"), self.engine.connect() as connection:
                cursor = connection.connection.cursor()
                for pragma in ("busy_timeout = 1000", "wal_checkpoint(TRUNCATE)", f"busy_timeout = {BUSY_SECONDS * 1000}"):
                    cursor.execute(f"PRAGMA {pragma}").fetchall()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise `StoreError` for any fault of the database; drivers quote values in their messages, so none is passed on."""
    try:
        yield
    except (DBAPIError, PoolTimeout, psycopg.Error) as error:
        raise StoreError(f"cannot {action}: {_kind(error)}") from None


def _kind(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return type(cause).__name__ + (f" ({code})" if code else "")


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise StoreError("the URL of the database cannot be read; give sqlite:///PATH or postgresql+psycopg://…") from None


def _postgresql_engine(url: URL) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise StoreError("the database must be SQLite or PostgreSQL")
    return create_engine(url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)


def _sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError("the state needs a file: sqlite:///PATH")
    _make_private(Path(url.database))
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """CONTRACT C: folders 0700, files 0600. SQLite gives its log and its index the mode of the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
        os.close(descriptor)
    except OSError as error:
        raise StoreError(f"cannot open the state at {path}: {error.strerror}") from error


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: we do, tables included
    for pragma in _PRAGMAS:
        _execute(connection, pragma)


def _execute(connection: DBAPIConnection, pragma: str) -> None:
    """SQLite does not wait where another process is just turning a new state to WAL: it says BUSY at once. So we wait."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.cursor().execute(pragma)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("vlok_begin", "BEGIN"))
