"""Something fails after the first byte: every client can see it, and it is logged."""

from __future__ import annotations

import gzip
import http.client
import logging
import socket
from collections.abc import Iterator

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.middleware import Middleware

from publish.edge import Edge, Errors
from publish.features import Features
from publish.pages import Pages
from publish.shelf import Shelf
from publish.wfs import WfsSettings, routes
from tests.publish.wfs.conftest import NAMESPACES
from tests.publish.wfs.example import NOON, content, publish
from tests.simulator.serving import serving

PATH = "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server: only there a connection can break."""
    folder = publish(tmp_path_factory.mktemp("broken") / "releases", content(rows=8000))
    edge = Middleware(Edge, errors=Errors(Pages("https://data.example.org", production=True)))
    app = Starlette(routes=routes(Shelf(folder, lambda: NOON), WfsSettings()), middleware=[edge])
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(app, listener) as url:
        yield url.removeprefix("http://")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The geometry of a later batch cannot be read."""
    real = Features._geometry

    def failing(self: Features, encoder: object, crs: object) -> object:
        if self.rows[0] > 5_000:
            raise OSError("Kerkstraat 1 is gone")
        return real(self, encoder, crs)  # type: ignore[arg-type]

    monkeypatch.setattr(Features, "_geometry", failing)


def partial(address: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """What comes of an answer that breaks off."""
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as caught:
        answer.read()
    connection.close()
    return answer, caught.value.partial


def require_told(body: bytes) -> None:
    """A whole document, which says that it does not hold everything."""
    document = etree.fromstring(body)
    members = len(document.findall("wfs:member", NAMESPACES))
    (code,) = document.xpath("wfs:truncatedResponse/ows:ExceptionReport/ows:Exception/@exceptionCode", namespaces=NAMESPACES)
    assert (0 < members < int(document.get("numberReturned"))) and code == "OperationProcessingFailed"


@pytest.mark.usefixtures("broken")
def test_gml_says_so_itself_and_the_connection_breaks(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer, body = partial(address, f"{PATH}&SRSNAME=EPSG:4326")
    assert answer.status == 200 and answer.getheader("content-length") is None
    require_told(body)
    assert "OSError at" in caplog.text and "in an answer that had begun" in caplog.text
    assert "Kerkstraat" not in caplog.text


@pytest.mark.usefixtures("broken")
def test_a_compressed_answer_breaks_the_same_way(address: str) -> None:
    answer, body = partial(address, f"{PATH}&SRSNAME=EPSG:4326", **{"Accept-Encoding": "gzip"})
    assert answer.getheader("content-encoding") == "gzip"
    require_told(gzip.decompress(body))


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("more", ["&OUTPUTFORMAT=json&SRSNAME=EPSG:4326", "&VERSION=1.1.0&SRSNAME=EPSG:4326"])
def test_a_format_without_words_for_it_breaks_off(address: str, more: str) -> None:
    path = PATH.replace("VERSION=2.0.0&", "") + more
    _, body = partial(address, path)
    assert body and not body.rstrip().endswith((b"]}", b"</wfs:FeatureCollection>"))


def test_the_same_answer_is_whole_when_nothing_fails(address: str) -> None:
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("GET", f"{PATH}&SRSNAME=EPSG:4326")
    document = etree.fromstring(connection.getresponse().read())
    connection.close()
    assert len(document) == int(document.get("numberReturned")) == 8000
