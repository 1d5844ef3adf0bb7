"""Strangers read the running service over HTTP: OWSLib, and GDAL as pyogrio carries it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator

import pyogrio
import pytest
import uvicorn
from lxml import etree
from owslib import fes
from owslib.etree import etree as owslib_etree
from owslib.fes2 import PropertyIsEqualTo
from owslib.wfs import WebFeatureService
from starlette.applications import Starlette

from publish.shelf import Shelf
from publish.wfs import WfsSettings, routes
from tests.publish.wfs.example import CLAIM, FIRST, NOON, content, publish

PAGE = 25


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server on a free port, with a page smaller than the content, so that clients have to page."""
    folder = publish(tmp_path_factory.mktemp("foreign") / "releases", content())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = Starlette(routes=routes(Shelf(folder, lambda: NOON), WfsSettings(public_url=url, count_default=PAGE)))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield url
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def service(address: str) -> WebFeatureService:
    return WebFeatureService(f"{address}/wfs", version="2.0.0")


def test_owslib_reads_the_capabilities(service):
    assert list(service.contents) == ["POI:POI", "LWKB:Woningkwaliteitsbeleid"]
    assert "application/json" in service.getOperationByName("GetFeature").parameters["outputFormat"]["values"]
    assert service.contents["POI:POI"].crsOptions[0].getcode() == "EPSG:31370"
    assert next(query.id for query in service.storedqueries) == "urn:ogc:def:query:OGC-WFS::GetFeatureById"


def test_owslib_reads_the_schema(service):
    schema = service.get_schema("POI:POI")
    assert (schema["geometry"], schema["properties"]["PRODUCT"]) == ("Point", "string")


def test_owslib_gets_features_by_box_filter_and_identifier(service):
    document = json.loads(service.getfeature(typename="POI:POI", bbox=(0, 0, 300000, 300000), outputFormat="application/json").read())
    assert (document["numberMatched"], document["numberReturned"]) == (54, PAGE)
    wanted = owslib_etree.tostring(PropertyIsEqualTo(propertyname="POI:PRODUCT", literal=CLAIM).toXML()).decode()
    text = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{wanted}</fes:Filter>'
    assert len(etree.fromstring(service.getfeature(typename="POI:POI", filter=text).read())) == 20
    found = service.getfeature(storedQueryID="urn:ogc:def:query:OGC-WFS::GetFeatureById", storedQueryParams={"id": f"POI.{FIRST}"})
    assert f'gml:id="POI.{FIRST}"'.encode() in found.read()


def test_owslib_gets_what_it_posts_for(service):
    reply = service.getfeature(typename=["POI:POI"], maxfeatures=3, method="Post")
    assert len(etree.fromstring(reply.read())) == 3


VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
POI = "https://geo.api.vlaanderen.be/POI"


@pytest.fixture(scope="module", params=VERSIONS)
def any_service(request: pytest.FixtureRequest, address: str) -> WebFeatureService:
    """OWSLib set to one version."""
    return WebFeatureService(f"{address}/wfs", version=request.param)


def members(reply) -> list[str]:
    """The OIDN of every feature in an answer."""
    return [element.text for element in etree.fromstring(reply.read()).iter(f"{{{POI}}}OIDN")]


def test_owslib_reads_the_capabilities_of_every_version(any_service):
    assert list(any_service.contents) == ["POI:POI", "LWKB:Woningkwaliteitsbeleid"]
    points = any_service.contents["POI:POI"]
    assert points.crsOptions[0].getcode() == "EPSG:31370"
    assert points.boundingBoxWGS84 == pytest.approx((4.2259, 51.0921, 4.3402, 51.1460), abs=1e-3)
    assert {"GetCapabilities", "DescribeFeatureType", "GetFeature"} <= {operation.name for operation in any_service.operations}
    schema = any_service.get_schema("POI:POI")
    assert (schema["geometry"], schema["geometry_column"]) == ("Point", "SHAPE")
    assert list(schema["properties"])[:2] == ["UIDN", "OIDN"]


def test_owslib_gets_features_from_every_version(any_service):
    every = members(any_service.getfeature(typename=["POI:POI"]))
    assert len(every) == (PAGE if any_service.version == "2.0.0" else 60)  # 1.x has no pages: all or nothing
    assert len(members(any_service.getfeature(typename=["POI:POI"], maxfeatures=3))) == 3
    assert members(any_service.getfeature(typename=["POI:POI"], featureid=[f"POI.{FIRST}"])) == [str(FIRST)]
    document = json.loads(any_service.getfeature(typename=["POI:POI"], maxfeatures=1, outputFormat="application/json").read())
    assert document["features"][0]["geometry"]["coordinates"] == [140_252.76, 198_794.27]
    some = any_service.getfeature(typename=["POI:POI"], propertyname=["OIDN", "NAAM"], maxfeatures=1).read()
    assert b"<POI:NAAM>" in some and b"<POI:LINK1>" not in some


def test_owslib_gets_what_is_in_a_box_from_every_version(any_service):
    near = (140_252, 198_794, 140_253, 198_795)
    assert members(any_service.getfeature(typename=["POI:POI"], bbox=near)) == [str(FIRST)]
    assert members(any_service.getfeature(typename=["POI:POI"], bbox=near, srsname="EPSG:31370")) == [str(FIRST)]


def test_owslib_filters_in_every_version(any_service):
    if any_service.version == "2.0.0":
        wanted = owslib_etree.tostring(PropertyIsEqualTo(propertyname="POI:PRODUCT", literal=CLAIM).toXML()).decode()
        text = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{wanted}</fes:Filter>'
    else:
        wanted = owslib_etree.tostring(fes.PropertyIsEqualTo(propertyname="POI:PRODUCT", literal=CLAIM).toXML()).decode()
        text = f'<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc">{wanted}</ogc:Filter>'
    assert len(members(any_service.getfeature(typename=["POI:POI"], filter=text))) == 20


def test_owslib_posts_in_every_version(any_service):
    assert len(members(any_service.getfeature(typename=["POI:POI"], maxfeatures=3, method="Post"))) == 3


@pytest.fixture(scope="module")
def gdal(address: str) -> str:
    if "WFS" not in pyogrio.list_drivers():
        pytest.skip("this GDAL has no WFS driver")
    return f"WFS:{address}/wfs?SERVICE=WFS&VERSION=2.0.0"


def test_gdal_lists_the_layers(gdal):
    assert [str(name) for name, _ in pyogrio.list_layers(gdal)] == ["POI:POI", "LWKB:Woningkwaliteitsbeleid"]


def test_gdal_counts_and_reads_past_the_page(gdal):
    assert pyogrio.read_info(gdal, layer="POI:POI", force_feature_count=True)["features"] == 60
    _, table = pyogrio.read_arrow(gdal, layer="POI:POI")
    assert (table.num_rows, len(set(table["gml_id"].to_pylist()))) == (60, 60)
    assert table["OIDN"].to_pylist()[0] == FIRST


def test_gdal_pushes_its_filters(gdal):
    _, table = pyogrio.read_arrow(gdal, layer="POI:POI", where=f"PRODUCT = '{CLAIM}' AND BUSNR IS NOT NULL")
    assert set(table["PRODUCT"].to_pylist()) == {CLAIM} and table.num_rows == 15
    _, table = pyogrio.read_arrow(gdal, layer="POI:POI", bbox=(0, 0, 141_000, 300_000))
    assert table.num_rows == 7


def test_gdal_reads_polygons(gdal):
    meta, table = pyogrio.read_arrow(gdal, layer="LWKB:Woningkwaliteitsbeleid")
    assert (table.num_rows, meta["crs"]) == (2, "EPSG:31370")
