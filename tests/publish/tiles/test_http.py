"""The tiles over HTTP: documents, validators, refusals, and what is gone when the day ends."""

from __future__ import annotations

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from exports.symbology import layers
from exports.vector_tile import identifiers
from publish.shelf import BRUSSELS
from publish.tiles import ROOT, SETS
from release.table import to_day
from tests.publish.example import Clock
from tests.publish.tiles.conftest import serving
from tests.publish.tiles.world import ATTEST, CLAIMS, COUNT, DAY, PUBLIC_URL, SCHEMA, content, points, publish

URL = PUBLIC_URL + ROOT
MVT = "application/vnd.mapbox-vector-tile"
NAMES = [layer.name for layer in layers(SCHEMA)]
DOCUMENTS = ["", "/", "/openapi", "/conformance", "/collections", "/collections/POI", "/collections/POI/tiles"]
DOCUMENTS += ["/collections/POI/tiles/WebMercatorQuad", "/tileMatrixSets", "/tileMatrixSets/BelgianLambert72Quad"]
TILE = "/collections/POI/tiles/BelgianLambert72Quad/0/0/0"

documents = pytest.mark.parametrize("path", DOCUMENTS)


def links(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By relation; of several the first."""
    found: dict[str, dict[str, Any]] = {}
    for link in document["links"]:
        found.setdefault(link["rel"].rpartition("/")[2], link)
    return found


def local(href: str) -> str:
    assert href.startswith(PUBLIC_URL)
    return href.removeprefix(PUBLIC_URL)


@documents
def test_every_document_is_json_for_programs_and_a_page_for_people(client: TestClient, path: str) -> None:
    json = client.get(ROOT + path)
    assert json.status_code == 200 and "json" in json.headers["content-type"] and json.json()
    for page in (client.get(f"{ROOT}{path}?f=html"), client.get(ROOT + path, headers={"Accept": "text/html,*/*"})):
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        assert "<h1>" in page.text and 'lang="nl"' in page.text


@documents
@pytest.mark.parametrize("query", ["x=1", "f=xml", "f=json&f=json", "F=json"])
def test_a_parameter_that_is_unknown_wrong_or_comes_twice_is_refused(client: TestClient, path: str, query: str) -> None:
    answer = client.get(f"{ROOT}{path}?{query}")
    assert answer.status_code == 400 and answer.json()["code"] == "InvalidParameterValue"


@documents
def test_a_document_that_is_known_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(ROOT + path)
    again = client.get(ROOT + path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert client.get(f"{ROOT}{path}?f=html").headers["etag"] != first.headers["etag"]


def test_every_link_of_every_document_leads_somewhere_or_is_a_template(client: TestClient) -> None:
    found = [link for path in DOCUMENTS for link in client.get(ROOT + path).json().get("links", [])]
    ours = {link["href"] for link in found if link["href"].startswith(URL) and not link.get("templated")}
    assert len(ours) > 10
    for href in ours:
        assert client.get(local(href)).status_code == 200, href
    elsewhere = {link["href"] for link in found if not link["href"].startswith(PUBLIC_URL)}
    assert elsewhere == {SCHEMA.words.licence}


def test_from_the_landing_page_a_program_finds_the_tiles(client: TestClient) -> None:
    landing = links(client.get(ROOT).json())
    assert landing["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert client.get(local(landing["service-desc"]["href"])).headers["content-type"] == landing["service-desc"]["type"]
    collections = client.get(local(landing["data"]["href"])).json()["collections"]
    assert [collection["id"] for collection in collections] == NAMES
    for collection in collections:
        tilesets = links(collection)["tilesets-vector"]["href"]
        assert tilesets.endswith("/tiles")
        listed = client.get(local(tilesets)).json()["tilesets"]
        assert [tileset["tileMatrixSetId"] for tileset in listed] == list(SETS)
        for tileset in listed:
            assert tileset["dataType"] == "vector" and links(tileset)["tiling-scheme"]["href"].startswith(f"{URL}/tileMatrixSets/")
            described = client.get(local(links(tileset)["self"]["href"])).json()
            limits, template = described["tileMatrixSetLimits"], links(described)["item"]
            assert template["type"] == MVT and template["templated"]
            first = template["href"]
            for name, value in (("tileMatrix", "tileMatrix"), ("tileRow", "minTileRow"), ("tileCol", "minTileCol")):
                first = first.replace(f"{{{name}}}", str(limits[0][value]))
            answer = client.get(local(first))
            assert answer.status_code == 200 and answer.headers["content-type"] == MVT and answer.content
            assert [limit["tileMatrix"] for limit in limits] == [str(level) for level in range(len(limits))]


def test_tile_json_names_the_levels_the_place_and_the_source(client: TestClient) -> None:
    told = client.get(f"{ROOT}/collections/{ATTEST}/tiles/WebMercatorQuad?f=tilejson").json()
    assert told["tilejson"] == "3.0.0" and told["minzoom"] == 0
    metadata = client.get(f"{ROOT}/collections/{ATTEST}/tiles/WebMercatorQuad").json()
    assert str(told["maxzoom"]) == metadata["tileMatrixSetLimits"][-1]["tileMatrix"] == metadata["layers"][0]["maxTileMatrix"]
    assert told["attribution"].startswith("Bron: Wonen in Vlaanderen") and "Toestand op 21 november 2026" in told["description"]
    (layer,) = told["vector_layers"]
    assert layer["id"] == ATTEST and layer["fields"].keys() == {"PRODUCT", "NISCODE", "NAAM", "AANTAL"}
    west, south, east, north = told["bounds"]
    assert 2 < west < east < 7 and 50 < south < north < 52
    (template,) = told["tiles"]
    first = template.replace("{z}", "0").replace("{y}", "0").replace("{x}", "0")
    assert identifiers(client.get(local(first)).content)


def test_tile_json_is_for_web_mercator_alone(client: TestClient) -> None:
    assert client.get(f"{ROOT}/collections/POI/tiles/BelgianLambert72Quad?f=tilejson").status_code == 400


@pytest.mark.parametrize("suffix", ["", ".mvt", ".pbf", "?f=mvt"])
def test_a_tile_has_validators_and_is_compressed_for_who_takes_it(client: TestClient, suffix: str) -> None:
    plain = client.get(ROOT + TILE + suffix, headers={"Accept-Encoding": "identity"})
    assert plain.status_code == 200 and plain.headers["content-type"] == MVT and "content-encoding" not in plain.headers
    assert plain.headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert plain.headers["vary"] == "Accept-Encoding" and plain.headers["x-robots-tag"] == "noindex, noarchive"
    assert plain.headers["access-control-allow-origin"] == "*"
    with client.stream("GET", ROOT + TILE + suffix, headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content
        assert packed.headers["etag"] != plain.headers["etag"]
    again = client.get(ROOT + TILE + suffix, headers={"Accept-Encoding": "identity", "If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


def test_head_has_the_headers_and_no_body(client: TestClient) -> None:
    headers = {"Accept-Encoding": "identity"}
    answer, whole = client.head(ROOT + TILE, headers=headers), client.get(ROOT + TILE, headers=headers)
    assert answer.content == b"" and answer.headers["content-length"] == str(len(whole.content))


def test_a_tile_within_the_limits_where_nothing_is_has_no_bytes(client: TestClient) -> None:
    limits = client.get(f"{ROOT}/collections/{CLAIMS}/tiles/BelgianLambert72Quad").json()["tileMatrixSetLimits"][-1]
    path = f"{ROOT}/collections/{CLAIMS}/tiles/BelgianLambert72Quad/{limits['tileMatrix']}/{limits['minTileRow']}"
    answers = [client.get(f"{path}/{column}") for column in range(limits["minTileCol"], limits["maxTileCol"] + 1, 9)]
    assert {answer.status_code for answer in answers} == {200}
    assert b"" in {answer.content for answer in answers}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collections/Huizen", 404),
        ("/collections/Huizen/tiles", 404),
        ("/collections/POI/tiles/WorldCRS84Quad", 404),
        ("/collections/POI/tiles/WebMercatorQuad/0/0/1", 404),
        ("/collections/POI/tiles/WebMercatorQuad/99/0/0", 404),
        (f"/collections/POI/tiles/WebMercatorQuad/0/{2**31 - 1}/{2**31 - 1}", 404),
        ("/collections/POI/tiles/WebMercatorQuad/0/a/0", 400),
        ("/collections/POI/tiles/WebMercatorQuad/0/-1/0", 400),
        ("/collections/POI/tiles/WebMercatorQuad/0/0/٣", 400),
        (f"{TILE}?x=1", 400),
        (f"{TILE}?f=png", 400),
        ("/tileMatrixSets/WorldCRS84Quad", 404),
        ("/collections/POI/tiles/WebMercatorQuad/0", 404),
    ],
)
def test_what_is_not_there_is_404_and_what_is_no_number_400(client: TestClient, path: str, status: int) -> None:
    assert client.get(ROOT + path).status_code == status


def test_at_midnight_the_tiles_of_the_day_are_gone_without_a_job(tiled: Path, clock: Clock) -> None:
    client = serving(tiled, clock)
    level = client.get(f"{ROOT}/collections/{ATTEST}/tiles/BelgianLambert72Quad").json()["tileMatrixSetLimits"][4]
    rows = range(level["minTileRow"], level["maxTileRow"] + 1)
    columns = range(level["minTileCol"], level["maxTileCol"] + 1)
    paths = [
        f"{ROOT}/collections/{ATTEST}/tiles/BelgianLambert72Quad/{level['tileMatrix']}/{row}/{column}" for row in rows for column in columns
    ]

    def seen() -> set[int | None]:
        answers = [client.get(path) for path in paths]
        return {number for answer in answers if answer.status_code == 200 for number in identifiers(answer.content)}

    rows_of_poi = points(COUNT).arrow.to_pylist()
    ending = {row["_id"] for row in rows_of_poi if row["_until"] == to_day(DAY)}
    clock.now = datetime(2026, 11, 21, 23, 59, 50, tzinfo=BRUSSELS)
    first = client.get(paths[0])
    assert first.headers["cache-control"] == "public, max-age=10, must-revalidate"
    assert seen() & ending and seen() == seen()
    clock.now += timedelta(seconds=20)
    assert seen() and not seen() & ending
    assert client.get(paths[0], headers={"If-None-Match": first.headers["etag"]}).status_code in (200, 404)


def test_another_release_has_other_tiles(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content(100))
    client = serving(tmp_path, clock)
    before = client.get(ROOT + TILE).content
    publish(tmp_path, content(90))
    assert client.get(ROOT + TILE).content != before


def test_a_withdrawn_dataset_has_no_tiles_and_the_others_have(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content(100, withdrawn="conformiteitsattesten"))
    client = serving(tmp_path, clock)
    for name, status in ((ATTEST, 503), ("POI", 503), (CLAIMS, 200), ("Woningkwaliteitsbeleid", 200)):
        for path in ("", "/tiles", "/tiles/WebMercatorQuad", "/tiles/BelgianLambert72Quad/0/0/0"):
            assert client.get(f"{ROOT}/collections/{name}{path}").status_code == status, (name, path)
    assert [collection["id"] for collection in client.get(f"{ROOT}/collections").json()["collections"]] == NAMES


def test_outside_production_every_title_says_test(tiled: Path, clock: Clock) -> None:
    client = serving(tiled, clock, production=False)
    for path in ("", "/collections/POI", "/collections/POI/tiles/WebMercatorQuad"):
        assert client.get(ROOT + path).json()["title"].startswith("TEST – ")
        assert client.get(f"{ROOT}{path}?f=html").text.count("TEST –") >= 2
    assert client.get(f"{ROOT}/collections/POI/tiles/WebMercatorQuad?f=tilejson").json()["name"].startswith("TEST – ")


def test_english_is_given_for_information(client: TestClient) -> None:
    answer = client.get(f"{ROOT}/collections?f=html&lang=en")
    assert 'lang="en"' in answer.text and answer.headers["content-language"] == "en"


def test_the_openapi_document_describes_every_route_and_no_other(client: TestClient) -> None:
    document = client.get(f"{ROOT}/openapi").json()
    assert document["servers"] == [{"url": URL}]
    names = [operation["get"]["operationId"] for operation in document["paths"].values()]
    assert len(set(names)) == len(names) and ".collection.vector.getTile" in names
    values = {"collectionId": "POI", "tileMatrixSetId": "WebMercatorQuad", "tileMatrix": "0", "tileRow": "0", "tileCol": "0"}
    for path, operation in document["paths"].items():
        for part in [reference["$ref"].rpartition("/")[2] for reference in operation["get"]["parameters"]]:
            assert document["components"]["parameters"][part]["in"] == ("path" if f"{{{part}}}" in path else "query")
        asked = re.sub(r"{(\w+)}", lambda name: values[name[1]], path)
        assert client.get(ROOT + asked).status_code == 200


def test_the_access_log_names_operation_and_collection_alone(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="vlok.access")
    client.get(ROOT + TILE)
    client.get(f"{ROOT}/collections/Geheim/tiles")
    lines = [record.getMessage() for record in caplog.records if record.name == "vlok.access"]
    assert "operation=tiles.tile product=POI status=200" in lines[0]
    assert not any("Geheim" in line or "/0/0" in line for line in lines)


def test_the_day_of_the_state_is_in_the_metadata(client: TestClient) -> None:
    assert DAY.isoformat() in client.get(ROOT).headers["etag"]
