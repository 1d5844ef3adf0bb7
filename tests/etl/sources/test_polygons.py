"""Polygons are valid when they come out, and a repair that moves area is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely.geometry import MultiPolygon

from etl.errors import SourceError
from etl.sources.polygons import Areas, read_polygons
from simulator.schematic import schematic_municipalities

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
SPIKED = [[0, 0], [10, 0], [10, 10], [5, 10], [5, 20], [5, 10], [0, 10], [0, 0]]
BOW_TIE = [[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]


def read(folder: Path, *geometries: object) -> Areas:
    features = [
        {"type": "Feature", "properties": {"naam": f"g{number}"}, "geometry": geometry} for number, geometry in enumerate(geometries)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}}
    (folder / "g.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return read_polygons(folder / "g.geojson")


def polygon(ring: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


def test_polygons_come_with_attributes_and_crs(tmp_path: Path) -> None:
    areas = read(tmp_path, polygon(SQUARE))
    assert areas.crs == "EPSG:31370"
    [area] = areas.areas
    assert area.attributes == {"naam": "g0"}
    assert isinstance(area.geometry, MultiPolygon)
    assert not area.repaired


def test_a_spike_is_taken_off(tmp_path: Path) -> None:
    [area] = read(tmp_path, polygon(SPIKED)).areas
    assert area.repaired
    assert area.geometry.is_valid
    assert area.geometry.area == 100


def test_of_a_collection_the_polygons_count(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[0, 0], [50, 50]]}
    [area] = read(tmp_path, {"type": "GeometryCollection", "geometries": [polygon(SQUARE), line]}).areas
    assert area.geometry.area == 100


@pytest.mark.parametrize("geometry", [polygon(BOW_TIE), {"type": "Point", "coordinates": [0, 0]}, None], ids=["bow tie", "point", "none"])
def test_what_cannot_be_repaired_is_refused_with_its_number(tmp_path: Path, geometry: object) -> None:
    with pytest.raises(SourceError, match="feature 2"):
        read(tmp_path, polygon(SQUARE), geometry)


def test_a_file_without_polygons_or_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        read(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        read_polygons(tmp_path / "absent.gpkg")


def test_the_schematic_municipalities_are_read(tmp_path: Path) -> None:
    schematic_municipalities(tmp_path / "s.geojson")
    areas = read_polygons(tmp_path / "s.geojson")
    assert (areas.crs, len(areas.areas)) == ("EPSG:31370", 285)


def test_ten_real_invalid_municipalities_are_repaired(shared: Path) -> None:
    areas = read_polygons(shared / "municipalities" / "datafable-589-wgs84.geojson").areas
    assert len(areas) == 589
    assert sum(area.repaired for area in areas) == 10
    assert all(area.geometry.is_valid and not area.geometry.is_empty for area in areas)
