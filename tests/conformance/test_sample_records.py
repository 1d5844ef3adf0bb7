"""The records that the suite for CSW wants to find, read from a folder and from a jar."""

from __future__ import annotations

import zipfile
from pathlib import Path

import httpx
import pytest

from conformance.example import Example
from conformance.sample_records import sample_records, serving_records
from tests.publish.example import content, publish

RECORD = """<csw:Record xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:dct="http://purl.org/dc/terms/" xmlns:ows="http://www.opengis.net/ows">
  <dc:identifier>urn:uuid:{0}</dc:identifier><dc:title>Voorbeeld {0}</dc:title><dct:abstract>tekst</dct:abstract>
  <ows:BoundingBox crs="urn:x-ogc:def:crs:EPSG:6.11:4326">
    <ows:LowerCorner>47.5 -4.0</ows:LowerCorner><ows:UpperCorner>51.2 0.8</ows:UpperCorner>
  </ows:BoundingBox></csw:Record>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "suite" / "data").mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / "suite" / "data" / f"Record_{name}.xml").write_text(RECORD.format(name))
    return tmp_path / "suite"


def test_a_folder_and_a_jar_hold_the_same_records(folder: Path, tmp_path: Path) -> None:
    jar = tmp_path / "suite.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        for path in folder.rglob("*.xml"):
            archive.write(path, path.relative_to(folder))
    found = sample_records(folder)
    assert found == sample_records(jar)
    assert [entry.identifier for entry in found.entries] == ["urn:uuid:a", "urn:uuid:b"]
    assert found.entries[0].box == (-4.0, 47.5, 0.8, 51.2)


def test_the_service_finds_them(folder: Path, tmp_path: Path) -> None:
    example = Example("http://127.0.0.1:1", tmp_path)
    publish(example.releases, content())
    with serving_records(example, folder) as served:
        asked = {"service": "CSW", "version": "2.0.2", "request": "GetRecordById", "id": "urn:uuid:b"}
        answer = httpx.get(f"{served.url}/catalogus/csw", params=asked, trust_env=False)
    assert "Voorbeeld b" in answer.text and "Voorbeeld a" not in answer.text
