"""Where a known point is on a map, in every CRS and both versions, and what GetFeatureInfo finds there."""

from __future__ import annotations

import json

import numpy as np
import pytest

from release.crs import CRS84, ETRS89, LAMBERT72, LAMBERT2008, SERVED, WEB_MERCATOR, WGS84, Crs
from tests.publish.wms.conftest import Client
from tests.publish.wms.example import ALONE, CERTIFICATE, COLOURS, xy

SPELLINGS: dict[str, Crs] = {
    "EPSG:31370": LAMBERT72,
    "EPSG:3812": LAMBERT2008,
    "EPSG:4258": ETRS89,
    "EPSG:4326": WGS84,
    "CRS:84": CRS84,
    "EPSG:3857": WEB_MERCATOR,
    "EPSG:900913": WEB_MERCATOR,
    "EPSG:102100": WEB_MERCATOR,
    "epsg:4326": WGS84,
    "urn:ogc:def:crs:EPSG::4326": WGS84,
}
COLUMN, ROW, SIZE = 30, 80, 120
"""Where the point must be: left of the middle and below it, so that no exchange of axes and no mirror image goes unnoticed."""


def box(crs: Crs, swapped: bool) -> str:
    """A box in which the point is in the middle of the pixel at COLUMN, ROW; pixels are higher than wide."""
    x, y = xy(ALONE[CERTIFICATE], crs)
    wide, high = (0.0002, 0.00015) if crs.columns == "lonlat" else (15.0, 20.0)
    west, north = x - (COLUMN + 0.5) * wide, y + (ROW + 0.5) * high
    east, south = west + SIZE * wide, north - SIZE * high
    corners = (south, west, north, east) if swapped else (west, south, east, north)
    return ",".join(f"{corner:.9f}" for corner in corners)


def test_every_crs_is_tried() -> None:
    assert set(SPELLINGS.values()) == set(SERVED)


@pytest.mark.parametrize("version", ["1.3.0", "1.1.1"])
@pytest.mark.parametrize("name", SPELLINGS)
def test_a_known_point_is_at_its_pixel(client: Client, version: str, name: str) -> None:
    crs = SPELLINGS[name]
    # WMS 1.3.0 §6.7.2: EPSG:4326 and 4258 have latitude first, CRS:84 has not; 1.1.1 always x, y
    swapped = version == "1.3.0" and crs.lat_lon
    keyword, other = ("CRS", "SRS") if version == "1.3.0" else ("SRS", "CRS")
    asked = {"VERSION": version, keyword: name, other: None, "BBOX": box(crs, swapped), "WIDTH": SIZE, "HEIGHT": SIZE}
    shown = client.map(**asked).pixels
    rows, columns = np.nonzero((shown[:, :, :3] == COLOURS[CERTIFICATE]).all(axis=2))
    assert len(rows) > 40
    assert (columns.mean(), rows.mean()) == pytest.approx((COLUMN, ROW), abs=0.26)
    assert tuple(shown[ROW, COLUMN]) == (*COLOURS[CERTIFICATE], 255)
    column, row = ("I", "J") if version == "1.3.0" else ("X", "Y")
    place = {"I": None, "J": None, column: COLUMN, row: ROW}
    found = json.loads(client.info(**asked, **place, INFO_FORMAT="application/json", FEATURE_COUNT=9).body)
    (feature,) = found["features"]
    assert feature["properties"]["NAAM"] == f"{CERTIFICATE} 0"
    assert feature["geometry"]["coordinates"] == pytest.approx(xy(ALONE[CERTIFICATE], crs), abs=1e-6 if crs.columns == "lonlat" else 0.02)


def test_the_box_goes_around_the_outside_of_the_pixels(client: Client) -> None:
    """WMS 1.3.0 §6.7.3: a point just inside the eastern edge is in the last column."""
    x, y = ALONE[CERTIFICATE]
    shown = client.map(BBOX=f"{x - 999.9},{y - 500},{x + 0.1},{y + 500}").pixels
    assert tuple(shown[50, 99, :3]) == COLOURS[CERTIFICATE]
    beyond = client.map(BBOX=f"{x + 100},{y - 500},{x + 1100},{y + 500}").pixels
    assert (beyond == 255).all()


def test_a_map_is_stretched_where_its_sides_are_of_another_form_than_the_box(client: Client) -> None:
    x, y = ALONE[CERTIFICATE]
    shown = client.map(BBOX=f"{x - 100},{y - 100},{x + 300},{y + 100}", WIDTH=40, HEIGHT=80).pixels
    rows, columns = np.nonzero((shown[:, :, :3] == COLOURS[CERTIFICATE]).all(axis=2))
    assert (columns.mean(), rows.mean()) == pytest.approx((10, 40), abs=0.5)
