"""The documents of the catalogue as a run writes them: with the files, and again with the same content."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports import formats
from exports.bundle import DownloadSuite
from release import layout
from release.reader import Release
from release.writer import Writer
from tests.exports.conftest import SINCE, content

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SUITE = DownloadSuite("https://example.org/", "production", (formats.CSV, formats.GML))


def seal(root: Path, day: date = SINCE, previous: Release | None = None, suite: DownloadSuite = SUITE, rows: int = 30) -> Release:
    return Release.open(Writer(root, suite, KEY, previous).seal(content(rows), day).folder)


def documents(release: Release, day: date) -> dict[str, bytes]:
    folder = layout.catalogue_folder(release.folder, day)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return seal(tmp_path_factory.mktemp("first"))


def test_the_metadata_in_every_zip_is_the_record_of_the_catalogue(first: Release) -> None:
    found = documents(first, SINCE)
    zips = list(layout.downloads_folder(first.folder, SINCE).rglob("*.zip"))
    assert len(zips) == 2 * len(first.schema.products)
    for path in zips:
        product = first.schema.product(path.parent.name)
        with zipfile.ZipFile(path) as archive:
            assert archive.read("metadata.xml") == found[f"iso/{product.uuid}.xml"]


def test_the_same_content_on_another_day_rewrites_nothing(first: Release, tmp_path: Path) -> None:
    later = SINCE + timedelta(days=5)
    again = seal(tmp_path, later, first)
    assert documents(again, later) == documents(first, SINCE) == documents(first, SINCE + timedelta(days=1))


def test_other_content_moves_the_dates_of_what_changed(first: Release, tmp_path: Path) -> None:
    later = SINCE + timedelta(days=5)
    before, after = documents(first, SINCE), documents(seal(tmp_path, later, first, rows=31), later)
    policy = first.schema.product("Woningkwaliteitsbeleid")
    whole = first.schema.product("POI")
    assert before[f"iso/{policy.uuid}.xml"] == after[f"iso/{policy.uuid}.xml"]
    assert before[f"iso/{whole.uuid}.xml"] != after[f"iso/{whole.uuid}.xml"]
    assert later.isoformat().encode() in after[f"iso/{whole.uuid}.xml"]


def test_another_public_address_keeps_every_identifier(first: Release, tmp_path: Path) -> None:
    elsewhere = seal(tmp_path, suite=DownloadSuite("https://elsewhere.example.org", "test", (formats.CSV,)))
    names = {path for path in documents(first, SINCE) if path.startswith("iso/")}
    assert names == {path for path in documents(elsewhere, SINCE) if path.startswith("iso/")}
