from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from tests.etl.deliveries import DAY, World, noon


@pytest.fixture
def client(world: World) -> TestClient:
    app = create_app(ServeSettings(world.home / "releases", "https://data.example.org", True), lambda: noon(DAY))
    return TestClient(app, base_url="http://elsewhere.invalid")


@pytest.fixture
def get(client: TestClient) -> Callable[[str], Any]:
    def found(address: str) -> Any:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return found
