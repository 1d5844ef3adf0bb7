"""Zipped Shapefile and GeoPackage as output formats, opened with GDAL as anyone would."""

from __future__ import annotations

import io
import zipfile

import pyogrio
import pytest
import shapely

from exports import extract
from tests.publish.wfs.example import CERTIFICATE, GOLDEN

NAMES = {"shape-zip": "POI.shp", "geopackage": "POI.gpkg"}


def opened(reply, tmp_path, name):
    assert (reply.status, reply.headers["content-type"]) == (200, "application/zip")
    zipfile.ZipFile(io.BytesIO(reply.body)).extractall(tmp_path)
    return pyogrio.raw.read(tmp_path / name)


@pytest.mark.parametrize("spelling", NAMES)
def test_every_object_is_in_the_file(client, tmp_path, spelling):
    reply = client.feature(OUTPUTFORMAT=spelling)
    meta, _, geometry, _ = opened(reply, tmp_path, NAMES[spelling])
    assert len(geometry) == 60
    assert meta["crs"] == "EPSG:31370"
    assert reply.headers["content-disposition"].endswith(f'filename="POI_{"Shapefile" if spelling == "shape-zip" else "GeoPackage"}.zip"')
    assert {"LICENTIE.txt", "LEESMIJ.html"} <= set(zipfile.ZipFile(io.BytesIO(reply.body)).namelist())


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_the_file_holds_what_the_query_selects(client, tmp_path, version):
    reply = client.get(
        SERVICE="WFS",
        VERSION=version,
        REQUEST="GetFeature",
        TYPENAME="POI:POI",
        CQL_FILTER=f"PRODUCT='{CERTIFICATE}'",
        SRSNAME="urn:ogc:def:crs:EPSG::4258",
        PROPERTYNAME="NAAM,SHAPE",
        OUTPUTFORMAT="geopackage",
    )
    meta, _, geometry, fields = opened(reply, tmp_path, "POI.gpkg")
    assert (len(geometry), meta["crs"]) == (20, "EPSG:4258")
    assert set(meta["fields"]) == {"UIDN", "OIDN", "PRODUCT", "NAAM"}
    assert set(fields[list(meta["fields"]).index("PRODUCT")]) == {CERTIFICATE}


def test_coordinates_are_x_y_in_the_crs_that_was_asked(client, tmp_path):
    reply = client.feature(OUTPUTFORMAT="shape-zip", SRSNAME="EPSG:3812", COUNT=1)
    _, _, geometry, _ = opened(reply, tmp_path, "POI.shp")
    point = shapely.from_wkb(geometry[0])
    assert abs(point.x - GOLDEN[0] - 500_000) < 100
    assert abs(point.y - GOLDEN[1] - 500_000) < 100


def test_a_file_is_whole_whatever_the_page_of_the_service(releases, client_of, tmp_path):
    _, _, geometry, _ = opened(client_of(releases, count_default=7).feature(OUTPUTFORMAT="gpkg"), tmp_path, "POI.gpkg")
    assert len(geometry) == 60


def test_two_queries_are_two_layers(client):
    reply = client.feature(TYPENAMES="(POI:POI)(LWKB:Woningkwaliteitsbeleid)", OUTPUTFORMAT="shape-zip")
    names = zipfile.ZipFile(io.BytesIO(reply.body)).namelist()
    assert {"POI.shp", "Woningkwaliteitsbeleid.shp"} <= set(names)


def test_hits_are_counted_and_not_packed(client):
    reply = client.feature(OUTPUTFORMAT="shape-zip", RESULTTYPE="hits")
    assert (reply.matched, reply.headers["content-type"]) == (60, "application/gml+xml; version=3.2")


def test_a_file_that_would_be_too_large_is_refused_with_the_remedy(client, monkeypatch):
    monkeypatch.setattr(extract, "MAX_ROWS", 10)
    reply = client.feature(OUTPUTFORMAT="geopackage")
    assert reply.exception == (403, "OperationProcessingFailed", "outputFormat")
    assert b"downloads" in reply.body


def test_an_empty_selection_is_an_empty_layer(client, tmp_path):
    _, _, geometry, _ = opened(client.feature(OUTPUTFORMAT="geopackage", CQL_FILTER="OIDN<0"), tmp_path, "POI.gpkg")
    assert len(geometry) == 0


def test_one_feature_by_its_id_is_no_file(client):
    reply = client.get(
        SERVICE="WFS",
        VERSION="2.0.0",
        REQUEST="GetFeature",
        STOREDQUERY_ID="urn:ogc:def:query:OGC-WFS::GetFeatureById",
        ID="POI.1",
        OUTPUTFORMAT="shape-zip",
    )
    assert reply.exception == (400, "InvalidParameterValue", "outputFormat")
