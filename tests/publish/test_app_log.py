"""The access log: operation, product, status, bytes and duration, and nothing else (CONTRACT C)."""

from __future__ import annotations

import logging
import re

import pytest
from starlette.testclient import TestClient

API = "/ogc/features/v1"
LINE = re.compile(r"operation=[a-zA-Z0-9 /{}_-]+ product=(-|[A-Za-z_]+) status=\d{3} bytes=\d+ ms=\d+")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "vlok.access"]


@pytest.mark.parametrize(
    ("path", "beginning"),
    [
        ("/", "operation=home product=- status=200"),
        (f"{API}/collections/POI/items?GEMEENTE=Gent", "operation=items product=POI status=200"),
        (f"{API}/collections/POI/items/POI.101", "operation=item product=POI status=200"),
        (f"{API}/collections/POI/items/POI.999", "operation=item product=POI status=404"),
        (f"{API}/collections/Kerkstraat12/items", "operation=items product=- status=404"),
        (f"{API}/collections/POI/queryables", "operation=queryables product=POI status=200"),
        ("/downloads/POI/POI_CSV.zip", "operation=download product=POI status=200"),
        ("/downloads/Kerkstraat/12.zip", "operation=download product=- status=404"),
        ("/Kerkstraat/12", "operation=none product=- status=404"),
    ],
)
def test_a_line_names_the_operation_and_the_product(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str, beginning: str
) -> None:
    caplog.set_level(logging.INFO, "vlok.access")
    answer = client.get(path, headers={"Accept-Encoding": "identity"})
    (line,) = lines(caplog)
    assert line.startswith(beginning)
    assert f"bytes={len(answer.content)} " in line
    assert LINE.fullmatch(line)


def test_nothing_that_a_client_sends_is_logged_anywhere(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = {"User-Agent": "Geheimzinnig", "Referer": "https://portaal.example.org/Kerkstraat-12", "X-Forwarded-For": "203.0.113.9"}
    for path in (
        f"{API}/collections/POI/items?STRAAT=Kerkstraat&HUISNR=12A",
        f"{API}/collections/POI/items?filter=STRAAT%3D%27Kerkstraat%27",
        f"{API}/collections/POI/items?Kerkstraat=12",
        f"{API}/collections/Kerkstraat/items",
        f"{API}/collections/POI/items/Kerkstraat",
        "/Kerkstraat/ogc/features",
        "/wfs?service=WFS&request=GetFeature&typenames=POI&cql_filter=STRAAT%3D%27Kerkstraat%27",
    ):
        client.get(path, headers=secret)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))]
    assert len(lines(caplog)) == 7
    for record in ours:
        assert not re.search("Kerkstraat|12A|Geheimzinnig|203.0.113.9|portaal", record.getMessage())
