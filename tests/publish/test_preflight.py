"""What a browser asks before a page of another host may send an unusual request (OGC API Features /rec/core/cross-origin)."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.publish.example import ATTEST

ITEMS = "/ogc/features/v1/collections/POI/items"
ASKED = {
    "Origin": "https://map.example.org",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "if-none-match, x-own-header",
}


def listed(text: str) -> set[str]:
    return {name.strip() for name in text.split(",")}


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/features/v1",
        "/ogc/features/v1/collections",
        ITEMS,
        f"{ITEMS}/POI.101",
        "/ogc/tiles/v1/collections/POI/tiles/WebMercatorQuad/0/0/0",
        "/ogc/records/v1",
        "/wms",
        "/stijlen",
        "/poi/v1/core",
        f"/downloads/{ATTEST}/{ATTEST}_CSV.zip",
        "/static/vlok.css",
    ],
)
def test_a_page_of_another_host_may_read_everything(client: TestClient, path: str) -> None:
    answer = client.options(path, headers=ASKED)
    assert (answer.status_code, answer.content) == (204, b"")
    assert listed(answer.headers["Access-Control-Allow-Methods"]) == {"GET", "HEAD"}
    assert listed(answer.headers["Allow"]) == {"GET", "HEAD", "OPTIONS"}
    assert {"If-None-Match", "Content-Type", "Range", "*"} <= listed(answer.headers["Access-Control-Allow-Headers"])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/wfs", "/POI/wfs", "/catalogus/csw"])
def test_where_questions_are_posted_it_may_post(client: TestClient, path: str) -> None:
    answer = client.options(path, headers=ASKED | {"Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert listed(answer.headers["Access-Control-Allow-Methods"]) == {"GET", "HEAD", "POST"}


def test_nothing_is_allowed_where_nothing_is(client: TestClient) -> None:
    answer = client.options("/nothing", headers=ASKED)
    assert answer.status_code == 404
    assert "Access-Control-Allow-Methods" not in answer.headers


@pytest.mark.parametrize("path", [f"{ITEMS}?f=csv", f"/downloads/{ATTEST}/{ATTEST}_CSV.zip"])
def test_a_page_of_another_host_sees_every_header_of_ours(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": ASKED["Origin"], "Range": "bytes=0-9"})
    safe = {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }  # Fetch: safelisted
    ours = {name.lower() for name in answer.headers} & {
        "accept-ranges", "content-crs", "content-disposition", "content-range", "etag", "link", "ogc-numbermatched", "x-release",
    }  # fmt: skip
    assert ours
    assert ours <= {name.lower() for name in listed(answer.headers["Access-Control-Expose-Headers"])} | safe


def test_other_methods_stay_refused(client: TestClient) -> None:
    answer = client.delete(ITEMS)
    assert (answer.status_code, answer.json()["code"]) == (405, "MethodNotAllowed")
