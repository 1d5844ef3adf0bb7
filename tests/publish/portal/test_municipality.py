"""The page of a municipality: counts and policy, and no address."""

from __future__ import annotations

import re

import pytest
from lxml import html
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from tests.etl.deliveries import DAY, PARAMETERS, SIZE, World, municipality, noon, register, rule

GROUND = {"soort": "geldigheidsduur", "toepassing": {"huurwoning": "alle"}, "waarde": {"jaren": 5}}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("municipality"))
    world.deliver_all(DAY, PARAMETERS)
    wrote = rule(3, {"soort": "reglement", "waarde": {"tekst": "Enkel <b>kamers</b> & studio's"}})
    world.deliver(PARAMETERS, DAY, register(PARAMETERS, municipality("44021", rule(1), rule(2, GROUND), wrote)))
    for job in ("daily", "monthly"):
        world.run(DAY, job)
    return world


def client_over(world: World, late: int = 0, *, production: bool = True) -> TestClient:
    clock = noon(DAY.replace(day=DAY.day + late))
    return TestClient(create_app(ServeSettings(world.home / "releases", "https://data.example.org/vlok", production), lambda: clock))


@pytest.fixture
def client(published: World) -> TestClient:
    return client_over(published)


def text(client: TestClient, path: str) -> str:
    page = html.document_fromstring(client.get(path, headers={"Accept": "text/html"}).text)
    return re.sub(r"\s+", " ", " ".join(page.itertext()))


def test_the_page_counts_each_product_and_says_what_the_municipality_decides(client: TestClient) -> None:
    page = text(client, "/gemeente/44021")
    assert f"Woningen met een conformiteitsattest {SIZE}" in page
    assert f"Panden met een herstelvordering {SIZE}" in page
    assert "Geldigheidsduur van het attest in jaren 5" in page
    assert "Kamerreglement ja" in page
    assert "Aantal regels die gelden 3" in page
    assert "Toestand op 20 november 2026. Staat een adres er niet op, dan bewijst dat niets." in page
    assert "Vergoeding" not in page


def test_another_municipality_has_none_of_the_objects(client: TestClient) -> None:
    assert "Woningen met een conformiteitsattest 0" in text(client, "/gemeente/11002")


def test_no_address_of_a_home_is_on_the_page(client: TestClient) -> None:
    for street in ("Attestlaan", "Besluitplein", "Vorderingsweg"):
        assert street not in client.get("/gemeente/44021").text


def test_what_a_municipality_wrote_is_text_and_a_link_is_followed_by_people_alone(client: TestClient) -> None:
    answer = client.get("/gemeente/44021").text
    assert "Enkel &lt;b&gt;kamers&lt;/b&gt; &amp; studio&#39;s" in answer
    assert '<a href="https://www.stad.example/reglement" rel="noopener noreferrer">' in answer


def test_search_engines_may_keep_the_page_in_production_only(published: World) -> None:
    for path in ("/gemeente", "/gemeente/44021"):
        assert "X-Robots-Tag" not in client_over(published).get(path).headers
        assert client_over(published, production=False).get(path).headers["X-Robots-Tag"] == "noindex, noarchive"


@pytest.mark.parametrize("code", ["99999", "44020", "Gent", "44021%20", "0", "' OR 1=1"])
def test_a_code_that_is_no_municipality_of_today_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"/gemeente/{code}").status_code == 404


def test_a_withdrawn_register_has_no_count_and_withdrawn_parameters_answer_503(published: World) -> None:
    assert "Panden met een herstelvordering nu niet beschikbaar" in text(client_over(published, late=5), "/gemeente/44021")
    clock = noon(DAY.replace(year=2027, month=3))
    late = TestClient(create_app(ServeSettings(published.home / "releases"), lambda: clock))
    answer = late.get("/gemeente/44021")
    assert answer.status_code == 503
    assert late.get("/gemeente").status_code == late.get("/kaart").status_code == 200


def test_every_municipality_leads_to_its_page_and_its_page_to_the_map(client: TestClient) -> None:
    page = html.document_fromstring(client.get("/gemeente").text)
    links = [link for link in page.xpath("//main//a/@href") if "/gemeente/" in link]
    assert len(links) == 12
    for link in links:
        one = html.document_fromstring(client.get(link.removeprefix("/vlok")).text)
        (to_map,) = one.xpath("//a[contains(@href, '/kaart?gemeente=')]/@href")
        assert to_map.endswith(link.rpartition("/")[2])


def test_a_code_of_before_a_merger_leads_to_the_municipality_of_today(client: TestClient) -> None:
    answer = client.get("/gemeente/11007?lang=en", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (308, "https://data.example.org/vlok/gemeente/11002?lang=en")
    assert client.get("/gemeente/99999", follow_redirects=False).status_code == 404
