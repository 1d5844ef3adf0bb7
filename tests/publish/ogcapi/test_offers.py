"""No page for people shows one restoration claim: by no address of its own, and by no list that was brought down to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.publish.conftest import client_of
from tests.publish.example import CLAIMS, DWELLINGS, INVENTORY, Clock, content, poi_table, publish

COLLECTIONS = "/ogc/features/v1/collections"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
CLAIM = DWELLINGS[-1]
MORE = tuple(replace(CLAIM, id=200 + n, street=f"Hoevestraat{n}", town="Gent" if n < 3 else "Brugge") for n in range(4))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Of a release with one claim in Pajottegem and one in Brugge, and three in Gent."""
    folder: Path = tmp_path_factory.mktemp("claims")
    whole = content()
    table = poi_table((*DWELLINGS, *MORE))
    publish(folder, replace(whole, tables={**whole.tables, table.feature_type.qualified: table}))
    return client_of(folder, Clock())


ONE = [
    f"{CLAIMS}/items?OIDN=106",
    f"{CLAIMS}/items?UIDN=106000",
    f"{CLAIMS}/items?STRAAT=Molenweg&HUISNR=5",
    f"{CLAIMS}/items?filter=OIDN%3D106",
    f"{CLAIMS}/items?filter=STRAAT+LIKE+'Hoeve%25'",
    f"{CLAIMS}/items?bbox=2,50,6,52",
    f"{CLAIMS}/items?limit=1",
    f"{CLAIMS}/items?limit=1&offset=2",
    f"{CLAIMS}/items?offset=4",
    f"{CLAIMS}/items?GEMEENTE=Gent&offset=2",
    f"{CLAIMS}/items?sortby=-STRAAT&limit=1",
    f"POI/items?PRODUCT={CLAIMS}&limit=1",
    f"POI/items?PRODUCT={CLAIMS}&STRAAT=Molenweg",
    "POI/items?STRAAT=Molenweg",
    "POI/items?OIDN=106&properties=STRAAT",
    "POI/items?filter=OIDN+IN+(101,106)",
    f"{CLAIMS}/items/POI.106?lang=nl",
    "POI/items/106?lang=nl",
]


@pytest.mark.parametrize("path", ONE)
def test_no_page_for_people_shows_one_claim(client: TestClient, path: str) -> None:
    for query, headers in (
        ("&f=html", {}),
        ("&f=text/html", BROWSER),
        ("", {"Accept": "text/html"}),
        ("", {"Accept": "text/html, */*;q=0"}),
    ):
        answer = client.get(f"{COLLECTIONS}/{path}{query}", headers=headers)
        assert answer.status_code == 406, (query, headers)
        assert "geen webpagina" in answer.text
        assert "Molenweg" not in answer.text and "Hoevestraat" not in answer.text


@pytest.mark.parametrize("path", ONE)
@pytest.mark.parametrize("accept", [BROWSER["Accept"], "text/html, application/*;q=0.1", "*/*", ""])
def test_who_takes_something_else_gets_the_claim_as_json(client: TestClient, path: str, accept: str) -> None:
    answer = client.get(f"{COLLECTIONS}/{path}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/geo+json")
    links = {link["rel"]: link["type"] for link in answer.json()["links"] if link["rel"] in ("self", "alternate")}
    assert links["self"] == "application/geo+json"
    assert "text/html" not in {link["type"] for link in answer.json()["links"]}
    assert "noindex" in answer.headers["X-Robots-Tag"] and "Accept" in answer.headers["Vary"]


def test_who_takes_csv_after_a_page_gets_csv_where_it_can_be_had(client: TestClient) -> None:
    accept = {"Accept": "text/html, text/csv;q=0.5"}
    assert client.get(f"{COLLECTIONS}/{CLAIMS}/items?OIDN=106", headers=accept).headers["Content-Type"].startswith("text/csv")
    epsg = "http://www.opengis.net/def/crs/EPSG/0/3812"
    assert client.get(f"{COLLECTIONS}/{CLAIMS}/items?OIDN=106&crs={epsg}", headers=accept).status_code == 400


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"{CLAIMS}/items", 5),
        (f"{CLAIMS}/items?GEMEENTE=Gent", 3),
        (f"{CLAIMS}/items?GEMEENTE=Brugge", 1),
        (f"{CLAIMS}/items?limit=2&offset=2&sortby=STRAAT", 2),
        (f"POI/items?PRODUCT={CLAIMS}", 5),
        ("POI/items?GEMEENTE=Pajottegem", 2),
        ("POI/items?STRAAT=Kerkstraat", 2),
        ("POI/items?OIDN=101", 1),
        ("POI/items?limit=1", 1),
        (f"POI/items?filter=PRODUCT%3D'{INVENTORY}'", 2),
        (f"{INVENTORY}/items?OIDN=104", 1),
        (f"{CLAIMS}/items?OIDN=1", 0),
        (f"{CLAIMS}/items?OIDN=106&resulttype=hits", 0),
        ("Woningkwaliteitsbeleid/items?NISCODE=44021", 1),
        ("WoningkwaliteitsbeleidRegels/items?SOORT=vergoeding", 1),
    ],
)
def test_lists_and_the_pages_of_other_products_stay(client: TestClient, path: str, shown: int) -> None:
    page = client.get(f"{COLLECTIONS}/{path}", headers=BROWSER)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.text.count('<th scope="row">') == shown
