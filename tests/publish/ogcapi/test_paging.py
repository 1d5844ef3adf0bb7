"""Pages follow one another by their links, and stay together when a release or a midnight comes between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from publish.shelf import BRUSSELS
from release.content import Content
from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, DWELLINGS, PUBLIC_URL, Clock, Dwelling, content, poi_table, publish

ITEMS = "/ogc/features/v1/collections/POI/items"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(tmp_path, content())
    return tmp_path


@pytest.fixture
def moving(folder: Path, clock: Clock) -> TestClient:
    """A client of releases of its own."""
    clock.now = datetime.now(BRUSSELS).replace(year=2026, month=11, day=21, hour=14)
    return client_of(folder, clock)


def of(*dwellings: Dwelling) -> Content:
    """The content with these points."""
    made = content()
    return Content(made.schema, made.tables | {"POI:POI": poi_table(dwellings)}, made.freshness)


def link(page: dict, rel: str) -> str | None:
    return next((link["href"].removeprefix(PUBLIC_URL) for link in page["links"] if link["rel"] == rel), None)


def walk(client: TestClient, address: str | None, rel: str = "next") -> Iterator[dict]:
    while address is not None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        yield answer.json()
        address = link(answer.json(), rel)


def ids(page: dict) -> list[int]:
    return [int(feature["id"].rpartition(".")[2]) for feature in page["features"]]


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6, 7])
@pytest.mark.parametrize("more", ["", "&sortby=-GEMEENTE,HUISNR", "&PRODUCT=" + ATTEST, "&crs=http://www.opengis.net/def/crs/EPSG/0/3812"])
def test_next_goes_through_everything_once_and_prev_goes_back(client: TestClient, limit: int, more: str) -> None:
    whole = client.get(f"{ITEMS}?limit=100{more}").json()
    pages = list(walk(client, f"{ITEMS}?limit={limit}{more}"))
    assert [number for page in pages for number in ids(page)] == ids(whole)
    assert {page["numberMatched"] for page in pages} == {len(whole["features"])}
    back = list(walk(client, link(pages[-1], "self"), "prev"))
    assert [number for page in reversed(back) for number in ids(page)] == ids(whole)
    assert link(pages[0], "prev") is None


def test_a_cursor_names_content_and_day_and_never_the_seal(moving: TestClient, folder: Path) -> None:
    answer = moving.get(f"{ITEMS}?limit=2")
    (cursor,) = parse_qs(urlsplit(link(answer.json(), "next") or "").query)["cursor"]
    assert cursor == f"2.{answer.headers['X-Release'][:16]}.20261121"
    assert not [seal for seal in folder.iterdir() if seal.is_dir() and (seal.name in answer.text or seal.name[:16] in cursor)]


def test_an_offset_begins_anywhere_and_its_next_link_is_a_cursor(client: TestClient) -> None:
    page = client.get(f"{ITEMS}?limit=2&offset=3").json()
    assert ids(page) == [104, 105]
    assert "offset" not in (link(page, "next") or "")
    assert ids(client.get(link(page, "next") or "").json()) == [106]
    assert ids(client.get(link(page, "prev") or "").json()) == [102, 103]


def test_a_page_after_a_publication_goes_on_in_the_answer_that_began(moving: TestClient, folder: Path) -> None:
    first = moving.get(f"{ITEMS}?limit=2").json()
    kept = [dwelling for dwelling in DWELLINGS if dwelling.id != 104]
    publish(folder, of(Dwelling(99, ATTEST, "Nieuwstraat", "1", "Gent", (20_000.0, 160_000.0)), *kept))
    pages = [first, *walk(moving, link(first, "next"))]
    assert [number for page in pages for number in ids(page)] == [101, 102, 103, 105, 106]  # what came waits, what went is gone
    assert pages[1]["numberMatched"] == 5
    assert ids(moving.get(link(pages[1], "prev") or "").json()) == [101, 102]
    assert ids(moving.get(f"{ITEMS}?limit=10").json()) == [99, 101, 102, 103, 105, 106]


def test_a_page_after_midnight_leaves_out_what_ended(moving: TestClient, clock: Clock) -> None:
    first = moving.get(f"{ITEMS}?limit=2").json()
    clock.now = datetime(2026, 11, 22, 0, 10, tzinfo=BRUSSELS)
    assert ids(moving.get(link(first, "next") or "").json()) == [104, 105]


def test_after_the_overlap_the_pages_are_gone_and_it_says_so(moving: TestClient, folder: Path, clock: Clock) -> None:
    address = link(moving.get(f"{ITEMS}?limit=2").json(), "next") or ""
    publish(folder, of(*DWELLINGS[:4]))
    clock.now = datetime.now(BRUSSELS) + timedelta(days=2)
    answer = moving.get(address)
    assert (answer.status_code, answer.json()["code"]) == (410, "ReleaseGone")
    assert "first page" in answer.json()["description"]
    assert moving.get(address.replace(".20261121", ".20200101")).status_code == 410


def test_other_formats_are_paged_by_their_header(client: TestClient) -> None:
    for format_ in ("csv", "gml", "fgb"):
        address: str | None = f"{ITEMS}?limit=4&f={format_}"
        counts = []
        while address:
            answer = client.get(address)
            counts.append((answer.headers["OGC-NumberMatched"], answer.headers["OGC-NumberReturned"]))
            address = answer.links.get("next", {}).get("url", "").removeprefix(PUBLIC_URL)
        assert counts == [("6", "4"), ("6", "2")], format_


def test_a_count_has_no_pages_around_it(client: TestClient) -> None:
    page = client.get(f"{ITEMS}?limit=2&offset=2&resulttype=hits").json()
    assert (page["numberMatched"], page["numberReturned"], link(page, "next"), link(page, "prev")) == (6, 0, None, None)
