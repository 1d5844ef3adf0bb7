"""A release with tiles, and a client of the application over it."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from tests.publish.example import Clock
from tests.publish.tiles.world import PUBLIC_URL, content, publish


@pytest.fixture(scope="session")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of releases."""
    folder = tmp_path_factory.mktemp("tiled")
    publish(folder, content())
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(tiled: Path, clock: Clock) -> TestClient:
    return serving(tiled, clock)


def serving(folder: Path, clock: Clock, *, production: bool = True) -> TestClient:
    """A client of the whole application."""
    return TestClient(create_app(ServeSettings(folder, PUBLIC_URL, production), clock), base_url="http://elsewhere.invalid")
