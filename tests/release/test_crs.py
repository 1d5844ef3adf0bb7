"""Every spelling of a CRS that clients send, its axis order, and golden points of the transformation."""

from __future__ import annotations

import numpy as np
import pytest

from release.crs import CRS84, ETRS89, LAMBERT72, LAMBERT2008, SERVED, WEB_MERCATOR, WGS84, Crs, parse_crs
from release.errors import UnknownCrs
from release.transform import to_lambert72, transform_points, transformation_name

SPELLINGS: list[tuple[str, Crs, bool]] = [
    ("EPSG:31370", LAMBERT72, False),
    ("epsg:31370", LAMBERT72, False),
    (" EPSG:31370 ", LAMBERT72, False),
    ("urn:ogc:def:crs:EPSG::31370", LAMBERT72, False),
    ("urn:x-ogc:def:crs:EPSG:31370", LAMBERT72, False),
    ("urn:x-ogc:def:crs:EPSG::31370", LAMBERT72, False),
    ("urn:ogc:def:crs:EPSG:6.9:31370", LAMBERT72, False),
    ("http://www.opengis.net/def/crs/EPSG/0/31370", LAMBERT72, False),
    ("https://www.opengis.net/def/crs/EPSG/0/31370", LAMBERT72, False),
    ("http://www.opengis.net/def/crs/EPSG/9.9.1/31370", LAMBERT72, False),
    ("http://www.opengis.net/gml/srs/epsg.xml#31370", LAMBERT72, False),
    ("EPSG:3812", LAMBERT2008, False),
    ("EPSG:3857", WEB_MERCATOR, False),
    ("EPSG:102100", WEB_MERCATOR, False),
    ("EPSG:900913", WEB_MERCATOR, False),
    ("urn:ogc:def:crs:EPSG::3857", WEB_MERCATOR, False),
    ("EPSG:4326", WGS84, False),
    ("http://www.opengis.net/gml/srs/epsg.xml#4326", WGS84, False),
    ("urn:ogc:def:crs:EPSG::4326", WGS84, True),
    ("URN:OGC:DEF:CRS:EPSG::4326", WGS84, True),
    ("http://www.opengis.net/def/crs/EPSG/0/4326", WGS84, True),
    ("EPSG:4258", ETRS89, False),
    ("urn:ogc:def:crs:EPSG::4258", ETRS89, True),
    ("urn:ogc:def:crs:OGC:1.3:CRS84", CRS84, False),
    ("urn:ogc:def:crs:OGC::CRS84", CRS84, False),
    ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", CRS84, False),
    ("http://www.opengis.net/def/crs/OGC/0/CRS84", CRS84, False),
    ("CRS:84", CRS84, False),
    ("OGC:CRS84", CRS84, False),
]


@pytest.mark.parametrize(("text", "crs", "lat_lon"), SPELLINGS, ids=[spelling[0] for spelling in SPELLINGS])
def test_every_spelling_in_circulation_is_read_with_its_axis_order(text: str, crs: Crs, lat_lon: bool) -> None:
    found = parse_crs(text)
    assert (found.crs, found.lat_lon, found.text) == (crs, lat_lon, text.strip())


@pytest.mark.parametrize("text", [spelling[0] for spelling in SPELLINGS if spelling[2]])
def test_wfs_1_0_has_x_before_y_in_every_spelling(text: str) -> None:
    assert not parse_crs(text, legacy_order=True).lat_lon


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31370",
        "EPSG:",
        "EPSG:4313",
        "EPSG:31370x",
        "xEPSG:31370",
        "urn:ogc:def:crs:EPSG::31370,5",
        "EPSG:31370\nEPSG:4326",
        "http://www.opengis.net/def/crs/EPSG/0/",
        "http://elsewhere.example/def/crs/EPSG/0/4326",
        "EPSG:" + "9" * 500,
        "EPSG:CRS84",
    ],
)
def test_what_is_no_crs_that_is_served_is_said_to_be_unknown(text: str) -> None:
    with pytest.raises(UnknownCrs, match="served are EPSG:31370, EPSG:3812, EPSG:4258, EPSG:4326, CRS:84, EPSG:3857") as found:
        parse_crs(text)
    assert len(str(found.value)) < 250


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.short)
def test_the_spellings_that_are_sent_out_are_read_back(crs: Crs) -> None:
    for text in (crs.short, crs.urn, crs.url):
        assert parse_crs(text).crs == crs
    assert parse_crs(crs.url).lat_lon is crs.lat_lon


# DOMAIN 6.2: official pairs; without the grid the Helmert transformation is within 0.25 m of them, with it within 0.02 m.
PAIRS = [((140_252.76, 198_794.27), (640_249.09, 698_793.29)), ((73_862.07, 211_634.58), (573_857.26, 711_625.49))]


@pytest.mark.parametrize(("lambert72", "lambert2008"), PAIRS)
def test_official_pairs_of_both_lamberts_agree_as_well_as_the_transformation_says(
    lambert72: tuple[float, float], lambert2008: tuple[float, float]
) -> None:
    limit = 0.02 if "(3)" in transformation_name() else 0.25
    forth = transform_points(np.array([lambert72]), LAMBERT2008)[0]
    back = to_lambert72(np.array([lambert2008]), LAMBERT2008)[0]
    assert np.hypot(*(forth - lambert2008)) < limit
    assert np.hypot(*(back - lambert72)) < limit


@pytest.mark.parametrize(
    ("crs", "expected", "limit"),
    [
        (ETRS89, (4.2296042, 51.0991668), 3e-6),
        (WGS84, (4.2296042, 51.0991668), 3e-6),
        (CRS84, (4.2296042, 51.0991668), 3e-6),
        (WEB_MERCATOR, (470_837.38, 6_638_853.96), 0.3),
    ],
    ids=lambda value: value.short if isinstance(value, Crs) else "",
)
def test_the_reference_point_comes_out_in_x_y_order(crs: Crs, expected: tuple[float, float], limit: float) -> None:
    found = transform_points(np.array([[140_252.76, 198_794.27]]), crs)[0]
    assert found == pytest.approx(expected, abs=limit)


def test_the_transformation_is_the_pinned_one_and_says_how_good_it_is() -> None:
    assert transformation_name() in ("BD72 to ETRS89 (2), 0.2 m", "BD72 to ETRS89 (3), 0.01 m")


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.short)
def test_there_and_back_is_where_it_began(crs: Crs) -> None:
    points = np.array([[22_000.0, 155_000.0], [150_000.0, 200_000.0], [259_000.0, 240_000.0]])
    assert np.abs(to_lambert72(transform_points(points, crs), crs) - points).max() < 0.001


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.short)
def test_no_position_stays_no_position(crs: Crs) -> None:
    points = np.array([[np.nan, np.nan], [140_252.76, 198_794.27]])
    found = transform_points(points, crs)
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
