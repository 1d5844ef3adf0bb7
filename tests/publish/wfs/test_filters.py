"""FES in every dialect and CQL: the same rows as a plain Python evaluation finds, and refusals by their codes."""

from __future__ import annotations

import fnmatch
import json
import math
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.publish.wfs.example import CERTIFICATE, CLAIM, FIRST, GOLDEN, INVENTORY, PRODUCTS

FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
OGC = 'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'
QUERY = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI"
FORM = "application/x-www-form-urlencoded"
Row = dict[str, Any]


@pytest.fixture(scope="session")
def rows(client) -> list[Row]:
    document = json.loads(client.feature(OUTPUTFORMAT="application/json").body)
    return [feature["properties"] | {"SHAPE": feature["geometry"]} for feature in document["features"]]


def fes(text: str) -> str:
    """A filter of FES 2.0 from one without prefixes."""
    return f"<fes:Filter {FES}>{text.replace('</', '</fes:').replace('<', '<fes:').replace('<fes:/fes:', '</fes:')}</fes:Filter>"


def dialects(text: str) -> list[str]:
    """The same filter as FES 2.0, as Filter 1.1, and without any namespace."""
    old = text.replace("ValueReference", "PropertyName")
    ogc = old.replace("</", "</ogc:").replace("<", "<ogc:").replace("<ogc:/ogc:", "</ogc:")
    return [fes(text), f"<ogc:Filter {OGC}>{ogc}</ogc:Filter>", f"<Filter>{old}</Filter>", f"<ogc:Filter>{ogc}</ogc:Filter>"]


def compare(name: str, field: str, literal: str, attributes: str = "") -> str:
    return f"<{name}{attributes}><ValueReference>{field}</ValueReference><Literal>{literal}</Literal></{name}>"


def close_to(row: Row, x: float) -> bool:
    return row["SHAPE"] is not None and row["SHAPE"]["coordinates"][0] <= x


EQUAL, LIKE = "PropertyIsEqualTo", "PropertyIsLike"
WILD = ' wildCard="*" singleChar="?" escapeChar="\\"'
NAAM = f"{CERTIFICATE} Kerkstraat 12"
CASES: list[tuple[str, str, Callable[[Row], bool]]] = [
    (compare(EQUAL, "POI:PRODUCT", CERTIFICATE), f"POI:PRODUCT='{CERTIFICATE}'", lambda r: r["PRODUCT"] == CERTIFICATE),
    (compare(EQUAL, "PRODUCT", CLAIM), f"PRODUCT = '{CLAIM}'", lambda r: r["PRODUCT"] == CLAIM),
    (compare(EQUAL, "PRODUCT", CLAIM.lower()), f"PRODUCT = '{CLAIM.lower()}'", lambda r: False),
    (
        compare(EQUAL, "PRODUCT", CLAIM.lower(), ' matchCase="false"'),
        f"CASEI(PRODUCT) = CASEI('{CLAIM.lower()}')",
        lambda r: r["PRODUCT"] == CLAIM,
    ),
    (compare("PropertyIsNotEqualTo", "BUSNR", "3"), "BUSNR <> '3'", lambda r: r["BUSNR"] not in (None, "3")),
    (f"<Not>{compare(EQUAL, 'BUSNR', '3')}</Not>", "NOT BUSNR = '3'", lambda r: r["BUSNR"] not in (None, "3")),
    (compare("PropertyIsLessThan", "OIDN", str(FIRST + 10)), f"OIDN < {FIRST + 10}", lambda r: r["OIDN"] < FIRST + 10),
    (compare("PropertyIsGreaterThanOrEqualTo", "OIDN", f"{FIRST + 10}"), f"OIDN >= {FIRST + 10}", lambda r: r["OIDN"] >= FIRST + 10),
    (compare("PropertyIsLessThanOrEqualTo", "POSTCODE", "2000"), "POSTCODE <= '2000'", lambda r: r["POSTCODE"] <= "2000"),
    (compare("PropertyIsGreaterThan", "POSTCODE", "2000"), "POSTCODE > '2000'", lambda r: r["POSTCODE"] > "2000"),
    (compare(EQUAL, "POSTCODE", "2000"), "POSTCODE = 2000", lambda r: r["POSTCODE"] == "2000"),
    (
        f"<PropertyIsLessThan><Literal>{FIRST + 10}</Literal><ValueReference>OIDN</ValueReference></PropertyIsLessThan>",
        f"{FIRST + 10} < OIDN",
        lambda r: r["OIDN"] > FIRST + 10,
    ),
    (
        "<PropertyIsBetween><ValueReference>OIDN</ValueReference><LowerBoundary><Literal>"
        f"{FIRST + 2}</Literal></LowerBoundary><UpperBoundary><Literal>{FIRST + 5}</Literal></UpperBoundary></PropertyIsBetween>",
        f"OIDN BETWEEN {FIRST + 2} AND {FIRST + 5}",
        lambda r: FIRST + 2 <= r["OIDN"] <= FIRST + 5,
    ),
    (compare(LIKE, "NAAM", "*straat 1?", WILD), "NAAM LIKE '%straat 1_'", lambda r: fnmatch.fnmatchcase(r["NAAM"], "*straat 1?")),
    (compare(LIKE, "NAAM", "*STRAAT 1?", WILD), "NAAM LIKE '%STRAAT 1_'", lambda r: False),
    (
        compare(LIKE, "NAAM", "*STRAAT 1?", WILD + ' matchCase="false"'),
        "NAAM ILIKE '%STRAAT 1_'",
        lambda r: fnmatch.fnmatchcase(r["NAAM"].lower(), "*straat 1?"),
    ),
    (compare(LIKE, "NAAM", "*\\*", WILD), "NAAM LIKE '%\\%'", lambda r: False),
    (compare(LIKE, "OIDN", "*3", WILD), "OIDN LIKE '%3'", lambda r: str(r["OIDN"]).endswith("3")),
    ("<PropertyIsNull><ValueReference>BUSNR</ValueReference></PropertyIsNull>", "BUSNR IS NULL", lambda r: r["BUSNR"] is None),
    ("<PropertyIsNull><ValueReference>POI:SHAPE</ValueReference></PropertyIsNull>", "SHAPE IS NULL", lambda r: r["SHAPE"] is None),
    (
        f"<And>{compare(EQUAL, 'PRODUCT', INVENTORY)}<Or>{compare(EQUAL, 'BUSNR', '1')}{compare(EQUAL, 'BUSNR', '5')}</Or></And>",
        f"PRODUCT='{INVENTORY}' AND (BUSNR='1' OR BUSNR='5')",
        lambda r: r["PRODUCT"] == INVENTORY and r["BUSNR"] in ("1", "5"),
    ),
    (
        f"<Or>{compare(EQUAL, 'BUSNR', '1')}{compare(EQUAL, 'BUSNR', '5')}</Or>",
        "BUSNR IN ('1','5')",
        lambda r: r["BUSNR"] in ("1", "5"),
    ),
    (
        compare(EQUAL, "STRAAT", "Rue de l'Église &lt;oost&gt; &amp; west"),
        "STRAAT='Rue de l''Église <oost> & west'",
        lambda r: "É" in r["STRAAT"],
    ),
    (compare(EQUAL, "POI:POI/POI:NAAM[1]", NAAM), f"NAAM = '{NAAM}'", lambda r: r["NAAM"] == NAAM),
    (
        "<PropertyIsLessThan><ValueReference>POSTCODE</ValueReference><ValueReference>BUSNR</ValueReference></PropertyIsLessThan>",
        "POSTCODE < BUSNR",
        lambda r: r["BUSNR"] is not None and r["POSTCODE"] < r["BUSNR"],
    ),
    (compare(EQUAL, "@gml:id", f"POI.{FIRST + 3}"), f"IN ('POI.{FIRST + 3}')", lambda r: r["OIDN"] == FIRST + 3),
]


@pytest.mark.parametrize(("text", "cql", "holds"), CASES)
def test_every_dialect_finds_what_plain_python_finds(client, rows, text, cql, holds):
    wanted = [f"POI.{row['OIDN']}" for row in rows if holds(row)]
    for spelling in dialects(text):
        reply = client.feature(FILTER=spelling)
        assert (reply.status, reply.ids, reply.matched) == (200, wanted, len(wanted)), spelling
    assert client.feature(CQL_FILTER=cql).ids == wanted
    assert client.feature(cql_filter=cql).ids == wanted


@pytest.mark.parametrize(("text", "cql", "holds"), CASES)
def test_a_posted_filter_finds_the_same(client, rows, text, cql, holds):
    body = (
        '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" xmlns:POI="https://geo.api.vlaanderen.be/POI">'
        f'<wfs:Query typeNames="POI:POI">{fes(text)}</wfs:Query></wfs:GetFeature>'
    )
    reply = client.post(body)
    assert reply.ids == [f"POI.{row['OIDN']}" for row in rows if holds(row)]


ENVELOPE = "<gml:Envelope{0}><gml:lowerCorner>{1}</gml:lowerCorner><gml:upperCorner>{2}</gml:upperCorner></gml:Envelope>"
SHORT, URN = ' srsName="EPSG:4326"', ' srsName="urn:ogc:def:crs:EPSG::4326"'
SHAPE = "<fes:ValueReference>POI:SHAPE</fes:ValueReference>"
OLD_SHAPE = "<ogc:PropertyName>POI:SHAPE</ogc:PropertyName>"
BOXES = [
    f"<fes:Filter {FES}><fes:BBOX>{SHAPE}{ENVELOPE.format('', '0 0', '141000 300000')}</fes:BBOX></fes:Filter>",
    f"<fes:Filter {FES}><fes:BBOX>{ENVELOPE.format('', '0 0', '141000 300000')}</fes:BBOX></fes:Filter>",
    f"<fes:Filter {FES}><fes:BBOX>{ENVELOPE.format(SHORT, '4.0 50', '4.235 52')}</fes:BBOX></fes:Filter>",
    f"<fes:Filter {FES}><fes:BBOX>{ENVELOPE.format(URN, '50 4.0', '52 4.235')}</fes:BBOX></fes:Filter>",
    f"<ogc:Filter {OGC}><ogc:BBOX>{OLD_SHAPE}{ENVELOPE.format(SHORT, '4.0 50', '4.235 52')}</ogc:BBOX></ogc:Filter>",
    f"<ogc:Filter {OGC}><ogc:BBOX>{OLD_SHAPE}<gml:Box srsName='http://www.opengis.net/gml/srs/epsg.xml#31370'>"
    "<gml:coordinates>0,0 141000,300000</gml:coordinates></gml:Box></ogc:BBOX></ogc:Filter>",
    f"<ogc:Filter {OGC}><ogc:BBOX><gml:Box><gml:coord><gml:X>0</gml:X><gml:Y>0</gml:Y></gml:coord>"
    "<gml:coord><gml:X>141000</gml:X><gml:Y>300000</gml:Y></gml:coord></gml:Box></ogc:BBOX></ogc:Filter>",
]


@pytest.mark.parametrize("text", BOXES)
def test_boxes_in_filters_are_read_in_every_gml(client, rows, text):
    assert client.feature(FILTER=text).ids == [f"POI.{row['OIDN']}" for row in rows if close_to(row, 141_000)]


@pytest.mark.parametrize(
    "text",
    [
        "0,0,141000,300000",
        "0,0,141000,300000,EPSG:31370",
        "0,0,141000,300000,urn:ogc:def:crs:EPSG::31370",
        "0, 0, 1.41e5, 300000",
        "4.0,50,4.235,52,EPSG:4326",
        "50,4.0,52,4.235,urn:ogc:def:crs:EPSG::4326",
        "50,4.0,52,4.235,http://www.opengis.net/def/crs/EPSG/0/4326",
        "4.0,50,4.235,52,urn:ogc:def:crs:OGC:1.3:CRS84",
    ],
)
def test_the_bbox_keyword_has_the_axis_order_of_its_crs(client, rows, text):
    assert client.feature(BBOX=text).ids == [f"POI.{row['OIDN']}" for row in rows if close_to(row, 141_000)]


def test_bbox_in_cql_is_that_of_geoserver(client, rows):
    wanted = [f"POI.{row['OIDN']}" for row in rows if close_to(row, 141_000)]
    assert client.feature(CQL_FILTER="BBOX(SHAPE,0,0,141000,300000)").ids == wanted
    assert client.feature(CQL_FILTER="BBOX(SHAPE, 4.0, 50, 4.235, 52, 'EPSG:4326')").ids == wanted


def test_a_box_without_a_crs_is_in_that_of_the_answer_but_in_cql(client, rows):
    wanted = sum(close_to(row, 141_000) for row in rows)
    assert client.feature(BBOX="0,0,141000,300000").matched == wanted
    assert client.feature(BBOX="50,4.0,52,4.235", SRSNAME="urn:ogc:def:crs:EPSG::4326").matched == wanted
    assert client.feature(BBOX="4.0,50,4.235,52", SRSNAME="EPSG:4326").matched == wanted
    envelope = f"<fes:Filter {FES}><fes:BBOX>{ENVELOPE.format('', '4.0 50', '4.235 52')}</fes:BBOX></fes:Filter>"
    assert client.feature(FILTER=envelope, SRSNAME="EPSG:4326").matched == wanted
    assert client.feature(CQL_FILTER="BBOX(SHAPE,0,0,141000,300000)", SRSNAME="EPSG:4326").matched == wanted


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3",
        "nan,0,1,1",
        "0,0,inf,1",
        "0,0,1e999,1",
        "5,5,1,1",
        "0,0,1,1,EPSG:32631",
        "a,b,c,d",
        "0,0,0,1,1,1",
        "0x1,0,1,1",
        "1_0,0,20,1",
    ],
)
def test_a_box_that_is_none_is_refused(client, text):
    status, code, locator = client.feature(BBOX=text).exception
    assert (status, code, locator) == (400, "InvalidParameterValue", "bbox")


def test_filter_bbox_cql_and_identifiers_all_have_to_hold(client):
    asked = {"BBOX": "0,0,300000,300000", "CQL_FILTER": f"OIDN > {FIRST}", "FILTER": fes(compare(EQUAL, "PRODUCT", CERTIFICATE))}
    ids = f"POI.{FIRST},POI.{FIRST + 2},POI.{FIRST + 5}"
    assert client.feature(RESOURCEID=ids, **asked).ids == [f"POI.{FIRST + 2}", f"POI.{FIRST + 5}"]


def test_identifiers_in_filters_are_read_in_every_dialect(client):
    wanted = [f"POI.{FIRST}", f"POI.{FIRST + 4}"]
    for name, key in (("fes:ResourceId", "rid"), ("ogc:FeatureId", "fid"), ("ogc:GmlObjectId", "gml:id")):
        prefix = name.partition(":")[0]
        inner = "".join(f'<{name} {key}="{text}"/>' for text in wanted)
        reply = client.feature(FILTER=f"<{prefix}:Filter {FES if prefix == 'fes' else OGC}>{inner}</{prefix}:Filter>")
        assert reply.ids == wanted, name
    assert client.feature(FILTER=f'<Filter><FeatureId fid="POI.{FIRST}"/></Filter>').ids == wanted[:1]


def test_the_standard_properties_of_a_feature_are_null(client):
    for name in ("gml:name", "gml:description"):
        inner = f"<fes:PropertyIsNull><fes:ValueReference>{name}</fes:ValueReference></fes:PropertyIsNull>"
        assert client.feature(FILTER=f"<fes:Filter {FES}>{inner}</fes:Filter>").matched == 60


def test_a_prefix_may_be_bound_on_the_reference_itself(client):
    inner = (
        '<PropertyIsEqualTo><Literal>2000</Literal><ValueReference xmlns:tns="https://geo.api.vlaanderen.be/POI">tns:POSTCODE</ValueReference>'
        "</PropertyIsEqualTo>"
    )
    assert client.feature(FILTER=f'<Filter xmlns="http://www.opengis.net/fes/2.0">{inner}</Filter>').matched == 20


@pytest.mark.parametrize("action", ["Any", "All", "One"])
def test_matchaction_is_read(client, action):
    assert client.feature(FILTER=fes(compare(EQUAL, "POSTCODE", "2000", f' matchAction="{action}"'))).matched == 20


POINT = '<gml:Point gml:id="p"><gml:pos>1 2</gml:pos></gml:Point>'
BOX = ENVELOPE.format("", "0 0", "1 1")
NAME = "<fes:ValueReference>NAAM</fes:ValueReference>"
FOREIGN = '<fes:ValueReference xmlns:ex="http://example.org">ex:PRODUCT</fes:ValueReference>'


def equal(*operands: str) -> str:
    return f"<fes:PropertyIsEqualTo>{''.join(operands)}</fes:PropertyIsEqualTo>"


REFUSED = [
    (equal("<fes:ValueReference>NOPE</fes:ValueReference>", "<fes:Literal>x</fes:Literal>"), 400, "InvalidParameterValue"),
    (equal(FOREIGN, "<fes:Literal>x</fes:Literal>"), 400, "InvalidParameterValue"),
    (equal("<fes:ValueReference>OIDN</fes:ValueReference>", "<fes:Literal>many</fes:Literal>"), 400, "InvalidParameterValue"),
    (
        equal("<fes:ValueReference>gml:boundedBy</fes:ValueReference>", f"<fes:Literal>{BOX}</fes:Literal>"),
        403,
        "OperationProcessingFailed",
    ),
    (equal("<fes:ValueReference>SHAPE</fes:ValueReference>", "<fes:Literal>x</fes:Literal>"), 403, "OperationProcessingFailed"),
    (equal('<fes:Function name="f"/>', "<fes:Literal>x</fes:Literal>"), 403, "OperationProcessingFailed"),
    (equal(NAME, "<fes:ValueReference>OIDN</fes:ValueReference>"), 400, "InvalidParameterValue"),
    (equal(), 400, "OperationParsingFailed"),
    (f"<fes:BBOX><fes:ValueReference>gml:description</fes:ValueReference>{BOX}</fes:BBOX>", 400, "InvalidParameterValue"),
    (f"<fes:BBOX>{ENVELOPE.format('', 'nan 0', '1 1')}</fes:BBOX>", 400, "InvalidParameterValue"),
    (f"<fes:BBOX>{ENVELOPE.format('', '0 0 0', '1 1 1')}</fes:BBOX>", 400, "OperationParsingFailed"),
    (f"<fes:Intersects><fes:ValueReference>NAAM</fes:ValueReference>{POINT}</fes:Intersects>", 400, "InvalidParameterValue"),
    (f"<fes:Intersects>{POINT}{POINT}</fes:Intersects>", 403, "OperationProcessingFailed"),
    ("<fes:During/>", 400, "OperationParsingFailed"),
    ("<fes:Nearby/>", 403, "OperationProcessingFailed"),
    ("<fes:And/>", 400, "OperationParsingFailed"),
    ("", 400, "OperationParsingFailed"),
    ('<fes:ResourceId rid="POI.1" version="LAST"/>', 400, "OptionNotSupported"),
    ('<x:And xmlns:x="http://example.org"/>', 400, "OperationParsingFailed"),
]


@pytest.mark.parametrize(("text", "status", "code"), REFUSED)
def test_a_filter_that_is_not_supported_is_refused_by_its_code(client, text, status, code):
    assert client.feature(FILTER=f"<fes:Filter {FES}>{text}</fes:Filter>").exception[:2] == (status, code)


@pytest.mark.parametrize("attribute", [' matchCase="perhaps"', ' matchAction="Some"'])
def test_an_attribute_that_has_no_such_value_is_refused(client, attribute):
    assert client.feature(FILTER=fes(compare(EQUAL, "PRODUCT", "x", attribute))).exception[:2] == (400, "InvalidParameterValue")


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("NOPE = 'x'", 400, "InvalidParameterValue"),
        ("nope:PRODUCT = 'x'", 400, "InvalidParameterValue"),
        ("OIDN = 'many'", 400, "InvalidParameterValue"),
        ('PRODUCT = "x"', 400, "InvalidParameterValue"),
        ("NAAM = OIDN", 400, "InvalidParameterValue"),
        ("OIDN + 1 = 2", 403, "OperationProcessingFailed"),
        ("strToLowerCase(NAAM) = 'x'", 403, "OperationProcessingFailed"),
        ("INTERSECTS(NAAM, POINT(1 2))", 400, "InvalidParameterValue"),
        ("INTERSECTS(SHAPE, POLYGON((0 0, 4 4, 4 0, 0 4, 0 0)))", 400, "InvalidParameterValue"),
        ("INTERSECTS(SHAPE, POLYGON((0 0, 4 4, 4 0, 0 4)))", 400, "InvalidParameterValue"),
        ("INTERSECTS(SHAPE, SRID=1;POINT(1 2))", 400, "InvalidParameterValue"),
        ("INTERSECTS(SHAPE, SHAPE)", 403, "OperationProcessingFailed"),
        ("INTERSECTS(SHAPE, POINT(1))", 400, "OperationParsingFailed"),
        ("RELATE(SHAPE, POINT(1 2), 'T********')", 403, "OperationProcessingFailed"),
        ("DWITHIN(SHAPE, POINT(1 2), 10, degrees)", 400, "InvalidParameterValue"),
        ("DWITHIN(SHAPE, POINT(1 2), 10)", 400, "OperationParsingFailed"),
        ("NAAM AFTER 2024-01-01", 403, "OperationProcessingFailed"),
        ("ACCENTI(NAAM) = 'x'", 403, "OperationProcessingFailed"),
        ("CASEI(NAAM) = 'X'", 403, "OperationProcessingFailed"),
        ("PRODUCT = TRUE", 403, "OperationProcessingFailed"),
        ("PRODUCT = NULL", 403, "OperationProcessingFailed"),
        ("'a' IN ('b')", 403, "OperationProcessingFailed"),
        ("PRODUCT", 403, "OperationProcessingFailed"),
        ("SHAPE = 'x'", 403, "OperationProcessingFailed"),
        ("PRODUCT = ", 400, "OperationParsingFailed"),
        ("PRODUCT = 'x'; DROP TABLE poi", 400, "OperationParsingFailed"),
        ("BBOX(NAAM,0,0,1,1)", 400, "InvalidParameterValue"),
        ("BBOX(SHAPE,5,5,1,1)", 400, "InvalidParameterValue"),
        ("BBOX(SHAPE,0,0,1,1,'EPSG:1')", 400, "InvalidParameterValue"),
        ("BBOX(SHAPE,0,0,1)", 400, "OperationParsingFailed"),
    ],
)
def test_cql_that_is_not_supported_is_refused_by_its_code(client, text, status, code):
    assert client.feature(CQL_FILTER=text).exception[:2] == (status, code)


RING = "139000 197000 143500 197000 143500 201000 139000 201000 139000 197000"
TURNED = "51.08 4.21 51.08 4.276 51.115 4.276 51.115 4.21 51.08 4.21"
AREA = "<gml:Polygon{0}><gml:exterior><gml:LinearRing><gml:posList>{1}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
OLD_RING = "<gml:LinearRing><gml:coordinates>139000,197000 143500,197000 143500,201000 139000,201000 139000,197000</gml:coordinates>"
OLD_AREA = f"<gml:Polygon><gml:outerBoundaryIs>{OLD_RING}</gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>"
IN_THE_AREA = [
    f"<fes:Filter {FES}><fes:Within>{SHAPE}{AREA.format('', RING)}</fes:Within></fes:Filter>",
    f"<fes:Filter {FES}><fes:Intersects>{SHAPE}{AREA.format('', RING)}</fes:Intersects></fes:Filter>",
    f"<fes:Filter {FES}><fes:Contains>{AREA.format('', RING)}{SHAPE}</fes:Contains></fes:Filter>",
    f"<fes:Filter {FES}><fes:And><fes:Not><fes:Disjoint>{SHAPE}{AREA.format('', RING)}</fes:Disjoint></fes:Not>"
    f"<fes:Not><fes:Touches>{SHAPE}{AREA.format('', RING)}</fes:Touches></fes:Not></fes:And></fes:Filter>",
    f"<fes:Filter {FES}><fes:Within>{SHAPE}{AREA.format(URN, TURNED)}</fes:Within></fes:Filter>",
    f"<ogc:Filter {OGC}><ogc:Within>{OLD_SHAPE}{AREA.format('', RING)}</ogc:Within></ogc:Filter>",
    f"<ogc:Filter {OGC}><ogc:Intersect>{OLD_SHAPE}{OLD_AREA}</ogc:Intersect></ogc:Filter>",
]
POLYGON = "POLYGON((139000 197000, 143500 197000, 143500 201000, 139000 201000, 139000 197000))"
CQL_IN_THE_AREA = [
    f"WITHIN(SHAPE, {POLYGON})",
    f"S_INTERSECTS(POI:SHAPE, {POLYGON})",
    f"CONTAINS({POLYGON}, SHAPE)",
    f"NOT DISJOINT(SHAPE, SRID=31370;{POLYGON})",
    "INTERSECTS(SHAPE, SRID=4326;POLYGON((4.21 51.08, 4.276 51.08, 4.276 51.115, 4.21 51.115, 4.21 51.08)))",
]


def in_the_area(row: Row) -> bool:
    if row["SHAPE"] is None:
        return False
    x, y = row["SHAPE"]["coordinates"]
    return 139_000 < x < 143_500 and 197_000 < y < 201_000


@pytest.mark.parametrize("text", IN_THE_AREA)
def test_areas_in_filters_find_what_is_in_them(client, rows, text):
    wanted = [f"POI.{row['OIDN']}" for row in rows if in_the_area(row)]
    assert 0 < len(wanted) < 54
    assert client.feature(FILTER=text).ids == wanted


@pytest.mark.parametrize("text", CQL_IN_THE_AREA)
def test_areas_in_cql_find_what_is_in_them(client, rows, text):
    assert client.feature(CQL_FILTER=text).ids == [f"POI.{row['OIDN']}" for row in rows if in_the_area(row)]


def far(row: Row) -> float:
    x, y = row["SHAPE"]["coordinates"]
    return math.hypot(x - GOLDEN[0], y - GOLDEN[1])


@pytest.mark.parametrize(("name", "near"), [("DWithin", True), ("Beyond", False)])
def test_distances_are_in_metres_from_what_is_given_in_any_crs(client, rows, name, near):
    wanted = [f"POI.{row['OIDN']}" for row in rows if row["SHAPE"] is not None and (far(row) <= 2_500) is near]
    assert 0 < len(wanted) < 54
    here, there = f"{GOLDEN[0]} {GOLDEN[1]}", "51.0991668 4.2296042"
    for srs, pos, distance in (("", here, '"m">2500'), ("", here, '"km">2.5'), (URN, there, '"m">2500')):
        point = f"<gml:Point{srs}><gml:pos>{pos}</gml:pos></gml:Point>"
        body = f"<fes:{name}>{SHAPE}{point}<fes:Distance uom={distance}</fes:Distance></fes:{name}>"
        assert client.feature(FILTER=f"<fes:Filter {FES}>{body}</fes:Filter>").ids == wanted
    for unit in ("2500, meters", "2.5, kilometers"):
        assert client.feature(CQL_FILTER=f"{name.upper()}(SHAPE, POINT({here}), {unit})").ids == wanted


def municipalities(client, **keywords: str) -> list[str]:
    return client.feature(TYPENAMES="LWKB:Woningkwaliteitsbeleid", **keywords).ids


def temporal(name: str, inner: str) -> str:
    reference = "<fes:ValueReference>LWKB:CAVERPLVAN</fes:ValueReference>"
    return f"<fes:Filter {FES}><fes:{name}>{reference}{inner}</fes:{name}></fes:Filter>"


def time_instant(text: str) -> str:
    return f"<gml:TimeInstant gml:id='t'><gml:timePosition>{text}</gml:timePosition></gml:TimeInstant>"


def time_period(begin: str, end: str) -> str:
    return f"<gml:TimePeriod><gml:beginPosition>{begin}</gml:beginPosition><gml:endPosition>{end}</gml:endPosition></gml:TimePeriod>"


@pytest.mark.parametrize(
    ("text", "cql", "found"),
    [
        (temporal("After", time_instant("2023-12-31")), "CAVERPLVAN AFTER 2023-12-31", True),
        (temporal("After", time_instant("2024-01-01")), "T_AFTER(CAVERPLVAN, DATE('2024-01-01'))", False),
        (temporal("Before", time_instant("2024-01-01T00:00:01Z")), "CAVERPLVAN BEFORE 2024-01-01T00:00:01Z", True),
        (temporal("TEquals", time_instant("2024-01-01T00:00:00Z")), "CAVERPLVAN TEQUALS 2024-01-01T00:00:00Z", True),
        (temporal("During", time_period("2023-01-01", "2024-06-01")), "CAVERPLVAN DURING 2023-01-01/2024-06-01", True),
        (temporal("During", time_period("2024-01-01", "2024-06-01")), "CAVERPLVAN DURING 2024-01-01/2024-06-01", False),
        (temporal("Begins", time_period("2024-01-01", "2024-06-01")), "T_STARTS(CAVERPLVAN, INTERVAL('2024-01-01', '2024-06-01'))", True),
        (temporal("AnyInteracts", time_period("2024-01-01", "2024-06-01")), "T_INTERSECTS(CAVERPLVAN, INTERVAL('2024-01-01', '..'))", True),
        (temporal("Meets", time_period("2024-01-01", "2024-06-01")), "T_MEETS(CAVERPLVAN, INTERVAL('2024-01-01', '2024-06-01'))", False),
    ],
)
def test_dates_are_found_by_their_place_in_time(client, text, cql, found):
    wanted = ["Woningkwaliteitsbeleid.11002"] if found else []
    assert municipalities(client, FILTER=text) == wanted
    assert municipalities(client, CQL_FILTER=cql) == wanted
    not_so = [] if found else ["Woningkwaliteitsbeleid.11002"]  # of the other municipality, which has no date, nothing is known
    assert municipalities(client, CQL_FILTER=f"NOT ({cql})") == not_so


@pytest.mark.parametrize(
    ("relation", "found"),
    [("INTERSECTS", True), ("OVERLAPS", True), ("WITHIN", False), ("CONTAINS", False), ("TOUCHES", False), ("DISJOINT", False)],
)
def test_municipalities_are_found_by_their_area(client, relation, found):
    cql = f"{relation}(SHAPE, POLYGON((149000 209000, 150900 209000, 150900 210900, 149000 209000)))"
    assert municipalities(client, CQL_FILTER=cql) == (["Woningkwaliteitsbeleid.11002"] if found else [])


def test_include_and_exclude_are_those_of_geoserver(client):
    assert (client.feature(CQL_FILTER="INCLUDE").matched, client.feature(CQL_FILTER="EXCLUDE").matched) == (60, 0)


def test_a_choice_of_many_values_is_one_comparison(client):
    choice = "".join(compare(EQUAL, "POSTCODE", str(code)) for code in range(1500, 2100))
    assert client.post(f"{QUERY}&FILTER={quote(fes(f'<Or>{choice}</Or>'))}", FORM).matched == 40
    assert client.post(f"{QUERY}&FILTER={quote(fes(f'<Not><Or>{choice}</Or></Not>'))}", FORM).matched == 20


def test_a_filter_of_too_many_comparisons_is_refused(client):
    text = " OR ".join(f"NAAM LIKE '%{number}%'" for number in range(61))
    assert client.feature(CQL_FILTER=text).exception == (403, "OperationProcessingFailed", "filter")


def test_every_product_has_its_third(client):
    assert [client.feature(CQL_FILTER=f"PRODUCT='{name}'", RESULTTYPE="hits").matched for name in PRODUCTS] == [20, 20, 20]
