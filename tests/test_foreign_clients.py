"""GDAL's own programs as a stranger: they read the services and the files that we publish, and find what we published."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from publish.app import ServeSettings, create_app
from release import layout
from release.crs import CRS84, LAMBERT72, LAMBERT2008, WEB_MERCATOR, Crs
from tests.etl.deliveries import DAY, World, noon, start
from tests.running import running
from tests.strangers import CERTIFICATE, CLAIM, PAGE, POINTS, STREETS, Row, Shown, shown

pytestmark = pytest.mark.gdal

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
FILES = {
    "GML": "GML/{}.gml",
    "Shapefile": "Shapefile/{}.shp",
    "CSV": "CSV/{}.csv",
    "GeoPackage": "GeoPackage/{}.gpkg",
    "FlatGeobuf": "FlatGeobuf/{}.fgb",
}
Found = dict[int, dict[str, str]]


_OLDER = "may only be partially supported"
"""What Debian's GDAL says of the version that the GDAL of our wheels gives a GeoPackage."""


def run(*command: str) -> str:
    """What a program prints; it must end well and complain of nothing."""
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    complaints = [line for line in ended.stderr.splitlines() if _OLDER not in line]
    assert (ended.returncode, complaints) == (0, []), command
    return ended.stdout


def ogrinfo(*arguments: str) -> str:
    return run("ogrinfo", "-ro", "-so", *arguments)


def count(text: str) -> int:
    found = re.search(r"Feature Count: (\d+)", text)
    assert found is not None, text
    return int(found[1])


def read(source: str, *options: str, layer: str = POINTS) -> Found:
    """Every feature that `ogr2ogr` reads, by OIDN: fields, and position as X and Y."""
    text = run("ogr2ogr", "-f", "CSV", "/vsistdout/", source, *([layer] if layer else []), "-lco", "GEOMETRY=AS_XY", *options)
    rows = list(csv.DictReader(io.StringIO(text)))
    found = {int(row["OIDN"]): row for row in rows}
    assert len(found) == len(rows), "a feature came twice"
    return found


def hits(address: str, version: str) -> int:
    """What the service itself counts; WFS 1.0 has no hits."""
    names = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
    query = {"SERVICE": "WFS", "VERSION": version, "REQUEST": "GetFeature", names: POINTS, "RESULTTYPE": "hits"}
    text = httpx.get(f"{address}/wfs", params=query, trust_env=False).text
    found = re.search(r'number(?:Matched|OfFeatures)="(\d+)"', text)
    assert found is not None, text[:500]
    return int(found[1])


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return shown(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def paged(release: Shown) -> Iterator[str]:
    """A server whose CountDefault is less than there is."""
    with release.serve() as url:
        yield url


@pytest.mark.parametrize("gzip", ["YES", "NO"])
@pytest.mark.parametrize("version", VERSIONS)
def test_ogrinfo_counts_what_there_is_though_it_is_more_than_a_page(release: Shown, paged: str, version: str, gzip: str) -> None:
    text = ogrinfo(f"WFS:{paged}/wfs?VERSION={version}", POINTS, "--config", "CPL_CURL_GZIP", gzip)
    assert count(text) == len(release.rows) > 2 * PAGE
    assert "Belg" in text  # Lambert 72
    if version != "1.0.0":
        assert hits(paged, version) == len(release.rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_ogrinfo_knows_the_extent_and_the_types(release: Shown, paged: str, version: str) -> None:
    text = ogrinfo(f"WFS:{paged}/wfs?VERSION={version}", POINTS)
    points = [point for point in release.positions().values() if point is not None]
    found = re.search(r"Extent: \(([\d.]+), ([\d.]+)\) - \(([\d.]+), ([\d.]+)\)", text)
    assert found is not None, text
    wanted = [function(axis) for function in (min, max) for axis in zip(*points, strict=True)]
    assert [float(number) for number in found.groups()] == pytest.approx(wanted, abs=0.01)
    assert "Geometry: Point" in text
    assert re.search(r"OIDN: Integer64? ?", text) and re.search(r"STRAAT: String", text)


def same(found: Found, release: Shown) -> None:
    """Every row, and every field of it."""
    assert found.keys() == release.rows.keys()
    for oidn, row in release.rows.items():
        assert {name: found[oidn][name] for name in row} == {name: "" if value is None else str(value) for name, value in row.items()}


def placed(found: Found, positions: dict[int, tuple[float, float] | None], within: float) -> None:
    """Every position, and none where there is none."""
    for oidn, point in positions.items():
        x, y = found[oidn]["X"], found[oidn]["Y"]
        assert (x, y) == ("", "") if point is None else (float(x), float(y)) == pytest.approx(point, abs=within)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("output", ["", "&OUTPUTFORMAT=application/json"])
def test_ogr2ogr_carries_every_feature_whole(release: Shown, paged: str, version: str, output: str) -> None:
    found = read(f"WFS:{paged}/wfs?VERSION={version}{output}")
    same(found, release)
    placed(found, release.positions(), 0.005)


@pytest.mark.parametrize("version", VERSIONS)
def test_ogr2ogr_reads_the_csv_that_we_answer(release: Shown, paged: str, version: str) -> None:
    names = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
    query = f"SERVICE=WFS&VERSION={version}&REQUEST=GetFeature&{names}={POINTS}&OUTPUTFORMAT=csv&COUNT=1000&MAXFEATURES=1000"
    columns = ("-oo", "X_POSSIBLE_NAMES=X_L72", "-oo", "Y_POSSIBLE_NAMES=Y_L72")
    found = read(f"CSV:/vsicurl_streaming/{paged}/wfs?{query}", *columns, layer="")
    same(found, release)
    placed(found, release.positions(), 0.005)


SPELLINGS: list[tuple[str, Crs]] = [
    ("EPSG:31370", LAMBERT72),
    ("urn:ogc:def:crs:EPSG::3812", LAMBERT2008),
    ("EPSG:3857", WEB_MERCATOR),
    ("urn:ogc:def:crs:EPSG::3857", WEB_MERCATOR),
    ("EPSG:4326", CRS84),
    ("urn:ogc:def:crs:EPSG::4326", CRS84),
    ("http://www.opengis.net/def/crs/EPSG/0/4326", CRS84),
    ("urn:ogc:def:crs:EPSG::4258", CRS84),
    ("urn:ogc:def:crs:OGC:1.3:CRS84", CRS84),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("text", "crs"), SPELLINGS, ids=[text for text, _ in SPELLINGS])
def test_gdal_puts_every_point_where_it_is_in_every_crs(release: Shown, paged: str, version: str, text: str, crs: Crs) -> None:
    found = read(f"WFS:{paged}/wfs?VERSION={version}&SRSNAME={text}", "--config", "OGR_CT_FORCE_TRADITIONAL_GIS_ORDER", "YES")
    placed(found, release.positions(crs), 1e-7 if crs == CRS84 else 0.005)


Test = Callable[[Row], bool]
WHERE: list[tuple[str, Test]] = [
    (f"PRODUCT = '{CLAIM}'", lambda row: row["PRODUCT"] == CLAIM),
    (f"PRODUCT <> '{CLAIM}'", lambda row: row["PRODUCT"] != CLAIM),
    (f"PRODUCT = '{CERTIFICATE}' AND HUISNR >= '15'", lambda row: row["PRODUCT"] == CERTIFICATE and str(row["HUISNR"]) >= "15"),
    ("HUISNR = '3' OR HUISNR = '4'", lambda row: row["HUISNR"] in ("3", "4")),
    ("NOT (HUISNR = '3' OR HUISNR = '4')", lambda row: row["HUISNR"] not in ("3", "4")),
    ("HUISNR IN ('3', '5')", lambda row: row["HUISNR"] in ("3", "5")),
    ("NAAM LIKE '%laan 1_,%'", lambda row: re.search(r"laan 1.,", str(row["NAAM"])) is not None),
    ("STRAAT ILIKE 'BESLUIT%'", lambda row: str(row["STRAAT"]).startswith("Besluit")),
    *((f"STRAAT = '{street.replace(chr(39), chr(39) * 2)}'", lambda row, street=street: row["STRAAT"] == street) for street in STREETS),
    ("BUSNR IS NULL", lambda row: row["BUSNR"] is None),
    ("BUSNR IS NOT NULL", lambda row: row["BUSNR"] is not None),
    ("AANTADRES >= 1 AND AANTADRES < 2", lambda row: row["AANTADRES"] == 1),
    ("HUISNR BETWEEN '10' AND '19'", lambda row: "10" <= str(row["HUISNR"]) <= "19"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("where", "test"), WHERE, ids=[where for where, _ in WHERE])
def test_gdal_pushes_its_conditions_and_finds_what_a_local_one_finds(
    release: Shown, paged: str, version: str, where: str, test: Test
) -> None:
    wanted = {oidn for oidn, row in release.rows.items() if test(row)}
    assert wanted
    assert read(f"WFS:{paged}/wfs?VERSION={version}", "-where", where).keys() == wanted


BOX = (104_000, 193_000, 104_120, 194_000)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("where", ["", f"PRODUCT = '{CERTIFICATE}' AND HUISNR <> '3'"])
def test_gdal_pushes_its_box_and_finds_what_a_local_one_finds(release: Shown, paged: str, version: str, where: str) -> None:
    def inside(point: tuple[float, float] | None) -> bool:
        return point is not None and BOX[0] <= point[0] <= BOX[2] and BOX[1] <= point[1] <= BOX[3]

    wanted = {oidn for oidn, point in release.positions().items() if inside(point)}
    if where:
        wanted = {oidn for oidn in wanted if release.rows[oidn]["PRODUCT"] == CERTIFICATE and release.rows[oidn]["HUISNR"] != "3"}
    assert wanted
    condition = ("-where", where) if where else ()
    assert read(f"WFS:{paged}/wfs?VERSION={version}", "-spat", *map(str, BOX), *condition).keys() == wanted


@pytest.mark.parametrize(
    ("version", "text"),
    [
        *((version, text) for version in VERSIONS for text in ("EPSG:4326", "EPSG:3857", "urn:ogc:def:crs:EPSG::3857")),
        *((version, "urn:ogc:def:crs:EPSG::4326") for version in VERSIONS[:2]),  # in 1.0 GDAL has another order than the others
    ],
)
def test_gdal_pushes_a_box_in_another_crs(release: Shown, paged: str, version: str, text: str) -> None:
    crs = WEB_MERCATOR if text.endswith("3857") else CRS84
    positions = release.positions(crs)
    reach = 30.0 if crs == WEB_MERCATOR else 0.0003
    x, y = next(point for point in positions.values() if point is not None)
    near = {oidn for oidn, point in positions.items() if point is not None and abs(point[0] - x) < reach and abs(point[1] - y) < reach}
    box = (x - reach, y - reach, x + reach, y + reach)
    found = read(f"WFS:{paged}/wfs?VERSION={version}&SRSNAME={text}", "-spat", *(f"{number:.7f}" for number in box))
    assert found.keys() == near


@pytest.mark.parametrize("version", VERSIONS)
def test_gdal_pushes_an_order_and_a_choice_of_fields(release: Shown, paged: str, version: str) -> None:
    sql = f"SELECT OIDN, NAAM FROM \"{POINTS}\" WHERE PRODUCT = '{CLAIM}' ORDER BY NAAM DESC"
    text = run("ogr2ogr", "-f", "CSV", "/vsistdout/", f"WFS:{paged}/wfs?VERSION={version}", "-sql", sql)
    rows = list(csv.DictReader(io.StringIO(text)))
    wanted = sorted((str(row["NAAM"]) for row in release.rows.values() if row["PRODUCT"] == CLAIM), reverse=True)
    assert [row["NAAM"] for row in rows] == wanted
    assert rows[0].keys() == {"OIDN", "NAAM"}


def test_gdal_finds_a_feature_by_its_identifier(release: Shown, paged: str) -> None:
    oidn = list(release.rows)[7]
    for version in ("2.0.0", "1.1.0"):  # of WFS 1.0.0 GDAL makes no field for the identifier
        assert read(f"WFS:{paged}/wfs?VERSION={version}", "-where", f"gml_id = 'POI.{oidn}'").keys() == {oidn}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Every register, published with its files."""
    begun = start(tmp_path_factory.mktemp("gdal"))
    whole = World(begun.folder, whole=True)
    whole.run(DAY, "purge")
    return whole


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """The whole application on the day of the release."""
    with running(lambda url: create_app(ServeSettings(world.home / "releases", url), clock=lambda: noon(DAY))) as url:
        yield url


def published(world: World, product: str) -> tuple[int, int]:
    """Public and located objects, by the manifest."""
    entry = world.release().edition(DAY).products[product]
    return entry.public, entry.located


@pytest.mark.parametrize(("layer", "product"), [(POINTS, "POI"), ("LWKB:Woningkwaliteitsbeleid", "Woningkwaliteitsbeleid")])
@pytest.mark.parametrize("version", VERSIONS)
def test_gdal_counts_in_the_wfs_what_the_manifest_counts(world: World, address: str, layer: str, product: str, version: str) -> None:
    assert count(ogrinfo(f"WFS:{address}/wfs?VERSION={version}", layer)) == published(world, product)[0]


def test_gdal_counts_in_the_ogc_api_what_the_manifest_counts(world: World, address: str) -> None:
    text = ogrinfo(f"OAPIF:{address}/ogc/features/v1", "RegisterHerstelvorderingen")
    assert count(text) == published(world, "RegisterHerstelvorderingen")[0]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("product", ["POI", "Conformiteitsattest", "RegisterHerstelvorderingen"])
def test_gdal_reads_every_object_from_the_files(world: World, product: str, name: str) -> None:
    folder: Path = layout.downloads_folder(world.release().folder, DAY)
    path = f"/vsizip/{folder}/{product}/{product}_{name}.zip/{FILES[name].format(product)}"
    public, located = published(world, product)
    layers = {"GML": "POI", "Shapefile": product, "CSV": product, "GeoPackage": product, "FlatGeobuf": product}
    assert count(ogrinfo(path, layers[name])) == (located if name == "FlatGeobuf" else public)
