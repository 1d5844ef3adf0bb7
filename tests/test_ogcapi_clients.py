"""Programs of others over the OGC API: OWSLib, GDAL, QGIS, and a script that follows `next`: everything, and filters at the server."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from owslib.ogcapi.features import Features
from starlette.types import ASGIApp, Receive, Scope, Send

from publish.app import ServeSettings, create_app
from release.crs import CRS84, LAMBERT72
from tests.desktop import Answer, Qgis
from tests.etl.deliveries import DAY, noon
from tests.running import running
from tests.strangers import CERTIFICATE, CLAIM, Shown, shown

API = "/ogc/features/v1"
CQL2_SINCE = 33_200
"""The version of QGIS that first sent CQL2 (STANDARDS §2)."""


@dataclass
class Heard:
    """Passes requests on, and keeps their addresses."""

    app: ASGIApp
    addresses: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.addresses.append(f"{scope['path']}?{scope['query_string'].decode()}")
        await self.app(scope, receive, send)

    def queries(self) -> list[dict[str, list[str]]]:
        """Parameters of the requests for items, since the last time."""
        heard, self.addresses[:] = list(self.addresses), []
        return [parse_qs(urlsplit(address).query) for address in heard if urlsplit(address).path.endswith("/items")]


@dataclass(frozen=True)
class Service:
    """The whole application on a port, and what it hears."""

    url: str
    heard: Heard


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return shown(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def service(release: Shown) -> Iterator[Service]:
    made: list[Heard] = []

    def make(url: str) -> ASGIApp:
        made.append(Heard(create_app(ServeSettings(release.world.home / "releases", url), clock=lambda: noon(DAY))))
        return made[0]

    with running(make) as url:
        yield Service(url, made[0])


@pytest.fixture(scope="module")
def qgis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Qgis]:
    started = Qgis(tmp_path_factory.mktemp("qgis"))
    yield started
    started.end()


def wanted(release: Shown, product: str) -> set[int]:
    return {oidn for oidn, row in release.rows.items() if row["PRODUCT"] == product}


def test_a_script_that_follows_next_gets_every_feature_once(release: Shown, service: Service) -> None:
    """What `sf::read_sf` in R, or ten lines of any language, do."""
    address, found = f"{service.url}{API}/collections/POI/items?limit=17", []
    with httpx.Client(trust_env=False) as client:
        while address:
            page = client.get(address).json()
            found += [feature["properties"]["OIDN"] for feature in page["features"]]
            address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert sorted(found) == sorted(release.rows)
    assert page["numberMatched"] == len(found)


def test_owslib_finds_the_collections_and_all_their_features(release: Shown, service: Service) -> None:
    features = Features(f"{service.url}{API}")
    assert {"POI", CERTIFICATE, CLAIM, "Woningkwaliteitsbeleid", "WoningkwaliteitsbeleidRegels"} <= set(features.feature_collections())
    page, found = features.collection_items(CERTIFICATE, limit=10), []
    while page is not None:
        found += [feature["properties"]["OIDN"] for feature in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        page = httpx.get(following[0], trust_env=False).json() if following else None
    assert set(found) == wanted(release, CERTIFICATE) and len(found) == len(set(found))
    assert features.collection_items("POI", filter=f"PRODUCT = '{CLAIM}'", limit=1)["numberMatched"] == len(wanted(release, CLAIM))
    assert features.collection_queryables("POI")["properties"]["OIDN"]["type"] == "integer"


def run(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, ""), command
    return ended.stdout


@pytest.mark.gdal
class TestGdal:
    """`ogrinfo` and `ogr2ogr` of the system."""

    @pytest.mark.parametrize("size", ["10", "1000"])
    def test_ogrinfo_counts_what_there_is_whatever_the_page(self, release: Shown, service: Service, size: str) -> None:
        text = run("ogrinfo", "-ro", "-so", f"OAPIF:{service.url}{API}", "POI", "-oo", f"PAGE_SIZE={size}")
        assert re.search(r"Feature Count: (\d+)", text)[1] == str(len(release.rows))  # type: ignore[index] # it is there or the test fails

    def test_ogr2ogr_follows_the_pages_and_gets_every_feature_where_it_is(self, release: Shown, service: Service) -> None:
        text = run(
            "ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{service.url}{API}", "POI", "-oo", "PAGE_SIZE=20", "-lco", "GEOMETRY=AS_XY"
        )  # fmt: skip
        rows = {int(row["OIDN"]): row for row in csv.DictReader(io.StringIO(text))}
        assert rows.keys() == release.rows.keys()
        pages = [query["cursor"][0] for query in service.heard.queries() if "cursor" in query]
        assert len(pages) == len(set(pages)) >= 2
        assert all(row["STRAAT"] == release.rows[oidn]["STRAAT"] for oidn, row in rows.items())

    def test_gdal_pushes_its_condition_and_its_box(self, release: Shown, service: Service) -> None:
        service.heard.queries()
        source = f"OAPIF:{service.url}{API}"
        text = run("ogr2ogr", "-f", "CSV", "/vsistdout/", source, "POI", "-where", f"PRODUCT = '{CLAIM}'", "-spat", "2", "50", "7", "52")
        located = {oidn for oidn, point in release.positions().items() if point is not None}
        assert {int(row["OIDN"]) for row in csv.DictReader(io.StringIO(text))} == wanted(release, CLAIM) & located
        assert any(("filter" in query or "PRODUCT" in query) and "bbox" in query for query in service.heard.queries())

    @pytest.mark.parametrize("format_", ["gml", "fgb", "csv"])
    def test_gdal_reads_the_other_formats(self, release: Shown, service: Service, format_: str, tmp_path: Path) -> None:
        path = tmp_path / f"page.{format_}"
        path.write_bytes(httpx.get(f"{service.url}{API}/collections/POI/items?limit=1000&f={format_}", trust_env=False).content)
        text = run("ogr2ogr", "-f", "CSV", "/vsistdout/", str(path))
        assert {int(row["OIDN"]) for row in csv.DictReader(io.StringIO(text))} == release.rows.keys()


@pytest.mark.qgis
class TestQgis:
    """QGIS's own provider of the OGC API."""

    def ask(self, qgis: Qgis, service: Service, **task: object) -> Answer:
        return qgis.ask(url=f"{service.url}{API}", provider="OAPIF", type_name="POI", **task)

    def test_it_reads_every_feature_page_by_page(self, release: Shown, service: Service, qgis: Qgis) -> None:
        service.heard.queries()
        answer = self.ask(qgis, service, paging=True, page_size=20)
        assert answer["count"] == answer["features"] == len(release.rows)
        assert {int(row["OIDN"]) for row in answer["rows"]} == release.rows.keys()
        assert {int(query["limit"][0]) for query in service.heard.queries()} <= {10, 20}

    @pytest.mark.parametrize("subset", [f"\"PRODUCT\" = '{CLAIM}'", f"\"PRODUCT\" = '{CLAIM}' AND \"NAAM\" LIKE '%laan%'"])
    def test_it_lets_the_server_filter(self, release: Shown, service: Service, qgis: Qgis, subset: str) -> None:
        service.heard.queries()
        answer = self.ask(qgis, service, subset=subset)
        expected = {oidn for oidn in wanted(release, CLAIM) if "LIKE" not in subset or "laan" in str(release.rows[oidn]["NAAM"])}
        assert {int(row["OIDN"]) for row in answer["rows"]} == expected
        if answer["qgis"] < CQL2_SINCE:
            pytest.skip("this QGIS filters what it has read")
        assert any(query["filter-lang"] == ["cql2-text"] and "PRODUCT" in query["filter"][0] for query in service.heard.queries())

    def test_it_asks_for_the_rectangle_that_it_shows(self, release: Shown, service: Service, qgis: Qgis) -> None:
        service.heard.queries()
        lambert = self.ask(qgis, service, rows=False)["crs"] == "EPSG:31370"  # before Part 2 was known to QGIS it took degrees
        points = {oidn: point for oidn, point in release.positions(LAMBERT72 if lambert else CRS84).items() if point is not None}
        (x, y), reach = next(iter(points.values())), 500 if lambert else 0.005
        answer = self.ask(qgis, service, rectangle=[x - reach, y - reach, x + reach, y + reach], only_box=True)
        near = {oidn for oidn, point in points.items() if abs(point[0] - x) <= reach and abs(point[1] - y) <= reach}
        assert {int(row["OIDN"]) for row in answer["rows"]} == near
        assert any("bbox" in query for query in service.heard.queries())


def test_the_literal_requests_of_a_newer_qgis_are_answered(release: Shown, service: Service) -> None:
    """As QGIS from 3.32 sends them (STANDARDS §2): landing page, definition, collection, conformance, queryables, items, schema."""
    accept = {"Accept": "application/geo+json, application/json"}
    with httpx.Client(trust_env=False, base_url=f"{service.url}{API}") as client:
        landing = client.get("/", headers={"Accept": "application/json"}).json()
        definition = next(link for link in landing["links"] if link["rel"] == "service-desc")
        document = client.get(definition["href"], headers={"Accept": definition["type"]})
        parameters = document.json()["components"]["parameters"]
        assert parameters["limit"]["schema"]["maximum"] == 10_000 and len(document.content) < 100_000
        classes = client.get("/conformance", headers={"Accept": "application/json"}).json()["conformsTo"]
        spec = "http://www.opengis.net/spec"
        for name in (
            "ogcapi-features-2/1.0/conf/crs", "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter",
            "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2", "cql2/1.0/conf/advanced-comparison-operators",
            "cql2/1.0/conf/case-insensitive-comparison", "cql2/0.0/conf/basic-spatial-operators", "ogcapi-features-5/1.0/conf/schemas",
        ):  # fmt: skip
            assert f"{spec}/{name}" in classes
        assert client.get("/collections/POI/queryables", headers={"Accept": "application/schema+json"}).json()["properties"]["OIDN"]
        filter_ = (
            f"((PRODUCT = '{CLAIM}') AND (CASEI(STRAAT) LIKE CASEI('%'))) AND (S_INTERSECTS(geometry,POLYGON((2 50,7 50,7 52,2 52,2 50))))"
        )
        lambert = "http://www.opengis.net/def/crs/EPSG/0/31370"
        box = {"bbox": "0,0,300000,300000", "bbox-crs": lambert}
        params = {"limit": 1000, "crs": lambert, "filter": filter_, "filter-lang": "cql2-text"} | box
        items = client.get("/collections/POI/items", params=params, headers=accept)
    located = {oidn for oidn, point in release.positions().items() if point is not None}
    assert {feature["properties"]["OIDN"] for feature in json.loads(items.text)["features"]} == wanted(release, CLAIM) & located
