"""OGC API Records: documents, records and what is asked of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, PUBLIC_URL, Clock

ROOT = "/ogc/records/v1"
ITEMS = f"{ROOT}/collections/catalogus/items"
RECORDS = 5 + 9


def matched(client: TestClient, query: str) -> int:
    reply = client.get(f"{ITEMS}?{query}")
    assert reply.status_code == 200, reply.text
    return reply.json()["numberMatched"]


@pytest.mark.parametrize(
    "path", ["", "/", "/conformance", "/openapi", "/collections", "/collections/catalogus", "/collections/catalogus/items"]
)
def test_every_document_is_json_for_programs_and_a_page_for_who_reads(client: TestClient, path: str) -> None:
    assert "json" in client.get(ROOT + path).headers["content-type"]
    page = client.get(ROOT + path, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html") and "<h1>" in page.text
    assert not re.search(r'(src|action)="https?://', page.text)
    assert client.get(f"{ROOT}{path}?f=xml").status_code == 400
    assert client.get(f"{ROOT}{path}?bogus=1").status_code == 400


def test_every_link_of_ours_is_answered(client: TestClient) -> None:
    seen = set()
    for path in ("", "/collections", "/collections/catalogus", "/collections/catalogus/items?limit=3"):
        seen |= {link["href"] for link in client.get(ROOT + path).json()["links"] if link["href"].startswith(PUBLIC_URL + ROOT)}
    assert len(seen) > 8
    for href in seen:
        assert client.get(href.removeprefix(PUBLIC_URL)).status_code == 200, href


def test_records_are_those_of_the_catalogue_with_the_same_identifiers(client: TestClient) -> None:
    features = client.get(f"{ITEMS}?limit=50").json()["features"]
    assert len(features) == RECORDS
    for feature in features:
        assert client.get(f"/catalogus/iso/{feature['id']}.xml").status_code == 200
        assert client.get(f"{ITEMS}/{feature['id']}").json() == feature


def test_a_record_says_what_a_catalogue_needs(client: TestClient) -> None:
    (record,) = client.get(f"{ITEMS}?q={ATTEST}&type=dataset&limit=1").json()["features"]
    properties = record["properties"]
    assert {"type", "title", "description", "keywords", "themes", "language", "contacts", "license", "rights", "updated", "formats"} <= set(
        properties
    )
    assert "Woningkwaliteit" in properties["keywords"]
    assert record["time"] == {"date": "2026-11-21"}
    rels = [link["rel"] for link in record["links"]]
    assert rels.count("enclosure") == len(properties["formats"]) == 7
    assert {"describedby", "license", "self", "alternate", "collection"} <= set(rels)
    assert all({"href", "rel", "type", "title"} <= set(link) for link in record["links"])


QUERIES = {
    "q=WONINGkwaliteit": RECORDS,
    "q=web%20feature": 2,
    "q=feature%20web": 0,
    "q=nothing,Web%20Map": 2,
    "type=service": 9,
    "type=dataset,service": RECORDS,
    "type=dataset&q=Conformiteitsattest": 1,
    "bbox=4,51,5,52": RECORDS,
    "bbox=10,51,11,52": 0,
    "bbox=4,51,0,5,52,9": RECORDS,
    "bbox=170,-50,5,52": RECORDS,
    "datetime=2026-11-21": RECORDS,
    "datetime=../2026-11-20": 0,
    "datetime=2026-11-01T00:00:00Z/..": RECORDS,
    "ids=nothing": 0,
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_selects(client: TestClient, query: str) -> None:
    assert matched(client, query) == QUERIES[query]


def test_identifiers_select_with_and_without_their_scheme(client: TestClient) -> None:
    first, second, *_ = (feature["id"] for feature in client.get(f"{ITEMS}?limit=2").json()["features"])
    assert matched(client, f"ids={first},{second}") == 2
    assert matched(client, f"externalIds=urn:uuid:{first}") == matched(client, f"externalIds={first}") == 1


def test_pages_follow_each_other(client: TestClient) -> None:
    found: list[str] = []
    address: str | None = f"{ITEMS}?limit=4"
    while address:
        page = client.get(address).json()
        found += [feature["id"] for feature in page["features"]]
        address = next((link["href"].removeprefix(PUBLIC_URL) for link in page["links"] if link["rel"] == "next"), None)
    assert len(found) == len(set(found)) == RECORDS
    assert "prev" in [link["rel"] for link in client.get(f"{ITEMS}?limit=4&offset=8").json()["links"]]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "offset=-1",
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=4,52,5,51",
        "datetime=x",
        "datetime=2026-02-30",
        "q=a&q=b",
        "f=xml",
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{ITEMS}?{query}").status_code == 400


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get(f"{ITEMS}/nothing").status_code == 404
    assert client.get(f"{ROOT}/collections/nothing").status_code == 404


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get(ITEMS)
    again = client.get(ITEMS, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_collection_has_its_own_media_type_for_who_asks(client: TestClient) -> None:
    reply = client.get(f"{ROOT}/collections/catalogus", headers={"Accept": "application/ogc-catalog+json"})
    assert reply.headers["content-type"] == "application/ogc-catalog+json"
    assert (reply.json()["type"], reply.json()["itemType"]) == ("Collection", "record")


def test_the_api_definition_lists_the_parameters_that_are_read(client: TestClient) -> None:
    document = client.get(f"{ROOT}/openapi").json()
    parameters = {each["name"] for each in document["paths"]["/collections/catalogus/items"]["get"]["parameters"]}
    assert parameters == {"f", "q", "type", "ids", "externalIds", "bbox", "datetime", "limit", "offset"}
    assert document["servers"] == [{"url": PUBLIC_URL + ROOT}]


def test_outside_production_there_is_no_record_and_everything_says_test(releases: Path, clock: Clock, client: TestClient) -> None:
    (known,) = (feature["id"] for feature in client.get(f"{ITEMS}?limit=1").json()["features"])
    trial = client_of(releases, clock, production=False)
    assert trial.get(ITEMS).json()["numberMatched"] == 0
    assert trial.get(f"{ITEMS}/{known}").status_code == 404
    for path in ("", "/collections/catalogus", "/openapi"):
        assert "TEST" in trial.get(ROOT + path).text
