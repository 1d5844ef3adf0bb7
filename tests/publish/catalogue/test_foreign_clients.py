"""Strangers walk the running catalogue over HTTP: OWSLib, as CSW and as OGC API Records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from owslib import fes
from owslib.csw import CatalogueServiceWeb
from owslib.ogcapi.records import Records

from publish.app import ServeSettings, create_app
from tests.publish.example import Clock
from tests.simulator.serving import free_socket, serving

GMD = "http://www.isotc211.org/2005/gmd"
RECORDS = 5 + 9


@pytest.fixture(scope="module")
def address(releases: Path) -> Iterator[str]:
    bound = free_socket()
    bound.listen()  # from now on a client waits for the server to start
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    with serving(create_app(ServeSettings(releases, url, production=True), Clock()), bound) as running:
        yield running


@pytest.fixture
def csw(address: str) -> CatalogueServiceWeb:
    return CatalogueServiceWeb(f"{address}/catalogus/csw")


@pytest.mark.parametrize("schema", ["http://www.opengis.net/cat/csw/2.0.2", GMD])
def test_owslib_walks_every_page(csw: CatalogueServiceWeb, schema: str) -> None:
    found: list[str] = []
    start = 1
    while start:
        csw.getrecords2(startposition=start, maxrecords=5, esn="full", outputschema=schema)
        found += csw.records
        start = csw.results["nextrecord"]
    assert len(found) == len(set(found)) == csw.results["matches"] == RECORDS


def test_owslib_finds_by_word_type_and_place(csw: CatalogueServiceWeb) -> None:
    csw.getrecords2(constraints=[fes.PropertyIsLike("csw:AnyText", "%Woningkwaliteit%")], maxrecords=20)
    assert csw.results["matches"] == RECORDS
    place = fes.BBox([50.9, 4.0, 51.0, 4.1], crs="urn:ogc:def:crs:EPSG::4326")
    csw.getrecords2(constraints=[[fes.PropertyIsEqualTo("dc:type", "dataset"), place]], maxrecords=20)
    assert csw.results["matches"] == 5
    csw.getrecords2(cql="dc:type = 'service' AND csw:AnyText LIKE '%Web Feature Service%'")
    assert csw.results["matches"] == 2


def test_owslib_reads_a_record_and_its_service(csw: CatalogueServiceWeb) -> None:
    csw.getrecords2(constraints=[fes.PropertyIsLike("dc:title", "WFS%")], esn="brief")
    (identifier, *_) = csw.records
    csw.getrecordbyid([identifier], outputschema=GMD)
    record = csw.records[identifier]
    service = record.identification[0]
    assert (service.identtype, service.type) == ("service", "download")
    assert {coupled["uuidref"] for coupled in service.operateson}
    csw.getrecordbyid([service.operateson[0]["uuidref"]], outputschema=GMD)
    (dataset,) = csw.records.values()
    assert "Woningkwaliteit" in [word for group in dataset.identification[0].keywords for word in (key.name for key in group.keywords)]


def test_owslib_describes_and_lists(csw: CatalogueServiceWeb) -> None:
    csw.describerecord()
    csw.getdomain("dc:type", "property")
    assert csw.results["values"] == ["dataset", "service"]


def test_owslib_walks_the_ogc_api(address: str) -> None:
    api = Records(f"{address}/ogc/records/v1")
    assert api.records() == ["catalogus"]
    page = api.collection_items("catalogus", q="woningkwaliteit", limit=50)
    assert page["numberMatched"] == RECORDS
    one = api.collection_item("catalogus", page["features"][0]["id"])
    assert one["properties"]["title"] == page["features"][0]["properties"]["title"]
