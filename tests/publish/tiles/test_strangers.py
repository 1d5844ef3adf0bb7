"""GDAL as a stranger: it follows the links of the API, and reads tiles with its own decoder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from publish.app import ServeSettings, create_app
from publish.shelf import View
from publish.tiles import ROOT
from publish.tiles.matrices import WEB_MERCATOR_QUAD, Place
from publish.tiles.tilesets import Tileset, Tilesets
from release.crs import WEB_MERCATOR
from release.reader import Release
from tests.publish.example import Clock
from tests.publish.tiles.world import DAY, content, publish
from tests.running import running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strangers")


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return publish(folder, content(200))


@pytest.fixture(scope="module")
def tileset(release: Release) -> Tileset:
    return Tilesets(View(release, DAY, 60)).tileset("POI", WEB_MERCATOR_QUAD.id)


@pytest.fixture
def server(release: Release, folder: Path) -> Iterator[str]:
    with running(lambda url: create_app(ServeSettings(folder, url), Clock())) as url:
        yield url


_COUNTING = """
import sys, pyogrio
for name, _ in pyogrio.list_layers(sys.argv[1]):
    _, table = pyogrio.read_arrow(sys.argv[1], layer=name, API="TILES", TILEMATRIXSET="WebMercatorQuad")
    print(name, sum(table["AANTAL"].to_pylist()))
"""


def test_gdal_follows_the_links_to_the_tiles_and_counts_every_object(server: str, tileset: Tileset) -> None:
    # a process of its own: pyogrio holds the interpreter while GDAL waits for an answer
    command = [sys.executable, "-c", _COUNTING, f"OGCAPI:{server}{ROOT}/collections/POI"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    assert said[0] == f"Zoom level 0 {len(tileset.located.rows)}"
    assert {line.rpartition(" ")[2] for line in said} == {str(len(tileset.located.rows))}


def saved(tileset: Tileset, place: Place, folder: Path) -> Path:
    """A tile in a file whose name says where it is, as GDAL wants it: level-column-row."""
    path = folder / f"{place.level}-{place.column}-{place.row}.pbf"
    path.write_bytes(tileset.tile(place))
    return path


def occupied(tileset: Tileset) -> Iterator[tuple[Place, dict[int, tuple[float, float]]]]:
    """The tiles of the deepest level in which points are, with their ids and positions."""
    points = tileset.located.table.coordinates(WEB_MERCATOR)[tileset.located.rows]
    ids = tileset.located.table.table.ids[tileset.located.rows].tolist()
    cells = tileset.matrices.cells(points, tileset.matrices.side(tileset.deepest)).tolist()
    found: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}
    for (column, row), number, (x, y) in zip(cells, ids, points.tolist(), strict=True):
        found.setdefault((column, row), {})[number] = (x, y)
    for (column, row), there in found.items():
        yield Place(tileset.deepest, row, column), there


def test_gdal_reads_every_point_of_a_tile_where_it_is(tileset: Tileset, tmp_path: Path) -> None:
    unit = tileset.matrices.side(tileset.deepest) / 4096
    for place, there in list(occupied(tileset))[::15]:
        meta, table = pyogrio.read_arrow(f"MVT:{saved(tileset, place, tmp_path)}")
        assert meta["crs"] == "EPSG:3857"
        rows: list[dict[str, Any]] = table.to_pylist()
        assert {row["mvt_id"] for row in rows} == there.keys()
        for row in rows:
            position = shapely.from_wkb(row[meta["geometry_name"] or "wkb_geometry"]).coords[0]
            assert position == pytest.approx(there[row["mvt_id"]], abs=1.01 * unit)
            assert row["AANTAL"] == 1 and row["NAAM"].startswith("Woning – Kerkstraat")


@pytest.mark.gdal
def test_the_gdal_of_the_system_reads_the_same(tileset: Tileset, tmp_path: Path) -> None:
    place, there = max(occupied(tileset), key=lambda found: len(found[1]))
    command = ["ogrinfo", "-ro", "-so", "-al", f"MVT:{saved(tileset, place, tmp_path)}"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert f"Feature Count: {len(there)}" in said and "Layer name: POI" in said
