"""A client of the WMS over the example release, that reads pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from numpy.typing import NDArray
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from publish.shelf import Shelf
from publish.wms import WmsSettings, routes
from tests.publish.wms.example import NOON, content, publish

PUBLIC_URL = "https://open.example.org"
OGC = "{http://www.opengis.net/ogc}"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Any
    body: bytes

    @property
    def media_type(self) -> str:
        return str(self.headers["content-type"])

    @property
    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.body))

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """Shape (height, width, 4)."""
        return np.asarray(self.image.convert("RGBA"))

    @property
    def exception(self) -> tuple[int, str | None]:
        """Status and code."""
        found = etree.fromstring(self.body).find("{*}ServiceException")
        assert found is not None, self.body
        return self.status, found.get("code")

    def xml(self) -> etree._Element:
        return etree.fromstring(self.body)


@dataclass(frozen=True)
class Client:
    """Asks one address."""

    http: TestClient
    path: str = "/wms"

    def at(self, path: str) -> Client:
        return replace(self, path=path)

    def get(self, query: str | None = None, headers: dict[str, str] | None = None, method: str = "GET", **keywords: Any) -> Reply:
        given = {name: str(value) for name, value in keywords.items() if value is not None}
        address = self.path if query is None else f"{self.path}?{query}"
        answer = self.http.request(method, address, params=given or None, headers=headers or {})
        return Reply(answer.status_code, answer.headers, answer.content)

    def capabilities(self, version: str = "1.3.0") -> Reply:
        return self.get(SERVICE="WMS", VERSION=version, REQUEST="GetCapabilities")

    def map(self, **keywords: Any) -> Reply:
        """A map of 100 x 100 pixels of 100 m around the lonely points, in EPSG:31370."""
        return self.get(**asked(keywords))

    def info(self, **keywords: Any) -> Reply:
        layers = keywords.get("LAYERS", "POI")
        return self.get(**asked({"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": layers, "I": 50, "J": 50} | keywords))


def asked(keywords: dict[str, Any]) -> dict[str, Any]:
    known = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": "POI",
        "STYLES": "",
        "CRS": "EPSG:31370",
        "BBOX": "145000,195000,155000,205000",
        "WIDTH": 100,
        "HEIGHT": 100,
        "FORMAT": "image/png",
    }
    return known | keywords


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("wms") / "releases", content())


@pytest.fixture(scope="session")
def application() -> Callable[..., Starlette]:
    def made(folder: Path, **settings: Any) -> Starlette:
        return Starlette(routes=routes(Shelf(folder, lambda: NOON), WmsSettings(**({"public_url": PUBLIC_URL} | settings))))

    return made


@pytest.fixture(scope="session")
def client(releases: Path, application: Callable[..., Starlette]) -> Iterator[Client]:
    with TestClient(application(releases), raise_server_exceptions=False) as http:
        yield Client(http)


@pytest.fixture
def client_of(application: Callable[..., Starlette]) -> Callable[..., Client]:
    return lambda folder, **settings: Client(TestClient(application(folder, **settings), raise_server_exceptions=False))
