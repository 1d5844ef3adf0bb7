"""The map as a person uses it, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from publish.portal import BaseMap
from tests.browser.conftest import HOSTILE, Open, Visit, serve
from tests.browser.seeing import GREEN, RED, RING, VIOLET, broken_words, choose, drawn, seen
from tests.etl.deliveries import DAY

EACH = 20
ALL = 3 * EACH
WITHOUT_PLACE = 3
"""One that was delivered without, and two that lie too far from Gent to be believed."""
SENTENCE = "Toestand op 20 november 2026. Staat een adres er niet op, dan bewijst dat niets."
WIDTHS = [(1280, 900), (390, 844)]


def open_row(page: Page, address: str) -> None:
    """Open an object from the list, which may be on a later page."""
    expect(page.locator("#list-says")).to_contain_text("tot")
    row = page.locator("#rows").get_by_role("button", name=address, exact=True)
    while not row.count():
        said = page.locator("#list-says").inner_text()
        page.get_by_role("button", name="Volgende").click()
        expect(page.locator("#list-says")).not_to_have_text(said)
    row.click()


def test_the_map_shows_the_points_of_a_chosen_municipality(opened: Open, tmp_path: Path) -> None:
    page = opened("/kaart")
    drawn(page)
    for colour in (GREEN, RED, VIOLET):
        assert seen(page, colour).places
    choose(page, "Gent")
    expect(page.locator("#total")).to_contain_text(f"{ALL} objecten in Gent.")
    assert {count.inner_text() for count in page.locator(".count").all()} == {str(EACH)}
    for colour in (GREEN, RED, VIOLET):
        assert seen(page, colour).places
    page.screenshot(path=tmp_path / "gent.png", full_page=True)
    choose(page, "Brugge")
    expect(page.locator("#total")).to_contain_text("0 objecten in Brugge.")
    for colour in (GREEN, RED, VIOLET):
        assert not seen(page, colour).places
    assert page.url.endswith("/kaart?gemeente=31005")


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_click_opens_the_facts_of_an_object(opened: Open, width: int, height: int) -> None:
    page = opened("/kaart?gemeente=44021", width, height)
    open_row(page, f"{HOSTILE} 1")
    page.get_by_role("button", name="Toon op de kaart").click()
    page.get_by_role("button", name="Sluiten").click()
    expect(page.locator("#facts")).to_be_hidden()
    drawn(page)
    page.mouse.click(*seen(page, GREEN).middle)
    facts = page.locator("#facts")
    expect(facts.get_by_role("heading")).to_have_text("Conformiteitsattest")
    expect(facts).to_contain_text(f"{HOSTILE} 1")
    expect(facts).to_contain_text("9000 Gent")
    expect(facts).to_contain_text("Voor deze woning bestaat een conformiteitsattest dat niet vervallen is.")
    expect(facts).to_contain_text(SENTENCE)
    assert facts.locator("b").count() == 0
    expect(facts.get_by_role("link", name="2000001")).to_have_attribute("href", "https://data.vlaanderen.be/id/adres/2000001")


def test_the_facts_leave_their_object_in_sight_marked_and_their_sentence_whole(opened: Open, tmp_path: Path) -> None:
    page = opened("/kaart?gemeente=44021")
    drawn(page)
    chart, facts = page.locator("#map"), page.locator("#facts")
    for number in range(10):  # some of them lie below the panel when it opens
        page.locator("#rows button").nth(number).click()
        drawn(page)
        panel, box = facts.bounding_box(), chart.bounding_box()
        assert panel is not None
        assert box is not None
        assert seen(page, RING).places or page.locator("#facts").get_by_text("zonder plaats").count()
        assert all(x < panel["x"] for x, _ in seen(page, RING).places)
        sentence = page.locator("#facts .sentence").bounding_box()
        assert sentence is not None
        assert sentence["y"] + sentence["height"] <= panel["y"] + panel["height"] <= box["y"] + box["height"]
        assert broken_words(page, "#facts") == []
    page.screenshot(path=tmp_path / "facts.png")


def test_no_disc_hides_the_number_of_another(opened: Open) -> None:
    page = opened("/kaart")
    drawn(page)
    boxes = [seen(page, colour).box for colour in (GREEN, RED, VIOLET)]
    for position, (west, north, east, south) in enumerate(boxes):
        assert 12 < east - west < 30, "one disc of each"
        for other in boxes[:position]:
            assert other[2] < west or other[0] > east or other[3] < north or other[1] > south


def test_dwellings_at_one_place_can_each_be_opened(opened: Open) -> None:
    page = opened("/kaart?gemeente=44021")
    open_row(page, "Attestlaan 3")
    page.get_by_role("button", name="Toon op de kaart").click()
    page.get_by_role("button", name="Sluiten").click()
    drawn(page)
    page.mouse.click(*seen(page, GREEN).middle)
    facts = page.locator("#facts")
    expect(facts.get_by_role("heading")).to_have_text("2 objecten op deze plaats")
    facts.get_by_role("button", name="Attestlaan 4").click()
    expect(facts).to_contain_text("Attestlaan 4")
    expect(facts).to_contain_text(SENTENCE)


def test_a_click_on_many_goes_nearer_until_an_object_opens(opened: Open) -> None:
    page = opened("/kaart")
    drawn(page)
    scale, facts = page.locator(".ol-scale-line-inner"), page.locator("#facts")
    box = page.locator("#map").bounding_box()
    assert box is not None
    scales = [scale.inner_text()]
    page.mouse.click(*seen(page, GREEN).middle)
    for _ in range(8):
        page.wait_for_timeout(600)
        drawn(page)
        if facts.is_visible():
            break
        scales.append(scale.inner_text())
        page.mouse.click(*seen(page, GREEN).nearest(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    expect(facts).to_contain_text("Attestlaan")
    assert len(set(scales)) >= 3


def test_a_click_on_a_municipality_opens_its_policy(opened: Open) -> None:
    page = opened("/kaart?gemeente=31005&beleid=KAMERREGL")
    drawn(page)
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    facts = page.locator("#facts")
    expect(facts.get_by_role("heading")).to_have_text("Beleid van de gemeente Brugge")
    expect(facts).to_contain_text("Niet opgegeven: ")
    expect(facts).to_contain_text("Dat betekent niet dat het er niet is.")
    assert broken_words(page, "#facts") == []
    page.keyboard.press("Escape")
    expect(facts).to_be_hidden()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    facts.get_by_role("link", name="Alles over deze gemeente").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brugge")


def test_a_filter_changes_the_count_the_map_the_list_and_the_address(opened: Open) -> None:
    page = opened("/kaart?gemeente=44021")
    drawn(page)
    expect(page.locator("#total")).to_contain_text(f"{ALL} objecten")
    expect(page.locator("#list-says")).to_contain_text(f"1 tot 10 van {ALL} objecten in Gent")
    page.get_by_label("Woningen met een conformiteitsattest").uncheck()
    expect(page.locator("#total")).to_contain_text(f"{ALL - EACH} objecten")
    expect(page.locator("#list-says")).to_contain_text(f"1 tot 10 van {ALL - EACH} objecten in Gent")
    drawn(page)
    assert not seen(page, GREEN).places
    assert seen(page, RED).places
    assert "Conformiteitsattest" not in page.url
    page.reload()
    expect(page.locator("#total")).to_contain_text(f"{ALL - EACH} objecten")


def test_where_no_product_is_chosen_nothing_is_said_to_be_absent(opened: Open) -> None:
    page = opened("/kaart?gemeente=44021")
    expect(page.locator("#total")).to_contain_text(f"{ALL} objecten")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    for said in ("#total", "#list-says"):
        expect(page.locator(said)).to_have_text("Er is geen product gekozen: kies wat er op de kaart staat.")
    choose(page, "Brugge", "geen product gekozen")
    expect(page.locator("#list-says")).to_contain_text("geen product gekozen")
    page.get_by_label("Woningen met een conformiteitsattest").check()
    expect(page.locator("#list-says")).to_have_text("Geen objecten van de gekozen producten in Brugge.")


def test_the_legend_changes_with_the_field_that_colours_the_municipalities(opened: Open, tmp_path: Path) -> None:
    page = opened("/kaart")
    drawn(page)
    legend = page.locator("#legend")
    expect(legend).to_be_hidden()
    page.locator("#policy").select_option("CAGELDJR")
    expect(legend).to_contain_text("4 tot 6")
    drawn(page)
    five_years = seen(page, "#c7e9b4")
    assert five_years.places, "Gent is in the class of five years"
    page.screenshot(path=tmp_path / "years.png")
    page.locator("#policy").select_option("KAMERREGL")
    expect(legend).to_contain_text("niet opgegeven")
    expect(legend).not_to_contain_text("4 tot 6")
    drawn(page)
    assert not seen(page, "#c7e9b4").places
    assert page.url.endswith("?beleid=KAMERREGL")


def test_the_map_and_the_list_are_used_by_keyboard_alone(opened: Open) -> None:
    page = opened("/kaart?gemeente=44021")
    drawn(page)
    chart, scale = page.locator("#map"), page.locator(".ol-scale-line-inner")
    before, place = scale.inner_text(), seen(page, VIOLET).middle
    chart.focus()
    page.keyboard.press("ArrowRight")
    drawn(page)
    assert seen(page, VIOLET).middle[0] < place[0] - 50
    page.keyboard.press("+")
    expect(scale).not_to_have_text(before)
    page.keyboard.press("-")
    expect(scale).to_have_text(before)
    page.locator("#rows button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#facts")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#facts")).to_be_hidden()
    expect(chart).to_be_focused()


def test_an_object_without_a_place_is_in_the_list_and_says_so(opened: Open) -> None:
    page = opened("/kaart?gemeente=44021")
    open_row(page, "Attestlaan 5")
    expect(page.locator("#facts")).to_contain_text("zonder plaats, niet op de kaart")
    expect(page.get_by_role("button", name="Toon op de kaart")).to_have_count(0)


def test_the_list_follows_the_map_where_no_municipality_is_chosen(opened: Open) -> None:
    page = opened("/kaart")
    drawn(page)
    expect(page.locator("#list-says")).to_contain_text(f"van {ALL - WITHOUT_PLACE} objecten in beeld")
    page.locator("#map").focus()
    for _ in range(12):
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(150)
    expect(page.locator("#list-says")).to_have_text("Geen objecten van de gekozen producten in beeld.")


def test_who_may_be_cited_stands_below_the_map(opened: Open) -> None:
    page = opened("/kaart")
    cited = page.locator(".attribution")
    expect(cited).to_contain_text("Bron: Wonen in Vlaanderen – TEST – Woningen met een conformiteitsattest, toestand 20 november 2026")
    page.get_by_label("Woningen met een conformiteitsattest").uncheck()
    expect(cited).not_to_contain_text("conformiteitsattest")


def test_english_is_for_information(opened: Open) -> None:
    page = opened("/kaart?lang=en&gemeente=44021")
    expect(page.locator("#total")).to_contain_text(f"{ALL} objects in Gent.")
    page.locator("#rows button").first.click()
    expect(page.locator("#facts")).to_contain_text("Origin of the position")
    expect(page.locator("#facts")).to_contain_text(SENTENCE)
    assert "lang=en" in page.url


def test_on_a_phone_the_map_comes_first_and_nothing_is_wider_than_the_screen(opened: Open, tmp_path: Path) -> None:
    page = opened("/kaart?gemeente=44021", 390, 844)
    drawn(page)
    expect(page.locator("#products")).to_be_hidden()
    box = page.locator("#map").bounding_box()
    assert box is not None
    assert box["y"] < 600
    page.get_by_text("Filters en legende").click()
    page.locator("#policy").select_option("CAGELDJR")
    page.locator("#rows button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert broken_words(page, "#facts") == broken_words(page, "#rows") == []
    facts = page.locator("#facts").bounding_box()
    below = page.locator("#map").bounding_box()
    assert facts is not None
    assert below is not None
    assert facts["y"] >= below["y"] + below["height"]
    page.screenshot(path=tmp_path / "phone.png", full_page=True)


def test_without_scripts_there_is_a_picture_and_a_way_to_the_data(opened: Open, site: str) -> None:
    page = opened("/kaart?gemeente=44021", java_script_enabled=False)
    picture = page.locator("img.picture")
    expect(picture).to_have_attribute("alt", "Kaart van de objecten: Gent")
    answer = page.request.get(site + str(picture.get_attribute("src")))
    assert answer.headers["content-type"] == "image/png"
    expect(page.get_by_role("link", name="Gent", exact=True)).to_have_attribute("href", "/gemeente/44021")
    page.get_by_label("Gemeente", exact=True).select_option(label="Brugge")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("img.picture")).to_have_attribute("alt", "Kaart van de objecten: Brugge")
    for unseen in ("#map", "#keys"):
        expect(page.locator(unseen)).to_be_hidden()
    page.get_by_label("Panden met een herstelvordering").uncheck()
    page.get_by_label("Kleur de gemeenten").select_option("CAGELDJR")
    page.get_by_role("button", name="Toon").click()
    address = str(page.locator("img.picture").get_attribute("src"))
    assert "RegisterHerstelvorderingen" not in address
    assert "styles=CAGELDJR%2C%2C&" in address
    assert page.request.get(site + address).headers["content-type"] == "image/png"
    expect(page.get_by_label("Panden met een herstelvordering")).not_to_be_checked()
    expect(page.locator("li.legend-row").nth(1)).to_contain_text("4 tot 6")


def test_a_base_map_is_asked_of_the_host_that_the_operator_named_and_of_no_other(chromium: Browser, releases: Path, visit: Visit) -> None:
    base = BaseMap("https://tiles.example.org/{z}/{x}/{y}.png", "Ondergrond: voorbeeld")
    with serve(releases, base_map=base) as url:
        context = chromium.new_context(base_url=url)
        page = context.new_page()
        visit.watch(page)
        visit.elsewhere.add("tiles.example.org")
        tile = bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63686868000003040181a3dcc4780000000049454e44ae426082"
        )
        page.route("https://tiles.example.org/**", lambda route: route.fulfill(body=tile, content_type="image/png"))
        page.goto("/kaart")
        expect(page.locator(".attribution")).to_contain_text("Ondergrond: voorbeeld")
        drawn(page)
        assert any(re.fullmatch(r"https://tiles\.example\.org/\d+/\d+/\d+\.png", asked) for asked in visit.asked)
        context.close()
        visit.check(url)


def test_a_map_of_which_everything_is_withdrawn_says_so_and_is_no_fault(chromium: Browser, releases: Path, visit: Visit) -> None:
    with serve(releases, DAY.replace(year=2027)) as url:
        context = chromium.new_context(base_url=url)
        page = context.new_page()
        visit.watch(page)
        page.goto("/kaart")
        drawn(page)
        assert page.locator("#products").get_by_text("nu niet beschikbaar").count() == 3
        for said in ("#total", "#list-says"):
            expect(page.locator(said)).to_have_text("De registers zijn nu niet beschikbaar. Dat betekent niet dat er niets is.")
        context.close()
        visit.check(url)
