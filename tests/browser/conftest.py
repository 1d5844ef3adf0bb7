"""A published site, a browser that looks at it, and what every visit has to leave clean."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from publish.app import ServeSettings, create_app
from publish.portal.map_page import BUNDLE
from schedules.jobs import Exit
from simulator.schematic import schematic_municipalities
from tests.etl.deliveries import (
    ATTESTS,
    CLAIMS,
    DAY,
    DECISIONS,
    PARAMETERS,
    SIZE,
    World,
    certificate,
    claim,
    decision,
    municipality,
    noon,
    register,
    rule,
)
from tests.running import running

HOSTILE = 'Kleine "Put" <b>oost</b>'
"""A street that would be bold if it were read as HTML."""

WAIT = 60_000
"""Milliseconds until what should be there is missing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def at(x: float, y: float) -> dict[str, object]:
    return {"positie": {"crs": "EPSG:31370", "x": x, "y": y}}


def publish(folder: Path) -> World:
    """The registers as they always are, in Gent: a lone certificate, two at one place, one without a place, a hostile street."""
    polygons = folder / "municipalities.geojson"
    schematic_municipalities(polygons)
    world = World(folder, whole=True, settings={"municipalities": str(polygons)})
    attests = [certificate(n, at(104_000 + 37 * n, 193_000 + 91 * n)) for n in range(1, SIZE)]
    attests[0] = certificate(1, {**at(103_000, 194_500), "adres.straatnaam": HOSTILE})
    attests[2] = certificate(3, at(104_800, 192_300))
    attests[3] = certificate(4, at(104_800, 192_300))
    attests[4] = certificate(5, {"positie": None})
    world.deliver(ATTESTS, DAY, register(ATTESTS, *attests))
    world.deliver(DECISIONS, DAY, register(DECISIONS, *(decision(n, at(104_500 - 53 * n, 194_000 + 67 * n)) for n in range(1, SIZE))))
    world.deliver(CLAIMS, DAY, register(CLAIMS, *(claim(n, at(103_500 + 71 * n, 193_900 - 43 * n)) for n in range(1, SIZE))))
    years = rule(2, {"soort": "geldigheidsduur", "toepassing": {"huurwoning": "alle"}, "waarde": {"jaren": 5}})
    world.deliver(PARAMETERS, DAY, register(PARAMETERS, municipality("44021", rule(1), years)))
    for job in ("daily", "monthly"):
        report = world.run(DAY, job)
        assert report.exit == Exit.DONE, report.outcomes
    return world


@pytest.fixture(scope="session")
def program() -> str:
    """The system's browser; none is ever downloaded."""
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    if not (BUNDLE / "kaart.js").is_file():
        pytest.skip("the map is not bundled (make map)")
    return path


@pytest.fixture(scope="session")
def releases(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of releases of that world."""
    return publish(tmp_path_factory.mktemp("site")).home / "releases"


def serve(releases: Path, day: date = DAY, **settings: object) -> AbstractContextManager[str]:
    """The whole application on a real port, on a day."""
    return running(lambda url: create_app(ServeSettings(releases, url, **settings), lambda: noon(day)))  # type: ignore[arg-type] # the test names settings


@pytest.fixture(scope="session")
def site(releases: Path) -> Iterator[str]:
    """Address of the site."""
    with serve(releases) as url:
        yield url


@pytest.fixture(scope="session")
def chromium(program: str, releases: Path) -> Iterator[Browser]:
    """The browser. It comes after the jobs, which run loops of their own: Playwright keeps one running in this thread."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=root)
        yield browser
        browser.close()


@dataclass
class Visit:
    """What a visit asked for and complained of. `elsewhere` are hosts that it may ask."""

    elsewhere: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("response", lambda answer: self.faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)

    def check(self, site: str) -> None:
        """Nothing went wrong (a breach of the Content-Security-Policy is an error on the console), and nobody else was asked."""
        assert self.faults == []
        hosts = {urlsplit(url).netloc for url in self.asked if not url.startswith(("data:", "blob:"))}
        assert hosts <= {urlsplit(site).netloc} | self.elsewhere


Open = Callable[..., Page]


@pytest.fixture
def visit() -> Visit:
    return Visit()


@pytest.fixture
def opened(chromium: Browser, site: str, visit: Visit) -> Iterator[Open]:
    """Opens a path of the site in a window of its own; at the end nothing may have gone wrong in any of them."""
    contexts = []

    def open_(path: str, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(base_url=site, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(WAIT)
        page = context.new_page()
        visit.watch(page)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        assert context.cookies() == []
        context.close()
    visit.check(site)
