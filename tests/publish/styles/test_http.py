"""Styles over HTTP: the list, every style in every form, the sprite, and refusals."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree
from PIL import Image
from starlette.testclient import TestClient

from exports.symbology import layers
from publish.tiles import ROOT as TILES
from tests.publish.example import Clock
from tests.publish.tiles.conftest import serving
from tests.publish.tiles.world import ATTEST, CLAIMS, PUBLIC_URL, SCHEMA, content, publish

STYLES = [(layer.name, style.id) for layer in layers(SCHEMA) for style in layer.styles]
TYPES = {
    "json": "application/vnd.mapbox.style+json",
    "sld": "application/vnd.ogc.sld+xml",
    "qml": "application/xml",
    "qlr": "application/x-qgis-layer-definition",
}

each = pytest.mark.parametrize(("layer", "style"), STYLES)


@pytest.fixture(scope="module")
def styled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("styled")
    publish(folder, content(30))
    return folder


@pytest.fixture
def client(styled: Path) -> TestClient:
    return serving(styled, Clock())


def local(href: str) -> str:
    assert href.startswith(PUBLIC_URL)
    return href.removeprefix(PUBLIC_URL)


def test_the_list_names_every_style_with_every_form(client: TestClient) -> None:
    listed = client.get("/stijlen").json()
    assert [entry["id"] for entry in listed["styles"]] == [f"{layer}/{style}" for layer, style in STYLES]
    assert listed["default"] == listed["styles"][0]["id"]
    for entry in listed["styles"]:
        assert [link["type"] for link in entry["links"]] == list(TYPES.values())
        for link in entry["links"]:
            answer = client.get(local(link["href"]))
            assert answer.status_code == 200 and answer.headers["content-type"] == link["type"]


def test_the_list_is_a_page_for_people(client: TestClient) -> None:
    page = client.get("/stijlen", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html") and "<h1>Stijlen</h1>" in page.text
    for layer, style in STYLES:
        assert f"/stijlen/{layer}/{style}.qlr" in page.text


@each
def test_a_style_for_maplibre_names_addresses_that_answer(client: TestClient, layer: str, style: str) -> None:
    made = client.get(f"/stijlen/{layer}/{style}.json").json()
    tiles = client.get(local(made["sources"]["vlok"]["url"])).json()
    assert tiles["vector_layers"][0]["id"] == layer
    fields = tiles["vector_layers"][0]["fields"]
    assert all(part["source-layer"] == layer for part in made["layers"])
    assert set(_fields([part.get("filter", []) for part in made["layers"]])) <= fields.keys()
    if "sprite" in made:
        images = {part["layout"]["icon-image"] for part in made["layers"]}
        for scale in ("", "@2x"):
            index = client.get(f"{local(made['sprite'])}{scale}.json").json()
            assert images <= index.keys()
            assert Image.open(io.BytesIO(client.get(f"{local(made['sprite'])}{scale}.png").content)).format == "PNG"


def _fields(told: object) -> list[str]:
    if not isinstance(told, list):
        return []
    return [told[1]] if told[:1] in (["get"], ["has"]) else [name for part in told for name in _fields(part)]


@each
def test_files_for_programs_are_downloads_with_a_name_and_are_xml(client: TestClient, layer: str, style: str) -> None:
    for form in ("sld", "qml", "qlr"):
        answer = client.get(f"/stijlen/{layer}/{style}.{form}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{layer}_{style}.{form}"'
        assert etree.fromstring(answer.content) is not None
    assert "content-disposition" not in client.get(f"/stijlen/{layer}/{style}.json").headers


def test_a_layer_definition_names_our_wfs_by_its_public_address(client: TestClient) -> None:
    text = client.get(f"/stijlen/{ATTEST}/{ATTEST}.qlr").text
    assert f"url='{PUBLIC_URL}/POI/wfs'" in text and "elsewhere.invalid" not in text


@pytest.mark.parametrize("path", ["", "/POI/POI.json", "/POI/POI.sld", "/sprite.json", "/sprite@2x.png"])
def test_an_answer_that_is_known_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(f"/stijlen{path}")
    assert first.headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert first.headers["x-robots-tag"] == "noindex, noarchive"
    again = client.get(f"/stijlen{path}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert client.head(f"/stijlen{path}").content == b""


@pytest.mark.parametrize(
    "path",
    ["/POI/POI.xml", "/POI/POI", "/POI/.json", "/POI/KLEUR.json", "/Huizen/Huizen.sld", "/sprite.svg", "/anders.json", "/POI/POI.JSON"],
)
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert client.get(f"/stijlen{path}").status_code == 404


@pytest.mark.parametrize("path", ["?x=1", "?f=sld", "/POI/POI.json?x=1", "/POI/POI.sld?f=json", "/sprite.png?x=1"])
def test_a_parameter_that_is_unknown_is_refused(client: TestClient, path: str) -> None:
    assert client.get(f"/stijlen{path}").status_code == 400


def test_the_style_of_a_withdrawn_dataset_is_withdrawn_too(tmp_path: Path) -> None:
    publish(tmp_path, content(20, withdrawn="conformiteitsattesten"))
    client = serving(tmp_path, Clock())
    assert client.get(f"/stijlen/{ATTEST}/{ATTEST}.sld").status_code == client.get("/stijlen/POI/POI.json").status_code == 503
    assert client.get(f"/stijlen/{CLAIMS}/{CLAIMS}.sld").status_code == client.get("/stijlen").status_code == 200


def test_outside_production_titles_say_test(styled: Path) -> None:
    client = serving(styled, Clock(), production=False)
    assert all(entry["title"].startswith("TEST – ") for entry in client.get("/stijlen").json()["styles"])
    for layer, style in STYLES:
        assert client.get(f"/stijlen/{layer}/{style}.json").json()["name"].startswith("TEST – ")


def test_addresses_of_tiles_are_those_of_the_tiles(client: TestClient) -> None:
    made = client.get("/stijlen/POI/POI.json").json()
    assert urlsplit(made["sources"]["vlok"]["url"]).path.startswith(f"/vlok{TILES}/collections/POI/tiles/")
