from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.publish.example import PUBLIC_URL

API = f"{PUBLIC_URL}/ogc/features/v1"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/POI/ogc/features/v1", ""),
        ("/POI/ogc/features/v1/", "/"),
        ("/POI/ogc/features", ""),
        ("/LWKB/ogc/features/v1/collections", "/collections"),
        ("/LWKB/ogc/features/collections/POI/items/POI.101", "/collections/POI/items/POI.101"),
        ("/ogc/features", ""),
        ("/ogc/features/collections/POI/items", "/collections/POI/items"),
    ],
)  # fmt: skip
def test_other_addresses_lead_to_the_one_api_for_good_with_the_query_kept(client: TestClient, path: str, target: str) -> None:
    for query in ("", "?f=application/geo%2Bjson&limit=500&PRODUCT=a%26b&filter=x%3D%27%C3%A9%27"):
        answer = client.get(path + query)
        assert answer.status_code == 308
        assert answer.headers["Location"] == API + target + query


@pytest.mark.parametrize(
    "path", ["/XYZ/ogc/features/v1", "/POI/ogc/features/v12", "/ogc/features/v1/nothing", "/ogc/features/v2", "/ogc/featuresque"]
)
def test_what_never_was_an_address_is_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 308)
    if answer.status_code == 308:
        assert client.get(answer.headers["Location"].removeprefix(PUBLIC_URL)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/POI/ogc/features/v1//evil.example.com", "/POI/ogc/features/v1/%0dSet-Cookie:x=1", "/ogc/features//evil.example.com"]
)
def test_a_redirect_never_leaves_the_service(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Location"].startswith(f"{API}/")
    assert "Set-Cookie" not in answer.headers
