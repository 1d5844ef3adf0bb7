"""One body of tests over both stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.store import Store
from tests.etl.store.databases import STORES, fresh_postgis


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/state/state.sqlite"
    else:
        with fresh_postgis() as fresh:
            yield fresh


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty state."""
    opened = Store.open(url)
    yield opened
    opened.close()
