"""Feeds and linked data as they are served: copied, in the form that is asked for, with every link leading somewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree, html
from rdflib import DCAT, DCTERMS, Graph, URIRef
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from release import layout
from release.reader import Release
from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, DAY, INVENTORY, PUBLIC_URL, SCHEMA, Clock, content, publish

ATOM = "{http://www.w3.org/2005/Atom}"
DLS = "{http://inspire.ec.europa.eu/schemas/inspire_dls/1.0}"
OS = "{http://a9.com/-/spec/opensearch/1.1/}"
ATTESTS = SCHEMA.product(ATTEST)
CODE = f"{PUBLIC_URL}/catalogus/iso/{ATTESTS.uuid}.xml"
IDENTIFIER = {"spatial_dataset_identifier_code": CODE, "spatial_dataset_identifier_namespace": f"{PUBLIC_URL}/"}
LAMBERT72 = "http://www.opengis.net/def/crs/EPSG/0/31370"
DOCUMENTS = {
    "/catalogus/dcat.ttl": "text/turtle; charset=utf-8",
    "/catalogus/dcat.rdf": "application/rdf+xml",
    "/catalogus/dcat.jsonld": "application/ld+json",
    "/catalogus/atom/": "application/atom+xml",
    "/catalogus/atom": "application/atom+xml",
    "/catalogus/atom/POI.xml": "application/atom+xml",
    "/catalogus/atom/opensearch.xml": "application/opensearchdescription+xml",
}


def path(address: str | None) -> str:
    """The path of an address of ours."""
    assert address is not None and address.startswith(f"{PUBLIC_URL}/"), address
    return address.removeprefix(PUBLIC_URL).partition("#")[0]


def feed(client: TestClient, at: str = "/catalogus/atom/") -> etree._Element:
    return etree.fromstring(client.get(at).content)


@pytest.mark.parametrize(("at", "media_type"), DOCUMENTS.items())
def test_a_document_has_its_media_type_and_is_not_sent_twice(client: TestClient, at: str, media_type: str) -> None:
    answer = client.get(at)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
    again = client.get(at, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_served_is_what_the_run_wrote(client: TestClient, releases: Path) -> None:
    (folder,) = (path for path in releases.iterdir() if (path / "seal.json").exists())
    written = layout.catalogue_folder(Release.open(folder).folder, DAY)
    assert client.get("/catalogus/dcat.ttl").content == (written / "dcat.ttl").read_bytes()
    assert client.get("/catalogus/atom/").content == (written / "atom" / "index.xml").read_bytes()


def test_the_three_forms_are_one_graph(client: TestClient) -> None:
    first, *others = (
        Graph().parse(client.get(f"/catalogus/dcat.{form}").content, format=name)
        for form, name in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld"))
    )
    assert len(first) > 1000
    assert all(isomorphic(first, other) for other in others)


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("text/turtle;q=0.2, application/rdf+xml;q=0.9, */*;q=0.1", "application/rdf+xml"),
        ("application/*", "application/rdf+xml"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("image/png", "text/turtle; charset=utf-8"),
        ("application/rdf+xml;q=much", "text/turtle; charset=utf-8"),
    ],
)
def test_linked_data_comes_in_the_form_that_is_asked_for(client: TestClient, accept: str, given: str) -> None:
    answer = client.get("/catalogus/dcat", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["Vary"]) == (200, given, "Accept")


def test_a_browser_goes_to_the_page_of_the_catalogue(client: TestClient) -> None:
    answer = client.get("/catalogus/dcat", headers={"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PUBLIC_URL}/catalogus/")
    assert client.get("/catalogus/").status_code == 200


@pytest.mark.parametrize(
    "at", ["/catalogus/dcat.json", "/catalogus/atom/Nergens.xml", "/catalogus/atom/..%2Fdcat.xml", "/catalogus/atom/index"]
)
def test_there_is_nothing_at_other_addresses(client: TestClient, at: str) -> None:
    assert client.get(at).status_code == 404


def test_every_link_of_every_feed_leads_somewhere(client: TestClient) -> None:
    """TG 3.1: what is described, the records, the files and the feeds can be fetched; what a feed is identified by is itself."""
    service = feed(client)
    feeds = [path(entry.findtext(f"{ATOM}id")) for entry in service.iterfind(f"{ATOM}entry")]
    assert len(feeds) == len(SCHEMA.products)
    seen: dict[str, int] = {}
    for at in ("/catalogus/atom/", *feeds):
        made = feed(client, at)
        assert path(made.findtext(f"{ATOM}id")) == at
        for link in made.iter(f"{ATOM}link"):
            if link.get("rel") != "license":
                seen[link.get("href", "")] = client.get(path(link.get("href"))).status_code
    assert set(seen.values()) == {200}
    assert sum("/downloads/" in address for address in seen) == 7 * len(SCHEMA.products)


def test_a_file_is_as_long_as_the_feed_says(client: TestClient) -> None:
    for link in feed(client, "/catalogus/atom/POI.xml").iterfind(f"{ATOM}entry/{ATOM}link[@rel='alternate']"):
        answer = client.get(path(link.get("href")))
        assert len(answer.content) == int(link.get("length", "0"))
        assert answer.headers["Content-Type"] == link.get("type")


def test_what_the_description_announces_is_there(client: TestClient) -> None:
    """TG 3.1 Req 40-45: every template, filled in with every example, gives an answer of its type."""
    description = etree.fromstring(client.get("/catalogus/atom/opensearch.xml").content)
    examples = description.findall(f"{OS}Query[@role='example']")
    assert len(examples) == len(SCHEMA.products)
    for url in description.findall(f"{OS}Url"):
        for example in examples:
            given = {f"inspire_dls:{name.removeprefix(DLS)}": value for name, value in example.items()} | dict(example.items())
            given["searchTerms"] = "Titel"
            filled = re.sub(r"\{([\w:]+)\??\}", lambda name, given=given: given.get(name[1], ""), url.get("template", ""))
            answer = client.get(path(filled))
            if answer.status_code == 302:
                answer = client.get(path(answer.headers["Location"]))
            assert answer.status_code == 200, filled
            assert answer.headers["Content-Type"].partition(";")[0] == url.get("type"), filled


@pytest.mark.parametrize("code", [CODE, ATTESTS.uuid, ATTEST])
def test_a_data_set_is_described_and_given_by_its_identifier(client: TestClient, code: str) -> None:
    asked = {"spatial_dataset_identifier_code": code}
    described = client.get("/catalogus/atom/describe", params=asked)
    assert described.content == client.get(f"/catalogus/atom/{ATTEST}.xml").content
    given = client.get("/catalogus/atom/get", params=asked | {"crs": LAMBERT72, "language": "nl"})
    assert (given.status_code, given.headers["Location"]) == (302, f"{PUBLIC_URL}/downloads/{ATTEST}/{ATTEST}_GML.zip")
    chosen = client.get("/catalogus/atom/get", params=asked | {"format": "CSV"})
    assert chosen.headers["Location"] == f"{PUBLIC_URL}/downloads/{ATTEST}/{ATTEST}_CSV.zip"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"spatial_dataset_identifier_code": "other"}, 404),
        ({"spatial_dataset_identifier_code": ""}, 400),
        ({"spatial_dataset_identifier_namespace": "https://example.org/"}, 404),
        ({"crs": "EPSG:3812"}, 404),
        ({"crs": "EPSG:1"}, 400),
        ({"format": "DWG"}, 404),
    ],
)
def test_what_there_is_not_is_refused(client: TestClient, more: dict[str, str], status: int) -> None:
    assert client.get("/catalogus/atom/get", params=IDENTIFIER | more).status_code == status


def test_a_search_finds_by_every_word_in_title_text_and_keywords(client: TestClient) -> None:
    def found(words: str) -> list[str]:
        page = html.document_fromstring(client.get("/catalogus/atom/search", params={"q": words}).text)
        return [title.text_content() for title in page.iterfind(".//li/h2")]

    assert len(found("Woningkwaliteit")) == len(found("")) == len(SCHEMA.products)
    assert found("TITEL conformiteitsattest") == ["Titel van Conformiteitsattest"]
    assert found("conformiteitsattest nergens") == []


def test_a_page_of_results_shows_what_was_asked_as_text(client: TestClient) -> None:
    answer = client.get("/catalogus/atom/search", params={"q": '"><script>alert(1)</script>'})
    assert "<script" not in answer.text
    assert html.document_fromstring(answer.text).xpath("//input[@name='q']/@value") == ['"><script>alert(1)</script>']


def test_a_search_as_a_feed_holds_what_was_found(client: TestClient) -> None:
    answer = client.get("/catalogus/atom/search", params={"q": f"{INVENTORY} & meer", "f": "atom"})
    assert feedparser.parse(answer.content).entries == []
    answer = client.get("/catalogus/atom/search", params={"q": INVENTORY, "f": "atom"})
    read = feedparser.parse(answer.content)
    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert [entry.title for entry in read.entries] == [f"TEST – Titel van {INVENTORY}"]
    assert etree.fromstring(answer.content).findtext(f"{OS}totalResults") == "1"
    assert client.get(path(read.feed.id)).content == answer.content
    assert client.get("/catalogus/atom/search", params={"f": "rss"}).status_code == 400


def test_what_a_service_says_that_it_speaks_is_what_it_claims(client: TestClient) -> None:
    graph = Graph().parse(client.get("/catalogus/dcat.ttl").content, format="turtle")
    for root in ("/ogc/records/v1", "/ogc/tiles/v1"):
        claimed = client.get(f"{root}/conformance?f=json").json()["conformsTo"]
        (node,) = graph.subjects(DCAT.endpointURL, URIRef(f"{PUBLIC_URL}{root}"))
        assert str(graph.value(node, DCTERMS.conformsTo)) in claimed


def test_feeds_stay_when_a_dataset_is_withdrawn_and_its_files_do_not(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content(withdrawn="conformiteitsattesten"))
    client = client_of(tmp_path, clock)
    feed = client.get(f"/catalogus/atom/{ATTEST}.xml")
    assert (feed.status_code, b"<entry>" in feed.content) == (200, False)
    assert client.get("/catalogus/atom/get", params=IDENTIFIER).status_code == 503
    assert client.get(f"/downloads/{ATTEST}/{ATTEST}_CSV.zip").status_code == 503
    assert ATTESTS.uuid not in "".join(scripts(client))


def test_the_same_documents_are_served_the_next_day(client: TestClient, clock: Clock) -> None:
    """But for the one product whose content ends that day."""
    today = client.get(f"/catalogus/atom/{INVENTORY}.xml").content
    clock.now += timedelta(days=1)
    assert client.get(f"/catalogus/atom/{INVENTORY}.xml").content == today


def scripts(client: TestClient) -> list[str]:
    return [script.text or "" for script in html.document_fromstring(client.get("/downloads").text).iter("script")]


def test_the_page_of_the_data_sets_describes_them_for_search_engines(client: TestClient) -> None:
    answer = client.get("/downloads")
    kinds = html.document_fromstring(answer.text).xpath("//script/@type")
    assert kinds == ["application/ld+json"] * len(SCHEMA.products)
    assert "script-src" not in answer.headers["Content-Security-Policy"], "a block of data is not run"
    assert [product.uuid in script for product, script in zip(SCHEMA.products, scripts(client), strict=True)] == [True] * len(
        SCHEMA.products
    )
