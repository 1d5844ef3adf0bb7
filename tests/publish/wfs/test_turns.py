"""What is answered at once on the event loop, and what waits for a thread."""

from __future__ import annotations

import asyncio

import pytest

from publish.wfs import turns
from publish.wfs.service import Call, Handled, handle
from tests.publish.wfs.conftest import Client
from tests.publish.wfs.example import FIRST, GOLDEN

BASE = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI"
X, Y = map(round, GOLDEN)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each handled call was made in haste; the last one is what was sent."""
    calls: list[bool] = []

    def watched(call: Call, *others: object) -> Handled | None:
        calls.append(call.haste)
        assert call.haste == _on_loop()
        return handle(call, *others)  # type: ignore[arg-type]

    monkeypatch.setattr("publish.wfs.endpoint.handle", watched)
    return calls


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@pytest.mark.parametrize(
    "query",
    [
        BASE,
        f"{BASE}&COUNT=10&STARTINDEX=20",
        f"{BASE}&RESULTTYPE=hits",
        f"{BASE}&BBOX={X - 500},{Y - 500},{X + 500},{Y + 500},EPSG:31370",
        f"{BASE}&CQL_FILTER=PRODUCT='Conformiteitsattest' AND BBOX(SHAPE,{X - 500},{Y - 500},{X + 500},{Y + 500})",
        f"{BASE}&CQL_FILTER=NAAM IS NULL OR POSTCODE IN ('9000','9050')",
        f"{BASE}&RESOURCEID=POI.{FIRST}",
        f"{BASE}&SRSNAME=EPSG:4326",
        f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID=POI.{FIRST}",
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType",
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=Nonsense",
    ],
)
def test_what_is_sure_to_be_quick_is_answered_at_once(client: Client, threads: list[bool], query: str) -> None:
    client.get(query)
    assert threads == [True]


@pytest.mark.parametrize(
    "query",
    [
        f"{BASE}&CQL_FILTER=NAAM LIKE '%25straat%25'",
        f"{BASE}&CQL_FILTER=CASEI(NAAM)=CASEI('x')",
        f"{BASE}&SORTBY=NAAM",
        f"{BASE}&OUTPUTFORMAT=shape-zip",
        "SERVICE=WFS&REQUEST=GetCapabilities",
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetPropertyValue&TYPENAMES=POI:POI&VALUEREFERENCE=NAAM",
    ],
)
def test_anything_else_begins_anew_in_a_thread(client: Client, threads: list[bool], query: str) -> None:
    assert client.get(query).status == 200
    assert threads == [True, False]


def test_a_long_query_and_a_posted_one_go_to_a_thread_at_once(client: Client, threads: list[bool]) -> None:
    client.get(BASE + "&NOTHING=" + "x" * 1_024)
    client.post('<GetCapabilities xmlns="http://www.opengis.net/wfs/2.0" service="WFS"/>')
    assert threads == [False, False]


def test_work_is_counted_in_rows(client: Client, threads: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    query = f"{BASE}&CQL_FILTER=POSTCODE='9000' OR NAAM='x'"
    monkeypatch.setattr(turns, "MOST", 10)
    first = client.get(query)
    monkeypatch.setattr(turns, "MOST", 10_000)
    assert client.get(query).body == first.body
    assert threads == [True, False, True]


def test_the_pages_of_an_earlier_release_are_looked_up_in_a_thread(client: Client, threads: list[bool]) -> None:
    client.get(f"{BASE}&RELEASE=0123456789abcdef.20261120")
    assert threads == [True, False]


def test_a_theme_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.at("/Nothing/wfs").get(BASE).status == 404
