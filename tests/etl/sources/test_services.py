"""WFS and OGC API, against a small server of points and polygons that pages, stumbles and misbehaves on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etl.definitions import DatasetDefinition, SourceSpec
from etl.errors import BadDefinition, NoDelivery, SourceError
from etl.sources import services
from etl.sources.client import Limits
from etl.sources.services import ServiceSource, crs_uri, read_service_polygons
from etl.sources.spool import Spool
from tests.etl.sources.definitions import definition
from tests.etl.sources.definitions import field as record_field
from tests.simulator.serving import free_socket, serving

DAY = date(2026, 11, 21)
COUNT = 7
SQUARE = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]

CAPABILITIES = """<?xml version="1.0"?>
<WFS_Capabilities version="2.0.0" xmlns="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink">
 <ows:OperationsMetadata>
  <ows:Operation name="GetFeature">
   <ows:DCP><ows:HTTP><ows:Get xlink:href="http://elsewhere.example/wfs"/></ows:HTTP></ows:DCP>
   <ows:Parameter name="outputFormat"><ows:AllowedValues>FORMATS</ows:AllowedValues></ows:Parameter>
  </ows:Operation>
 </ows:OperationsMetadata>
 <FeatureTypeList><FeatureType><Name>VRBG:Refgem</Name><Title>Refgem</Title><DefaultCRS>urn:ogc:def:crs:EPSG::31370</DefaultCRS></FeatureType></FeatureTypeList>
</WFS_Capabilities>"""


@dataclass
class Place:
    """What the server does, and what it was asked."""

    address: str = ""
    formats: tuple[str, ...] = ("application/gml+xml; version=3.2", "application/json")
    cap: int = 3  # features a page, whatever is asked
    matched: object = COUNT
    content_crs: str | None = "<http://www.opengis.net/def/crs/EPSG/0/31370>"
    ignores_start: bool = False
    next_path: str = ""
    stumbles: int = 0
    fault: Response | None = None
    geometry: dict[str, object] = field(default_factory=lambda: {"type": "Polygon", "coordinates": [SQUARE]})
    asked: list[dict[str, str]] = field(default_factory=list)


def collection(place: Place, start: int, count: int) -> dict[str, object]:
    features = [
        {"type": "Feature", "properties": {"NISCODE": f"{number:05d}", "NAAM": "Gent"}, "geometry": place.geometry}
        for number in range(start, min(start + min(count, place.cap), COUNT))
    ]
    return {"type": "FeatureCollection", "features": features, "numberMatched": place.matched}


def wfs(place: Place, query: dict[str, str]) -> Response:
    if query["request"] == "GetCapabilities":
        values = "".join(f"<ows:Value>{name}</ows:Value>" for name in place.formats)
        return Response(CAPABILITIES.replace("FORMATS", values), media_type="text/xml")
    assert (query["typenames"], query["srsname"], query["outputformat"]) == ("VRBG:Refgem", "EPSG:31370", "application/json")
    start = 0 if place.ignores_start else int(query.get("startindex", "0"))
    return JSONResponse(collection(place, start, int(query["count"])))


def items(place: Place, query: dict[str, str]) -> Response:
    start, count = int(query.get("offset", "0")), int(query.get("limit", "10"))
    body = collection(place, start, count)
    if start + place.cap < COUNT:
        path = place.next_path or f"{place.address}/ogc/collections/Refgem/items"
        body["links"] = [{"rel": "self", "href": "x"}, {"rel": "next", "href": f"{path}?offset={start + place.cap}&limit={count}"}]
    return JSONResponse(body, headers={"Content-Crs": place.content_crs} if place.content_crs else None)


HERE = [Place()]


def answer(request: Request) -> Response:
    there, query = HERE[0], {name.lower(): value for name, value in request.query_params.items()}
    there.asked.append(query)
    if there.stumbles:
        there.stumbles -= 1
        return Response(status_code=503, headers={"Retry-After": "0"})
    if there.fault is not None:
        return there.fault
    return wfs(there, query) if request.url.path == "/wfs" else items(there, query)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    routes = [Route("/wfs", answer), Route("/ogc/collections/Refgem/items", answer)]
    with serving(Starlette(routes=routes), free_socket()) as found:
        yield found


@pytest.fixture
def place(address: str) -> Place:
    HERE[0] = Place(address)
    return HERE[0]


def source_of(place: Place, kind: str, **more: object) -> SourceSpec:
    path, layer = ("/wfs", "VRBG:Refgem") if kind == "wfs" else ("/ogc", "Refgem")
    return SourceSpec.model_validate({"kind": kind, "location": place.address + path, "layer": layer} | more)


def dataset_of(place: Place, kind: str) -> DatasetDefinition:
    fields = [record_field("NISCODE"), record_field("NAAM"), record_field("geometry.crs")]
    return definition(fields=fields, source=source_of(place, kind).model_dump())


both = pytest.mark.parametrize("kind", ["wfs", "ogcapi"])


@both
def test_polygons_come_page_by_page_in_the_crs_asked_for(place: Place, kind: str) -> None:
    areas = read_service_polygons(source_of(place, kind))
    assert areas.crs == "EPSG:31370"
    assert [area.attributes["NISCODE"] for area in areas.areas] == [f"{number:05d}" for number in range(COUNT)]
    assert all(area.geometry.area == 100 for area in areas.areas)


@both
def test_features_become_records_in_the_spool(place: Place, kind: str, tmp_path: Path) -> None:
    place.geometry = {"type": "Point", "coordinates": [104800.1, 193500.3]}
    source, it = ServiceSource(Spool(tmp_path, b"k" * 32)), dataset_of(place, kind)
    delivery = source.pull(it, DAY)
    found = list(delivery.records())
    point = {"x": 104800.1, "y": 193500.3, "crs": "EPSG:31370"}
    assert found[0] == (1, {"NISCODE": "00000", "NAAM": "Gent", "geometry": point})
    assert len(found) == COUNT
    assert delivery.header.number == 20261121
    assert list(source.reopen(it, delivery.reference).records()) == found
    assert source.missed(it, date(2026, 11, 1), DAY) == ()


@both
def test_a_busy_service_is_asked_again(place: Place, kind: str, tmp_path: Path) -> None:
    place.stumbles = 2
    delivery = ServiceSource(Spool(tmp_path, b"k" * 32)).pull(dataset_of(place, kind), DAY)
    assert len(list(delivery.records())) == COUNT


@both
def test_fewer_features_than_the_service_says_are_not_accepted(place: Place, kind: str) -> None:
    place.matched = COUNT + 2
    with pytest.raises(SourceError, match="gave 7 features, of 9"):
        read_service_polygons(source_of(place, kind))


@both
def test_a_service_that_does_not_say_how_many_is_read_to_the_end(place: Place, kind: str) -> None:
    place.matched = "unknown"
    assert len(read_service_polygons(source_of(place, kind)).areas) == COUNT


@both
def test_too_many_bytes_are_refused(place: Place, kind: str) -> None:
    with pytest.raises(SourceError, match="more bytes than allowed"):
        read_service_polygons(source_of(place, kind, max_bytes=700))


@both
@pytest.mark.parametrize(
    "fault",
    [
        Response("<html>Qwrtzmans4821", media_type="text/html"),
        JSONResponse({"type": "Feature"}),
        JSONResponse({"features": [{"properties": 1, "geometry": "Qwrtzmans4821"}]}),
        Response(status_code=500),
        Response(status_code=302, headers={"Location": "http://elsewhere.example/"}),
        Response(status_code=404),
    ],
    ids=["html", "no collection", "no features", "500", "redirect", "404"],
)
def test_an_answer_that_is_no_answer_is_an_error_without_its_content(place: Place, kind: str, fault: Response) -> None:
    place.fault = fault
    with pytest.raises(SourceError) as caught:
        read_service_polygons(source_of(place, kind))
    assert "Qwrtzmans4821" not in str(caught.value)


def test_wfs_is_asked_at_the_address_that_was_configured_not_at_the_one_in_the_capabilities(place: Place) -> None:
    read_service_polygons(source_of(place, "wfs"))
    assert [query.get("startindex") for query in place.asked] == [None, None, "3", "6"]


def test_a_wfs_that_ignores_startindex_is_noticed(place: Place) -> None:
    place.ignores_start = True
    with pytest.raises(SourceError, match="ignores startIndex"):
        read_service_polygons(source_of(place, "wfs"))


def test_a_wfs_without_geojson_or_without_the_layer_is_told(place: Place) -> None:
    with pytest.raises(NoDelivery, match="no feature type VRBG:Refarr"):
        read_service_polygons(source_of(place, "wfs", layer="VRBG:Refarr"))
    place.formats = ("application/gml+xml; version=3.2",)
    with pytest.raises(SourceError, match="offers no GeoJSON"):
        read_service_polygons(source_of(place, "wfs"))


def test_without_content_crs_an_ogc_api_answers_in_degrees(place: Place) -> None:
    place.content_crs = None
    assert read_service_polygons(source_of(place, "ogcapi")).crs == "EPSG:4326"
    assert place.asked[0]["crs"] == "http://www.opengis.net/def/crs/EPSG/0/31370"
    assert crs_uri("EPSG:4326") == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@pytest.mark.parametrize("path", ["http://elsewhere.example/items", "/ogc/collections/Other/items"])
def test_a_next_link_elsewhere_is_not_followed(place: Place, path: str) -> None:
    place.next_path = path
    with pytest.raises(SourceError, match="next page leads"):
        read_service_polygons(source_of(place, "ogcapi"))
    assert len(place.asked) == 1


def test_a_next_link_that_goes_round_is_noticed(place: Place) -> None:
    place.next_path = f"{place.address}/ogc/collections/Refgem/items?offset=3&x="
    with pytest.raises(SourceError, match="already read"):
        read_service_polygons(source_of(place, "ogcapi"))


@pytest.mark.parametrize("source", [{"kind": "wfs", "location": "http://127.0.0.1"}, {"kind": "vector", "location": "a.csv", "layer": "a"}])
def test_a_service_needs_an_address_and_a_layer(source: dict[str, str]) -> None:
    with pytest.raises(BadDefinition):
        read_service_polygons(SourceSpec.model_validate(source))


def test_a_service_that_is_not_there_is_given_up(tmp_path: Path) -> None:
    it = definition(source={"kind": "wfs", "location": f"http://127.0.0.1:{free_port()}", "layer": "a"})
    waits: list[float] = []
    limits = replace(Limits(), attempts=2)
    with pytest.raises(SourceError, match="after 2 attempts"):
        ServiceSource(Spool(tmp_path, b"k" * 32), limits=limits, sleep=waits.append).pull(it, DAY)
    assert waits == [1.0]


def free_port() -> int:
    with free_socket() as bound:
        return int(bound.getsockname()[1])


def test_pages_are_of_a_thousand(place: Place) -> None:
    read_service_polygons(source_of(place, "wfs"))
    assert place.asked[1]["count"] == str(services.PAGE)
