"""Addresses that lead to another one for good: with their query, and never away from the service."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.publish.example import PUBLIC_URL

FEATURES, TILES = "/ogc/features/v1", "/ogc/tiles/v1"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/POI/ogc/features/v1", FEATURES),
        ("/POI/ogc/features/v1/", FEATURES),
        ("/POI/ogc/features", FEATURES),
        ("/LWKB/ogc/features/v1/collections", f"{FEATURES}/collections"),
        ("/LWKB/ogc/features/v1/collections/", f"{FEATURES}/collections"),
        ("/LWKB/ogc/features/collections/POI/items/POI.101", f"{FEATURES}/collections/POI/items/POI.101"),
        ("/ogc/features", FEATURES),
        ("/ogc/features/", FEATURES),
        ("/ogc/features/collections/POI/items", f"{FEATURES}/collections/POI/items"),
        ("/ogc/features/v1/collections/", f"{FEATURES}/collections"),
        ("/ogc/features/v1/collections/POI/items/", f"{FEATURES}/collections/POI/items"),
        ("/POI/ogc/tiles/v1", TILES),
        ("/POI/ogc/tiles", TILES),
        ("/LWKB/ogc/tiles/v1/collections/Woningkwaliteitsbeleid/tiles/", f"{TILES}/collections/Woningkwaliteitsbeleid/tiles"),
        ("/ogc/tiles", TILES),
        ("/ogc/tiles/tileMatrixSets", f"{TILES}/tileMatrixSets"),
        ("/ogc/tiles/v1/collections/", f"{TILES}/collections"),
        ("/ogc/records/v1/collections/", "/ogc/records/v1/collections"),
        ("/POI/wms/", "/POI/wms"),
        ("/wfs/", "/wfs"),
        ("/stijlen/", "/stijlen"),
        ("/kaart/", "/kaart"),
    ],
)
def test_other_addresses_lead_to_the_one_for_good_with_the_query_kept(client: TestClient, path: str, target: str) -> None:
    for query in ("", "?f=application/geo%2Bjson&limit=500&PRODUCT=a%26b&filter=x%3D%27%C3%A9%27"):
        answer = client.get(path + query)
        assert answer.status_code == 308
        assert answer.headers["Location"] == PUBLIC_URL + target + query
    assert client.get(target).status_code in (200, 400)  # a WMS or WFS wants to know what is asked


@pytest.mark.parametrize(
    "path",
    [
        "/XYZ/ogc/features/v1",
        "/XYZ/ogc/tiles/v1",
        "/POI/ogc/features/v12",
        "/POI/ogc/tiles/v12/",
        "/ogc/features/v1/nothing",
        "/ogc/features/v1/nothing/",
        "/ogc/features/v2",
        "/ogc/tiles/v2/",
        "/ogc/featuresque",
        "/nothing/",
        "/static/nothing/",
    ],
)
def test_what_never_was_an_address_is_404(client: TestClient, path: str) -> None:
    answer, hops = client.get(path), 0
    while answer.status_code == 308 and hops < 3:
        answer, hops = client.get(answer.headers["Location"].removeprefix(PUBLIC_URL)), hops + 1
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/POI/ogc/features/v1//evil.example.com",
        "/POI/ogc/features/v1/%0dSet-Cookie:x=1",
        "/ogc/features//evil.example.com",
        "/ogc/tiles//evil.example.com",
        "/ogc/tiles/%0dSet-Cookie:x=1/",
        "/POI/wms%0dSet-Cookie:x=1/",
        "//evil.example.com/ogc/tiles/",
    ],
)
def test_a_redirect_never_leaves_the_service(client: TestClient, path: str) -> None:
    answer = client.get(f"http://elsewhere.invalid{path}")
    assert answer.status_code == 404 or answer.headers["Location"].startswith(f"{PUBLIC_URL}/")
    assert "Set-Cookie" not in answer.headers


def test_what_is_posted_with_a_slash_is_to_be_posted_again(client: TestClient) -> None:
    answer = client.post("/wfs/", content=b"<a/>")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{PUBLIC_URL}/wfs")


@pytest.mark.parametrize("path", ["/", "/ogc/features/v1/", "/ogc/tiles/v1/", "/catalogus/"])
def test_an_address_that_ends_so_stays_where_it_is(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
