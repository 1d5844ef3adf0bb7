"""QGIS itself, without a screen, as a user has it: its WFS provider loads, filters and exports the layer, and finds what was published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyogrio
import pytest
import shapely

from release.crs import CRS84, LAMBERT72, LAMBERT2008, WEB_MERCATOR, Crs
from tests.desktop import Answer, Qgis
from tests.strangers import CERTIFICATE, CLAIM, PAGE, STREETS, Row, Shown, shown

pytestmark = pytest.mark.qgis

VERSIONS = ("auto", "2.0.0", "1.1.0", "1.0.0")
SYSTEMS: dict[str, Crs] = {
    "EPSG:31370": LAMBERT72,
    "EPSG:3812": LAMBERT2008,
    "EPSG:4326": CRS84,
    "EPSG:4258": CRS84,
    "EPSG:3857": WEB_MERCATOR,
}
versions = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture(scope="module")
def qgis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Qgis]:
    started = Qgis(tmp_path_factory.mktemp("qgis"))
    yield started
    started.end()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return shown(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def paged(release: Shown) -> Iterator[str]:
    """The service with a page that is less than there is."""
    with release.serve() as url:
        yield f"{url}/POI/wfs"


@pytest.fixture(scope="module")
def whole(release: Shown) -> Iterator[str]:
    """The service with the page that it has."""
    with release.serve(count_default=1_000_000) as url:
        yield f"{url}/POI/wfs"


def found(answer: Answer) -> set[int]:
    """OIDN of what came, none of it twice."""
    numbers = [int(row["OIDN"]) for row in answer["rows"]]
    assert len(set(numbers)) == len(numbers)
    return set(numbers)


def same(answer: Answer, release: Shown, crs: Crs = LAMBERT72) -> None:
    """Every feature with every field, where it is."""
    assert answer["fields"] == release.fields
    assert answer["count"] == answer["features"] == len(release.rows)
    assert found(answer) == release.rows.keys()
    positions = release.positions(crs)
    for row in answer["rows"]:
        oidn, point = int(row["OIDN"]), row.pop("")
        assert row == release.rows[oidn]
        assert point == (None if positions[oidn] is None else pytest.approx(positions[oidn], abs=1e-7 if crs == CRS84 else 0.005))


@versions
def test_qgis_loads_every_feature_whole(qgis: Qgis, release: Shown, paged: str, whole: str, version: str) -> None:
    tasks: list[dict[str, object]] = [{"url": whole}, {"url": whole, "paging": True}, {"url": whole, "paging": False}]
    if version in ("auto", "2.0.0"):
        assert len(release.rows) > 2 * PAGE
        tasks.append({"url": paged, "paging": True})
    for task in tasks:
        answer = qgis.ask(version=version, **task)
        assert answer["crs"] == "EPSG:31370"
        same(answer, release)


@versions
def test_qgis_puts_every_point_where_it_is_in_every_crs(qgis: Qgis, release: Shown, whole: str, version: str) -> None:
    for name, crs in SYSTEMS.items():
        answer = qgis.ask(url=whole, version=version, crs=name)
        assert answer["crs"] == name
        same(answer, release, crs)


Test = Callable[[Row], bool]
CONDITIONS: dict[str, Test] = {
    f"PRODUCT = '{CLAIM}'": lambda row: row["PRODUCT"] == CLAIM,
    f"\"PRODUCT\" = '{CERTIFICATE}' AND NOT \"HUISNR\" = '3'": lambda row: row["PRODUCT"] == CERTIFICATE and row["HUISNR"] != "3",
    "\"HUISNR\" = '3' OR \"HUISNR\" = '4'": lambda row: row["HUISNR"] in ("3", "4"),
    "\"HUISNR\" IN ('3', '5')": lambda row: row["HUISNR"] in ("3", "5"),
    "\"STRAAT\" LIKE 'Besluit%'": lambda row: str(row["STRAAT"]).startswith("Besluit"),
    "\"STRAAT\" ILIKE '%LAAN'": lambda row: str(row["STRAAT"]).lower().endswith("laan"),
    '"BUSNR" IS NULL': lambda row: row["BUSNR"] is None,
    '"BUSNR" IS NOT NULL': lambda row: row["BUSNR"] is not None,
    '"AANTADRES" >= 1 AND "AANTADRES" < 2': lambda row: row["AANTADRES"] == 1,
    '"STRAAT" = \'' + STREETS[0].replace("'", "''") + "'": lambda row: row["STRAAT"] == STREETS[0],
}


@versions
@pytest.mark.parametrize("kind", ["subset", "expression"])
def test_qgis_filters_as_a_local_filter_does(qgis: Qgis, release: Shown, whole: str, version: str, kind: str) -> None:
    for text, test in CONDITIONS.items():
        wanted = {oidn for oidn, row in release.rows.items() if test(row)}
        assert wanted, text
        assert found(qgis.ask(url=whole, version=version, **{kind: text})) == wanted, text


@versions
@pytest.mark.parametrize("name", ["EPSG:31370", "EPSG:4326", "EPSG:3857"])
def test_qgis_finds_what_is_in_a_rectangle(qgis: Qgis, release: Shown, whole: str, version: str, name: str) -> None:
    positions, reach = release.positions(SYSTEMS[name]), 0.0005 if name == "EPSG:4326" else 55.0
    x, y = [point for point in positions.values() if point is not None][3]
    rectangle = (x - reach, y - reach, x + reach, y + reach)
    wanted = {oidn for oidn, point in positions.items() if point is not None and abs(point[0] - x) <= reach and abs(point[1] - y) <= reach}
    assert 1 < len(wanted) < len(positions) / 2
    task = {"url": whole, "version": version, "crs": name, "rectangle": rectangle}
    some = {oidn for oidn in wanted if release.rows[oidn]["HUISNR"] != "3"}
    assert found(qgis.ask(**task)) == wanted
    assert found(qgis.ask(**task, only_box=True)) == wanted
    assert found(qgis.ask(**task, only_box=True, subset="HUISNR <> '3'")) == some


@versions
@pytest.mark.parametrize("name", ["EPSG:31370", "EPSG:4326"])
def test_qgis_exports_every_feature_to_a_geopackage(
    qgis: Qgis, release: Shown, whole: str, version: str, name: str, tmp_path: Path
) -> None:
    target = tmp_path / "out.gpkg"
    qgis.ask(url=whole, version=version, crs=name, export=str(target))
    meta, table = pyogrio.read_arrow(target)
    assert meta["crs"] == name
    positions, crs = release.positions(SYSTEMS[name]), SYSTEMS[name]
    rows = table.to_pylist()
    assert {row["OIDN"] for row in rows} == release.rows.keys() and len(rows) == len(release.rows)
    for row in rows:
        wanted = release.rows[row["OIDN"]]
        assert {field: row[field] for field in wanted} == wanted
        shape, point = row[meta["geometry_name"] or "wkb_geometry"], positions[row["OIDN"]]
        if point is None:
            assert shape is None or shapely.from_wkb(shape).is_empty  # QGIS writes an empty point
        else:
            assert shapely.from_wkb(shape).coords[0] == pytest.approx(point, abs=1e-7 if crs == CRS84 else 0.005)
