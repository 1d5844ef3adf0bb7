"""Every page and the map under axe-core, at two widths, with and without something opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.seeing import broken_words, drawn
from tests.conftest import ROOT

PAGES = ["/", "/?lang=en", "/kaart", "/downloads", "/status", "/over", "/privacy", "/toegankelijkheid", "/gemeente", "/gemeente/44021"]
API = "/ogc/features/v1"
API_PAGES = [API, f"{API}/collections", f"{API}/collections/POI", f"{API}/collections/POI/items", f"{API}/conformance", f"{API}/openapi"]
OTHERS = ["/ogc/tiles/v1", "/ogc/tiles/v1/collections", "/ogc/records/v1", "/catalogus/"]
WIDTHS = [(1280, 900), (390, 844)]


@pytest.fixture(scope="session")
def axe() -> str:
    path = ROOT / "map" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed (make browser)")
    return path.read_text("utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds, with the element that it is about."""
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{fault['id']}: {node['html'][:200]} ({node['failureSummary']})" for fault in found for node in fault["nodes"]]


def no_wider_than(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("path", [*PAGES, *API_PAGES, *OTHERS])
def test_axe_finds_no_violation(opened: Open, axe: str, path: str, width: int, height: int, tmp_path: Path) -> None:
    page = opened(path, width, height, extra_http_headers={"Accept": "text/html"})
    assert violations(page, axe) == []
    assert no_wider_than(page, width)
    page.screenshot(path=tmp_path / f"{width}.png", full_page=True)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_no_violation_on_the_map_in_use(opened: Open, axe: str, width: int, height: int) -> None:
    page = opened("/kaart?gemeente=44021&beleid=CAGELDJR", width, height)
    drawn(page)
    page.locator("#rows button").first.click()
    page.locator("#filters").evaluate("element => element.open = true")
    assert violations(page, axe) == []


@pytest.mark.parametrize("path", ["/", "/status", "/downloads", "/gemeente/44021"])
def test_every_figure_of_a_narrow_table_is_on_the_screen_of_a_phone(opened: Open, path: str) -> None:
    page = opened(path, 390, 844)
    tables = page.locator("table.narrow")
    assert tables.count()
    for table in tables.all():
        assert table.evaluate("table => table.getBoundingClientRect().right") <= 390 - 15
        assert table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")
    if path == "/status":
        assert broken_words(page, "table.narrow") == []


def test_axe_finds_what_is_wrong(opened: Open, axe: str) -> None:
    page = opened("/over")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(fault.startswith("image-alt") for fault in violations(page, axe))
