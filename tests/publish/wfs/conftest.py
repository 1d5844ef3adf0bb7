"""Clients of a WFS over the example release, and the official schemas that lie in the wheel of pycsw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.testclient import TestClient

from publish.shelf import Shelf
from publish.wfs import WfsSettings, routes
from tests.publish.wfs.example import NOON, content, publish

NAMESPACES = {
    "wfs": "http://www.opengis.net/wfs/2.0",
    "ows": "http://www.opengis.net/ows/1.1",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "POI": "https://geo.api.vlaanderen.be/POI",
    "LWKB": "https://geo.api.vlaanderen.be/LWKB",
    "xlink": "http://www.w3.org/1999/xlink",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
PUBLIC_URL = "https://open.example.org"


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def xml(self) -> etree._Element:
        return etree.fromstring(self.body)

    def find(self, path: str) -> Any:
        return self.xml().xpath(path, namespaces=NAMESPACES)

    @property
    def ids(self) -> list[str]:
        return list(self.find("//wfs:member/*/@gml:id"))

    @property
    def matched(self) -> int:
        return int(self.find("string(/*/@numberMatched)"))

    @property
    def exception(self) -> tuple[int, str, str | None]:
        (report,) = self.find("/ows:ExceptionReport/ows:Exception")
        return self.status, report.get("exceptionCode"), report.get("locator")


class Client:
    """Asks one address; GET takes the keywords as they are given, POST takes XML."""

    def __init__(self, http: TestClient, path: str = "/wfs") -> None:
        self._http, self._path = http, path

    def at(self, path: str) -> Client:
        return Client(self._http, path)

    def get(self, query: str | None = None, headers: Mapping[str, str] | None = None, method: str = "GET", **keywords: Any) -> Reply:
        address = self._path if query is None else f"{self._path}?{query}"
        given = {name: str(value) for name, value in keywords.items()} or None
        return _reply(self._http.request(method, address, params=given, headers={"Accept-Encoding": "identity", **(headers or {})}))

    def feature(self, **keywords: Any) -> Reply:
        asked = {"TYPENAMES": "POI:POI"} | keywords
        return self.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetFeature", **{k: v for k, v in asked.items() if v is not None})

    def post(self, body: str | bytes, content_type: str = "text/xml") -> Reply:
        return _reply(self._http.post(self._path, content=body, headers={"Content-Type": content_type, "Accept-Encoding": "identity"}))


def _reply(answer) -> Reply:
    return Reply(answer.status_code, answer.headers, answer.content)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("wfs") / "releases", content())


@pytest.fixture(scope="session")
def application() -> Callable[..., Starlette]:
    def made(folder: Path, **settings: Any) -> Starlette:
        shelf = Shelf(folder, lambda: NOON)
        return Starlette(routes=routes(shelf, WfsSettings(public_url=PUBLIC_URL, **settings)))

    return made


@pytest.fixture(scope="session")
def client(releases: Path, application: Callable[..., Starlette]) -> Iterator[Client]:
    with TestClient(application(releases), raise_server_exceptions=False) as http:
        yield Client(http)


@pytest.fixture
def client_of(application: Callable[..., Starlette]) -> Callable[..., Client]:
    return lambda folder, **settings: Client(TestClient(application(folder, **settings), raise_server_exceptions=False))
