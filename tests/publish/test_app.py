"""The application as a whole: headers, hosts, midnight, health."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.testclient import TestClient

from publish.app import ServeSettings, addresses, create_app, from_environment
from publish.shelf import BRUSSELS
from release.reader import Release
from schedules.protocol import BoundedProtocol
from tests.publish.conftest import client_of
from tests.publish.example import DAY, PUBLIC_URL, SCHEMA, Clock, content, publish

API = "/ogc/features/v1"
ITEMS = f"{API}/collections/POI/items"
PAGES = ["/", "/?lang=en", "/downloads", "/status", "/over", "/privacy", "/nowhere", f"{ITEMS}?nothing=1"]
DOCUMENTS = [
    API,
    f"{API}/openapi",
    f"{API}/conformance",
    f"{API}/collections",
    f"{API}/collections/POI",
    f"{API}/collections/WoningkwaliteitsbeleidRegels",
    f"{API}/collections/POI/queryables",
    f"{API}/collections/POI/schema",
    ITEMS,
    f"{ITEMS}/POI.101",
]
COLLECTIONS = (f"{API}/collections/POI", f"{API}/collections/WoningkwaliteitsbeleidRegels")
DATA = re.compile(r'<script type="application/ld\+json">[^<]*</script>')
"""What search engines read of the data sets: no browser runs it or loads what it names."""
OURS = {"data.example.org"}
FOLLOWED_BY_PEOPLE = {"data.vlaanderen.be"}  # the licence
NAMES = {"www.opengis.net", "json-schema.org"}  # identifiers in JSON, never fetched


def hosts(text: str) -> set[str]:
    return {urlsplit(address).netloc for address in re.findall(r"https?://[^\s\"'<>\\)]+", text)}


@pytest.mark.parametrize("path", [*PAGES, *DOCUMENTS])
def test_no_page_loads_anything_and_links_only_to_the_licence_elsewhere(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert page.startswith("<!doctype html>")
    page = DATA.sub("", page)
    assert hosts(page) <= OURS | FOLLOWED_BY_PEOPLE | (NAMES if "conformance" in path or path in COLLECTIONS else set())
    assert not re.search(r"<(script|iframe|object|embed)|@import|url\(|\son\w+=|style=", page)
    for tag, address in re.findall(r"<(link(?! rel=\"alternate\")|img)[^>]*(?:href|src)=\"([^\"]*)\"", page):
        assert address.startswith("/vlok/static/"), (tag, address)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_no_json_document_refers_to_a_host_that_a_program_would_fetch_from(client: TestClient, path: str) -> None:
    assert hosts(client.get(path, headers={"Accept": "application/json"}).text) <= OURS | FOLLOWED_BY_PEOPLE | NAMES


@pytest.mark.parametrize(
    "path", [*PAGES, *DOCUMENTS, "/wfs?service=WFS&request=GetCapabilities", "/downloads/POI/POI_CSV.zip", "/static/vlok.css"]
)
def test_every_answer_has_the_security_headers_and_no_version_of_software(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"server", "x-powered-by"} & set(answer.headers)
    told = " ".join(f"{name}: {value}" for name, value in answer.headers.items()).lower()
    assert not re.search(r"pygeoapi|uvicorn|starlette|python|gdal", told)
    assert not re.search(r"pygeoapi|uvicorn|starlette", answer.text.lower() if "zip" not in path else "")


@pytest.mark.parametrize("path", ["/downloads/", "/status/", "/wfs/", f"{API}/collections/", "/static", "//evil.example.com/downloads/"])
def test_no_redirect_leads_to_the_host_that_a_client_names(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Host": "evil.example.com"})
    assert answer.status_code == (404 if path == "/static" else 308)
    assert answer.headers.get("Location", f"{PUBLIC_URL}/").startswith(f"{PUBLIC_URL}/")
    assert "evil.example.com" not in str(answer.headers)


@pytest.mark.parametrize("path", ["/", ITEMS, f"{API}/collections", "/POI/ogc/features/v1", "/wfs?service=WFS&request=GetCapabilities"])
def test_links_are_made_from_the_public_address_whatever_host_the_client_names(client: TestClient, path: str) -> None:
    told = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com", "Forwarded": "host=evil.example.com"}
    answer = client.get(path, headers=told)
    everything = answer.text + str(answer.headers)
    assert "evil.example.com" not in everything
    assert "elsewhere.invalid" not in everything
    assert f"{PUBLIC_URL}/" in everything


@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/POI.101", "/downloads/POI/POI_CSV.zip", "/wfs?service=WFS&request=GetCapabilities", API])
def test_search_engines_keep_no_items_lists_or_downloads(client: TestClient, path: str) -> None:
    assert client.get(path).headers["X-Robots-Tag"] == "noindex, noarchive"


@pytest.mark.parametrize("path", ["/", "/over", "/privacy", "/downloads", "/status"])
def test_search_engines_may_keep_text_pages_in_production_only(client: TestClient, releases: Path, clock: Clock, path: str) -> None:
    assert "X-Robots-Tag" not in client.get(path).headers
    assert client_of(releases, clock, production=False).get(path).headers["X-Robots-Tag"] == "noindex, noarchive"


def test_robots_are_refused_outside_production(client: TestClient, releases: Path, clock: Clock) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow:\n"
    assert client_of(releases, clock, production=False).get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("path", [path for path in [*PAGES, *DOCUMENTS] if "nothing" not in path])
def test_outside_production_every_page_says_test_and_inside_none_does(client: TestClient, releases: Path, clock: Clock, path: str) -> None:
    html = {"Accept": "text/html"}
    assert "TEST" in client_of(releases, clock, production=False).get(path, headers=html).text
    assert "TEST" not in client.get(path, headers=html).text


@pytest.mark.parametrize("path", [API, f"{API}/openapi"])
def test_outside_production_the_description_of_the_api_says_test(releases: Path, clock: Clock, path: str) -> None:
    assert "TEST" in client_of(releases, clock, production=False).get(path).text


def test_every_answer_names_the_content_that_it_shows(client: TestClient, releases: Path) -> None:
    content_id = client.get("/healthz").json()["release"]
    assert re.fullmatch(r"[0-9a-f]{64}", content_id)
    assert {client.get(path).headers["X-Release"] for path in [*PAGES, *DOCUMENTS]} == {content_id}


def test_the_seal_is_never_sent_out(client: TestClient, releases: Path) -> None:
    seals = [path.name for path in releases.iterdir() if path.is_dir()]
    assert seals
    for path in [*PAGES, *DOCUMENTS, "/healthz", "/status?f=json"]:
        answer = client.get(path)
        assert not any(seal[:12] in answer.text + str(answer.headers) for seal in seals)


def test_at_midnight_in_brussels_what_ended_is_gone_and_the_files_are_those_of_the_new_day(client: TestClient, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 23, 59, 50, tzinfo=BRUSSELS)
    before, file_before = client.get(ITEMS), client.get("/downloads/POI/POI_CSV.zip")
    assert before.json()["numberMatched"] == 6
    assert before.headers["Cache-Control"] == "public, max-age=10, must-revalidate"
    assert client.get(f"{ITEMS}/POI.103").status_code == 200
    clock.now += timedelta(seconds=10)
    after, file_after = client.get(ITEMS), client.get("/downloads/POI/POI_CSV.zip")
    assert [feature["id"] for feature in after.json()["features"]] == [f"POI.{n}" for n in (101, 102, 104, 105, 106)]
    assert client.get(f"{ITEMS}/POI.103").status_code == 404
    assert client.get(ITEMS, headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    assert file_after.status_code == 200
    assert file_after.content != file_before.content
    assert file_after.headers["ETag"] != file_before.headers["ETag"]
    assert client.get("/status?f=json").json()["products"]["POI"] == {"public": 5, "located": 4}


def test_after_the_successor_files_are_refused_and_features_are_not(client: TestClient, clock: Clock) -> None:
    clock.now += timedelta(days=2)
    answer = client.get("/downloads/POI/POI_CSV.zip")
    assert (answer.status_code, answer.json()["code"]) == (503, "DayOver")
    assert "vlok run purge" in answer.json()["description"]
    assert client.get("/downloads").status_code == 503
    assert client.get(ITEMS).json()["numberMatched"] == 5
    assert client.get("/").status_code == 200
    assert client.get("/status?f=json").json()["products"] == {}


def test_it_is_healthy_with_a_release_and_ready_with_files_of_today(client: TestClient, clock: Clock) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json() == {"status": "ready", "release": client.get("/healthz").json()["release"], "day": "2026-11-21"}
    clock.now += timedelta(days=2)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


LOADED = """
import sys, threading
from datetime import date
from pathlib import Path
from starlette.testclient import TestClient
from publish.app import ServeSettings, create_app

chosen = ServeSettings(Path(sys.argv[1]), today=date(2026, 11, 21))
client = TestClient(create_app(chosen, chosen.clock))
assert client.get("/healthz").status_code == 200 and "pygeoapi" not in sys.modules
if sys.argv[2] == "asked":
    assert client.get("/readyz").status_code == 200
else:
    with client:
        [thread.join() for thread in threading.enumerate() if thread.name == "vlok-warm"]
assert "publish.ogcapi.description" in sys.modules
"""


@pytest.mark.parametrize("how", ["asked", "started"])
def test_what_loads_late_is_there_when_the_server_is_ready(releases: Path, how: str) -> None:
    """In an interpreter of its own: here everything is loaded already."""
    command = [sys.executable, "-W", "ignore", "-c", LOADED, str(releases), how]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@contextmanager
def served(releases: Path, clock: Clock) -> Iterator[tuple[str, int]]:
    """The address of a server that speaks HTTP as ours does; httpx asks nothing that is longer than 64 kB."""
    application = create_app(ServeSettings(releases, PUBLIC_URL, production=False), clock)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application, http=BoundedProtocol, log_level="critical", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()
        server.should_exit = True
        thread.join(10)


def asked(address: tuple[str, int], path: str, accept: str = "*/*") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection(*address, timeout=60)
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def test_an_address_that_is_too_long_is_refused_with_what_helps_there(releases: Path, clock: Clock) -> None:
    with served(releases, clock) as address:
        for path in ("/", "/kaart", ITEMS, "/ogc/tiles/v1", "/poi/v1/core", "/nowhere"):
            answer, text = asked(address, f"{path}?x={'a' * 65_536}")
            assert (answer.status, json.loads(text)["code"]) == (414, "UriTooLong"), path
            assert "POST" not in text and "kortere" in text
            assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
            assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
        answer, text = asked(address, f"/kaart?x={'a' * 65_536}", "text/html")
        assert answer.status == 414 and text.startswith("<!doctype html>")
        assert asked(address, f"/downloads/{'a' * 100_000}")[0].status == 404


def test_an_ogc_service_refuses_a_long_query_in_its_own_form(releases: Path, clock: Clock, client: TestClient) -> None:
    with served(releases, clock) as address:
        for path, by_post in (("/wfs", True), ("/POI/wfs", True), ("/catalogus/csw", True), ("/wms", False), ("/LWKB/wms", False)):
            answer, text = asked(address, f"{path}?service=x&request=GetCapabilities&x={'a' * 100_000}")
            assert answer.status == 400, path
            assert "ExceptionReport" in text and "longer than" in text
            assert ("by POST" in text) == by_post
            assert (client.post(path, content=b"<a/>").status_code != 405) == by_post


def test_without_a_release_everything_says_why_and_when_to_come_back(tmp_path: Path, clock: Clock) -> None:
    empty = client_of(tmp_path, clock)
    for path in ["/", "/downloads", ITEMS, API, "/downloads/POI/POI_CSV.zip", "/POI/ogc/features"]:
        answer = empty.get(path)
        assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (503, "3600", "NoRelease")
        assert "X-Release" not in answer.headers
    assert "Nu niet beschikbaar" in empty.get("/", headers={"Accept": "text/html"}).text
    assert (empty.get("/healthz").status_code, empty.get("/readyz").status_code) == (503, 503)


def test_a_release_that_is_published_later_is_served_without_a_restart(tmp_path: Path, clock: Clock) -> None:
    started_before = client_of(tmp_path, clock)
    assert started_before.get(ITEMS).status_code == 503
    publish(tmp_path, content())
    assert started_before.get(ITEMS).json()["numberMatched"] == 6


def test_one_release_can_be_fixed_for_its_proof(releases: Path, tmp_path: Path, clock: Clock) -> None:
    candidate = Release.open(next(path for path in releases.iterdir() if path.is_dir()))
    app = create_app(ServeSettings(tmp_path / "none", PUBLIC_URL), clock, candidate)
    proof = TestClient(app)
    assert proof.get(ITEMS).json()["numberMatched"] == 6
    assert proof.get("/downloads/POI/POI_GML.zip").status_code == 200


def test_only_reading_is_allowed(client: TestClient) -> None:
    answer = client.post(ITEMS, content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (405, "MethodNotAllowed")
    assert client.head(ITEMS).status_code == 200


def test_the_services_to_copy_are_there(client: TestClient) -> None:
    offered = addresses(SCHEMA)
    paths = [address.path for address in offered]
    assert paths[:7] == ["/POI/wfs", "/LWKB/wfs", "/wfs", "/POI/wms", "/LWKB/wms", "/wms", API]
    assert {"/ogc/tiles/v1", "/catalogus/csw", "/ogc/records/v1", "/catalogus/atom/", "/poi/v1/core", "/wijzigingen.atom"} < set(paths)
    for path in paths:
        name = path.rpartition("/")[2]
        query = f"?service={name.upper()}&request=GetCapabilities" if name in ("wfs", "wms", "csw") else ""
        assert client.get(path + query).status_code == 200, path


def test_a_worker_needs_neither_secret_nor_database(releases: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    (home / "releases").symlink_to(releases)
    for name, value in {
        "HOME": str(home),
        "PUBLIC_URL": PUBLIC_URL,
        "CLOCK": str(DAY),
        "DATABASE_URL": "nonsense",
        "SECRET_FILE": "/nowhere",
    }.items():
        monkeypatch.setenv(f"VLOK_{name}", value)
    answer = TestClient(from_environment()).get("/status?f=json")
    assert answer.json()["day"] == "2026-11-21"


def test_the_type_of_the_content_goes_over_the_line_as_it_is_written(releases: Path, clock: Clock) -> None:
    """The OGC's suite for WFS 1.1 looks for the name of this header as it is written (GetCapabilities-tc9)."""
    with served(releases, clock) as address, socket.create_connection(address) as client:
        client.sendall(b"GET /wfs?SERVICE=WFS&REQUEST=GetCapabilities HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"\r\nContent-Type: text/xml; charset=utf-8\r\n" in answer
    assert answer.lower().count(b"\r\ncontent-type:") == 1


@pytest.mark.parametrize("path", [f"{API}/collections", f"{API}/collections/Woningkwaliteitsbeleid"])
def test_a_withdrawal_makes_what_was_kept_of_before_invalid(tmp_path: Path, path: str) -> None:
    clock = Clock()
    publish(tmp_path / "before", content())
    publish(tmp_path / "after", content(withdrawn="parameters"))
    before = client_of(tmp_path / "before", clock).get(path)
    after = client_of(tmp_path / "after", clock).get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert before.headers["X-Release"] == after.headers["X-Release"]
    assert (after.status_code, after.headers["ETag"] == before.headers["ETag"]) == (200, False)
