"""Axis order, whole: every version of WFS, every spelling of every CRS, in answers, in boxes and in filter geometries.

Two points whose coordinates are official in both Lamberts go through the real pipeline, each delivered once in either of them. Rules
(DOMAIN 6.1): WFS 1.0 has x, y in every spelling; in 1.1 and 2.0 URNs and URLs have the order of the authority, `EPSG:4326` and the
spelling of GML 2 have x, y. GeoJSON has x, y always (RFC 7946 §3.1.1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from schedules.jobs import Exit
from tests.etl.deliveries import ATTESTS, DAY, PRODUCTS, World, certificate, noon, register

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
TOLERANCE = 0.25
"""Metres: what the transformation without the grid may differ from the official pairs (DOMAIN 6.2)."""
NEAR = 0.3
"""Metres to either side of a point, for a box around it."""

Point = tuple[float, float]

# DOMAIN 6.2: the pairs are official (the Basisregisters' own examples); degrees and 3857 follow from Lambert 2008, which is a
# projection of ETRS89, without any change of datum.
GOLDEN: tuple[dict[str, Point], ...] = (
    {
        "31370": (140_252.76, 198_794.27),
        "3812": (640_249.09, 698_793.29),
        "lonlat": (4.2296041, 51.0991668),
        "3857": (470_837.38, 6_638_853.96),
    },
    {
        "31370": (73_862.07, 211_634.58),
        "3812": (573_857.26, 711_625.49),
        "lonlat": (3.2791959, 51.2096489),
        "3857": (365_038.41, 6_658_462.30),
    },
)
DELIVERED = {1: (0, "31370"), 2: (0, "3812"), 3: (1, "31370"), 4: (1, "3812")}
"""House number in the Attestlaan: which point, and the CRS in which the register delivered it."""
GEOGRAPHIC = ("4258", "4326")


@dataclass(frozen=True)
class Case:
    """A spelling of a CRS in requests of a version."""

    version: str
    text: str
    code: str
    authority: bool

    @property
    def lat_lon(self) -> bool:
        return self.code in GEOGRAPHIC and self.authority and self.version != "1.0.0"

    def point(self, number: int) -> Point:
        """In x, y order."""
        golden = GOLDEN[number]
        return golden["lonlat"] if self.code in (*GEOGRAPHIC, "CRS84") else golden[self.code]

    def metres(self, number: int) -> Point:
        """Units of the CRS that are a metre on the ground, along x and y."""
        shrink = cos(radians(GOLDEN[number]["lonlat"][1]))
        if self.code in (*GEOGRAPHIC, "CRS84"):
            return 1 / (111_320 * shrink), 1 / 111_200
        return (1 / shrink, 1 / shrink) if self.code == "3857" else (1.0, 1.0)

    def distance(self, found: Point, number: int) -> float:
        """Metres between a point in x, y order and where it ought to be."""
        wanted, unit = self.point(number), self.metres(number)
        return hypot((found[0] - wanted[0]) / unit[0], (found[1] - wanted[1]) / unit[1])

    def ordered(self, point: Point, swapped: bool = False) -> str:
        """As a client has to write it, or as it must not."""
        first, second = point[::-1] if self.lat_lon is not swapped else point
        return f"{first:.8f} {second:.8f}"

    def corners(self, number: int, swapped: bool = False) -> tuple[str, str]:
        (x, y), (dx, dy) = self.point(number), self.metres(number)
        low, high = (x - NEAR * dx, y - NEAR * dy), (x + NEAR * dx, y + NEAR * dy)
        return self.ordered(low, swapped), self.ordered(high, swapped)


def _spellings() -> Iterator[tuple[str, str, bool]]:
    for code in ("31370", "3812", "4258", "4326", "3857"):
        yield f"EPSG:{code}", code, False
        yield f"http://www.opengis.net/gml/srs/epsg.xml#{code}", code, False
        yield f"urn:ogc:def:crs:EPSG::{code}", code, True
        yield f"urn:x-ogc:def:crs:EPSG:{code}", code, True
        yield f"http://www.opengis.net/def/crs/EPSG/0/{code}", code, True
        yield f"https://www.opengis.net/def/crs/EPSG/0/{code}", code, True
    yield "urn:ogc:def:crs:EPSG:6.9:4326", "4326", True
    for alias in ("EPSG:102100", "EPSG:900913", "urn:ogc:def:crs:EPSG::102100"):
        yield alias, "3857", False
    for text in ("CRS:84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84"):
        yield text, "CRS84", True
    for scheme in ("http", "https"):
        yield f"{scheme}://www.opengis.net/def/crs/OGC/1.3/CRS84", "CRS84", True


CASES = [Case(version, *spelling) for version in VERSIONS for spelling in _spellings()]
PLAIN = [case for case in CASES if case.text.startswith(("EPSG:", "urn:ogc:def:crs:EPSG::", "urn:ogc:def:crs:OGC:1.3:"))]
"""Enough of them for rules that are not about spelling."""
matrix = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.version} {case.text}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The application over what the daily job published."""
    world = World(tmp_path_factory.mktemp("axes"))
    golden = []
    for house, (number, code) in DELIVERED.items():
        x, y = GOLDEN[number][code]
        golden.append(certificate(house, {"positie": {"crs": f"EPSG:{code}", "x": x, "y": y}}))
    for dataset in PRODUCTS:
        world.deliver(dataset, DAY, register(dataset, *(golden if dataset == ATTESTS else ()), size=2))
    assert world.run(DAY).exit == Exit.DONE
    app = create_app(ServeSettings(world.home / "releases", "https://open.example.org"), clock=lambda: noon(DAY))
    with TestClient(app) as http:
        yield http


def ask(client: TestClient, version: str, **keywords: str) -> bytes:
    """The body of a GetFeature that must be answered."""
    names = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
    reply = client.get("/POI/wfs", params={"SERVICE": "WFS", "VERSION": version, "REQUEST": "GetFeature", names: "POI:POI"} | keywords)
    assert reply.status_code == 200, reply.text[:500]
    return reply.content


def positions(body: bytes) -> dict[int, Point]:
    """Coordinates as they are written in a collection of any version, by house number in the Attestlaan."""
    found = {}
    for feature in etree.fromstring(body).iterfind(".//{https://geo.api.vlaanderen.be/POI}POI"):
        fields: dict[str, Any] = {etree.QName(child).localname: child for child in feature if isinstance(child.tag, str)}
        if fields["STRAAT"].text == "Attestlaan" and "SHAPE" in fields:
            first, second = "".join(fields["SHAPE"].itertext()).replace(",", " ").split()
            found[int(fields["HUISNR"].text)] = (float(first), float(second))
    return found


@matrix
def test_gml_has_the_axis_order_of_the_spelling_that_was_asked(client: TestClient, case: Case) -> None:
    found = positions(ask(client, case.version, SRSNAME=case.text))
    for house, (number, _) in DELIVERED.items():
        point = found[house][::-1] if case.lat_lon else found[house]
        assert case.distance(point, number) <= TOLERANCE


@matrix
def test_geojson_has_x_before_y_in_every_spelling(client: TestClient, case: Case) -> None:
    document = json.loads(ask(client, case.version, SRSNAME=case.text, OUTPUTFORMAT="application/json"))
    properties = {int(item["properties"]["HUISNR"]): item for item in document["features"] if item["properties"]["STRAAT"] == "Attestlaan"}
    for house, (number, _) in DELIVERED.items():
        x, y = properties[house]["geometry"]["coordinates"]
        assert case.distance((x, y), number) <= TOLERANCE


def only(number: int) -> set[int]:
    return {house for house, (known, _) in DELIVERED.items() if known == number}


def keyword(case: Case, number: int, swapped: bool = False) -> str:
    """The numbers of a box, separated by commas."""
    return ",".join(case.corners(number, swapped)).replace(" ", ",")


@matrix
def test_the_bbox_keyword_is_read_in_the_axis_order_of_its_own_crs(client: TestClient, case: Case) -> None:
    for number in (0, 1):
        assert set(positions(ask(client, case.version, BBOX=f"{keyword(case, number)},{case.text}"))) == only(number)
    assert not positions(ask(client, case.version, BBOX=f"{keyword(case, 0, swapped=True)},{case.text}"))


FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
OGC = 'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'


def spatial(case: Case, operator: str, inside: str) -> str:
    """A filter on the geometry, in the language of the version."""
    if case.version == "2.0.0":
        return f"<fes:Filter {FES}><fes:{operator}><fes:ValueReference>SHAPE</fes:ValueReference>{inside}</fes:{operator}></fes:Filter>"
    return f"<ogc:Filter {OGC}><ogc:{operator}><ogc:PropertyName>SHAPE</ogc:PropertyName>{inside}</ogc:{operator}></ogc:Filter>"


def envelope(case: Case, number: int, swapped: bool) -> str:
    """A BBOX operator."""
    low, high = case.corners(number, swapped)
    if case.version == "1.0.0":
        both = f"{low.replace(' ', ',')} {high.replace(' ', ',')}"
        return spatial(case, "BBOX", f'<gml:Box srsName="{case.text}"><gml:coordinates>{both}</gml:coordinates></gml:Box>')
    corners = f"<gml:lowerCorner>{low}</gml:lowerCorner><gml:upperCorner>{high}</gml:upperCorner>"
    return spatial(case, "BBOX", f'<gml:Envelope srsName="{case.text}">{corners}</gml:Envelope>')


def around(case: Case, number: int, swapped: bool) -> str:
    """A DWithin operator with a point."""
    point = case.ordered(case.point(number), swapped)
    if case.version == "2.0.0":
        point, distance = f"<gml:pos>{point}</gml:pos>", '<fes:Distance uom="m">1</fes:Distance>'
    elif case.version == "1.1.0":
        point, distance = f"<gml:pos>{point}</gml:pos>", '<ogc:Distance units="m">1</ogc:Distance>'
    else:
        point, distance = f"<gml:coordinates>{point.replace(' ', ',')}</gml:coordinates>", '<ogc:Distance units="m">1</ogc:Distance>'
    return spatial(case, "DWithin", f'<gml:Point srsName="{case.text}">{point}</gml:Point>{distance}')


@matrix
@pytest.mark.parametrize("operator", [envelope, around], ids=["Envelope", "Point"])
def test_filter_geometries_are_read_in_the_axis_order_of_their_own_crs(
    client: TestClient, case: Case, operator: Callable[[Case, int, bool], str]
) -> None:
    for number in (0, 1):
        assert set(positions(ask(client, case.version, FILTER=operator(case, number, False)))) == only(number)
    assert not positions(ask(client, case.version, FILTER=operator(case, 0, True)))


@pytest.mark.parametrize("case", [case for case in PLAIN if case.version != "2.0.0"], ids=lambda case: f"{case.version} {case.text}")
@pytest.mark.parametrize("operator", [envelope, around], ids=["Envelope", "Point"])
def test_filter_geometries_without_a_crs_are_in_the_crs_that_the_request_asks_for(
    client: TestClient, case: Case, operator: Callable[[Case, int, bool], str]
) -> None:
    """As GDAL asks in WFS 1.1 and 1.0."""
    text = operator(case, 0, False).replace(f' srsName="{case.text}"', "")
    assert set(positions(ask(client, case.version, SRSNAME=case.text, FILTER=text))) == only(0)


@matrix
def test_a_box_in_cql_is_read_in_the_axis_order_of_its_own_crs(client: TestClient, case: Case) -> None:
    def cql(number: int, swapped: bool) -> str:
        return f"BBOX(SHAPE,{keyword(case, number, swapped)},'{case.text}')"

    for number in (0, 1):
        assert set(positions(ask(client, case.version, CQL_FILTER=cql(number, False)))) == only(number)
    assert not positions(ask(client, case.version, CQL_FILTER=cql(0, True)))


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: f"{case.version} {case.text}")
def test_a_box_without_a_crs_is_in_the_crs_that_the_request_asks_for(client: TestClient, case: Case) -> None:
    """As QGIS asks in WFS 1.0 and the Geopunt plugin in every version (DOMAIN 1.2, 6.1)."""
    assert set(positions(ask(client, case.version, SRSNAME=case.text, BBOX=keyword(case, 0)))) == only(0)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_box_without_any_crs_is_in_lambert_72(client: TestClient, version: str) -> None:
    (x, y) = GOLDEN[0]["31370"]
    assert set(positions(ask(client, version, BBOX=f"{x - 1},{y - 1},{x + 1},{y + 1}"))) == only(0)


@pytest.mark.parametrize("version", VERSIONS)
def test_without_srsname_coordinates_are_in_lambert_72(client: TestClient, version: str) -> None:
    found = positions(ask(client, version))
    case = Case(version, "EPSG:31370", "31370", False)
    assert all(case.distance(found[house], number) <= TOLERANCE for house, (number, _) in DELIVERED.items())
