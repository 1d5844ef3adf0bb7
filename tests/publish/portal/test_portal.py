"""The pages: what they say, in which language, and that everyone can read them."""

from __future__ import annotations

import itertools
import re
from datetime import date
from pathlib import Path

import pytest
from lxml import etree, html
from starlette.testclient import TestClient

from publish.pages import Language, size, spelled, whole
from publish.portal.portal import CHANNELS
from schedules.parity.comparison import channels
from tests.publish.conftest import client_of
from tests.publish.example import PUBLIC_URL, Clock, content, publish

PAGES = ["/", "/kaart", "/gemeente", "/gemeente/44021", "/downloads", "/status", "/over", "/privacy", "/toegankelijkheid"]
API_PAGES = ["", "/collections", "/collections/POI", "/collections/POI/items", "/collections/POI/items/POI.101", "/conformance", "/openapi"]
ALL = [*PAGES, *(f"{page}?lang=en" for page in PAGES), *(f"/ogc/features/v1{page}" for page in API_PAGES), "/nowhere"]


def tree(client: TestClient, path: str) -> etree._Element:
    return html.document_fromstring(client.get(path, headers={"Accept": "text/html"}).text)


def text(client: TestClient, path: str) -> str:
    return re.sub(r"\s+", " ", tree(client, path).text_content())


def test_the_home_page_says_what_there_is_how_much_how_fresh_and_where(client: TestClient) -> None:
    page = text(client, "/")
    assert "Titel van Conformiteitsattest" in page
    card = next(card for card in tree(client, "/").xpath("//ul[@class='cards']/li") if card.findtext("h3") == "Titel van POI")
    assert re.findall(r"\d+ (?:openbaar|met plaats)", re.sub(r"\s+", " ", card.text_content())) == ["6 openbaar", "5 met plaats"]
    files = card.xpath(".//p[@class='files']/a/@href")
    assert files[0] == "/vlok/downloads/POI/POI_GML.zip"
    assert len(files) == 7 + 1
    assert files[-1] == "/vlok/downloads/POI/POI_ids.txt"
    assert "Register besluiten 21 november 2026 actueel" in page
    services = ("/POI/wfs", "/LWKB/wfs", "/wfs", "/wms", "/ogc/features/v1", "/ogc/tiles/v1", "/catalogus/csw")
    for path in (*services, *(f"/catalogus/dcat.{form}" for form in ("ttl", "rdf", "jsonld")), "/wijzigingen.json", "/wijzigingen.atom"):
        assert f"{PUBLIC_URL}{path}" in page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_fixed_sentences_and_the_licence(client: TestClient, path: str) -> None:
    page = text(client, path)
    assert "Toestand op 21 november 2026. Staat een adres er niet op, dan bewijst dat niets." in page
    assert "Adresgegevens kunnen persoonsgegevens zijn." in page
    assert "Modellicentie voor gratis hergebruik" in page


def test_the_pages_on_ground_and_attribution_follow_the_release(client: TestClient) -> None:
    assert "Bron: Wonen in Vlaanderen – Titel van Conformiteitsattest, toestand 21 november 2026" in text(client, "/over")
    assert text(client, "/privacy").count("VCW art. 3.57 §1") == 4


def test_the_state_that_is_shown_is_that_of_the_oldest_register(releases: Path, tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content(peildatum=clock.now.date().replace(day=19)))
    client = client_of(tmp_path, clock)
    assert "Toestand op 19 november 2026." in text(client, "/")
    assert "ouder dan verwacht" in text(client, "/status")
    assert client.get("/status?f=json").json()["datasets"]["besluiten"] == {"peildatum": "2026-11-19", "age_days": 2, "state": "stale"}


def test_status_has_the_form_that_programs_rely_on(client: TestClient) -> None:
    status = client.get("/status", headers={"Accept": "application/json"}).json()
    assert list(status) == ["release", "day", "datasets", "products", "parity"]
    assert status["day"] == "2026-11-21"
    assert status["datasets"]["parameters"] == {"peildatum": "2026-11-21", "age_days": 0, "state": "current"}
    assert status["products"]["VlaamseInventarisOngeschikteOnbewoonbareWoningen"] == {"public": 2, "located": 1}


def test_the_status_is_in_the_language_of_the_page(client: TestClient) -> None:
    dutch, english = text(client, "/status"), text(client, "/status?lang=en")
    rows = tree(client, "/status").xpath("//table[contains(@class, 'narrow')]//tr")
    assert ["Titel van POI", "6", "5"] in [[cell.text for cell in row] for row in rows]
    assert "CSW en OGC API Records geven elk record van de catalogus" in dutch
    assert "CSW and OGC API Records give each record of the catalogue" in english


def test_every_channel_of_the_proof_has_a_name_that_is_not_english_alone() -> None:
    names = {channel.name for channel in channels()}
    assert set(CHANNELS) <= names
    assert {name for name in names if not name.startswith(("WFS ", "WMS ", "OGC API ", "download "))} <= set(CHANNELS)


@pytest.mark.parametrize(
    ("language", "count", "bytes_", "day"),
    [
        ("nl", "1.834.000", ["999 bytes", "34,9 kB", "123 MB"], "3 mei 2026"),
        ("en", "1,834,000", ["999 bytes", "34.9 kB", "123 MB"], "3 May 2026"),
    ],
)
def test_numbers_and_dates_are_written_in_one_way_in_each_language(language: Language, count: str, bytes_: list[str], day: str) -> None:
    assert whole(1_834_000, language) == count
    assert [size(number, language) for number in (999, 34_900, 123_400_000)] == bytes_
    assert spelled(date(2026, 5, 3), language) == day


def test_english_is_for_information_only_where_it_is_asked_for(client: TestClient) -> None:
    assert tree(client, "/").get("lang") == "nl"
    english = tree(client, "/?lang=en")
    assert english.get("lang") == "en"
    assert "How fresh it is" in english.text_content()
    assert client.get("/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "nl"


@pytest.mark.parametrize("path", ALL)
def test_everyone_can_read_and_walk_through_a_page(client: TestClient, path: str) -> None:
    page = tree(client, path)
    assert page.get("lang") in ("nl", "en")
    assert page.findtext(".//title")
    (main,) = page.iter("main")
    first = next(element for element in page.find("body").iter("a"))
    assert first.get("href") == f"#{main.get('id')}"
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert all(cell.get("scope") in ("row", "col") for cell in page.iter("th"))
    assert all(link.text_content().strip() or link.get("aria-label") for link in page.iter("a"))
    identifiers = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("path", ["/ogc/features/v1/collections/POI/items", "/ogc/features/v1/collections/POI/items/POI.101"])
def test_no_address_is_in_the_title_of_a_page(client: TestClient, path: str) -> None:
    assert "Kerkstraat" in text(client, path)
    assert "Kerkstraat" not in str(tree(client, path).findtext(".//title"))


def test_every_link_within_the_portal_leads_somewhere(client: TestClient) -> None:
    for path in ALL:
        for link in tree(client, path).iter("a"):
            address = link.get("href").removeprefix(PUBLIC_URL).removeprefix("/vlok")
            if address.startswith(("/", "?")):
                target = address if address.startswith("/") else path.partition("?")[0] + address
                expected = 404 if path == "/nowhere" and address.startswith("?") else 200
                assert client.get(target, headers={"Accept": "text/html"}).status_code == expected, (path, address)


def test_values_are_escaped_in_pages(client: TestClient) -> None:
    page = client.get("/ogc/features/v1/collections/POI/items", headers={"Accept": "text/html"}).text
    assert "&lt;Ruquoy&gt;" in page
    assert "<Ruquoy>" not in page
