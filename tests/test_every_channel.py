"""Every address that the service names, followed: it is there, it keeps to its rules, and nothing personal is in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from simulator import registers
from simulator.dossiers import Sizes
from simulator.persons import persons
from tests.canaries import search, secrets
from tests.crawler import OURS, Page, crawl, loaded
from tests.etl.deliveries import ATTESTS, CLAIMS, DAY, DECISIONS, NEXT, PARAMETERS, World, changed, noon, write

SEED = 11
SIZES = Sizes(certificates=120, decisions=50, claims=40)
STARTS = ("/", "/kaart", "/downloads", "/status", "/over", "/privacy", "/toegankelijkheid", "/wfs?service=WFS&request=GetCapabilities")
INDEXABLE = re.compile(r"^/(kaart|downloads|status|over|privacy|toegankelijkheid|gemeente(/.*)?|static/.*|robots.txt)?$")
BASE = re.compile(r"^(/(POI|LWKB))?/w[fm]s\??$|^/catalogus/csw\??$|^/stijlen/sprite(\?lang=en)?$")
"""What is named to be completed by whoever asks: services by their parameters, the sprite by its ending."""
CHANNELS = (
    "/wfs",
    "/POI/wms",
    "/ogc/features/v1/collections/POI/items",
    "/ogc/tiles/v1/collections/POI/tiles/WebMercatorQuad",
    "/ogc/records/v1",
    "/stijlen/POI",
    "/catalogus/csw",
    "/catalogus/dcat.ttl",
    "/catalogus/iso/",
    "/catalogus/atom/",
    "/downloads/POI/POI_CSV.zip",
    "/wijzigingen.json",
    "/poi/v1/core",
    "/kaart",
    "/gemeente/",
)

CHANNELS_WITH_WORDS = (
    "/",
    "/kaart",
    "/downloads",
    "/gemeente/",
    "/wfs",
    "/POI/wms",
    "/ogc/features/v1",
    "/ogc/features/v1/collections/POI?",
    "/ogc/features/v1/collections/POI/items",
    "/ogc/features/v1/collections/WoningkwaliteitsbeleidRegels/items",
    "/ogc/tiles/v1/collections/POI",
    "/ogc/records/v1",
    "/stijlen/POI",
    "/catalogus/dcat.ttl",
    "/catalogus/iso/",
    "/catalogus/atom/",
    "/downloads/POI/POI_CSV.zip",
    "/downloads/Woningkwaliteitsbeleid/",
)
_QUERY = "/wfs?service=WFS&request=GetFeature&version="
_CLICK = "/wms?service=WMS&version=1.1.1&request=GetFeatureInfo&layers=POI&query_layers=POI&styles=&srs=EPSG:31370&"
_CLICK += "bbox=20000,150000,260000,250000&width=400&height=200&x=100&y=100&info_format="
DATED = (
    f"{_QUERY}2.0.0&typenames=POI:POI&count=1",
    f"{_QUERY}2.0.0&typenames=POI:POI&count=1&outputformat=json",
    f"{_QUERY}2.0.0&typenames=POI:POI&count=1&outputformat=shape-zip",
    f"{_QUERY}1.1.0&typename=POI:POI&maxfeatures=1",
    f"{_QUERY}1.0.0&typename=POI:POI&maxfeatures=1",
    *(f"{_CLICK}{form}" for form in ("text/html", "text/plain", "application/json", "application/vnd.ogc.gml")),
    "/ogc/features/v1?f=json",
    "/catalogus/csw?service=CSW&version=2.0.2&request=GetRecords&typenames=csw:Record&resulttype=results&elementsetname=full",
    "/poi/v1/core?maxcount=1&maxmodel=true",
    *(f"/stijlen/POI/{name}" for name in ("POI.json", "POI.sld", "POI.qml", "POI.qlr")),
    *(f"/ogc/features/v1/collections/POI/items?limit=2&f={form}" for form in ("json", "gml", "html", "fgb")),
    "/ogc/tiles/v1/collections/POI/tiles/WebMercatorQuad?f=tilejson",
)
"""Answers that the crawl meets in other forms, or not at all."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("channels"), whole=True)
    registers.write_deliveries(world.deliveries, DAY, SEED, SIZES)
    certificates = list(registers.records(ATTESTS, SEED, DAY, SIZES))
    ending = [changed(each, {"geldigTot": DAY.isoformat()}) for each in certificates[:30]]
    write(world.deliveries, ATTESTS, DAY, [*ending, *certificates[30:]])
    for cadence in ("monthly", "daily"):
        assert world.run(DAY, cadence).exit.value == 0
    return world


@pytest.fixture(scope="module")
def pages(world: World) -> list[Page]:
    app = create_app(ServeSettings(world.home / "releases", public_url=OURS, production=True), lambda: noon(DAY))
    return list(crawl(TestClient(app, base_url=OURS), *STARTS))


@pytest.fixture(scope="module")
def after_midnight(world: World) -> list[Page]:
    """The day after, of which no register was seen: the calendar alone has changed the content."""
    entries = world.release().edition(NEXT).products
    assert {entry.since for entry in entries.values()} == {DAY, NEXT}
    app = create_app(ServeSettings(world.home / "releases", public_url=OURS, production=True), lambda: noon(NEXT))
    return list(crawl(TestClient(app, base_url=OURS), *STARTS, *DATED))


def test_every_sentence_in_every_channel_names_the_day_of_the_register_after_midnight(after_midnight: list[Page]) -> None:
    found = {page.address.removeprefix(OURS): set(_dates(page.body)) for page in after_midnight if page.status == 200}
    dated = {address: dates for address, dates in found.items() if dates}
    assert {address: dates for address, dates in dated.items() if dates != {f"{DAY.day} november 2026"}} == {}
    missing = [start for start in (*CHANNELS_WITH_WORDS, *DATED) if not any(address.startswith(start) for address in dated)]
    assert missing == []


def _dates(body: bytes) -> Iterator[str]:
    """The days that sentences name in an answer, and in the documents of a zip."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield from _dates(archive.read(name))
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), body.decode("utf-8", "replace"))
    yield from re.findall(r"[Tt]oestand(?: op)? (\d+ [a-z]+ \d{4})", text)


def test_every_address_that_is_named_is_there(pages: list[Page]) -> None:
    answered = {page.address: page.status for page in pages if not BASE.match(page.address.removeprefix(OURS))}
    assert len(answered) > 150
    assert {address: status for address, status in answered.items() if status not in (200, 302, 303, 308)} == {}


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_is_named_somewhere(pages: list[Page], channel: str) -> None:
    assert any(urlsplit(page.address).path.startswith(channel) for page in pages)


def test_no_page_loads_anything_from_elsewhere(pages: list[Page]) -> None:
    documents = [page for page in pages if page.media_type == "text/html"]
    assert len(documents) > 20
    foreign = {page.address: [one for one in loaded(page) if not one.startswith((f"{OURS}/", "data:"))] for page in documents}
    assert {address: found for address, found in foreign.items() if found} == {}
    sheets = [page for page in pages if page.media_type == "text/css"]
    assert sheets
    assert [page.address for page in sheets if re.search(rb"url\(\s*['\"]?(https?:)?//|@import", page.body)] == []


def test_every_answer_keeps_to_the_rules_of_the_house(pages: list[Page]) -> None:
    for page in pages:
        path = urlsplit(page.address).path
        assert not {"server", "x-powered-by"} & set(page.headers), page.address
        assert "'unsafe" not in page.headers["content-security-policy"], page.address
        assert page.headers["referrer-policy"] == "no-referrer", page.address
        assert page.headers["x-content-type-options"] == "nosniff", page.address
        assert ("noindex" in page.headers.get("x-robots-tag", "")) is (INDEXABLE.match(path) is None), page.address


def test_the_seal_is_in_no_answer(world: World, pages: list[Page]) -> None:
    seal = world.release().folder.name
    assert [page.address for page in pages if seal.encode() in page.body or seal in str(page.headers)] == []


def test_nothing_personal_is_in_any_answer(world: World, pages: list[Page]) -> None:
    needles = {marker for person in persons(SEED) for marker in person.markers()}
    needles |= secrets(
        item for dataset in (ATTESTS, DECISIONS, CLAIMS, PARAMETERS) for item in registers.records(dataset, SEED, DAY, SIZES)
    )
    assert search([(page.address, page.body) for page in pages], needles) == []
    assert search([(page.address, str(page.headers).encode()) for page in pages], needles) == []
