"""The page of the map without its script: what it says, what the script is told, and what the page may load."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from publish.portal import BaseMap
from publish.portal.map_page import BUNDLE, bundle
from settings import BadSetting, load
from tests.etl.deliveries import DAY, DECISIONS, PARAMETERS, PRODUCTS, SIZE, World, noon, start

URL = "https://data.example.org/vlok"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> World:
    return start(tmp_path_factory.mktemp("map"))


def client_over(world: World, base_map: BaseMap | None = None, late: int = 0) -> TestClient:
    """A client of the application; `late` days after the last delivery."""
    clock = noon(DAY.replace(day=DAY.day + late))
    app = create_app(ServeSettings(world.home / "releases", URL, production=True, base_map=base_map), lambda: clock)
    return TestClient(app, base_url="http://elsewhere.invalid")


@pytest.fixture
def client(published: World) -> TestClient:
    return client_over(published)


def policy(client: TestClient, path: str) -> dict[str, str]:
    parts = client.get(path).headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_the_page_has_every_municipality_every_product_and_every_field_to_choose(client: TestClient) -> None:
    page = html.document_fromstring(client.get("/kaart?gemeente=44021").text)
    (municipality,) = page.xpath("//select[@name='gemeente']")
    assert len(municipality.xpath("option")) == 13
    assert municipality.xpath("option[@selected]/text()") == ["Gent"]
    assert {box.get("value") for box in page.xpath("//input[@type='checkbox']")} == set(PRODUCTS.values())
    assert page.xpath("//option[@value='CAGELDJR']/text()") == ["Geldigheidsduur van het attest in jaren"]


@pytest.mark.parametrize("code", ["99999", "", "<script>", "44021 "])
def test_an_unknown_municipality_chooses_none(client: TestClient, code: str) -> None:
    answer = client.get("/kaart", params={"gemeente": code})
    assert answer.status_code == 200
    assert "selected" not in answer.text
    assert "<script>" not in answer.text


def test_the_script_is_told_how_things_look_and_where_they_are(client: TestClient) -> None:
    told = client.get("/kaart/lagen.json").json()
    assert told["state"].startswith("Toestand op 20 november 2026. Staat een adres er niet op, dan bewijst dat niets.")
    assert (told["features"], told["tiles"], told["base_map"]) == ("/vlok/ogc/features/v1", "/vlok/ogc/tiles/v1", None)
    assert {product["id"]: product["count"] for product in told["products"]} == dict.fromkeys(PRODUCTS.values(), SIZE)
    assert {product["shape"] for product in told["products"]} == {"circle", "triangle", "diamond"}
    fields = {field["name"]: field["classes"] for field in told["areas"]["fields"]}
    assert [one["value"] for one in fields["KAMERREGL"]] == ["J", "D", "N", None]
    years = [(one["low"], one["high"]) for one in fields["CAGELDJR"]]
    assert years == [(None, 4), (4, 6), (6, 8), (8, 10), (10, None), (None, None)]
    assert fields["CAGELDJR"][-1]["label"] == "niet opgegeven"
    built = [one["label"] for one in fields["CABOUWJR"]]
    assert built == ["vóór 1945", "1945 tot 1970", "1970 tot 1990", "1990 tot 2005", "vanaf 2005", "niet opgegeven"]
    assert [one["label"] for one in fields["CAGELDJR"]][:5] == ["minder dan 4", "4 tot 6", "6 tot 8", "8 tot 10", "10 of meer"]
    assert "TEST" not in client.get("/kaart/lagen.json").text
    assert len(told["places"]) == 12
    facts = {fact["name"]: fact for fact in told["facts"]["Conformiteitsattest"]}
    assert facts["POSHERK"]["label"] == "Herkomst van de positie"
    assert facts["POSHERK"]["codes"]["geleverd"] == "positie van de bron"


def test_the_addresses_of_the_map_answer(client: TestClient) -> None:
    told = client.get("/kaart/lagen.json").json()
    for product in told["products"]:
        features = f"{told['features']}/collections/{product['id']}/items?NISCODE=44021&resulttype=hits&f=json"
        assert client.get(features.removeprefix("/vlok")).json()["numberMatched"] == SIZE
        tiles = f"{told['tiles']}/collections/{product['id']}/tiles/WebMercatorQuad?f=tilejson"
        assert client.get(tiles.removeprefix("/vlok")).json()["maxzoom"] > 10


def test_what_the_script_is_told_is_kept_until_it_changes(client: TestClient) -> None:
    first = client.get("/kaart/lagen.json")
    assert first.headers["Cache-Control"].startswith("public, max-age=300")
    again = client.get("/kaart/lagen.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/kaart/lagen.json?lang=en").headers["ETag"] != first.headers["ETag"]


def test_the_map_alone_has_a_script_and_nothing_is_unsafe(client: TestClient) -> None:
    allowed = policy(client, "/kaart")
    assert allowed.pop("default-src") == allowed.pop("base-uri") == allowed.pop("frame-ancestors") == "'none'"
    assert set(allowed.values()) == {"'self'"}
    assert set(allowed) == {"script-src", "style-src", "img-src", "connect-src", "form-action"}
    for path in ("/", "/downloads", "/gemeente/44021", "/kaart/lagen.json", "/nowhere"):
        assert "script-src" not in policy(client, path)
        assert "connect-src" not in policy(client, path)


def test_a_base_map_opens_the_map_alone_to_the_pictures_of_that_host_alone(published: World) -> None:
    client = client_over(published, BaseMap("https://tiles.example.org:8443/{z}/{x}/{y}.png", "Ondergrond: voorbeeld"))
    allowed = policy(client, "/kaart")
    assert allowed["img-src"] == "'self' https://tiles.example.org:8443"
    assert [name for name, value in allowed.items() if "example" in value] == ["img-src"]
    assert policy(client, "/")["img-src"] == "'self'"
    assert client.get("/kaart/lagen.json").json()["base_map"]["attribution"] == "Ondergrond: voorbeeld"


def test_a_withdrawn_register_cannot_be_chosen_and_the_others_can(published: World) -> None:
    page = html.document_fromstring(client_over(published, late=5).get("/kaart").text)
    disabled = {box.get("value"): box.get("disabled") is not None for box in page.xpath("//input[@type='checkbox']")}
    assert disabled[PRODUCTS[DECISIONS]]
    assert not disabled["Conformiteitsattest"]
    assert page.text_content().count("nu niet beschikbaar") == 2


def test_withdrawn_parameters_colour_nothing_and_name_no_municipality(published: World) -> None:
    clock = noon(DAY.replace(year=2027, month=3))
    client = TestClient(create_app(ServeSettings(published.home / "releases", URL), lambda: clock))
    told = client.get("/kaart/lagen.json").json()
    assert (told["areas"], told["places"], told["extent"]) == (None, {}, None)
    assert 'id="policy"' not in client.get("/kaart").text


def test_the_picture_for_who_has_no_scripts_is_of_the_chosen_municipality(tmp_path: Path) -> None:
    from simulator.schematic import schematic_municipalities

    polygons = tmp_path / "municipalities.geojson"
    schematic_municipalities(polygons)
    world = World(tmp_path, settings={"municipalities": str(polygons)})
    world.deliver_all(DAY)
    for job in ("daily", "monthly"):
        world.run(DAY, job)
    client = client_over(world)
    whole, one = (
        html.document_fromstring(client.get(path).text).xpath("//noscript//img/@src")[0] for path in ("/kaart", "/kaart?gemeente=44021")
    )
    assert whole.startswith("/vlok/wms?")
    assert whole != one
    assert client.get(one.removeprefix("/vlok")).headers["Content-Type"] == "image/png"
    assert world.rows(PARAMETERS, DAY)


def test_outside_production_what_the_script_is_told_says_test(published: World) -> None:
    app = create_app(ServeSettings(published.home / "releases", URL), lambda: noon(DAY))
    told = TestClient(app).get("/kaart/lagen.json").json()
    assert all("TEST – " in each["attribution"] for each in (*told["products"], told["areas"]))


def test_the_form_shows_what_the_address_chooses_to_who_has_no_scripts(client: TestClient) -> None:
    page = html.document_fromstring(client.get("/kaart?product=Conformiteitsattest&product=x&beleid=CAGELDJR").text)
    assert page.xpath("//input[@type='checkbox'][@checked]/@value") == ["Conformiteitsattest"]
    assert page.xpath("//select[@name='beleid']/option[@selected]/@value") == ["CAGELDJR"]
    assert page.xpath("//noscript//li[contains(@class, 'legend-row')]")
    assert len(page.xpath("//div[@class='stage']/@hidden")) == len(page.xpath("//div[@class='stage']"))  # none where nothing is bundled
    plain = html.document_fromstring(client.get("/kaart?beleid=<b>").text)
    assert len(plain.xpath("//input[@type='checkbox'][@checked]")) == 3
    assert not plain.xpath("//select[@name='beleid']/option[@selected]")


def test_a_bundle_that_set_up_has_not_made_is_said_to_be_missing(tmp_path: Path) -> None:
    assert bundle(tmp_path) is None
    for name in ("kaart.js", "kaart.css"):
        (tmp_path / "made").mkdir(exist_ok=True)
        (tmp_path / "made" / name).write_text(name)
    assert bundle(tmp_path / "made")
    assert BUNDLE.parts[-3:] == ("publish", "static", "kaart")


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example.org/{z}/{x}.png",
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org; script-src *//{z}/{x}/{y}.png",
        "https://user@tiles.example.org/{z}/{x}/{y}.png",
        "https://{z}.example.org/{x}/{y}",
        "//tiles.example.org/{z}/{x}/{y}.png",
    ],
)
def test_a_base_map_whose_host_could_say_more_than_a_host_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="VLOK_BASE_MAP"):
        load({"VLOK_BASE_MAP": address, "VLOK_BASE_MAP_ATTRIBUTION": "Voorbeeld"}, tmp_path)


def test_a_base_map_says_whose_it_is(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="VLOK_BASE_MAP_ATTRIBUTION"):
        load({"VLOK_BASE_MAP": "https://tiles.example.org/{z}/{x}/{y}.png"}, tmp_path)
    given = {"VLOK_BASE_MAP": "https://tiles.example.org/{z}/{x}/{y}.png", "VLOK_BASE_MAP_ATTRIBUTION": "Voorbeeld"}
    chosen = ServeSettings.of(load(given, tmp_path))
    assert chosen.base_map == BaseMap("https://tiles.example.org/{z}/{x}/{y}.png", "Voorbeeld")


def test_a_code_of_before_a_merger_leads_to_the_municipality_of_today(client: TestClient) -> None:
    answer = client.get("/kaart?beleid=CAGELDJR&gemeente=11007&product=A%26B&product=C", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{URL}/kaart?beleid=CAGELDJR&product=A%26B&product=C&gemeente=11002"
