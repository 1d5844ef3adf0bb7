"""Bulk loading of a delivery that is being taken in: as fast as the database can, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, delete, insert, text

from etl.register import RegisterEntry
from etl.store.rows import Gone, lines
from etl.store.tables import staged

Batches = Iterable[Sequence[RegisterEntry | Gone]]

_NAMES = tuple(column.name for column in staged.columns)


def clear(connection: Connection, dataset: str) -> None:
    """Forget what is staged of a dataset."""
    connection.execute(delete(staged).where(staged.c.dataset == dataset))


def load(connection: Connection, dataset: str, batches: Batches) -> None:
    """Stage a delivery. Of lines with the same key the last one counts, as when they came in two deliveries."""
    clear(connection, dataset)
    if connection.dialect.name == "sqlite":
        _insert(connection, dataset, batches)
    else:
        _copy(connection, dataset, batches)


def _insert(connection: Connection, dataset: str, batches: Batches) -> None:
    statement = str(insert(staged).prefix_with("OR REPLACE").compile(dialect=connection.dialect))
    for items in batches:
        if items:
            connection.exec_driver_sql(statement, list(lines(dataset, items)))


def _copy(connection: Connection, dataset: str, batches: Batches) -> None:
    """COPY knows no duplicates, so it fills a table of this transaction first; `line` is the order of the delivery."""
    connection.execute(text("CREATE TEMP TABLE arriving (LIKE staged, line BIGSERIAL) ON COMMIT DROP"))
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    names = sql.SQL(", ").join(map(sql.Identifier, _NAMES))
    with raw.cursor() as cursor, cursor.copy(sql.SQL("COPY arriving ({}) FROM STDIN").format(names)) as copy:
        for items in batches:
            for line in lines(dataset, items):
                copy.write_row(_with_hex_point(line))
    chosen = "SELECT DISTINCT ON (key) {0} FROM arriving ORDER BY key, line DESC"
    connection.execute(text(("INSERT INTO staged ({0}) " + chosen).format(", ".join(_NAMES))))
    connection.execute(text("DROP TABLE arriving"))
    connection.execute(text("ANALYZE staged"))


def _with_hex_point(line: Sequence[Any]) -> tuple[Any, ...]:
    *others, point, values = line
    return (*others, None if point is None else point.hex(), values)
