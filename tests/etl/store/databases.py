"""Empty databases for tests: a SQLite file, or a PostGIS database of its own on the server of VLOK_TEST_DATABASE_URL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

VARIABLE = "VLOK_TEST_DATABASE_URL"
STORES = ["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)]


@contextmanager
def fresh_postgis() -> Iterator[str]:
    """The URL of a new database, a copy of the one in the variable (which has the extension); dropped afterwards."""
    if VARIABLE not in os.environ:
        pytest.skip(f"{VARIABLE} is not set (scripts/postgres.sh start DIR prints one)")
    template, name = make_url(os.environ[VARIABLE]), f"vlok_test_{uuid.uuid4().hex}"
    server = create_engine(template.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE {name} TEMPLATE "{template.database}"'))
        try:
            yield template.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
