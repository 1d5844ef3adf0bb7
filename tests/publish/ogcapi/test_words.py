"""The fixed sentences go with features in every format: in it where it has room, else as links in the header (CONTRACT B.3)."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
from lxml import html
from starlette.testclient import TestClient

from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, PUBLIC_URL, SCHEMA, Clock

ITEMS = f"/ogc/features/v1/collections/{ATTEST}/items"
SOURCE = f"Bron: Wonen in Vlaanderen – Titel van {ATTEST}, toestand 21 november 2026"
STATE = "Toestand op 21 november 2026. Staat een adres er niet op, dan bewijst dat niets."
LICENCE, REUSE = SCHEMA.words.licence, SCHEMA.words.reuse
PLACES = ["", "/POI.101"]


@pytest.mark.parametrize("place", PLACES)
def test_geojson_has_them_as_members(client: TestClient, place: str) -> None:
    document = client.get(f"{ITEMS}{place}?f=json").json()
    assert {name: document[name] for name in ("attribution", "state", "reuse", "licence")} == {
        "attribution": SOURCE,
        "state": STATE,
        "reuse": REUSE,
        "licence": LICENCE,
    }
    assert document["links"]
    assert all(set(feature) == {"type", "id", "geometry", "properties"} for feature in document.get("features", ()))


@pytest.mark.parametrize("place", PLACES)
def test_gml_has_them_as_a_comment(client: TestClient, place: str) -> None:
    text = client.get(f"{ITEMS}{place}?f=gml").text
    comment = text.partition("<!-- ")[2].partition(" -->")[0]
    assert comment == f"{SOURCE}. {STATE} {REUSE} Modellicentie voor gratis hergebruik: {LICENCE}"
    assert text.count("<!--") == 1


@pytest.mark.parametrize("place", ["", "/POI.101"])
def test_a_page_has_them(client: TestClient, place: str) -> None:
    page = html.fromstring(client.get(f"{ITEMS}{place}?f=html").text)
    said = [paragraph.text_content() for paragraph in page.xpath("//main//p")]
    assert {SOURCE, STATE, REUSE, "Licentie: Modellicentie voor gratis hergebruik"} <= set(said)
    assert page.xpath("//main//a[@rel='license']/@href") == [LICENCE]


def test_flatgeobuf_has_them_as_its_description(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "page.fgb"
    path.write_bytes(client.get(f"{ITEMS}?f=fgb").content)
    told = pyogrio.read_info(path)["layer_metadata"]
    assert told["TITLE"] == f"Titel van {ATTEST}" and told["DESCRIPTION"].startswith(f"{SOURCE}. {STATE}")


@pytest.mark.parametrize(
    ("place", "f"), [*(("", f) for f in ("json", "gml", "csv", "fgb", "html")), *(("/POI.101", f) for f in ("json", "gml", "html"))]
)
def test_every_answer_leads_to_licence_and_metadata(client: TestClient, place: str, f: str) -> None:
    links = client.get(f"{ITEMS}{place}?f={f}").headers["Link"]
    uuid = SCHEMA.product(ATTEST).uuid
    assert f'<{LICENCE}>; rel="license"; type="text/html"' in links
    assert f'<{PUBLIC_URL}/catalogus/iso/{uuid}.xml>; rel="describedby"; type="application/vnd.iso.19139+xml"' in links


def test_csv_has_nothing_but_header_and_rows(client: TestClient) -> None:
    assert client.get(f"{ITEMS}?f=csv").text.startswith("UIDN,")


@pytest.mark.parametrize(("place", "f"), [*(("", f) for f in ("json", "gml", "fgb")), ("/POI.101", "json"), ("/POI.101", "gml")])
def test_outside_production_they_say_test(releases: Path, clock: Clock, place: str, f: str) -> None:
    for production in (True, False):
        body = client_of(releases, clock, production=production).get(f"{ITEMS}{place}?f={f}").content
        assert (f"– TEST – Titel van {ATTEST}, toestand".encode() in body) is not production


def test_a_page_after_midnight_names_the_register_that_was_seen(client: TestClient, clock: Clock) -> None:
    clock.now = clock.now.replace(day=22)
    document = client.get(f"{ITEMS}?f=json").json()
    assert document["numberMatched"] == 2  # one has ended
    assert (document["attribution"], document["state"]) == (SOURCE, STATE)
