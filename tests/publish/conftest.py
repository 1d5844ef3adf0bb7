"""A sealed release, a clock, and a client of the application over them."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from tests.publish.example import PUBLIC_URL, Clock, content, publish


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of releases, with one that is current."""
    folder = tmp_path_factory.mktemp("releases")
    publish(folder, content())
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(releases: Path, clock: Clock) -> TestClient:
    return client_of(releases, clock)


def client_of(releases: Path, clock: Clock, *, production: bool = True) -> TestClient:
    """A client of the application over a folder of releases."""
    app = create_app(ServeSettings(releases, PUBLIC_URL, production), clock)
    return TestClient(app, base_url="http://elsewhere.invalid", follow_redirects=False)
