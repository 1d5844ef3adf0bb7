"""Download files: the edition of the day, validators, parts, and what is refused."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.publish.example import Clock

PATH = "/downloads/Conformiteitsattest/Conformiteitsattest_CSV.zip"


def test_a_file_is_the_one_whose_digest_the_page_shows(client: TestClient) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Conformiteitsattest_CSV.zip"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert hashlib.sha256(answer.content).hexdigest() in client.get("/downloads").text
    assert b"Kerkstraat" in zipfile.ZipFile(io.BytesIO(answer.content)).read("CSV/Conformiteitsattest.csv")


def test_every_file_on_the_page_can_be_fetched(client: TestClient) -> None:
    page = client.get("/downloads").text
    files = [part.partition('"')[0] for part in page.split('href="/vlok')[1:] if part.startswith("/downloads/")]
    assert len(files) == 5 * (7 + 1)
    assert "/downloads/POI/POI_ids.txt" in files
    assert {client.get(path).status_code for path in files} == {200}


def test_a_file_says_how_long_it_may_be_kept_and_not_when_it_was_written(client: TestClient) -> None:
    headers = client.get(PATH).headers
    assert headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert not headers["ETag"].startswith("W/")
    assert re.search(r"-2026-11-21-[0-9a-f]{8}-CSV-", headers["ETag"])
    assert "Last-Modified" not in headers


def test_head_gives_the_headers_without_the_bytes(client: TestClient) -> None:
    whole, head = client.get(PATH), client.head(PATH)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a_client_that_has_the_file_gets_304(client: TestClient, form: str) -> None:
    tag = client.get(PATH).headers["ETag"]
    answer = client.get(PATH, headers={"If-None-Match": form.format(tag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"].startswith("public")


def test_a_part_goes_only_to_who_proves_which_whole_it_belongs_to(client: TestClient) -> None:
    whole = client.get(PATH)
    part = {"Range": "bytes=10-19"}
    proven = client.get(PATH, headers={**part, "If-Range": whole.headers["ETag"]})
    assert (proven.status_code, proven.content) == (206, whole.content[10:20])
    assert proven.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    for proof in (
        {},
        {"If-Range": '"yesterday"'},
        {"If-Range": f"W/{whole.headers['ETag']}"},
        {"If-Range": "Sat, 21 Nov 2026 00:00:00 GMT"},
    ):
        unproven = client.get(PATH, headers={**part, **proof})
        assert (unproven.status_code, unproven.content) == (200, whole.content)


def test_a_part_that_was_begun_yesterday_is_not_continued_with_todays_bytes(client: TestClient, clock: Clock) -> None:
    yesterday = client.get(PATH)
    clock.now += timedelta(days=1)
    answer = client.get(PATH, headers={"Range": "bytes=10-", "If-Range": yesterday.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.content != yesterday.content


@pytest.mark.parametrize(
    "path",
    [
        "/downloads/Onbekend/Onbekend_CSV.zip",
        "/downloads/POI/POI_DWG.zip",
        "/downloads/POI/Conformiteitsattest_CSV.zip",
        "/downloads/POI/../manifest.json",
        "/downloads/POI/..%2F..%2Fmanifest.json",
        "/downloads/POI/%2e%2e",
        "/downloads/POI/",
    ],
)
def test_what_is_not_in_the_manifest_is_not_there(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "signature" not in answer.text
