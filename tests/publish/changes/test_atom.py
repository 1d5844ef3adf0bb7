"""The Atom feed is valid by RFC 4287 and says the same."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from tests.etl.deliveries import NEXT
from tests.publish.changes.clocked import PUBLIC_URL, Clocked

A = {"a": "http://www.w3.org/2005/Atom"}


def feed(clocked: Clocked, query: str = "") -> etree._Element:
    answer = clocked.client.get(f"/wijzigingen.atom{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml"
    return etree.fromstring(answer.content)


def test_the_feed_and_each_entry_have_what_rfc_4287_demands(clocked: Clocked) -> None:
    root = feed(clocked.at(NEXT))
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in (root, *root.findall("a:entry", A)):  # §4.1.1, §4.1.2
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", A)) == 1
        assert urlsplit(element.findtext("a:id", "", A)).scheme == "https"
        assert datetime.fromisoformat(element.findtext("a:updated", "", A)).tzinfo is not None
    assert root.findtext("a:author/a:name", "", A)
    assert len(root.findall("a:link[@rel='self']", A)) == 1
    kinds = [link.get("type") for link in root.findall("a:link[@rel='alternate']", A)]
    assert len(kinds) == len(set(kinds))
    assert all(entry.find("a:content", A).get("type") == "text" for entry in root.findall("a:entry", A))


def test_an_entry_keeps_its_id_and_the_newest_comes_first(clocked: Clocked) -> None:
    before = [entry.findtext("a:id", "", A) for entry in feed(clocked).findall("a:entry", A)]
    after = [entry.findtext("a:id", "", A) for entry in feed(clocked.at(NEXT)).findall("a:entry", A)]
    assert after[1:] == before
    assert len(set(after)) == len(after)


def test_it_names_the_same_ids_and_leads_to_the_entry_for_programs(clocked: Clocked) -> None:
    newest = feed(clocked.at(NEXT)).find("a:entry", A)
    address = newest.find("a:link[@rel='related']", A).get("href")
    (entry,) = clocked.client.get(address.removeprefix(PUBLIC_URL)).json()["entries"]
    lines = dict(line.split(": ", 1) for line in newest.findtext("a:content", "", A).splitlines()[1:])
    (gone,) = entry["products"]["Conformiteitsattest"]["gone"]
    assert lines["Conformiteitsattest"] == f"19 openbaar, 0 bijgekomen, 1 verdwenen (OIDN {gone})"
    assert newest.findtext("a:title", "", A) == "3 verdwenen"


def test_a_cursor_works_for_readers_too(clocked: Clocked) -> None:
    sequence = clocked.feed()["sequence"]
    assert len(feed(clocked.at(NEXT), f"?since={sequence}").findall("a:entry", A)) == 1
    assert clocked.client.get("/wijzigingen.atom?since=0").status_code == 410


def test_outside_production_it_says_test(clocked: Clocked) -> None:
    client = TestClient(create_app(ServeSettings(clocked.world.home / "releases", PUBLIC_URL), clocked))
    title = etree.fromstring(client.get("/wijzigingen.atom").content).findtext("a:title", "", A)
    assert title == "TEST – Wijzigingen in de woningkwaliteitsdata"
    assert client.get("/wijzigingen.json").json()["test"] is True
    assert clocked.feed()["test"] is False
