"""The municipalities of the demo: facts about the real ones, drawn schematically."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from shapely.geometry import Point, shape

from exports.resources import FLANDERS
from release.crs import CRS84
from release.transform import transform_points
from simulator.municipalities import municipalities
from simulator.schematic import schematic_municipalities


def test_there_are_285_with_their_codes_postcodes_and_mergers() -> None:
    places = municipalities()
    assert len({place.niscode for place in places}) == len({place.name for place in places}) == 285
    assert all(len(place.postcode) == 4 and place.postcode.isdigit() for place in places)
    merged = {place.niscode: place.before for place in places}
    assert merged["23106"] == (("23023", "Galmaarden"), ("23024", "Gooik"), ("23032", "Herne"))
    assert sum(len(before) for before in merged.values()) == 42


def test_cells_are_valid_disjoint_hold_their_centre_and_say_that_they_are_schematic(tmp_path: Path) -> None:
    schematic_municipalities(tmp_path / "a.geojson")
    schematic_municipalities(tmp_path / "b.geojson")
    assert (tmp_path / "a.geojson").read_bytes() == (tmp_path / "b.geojson").read_bytes()
    content = json.loads((tmp_path / "a.geojson").read_text("utf-8"))
    assert content["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::31370"
    cells = [shape(feature["geometry"]) for feature in content["features"]]
    for place, cell, feature in zip(municipalities(), cells, content["features"], strict=True):
        assert cell.geom_type == "Polygon"
        assert cell.is_valid
        assert cell.contains(Point(place.x, place.y))
        properties = feature["properties"]
        assert (properties["niscode"], properties["naam"], properties["schematisch"]) == (place.niscode, place.name, True)
        assert "geen officiële" in properties["toelichting"]
    assert sum(cell.area for cell in cells) - shapely.union_all(cells).area < 1


def test_cells_lie_in_the_box_that_services_name(tmp_path: Path) -> None:
    schematic_municipalities(tmp_path / "a.geojson")
    content = json.loads((tmp_path / "a.geojson").read_text("utf-8"))
    corners = shapely.get_coordinates([shape(feature["geometry"]) for feature in content["features"]])
    west, south, east, north = FLANDERS
    degrees = transform_points(corners, CRS84)
    assert (degrees >= (west, south)).all()
    assert (degrees <= (east, north)).all()


def test_the_centres_lie_in_the_real_municipalities(shared: Path) -> None:
    file = shared / "municipalities" / "derived-flanders-285-2025-lambert72.geojson"
    real = {
        it["properties"]["niscode"]: (it["properties"]["naam"], shape(it["geometry"])) for it in json.loads(file.read_text())["features"]
    }
    for place in municipalities():
        name, area = real[place.niscode]
        assert name == place.name
        assert area.contains(Point(place.x, place.y).buffer(place.radius))
