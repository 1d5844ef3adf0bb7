"""Errors at the edge: no internals, no echo, and an answer that breaks off stays broken."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from publish.edge import Edge, Errors
from publish.pages import Pages
from release.errors import BrokenRelease, ReleaseError, UnfitLiteral, Withdrawn
from tests.publish.conftest import client_of
from tests.publish.example import Clock, content, publish

ITEMS = "/ogc/features/v1/collections/{}/items"


def failing(error: Exception) -> TestClient:
    def endpoint(request: Request) -> Response:
        raise error

    errors = Errors(Pages("https://data.example.org", production=True))
    return TestClient(Starlette(routes=[Route("/", endpoint)], middleware=[Middleware(Edge, errors=errors)]))


def test_an_unexpected_error_shows_and_logs_no_internals(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = failing(ValueError("Jan Peeters, Kerkstraat 1")).get("/")
    assert answer.status_code == 500
    assert answer.json() == {"code": "InternalError", "description": "Er ging iets mis / something went wrong"}
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("vlok")]
    assert len(logged) == 1
    assert logged[0].startswith("ValueError at test_app_errors.py:")
    assert "Peeters" not in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(Withdrawn("besluiten: te oud"), 503, "Withdrawn"), (UnfitLiteral("'x' is no integer"), 400, "InvalidParameterValue")],
)
def test_an_error_of_the_release_says_what_and_why(error: ReleaseError, status: int, code: str) -> None:
    answer = failing(error).get("/")
    assert (answer.status_code, answer.json()) == (status, {"code": code, "description": str(error)})
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_broken_release_does_not_show_its_seal() -> None:
    answer = failing(BrokenRelease("release 0123456789ab cannot be opened")).get("/")
    assert answer.status_code == 503
    assert "0123456789ab" not in answer.text


def test_an_answer_that_has_begun_is_left_unfinished() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"first"
        raise OSError("disk")

    errors = Errors(Pages("https://data.example.org", production=True))
    app = Starlette(
        routes=[Route("/", lambda request: StreamingResponse(chunks()))],
        middleware=[Middleware(Edge, errors=errors)],
    )
    sent: list[dict[str, object]] = []

    async def run() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "asgi": {"spec_version": "2.4"}}
        await app(scope, receive, send)  # type: ignore[arg-type]

    import anyio

    anyio.run(run)
    assert sent[0]["status"] == 200
    assert all(message.get("more_body", True) for message in sent)


def test_a_withdrawn_dataset_is_refused_where_it_is_asked_for_and_only_there(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content(withdrawn="besluiten"))
    client = client_of(tmp_path, clock)
    for path in [ITEMS.format("POI"), ITEMS.format("VlaamseInventarisOngeschikteOnbewoonbareWoningen"), "/downloads/POI/POI_CSV.zip"]:
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "Withdrawn")
        assert "ingetrokken door de beheerder" in answer.json()["description"]
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == 503
    for path in [
        ITEMS.format("Conformiteitsattest"),
        ITEMS.format("Woningkwaliteitsbeleid"),
        "/downloads/Conformiteitsattest/Conformiteitsattest_CSV.zip",
    ]:
        assert client.get(path).status_code == 200
    status = client.get("/status?f=json").json()
    assert status["datasets"]["besluiten"]["state"] == "withdrawn"
    assert sorted(status["products"]) == ["Conformiteitsattest", "RegisterHerstelvorderingen", "Woningkwaliteitsbeleid"]
    page = client.get("/downloads").text
    assert "ingetrokken door de beheerder" in page
    assert "downloads/POI/POI_CSV.zip" not in page


def test_a_dataset_that_grows_too_old_withdraws_itself(releases: Path, clock: Clock) -> None:
    clock.now = clock.now.replace(day=26)
    answer = client_of(releases, clock).get(ITEMS.format("RegisterHerstelvorderingen"))
    assert (answer.status_code, answer.json()["code"]) == (503, "Withdrawn")
    assert client_of(releases, clock).get(ITEMS.format("Conformiteitsattest")).status_code == 200
