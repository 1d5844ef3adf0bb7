"""`next` links stay safe when the next release comes: nothing twice, nothing lost, nothing that has become unlawful."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from publish.shelf import Shelf
from publish.wfs import WfsSettings, routes
from release.content import Content
from release.pointer import Pointer
from release.table import PublicTable
from tests.publish.wfs.conftest import PUBLIC_URL, Client, Reply
from tests.publish.wfs.example import NOON, content, publish, seal

MIDNIGHT = datetime.fromisoformat("2026-11-22T00:00:00+01:00")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return publish(tmp_path / "releases", content())


@pytest.fixture
def client(folder: Path, clock: Clock) -> Client:
    app = Starlette(routes=routes(Shelf(folder, clock), WfsSettings(public_url=PUBLIC_URL)))
    return Client(TestClient(app, raise_server_exceptions=False))


def without(made: Content, positions: list[int]) -> Content:
    """The content less some rows of the points."""
    table = made.tables["POI:POI"]
    keep = np.ones(len(table), dtype=np.bool_)
    keep[positions] = False
    return Content(made.schema, made.tables | {"POI:POI": PublicTable(table.feature_type, table.take(keep).arrow)}, made.freshness)


def walk(client: Client, reply: Reply) -> Iterator[Reply]:
    """A page and the pages after it."""
    yield reply
    while address := reply.find("string(/*/@next)"):
        reply = client.get(str(address).partition("?")[2])
        assert reply.status == 200, reply.body
        yield reply


def ids(pages: Iterator[Reply]) -> list[str]:
    return [name for page in pages for name in page.ids]


def test_the_pages_of_one_answer_are_the_rows_of_the_release_in_order(client: Client) -> None:
    whole = client.feature().ids

    assert ids(walk(client, client.feature(COUNT=7))) == whole
    assert len(whole) == 60


def test_a_next_link_carries_content_id_and_day_and_never_the_seal(client: Client, folder: Path) -> None:
    address = str(client.feature(COUNT=7).find("string(/*/@next)"))

    assert "RELEASE=" in address
    assert Pointer(folder).read().seal[:16] not in address


@pytest.mark.parametrize("sort", [None, "NAAM DESC"])
def test_pages_go_on_in_the_release_that_they_began_in_less_what_is_gone(folder: Path, client: Client, sort: str | None) -> None:
    first = client.feature(COUNT=20, SORTBY=sort)
    whole = client.feature(SORTBY=sort).ids
    gone = [3, 25, 26, 27, 41]
    missing = {f"POI.{client_id(folder, position)}" for position in gone}
    seal(folder, without(content(), gone), NOON)

    rest = ids(walk(client, client.get(str(first.find("string(/*/@next)")).partition("?")[2])))

    assert rest == [name for name in whole[20:] if name not in missing]
    assert len(client.feature().ids) == 55, "who asks anew reads the current release"


def client_id(folder: Path, position: int) -> int:
    """The `_id` of a row of the content, by its place in the table before sealing."""
    return int(content().tables["POI:POI"].ids[position])


def test_pages_fill_up_past_rows_that_are_gone(folder: Path, client: Client) -> None:
    first = client.feature(COUNT=20)
    seal(folder, without(content(), list(range(21, 31))), NOON)

    second = client.get(str(first.find("string(/*/@next)")).partition("?")[2])

    assert len(second.ids) == 20
    assert second.find("string(/*/@numberReturned)") == "20"
    assert second.matched == 50


def test_objects_that_came_later_are_not_in_the_pages_of_an_older_answer(folder: Path, client: Client) -> None:
    seal(folder, without(content(), [10, 11]), NOON)
    first = client.feature(COUNT=30)
    seal(folder, content(), NOON)

    assert len(first.ids) + len(ids(walk(client, client.get(str(first.find("string(/*/@next)")).partition("?")[2])))) == 58


def test_after_the_overlap_an_exception_names_the_remedy(folder: Path, client: Client, clock: Clock) -> None:
    address = str(client.feature(COUNT=20).find("string(/*/@next)")).partition("?")[2]
    seal(folder, without(content(), [10]), NOON)

    clock.now = NOON + timedelta(minutes=29)
    assert client.get(address).status == 200
    clock.now = NOON + timedelta(minutes=31)
    late = client.get(address)

    assert late.exception == (403, "ResponseCacheExpired", "RELEASE")
    assert b"first page again" in late.body


def test_the_overlap_is_a_setting(folder: Path, clock: Clock) -> None:
    app = Starlette(routes=routes(Shelf(folder, clock, overlap=timedelta(minutes=5)), WfsSettings(public_url=PUBLIC_URL)))
    client = Client(TestClient(app))
    address = str(client.feature(COUNT=20).find("string(/*/@next)")).partition("?")[2]
    seal(folder, without(content(), [10]), NOON)
    clock.now = NOON + timedelta(minutes=6)

    assert client.get(address).exception[1] == "ResponseCacheExpired"


def test_pages_go_on_over_midnight_without_any_job_less_what_the_calendar_ends(client: Client, clock: Clock) -> None:
    clock.now = MIDNIGHT - timedelta(minutes=1)
    first = client.feature(COUNT=20)
    whole = client.feature().ids
    clock.now = MIDNIGHT + timedelta(minutes=1)
    today = set(client.feature().ids)
    rest = ids(walk(client, client.get(str(first.find("string(/*/@next)")).partition("?")[2])))

    assert rest == [name for name in whole[20:] if name in today]
    assert today - set(whole), "the example has an object that begins tomorrow"

    clock.now = MIDNIGHT + timedelta(minutes=31)
    assert client.get(str(first.find("string(/*/@next)")).partition("?")[2]).exception[1] == "ResponseCacheExpired"


def back(client: Client, reply: Reply) -> Iterator[Reply]:
    """The pages before a page, from the last to the first."""
    while address := reply.find("string(/*/@previous)"):
        reply = client.get(str(address).partition("?")[2])
        yield reply


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("count", [7, 20, 50])
def test_the_way_back_is_the_way_there(folder: Path, client: Client, count: int, swap: bool) -> None:
    first = client.feature(COUNT=count)
    if swap:
        seal(folder, without(content(), [3, 14, 25, 26, 27, 41]), NOON)
    *_, last = walk(client, client.get(str(first.find("string(/*/@next)")).partition("?")[2]))
    pages = [last, *back(client, last)]
    there = ids(walk(client, client.get(str(first.find("string(/*/@next)")).partition("?")[2])))

    assert [name for page in reversed(pages) for name in page.ids][-len(there) :] == there
    assert len({name for page in pages for name in page.ids}) == sum(len(page.ids) for page in pages), "nothing is twice"


def test_the_page_before_a_page_in_the_middle_of_nowhere_holds_what_is_left(client: Client) -> None:
    page = client.feature(STARTINDEX=3, COUNT=10)
    (before,) = back(client, page)
    assert before.ids + page.ids == client.feature(COUNT=13).ids


def test_a_question_that_is_too_long_for_an_address_has_no_links(client: Client) -> None:
    names = "".join(
        f"<fes:PropertyIsEqualTo><fes:ValueReference>NAAM</fes:ValueReference><fes:Literal>{n:0>900}</fes:Literal></fes:PropertyIsEqualTo>"
        for n in range(50)
    )
    query = f"<fes:Filter><fes:Not><fes:Or>{names}</fes:Or></fes:Not></fes:Filter>"
    body = (
        '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" service="WFS"'
        f' version="2.0.0" count="5"><wfs:Query typeNames="POI">{query}</wfs:Query></wfs:GetFeature>'
    )
    reply = client.post(body)
    assert (len(reply.ids), reply.matched, reply.find("string(/*/@next)")) == (5, 60, "")


def test_values_are_paged_alike(folder: Path, client: Client) -> None:
    asked = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetPropertyValue", "TYPENAMES": "POI:POI", "VALUEREFERENCE": "OIDN"}
    whole = client.get(**asked).find("//wfs:member/text()")
    first = client.get(**asked, COUNT=50)
    seal(folder, without(content(), [52]), NOON)
    second = client.get(str(first.find("string(/*/@next)")).partition("?")[2])

    assert [*first.find("//wfs:member/text()"), *second.find("//wfs:member/text()")] == [
        value for value in whole if value != str(client_id(folder, 52)) or value in first.find("//wfs:member/text()")
    ]


def test_a_dataset_that_is_withdrawn_since_is_not_in_the_pages_of_an_older_answer(folder: Path, client: Client) -> None:
    first = client.feature(COUNT=20)
    seal(folder, content(withdrawn="besluiten"), NOON)

    assert client.get(str(first.find("string(/*/@next)")).partition("?")[2]).status == 503


@pytest.mark.parametrize("token", ["x", "0" * 16 + ".20261121", "../../etc/passwd", "%00", "0" * 16 + ".20261120"])
def test_a_release_that_was_never_named_is_refused(client: Client, token: str) -> None:
    assert client.feature(COUNT=5, RELEASE=token).exception == (403, "ResponseCacheExpired", "RELEASE")
