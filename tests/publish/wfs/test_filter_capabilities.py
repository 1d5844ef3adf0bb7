"""What the capabilities documents say of filters is what the readers of filters do."""

from __future__ import annotations

import pytest
from lxml import etree

from publish.wfs.documents import GML31, OGC, parse_keyword
from publish.wfs.errors import WfsError
from publish.wfs.fes import FilterReader
from publish.wfs.filter_capabilities import conformance, filter_capabilities_10, filter_capabilities_11
from release.schema import FeatureType, FieldType
from tests.publish.filters.strategies import THING
from tests.publish.wfs.example import LWKB, POI
from tests.publish.wfs.schemas import official, require_valid

RINGS = "<gml:exterior><gml:LinearRing><gml:posList>0 0 4 0 4 4 0 0</gml:posList></gml:LinearRing></gml:exterior>"
LINE = "<gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString>"
POINT = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
SEGMENT = "<gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment>"
EXAMPLES = {
    "Envelope": "<gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope>",
    "Point": POINT,
    "MultiPoint": f"<gml:MultiPoint><gml:pointMember>{POINT}</gml:pointMember></gml:MultiPoint>",
    "LineString": LINE,
    "Curve": f"<gml:Curve><gml:segments>{SEGMENT}</gml:segments></gml:Curve>",
    "MultiCurve": f"<gml:MultiCurve><gml:curveMember>{LINE}</gml:curveMember></gml:MultiCurve>",
    "Polygon": f"<gml:Polygon>{RINGS}</gml:Polygon>",
    "Surface": f"<gml:Surface><gml:patches><gml:PolygonPatch>{RINGS}</gml:PolygonPatch></gml:patches></gml:Surface>",
    "MultiSurface": f"<gml:MultiSurface><gml:surfaceMember><gml:Polygon>{RINGS}</gml:Polygon></gml:surfaceMember></gml:MultiSurface>",
    "TimeInstant": "<gml:TimeInstant><gml:timePosition>2024-01-01</gml:timePosition></gml:TimeInstant>",
    "TimePeriod": "<gml:TimePeriod><gml:beginPosition>2024-01-01</gml:beginPosition>"
    "<gml:endPosition>2024-12-31</gml:endPosition></gml:TimePeriod>",
}


def read(name: str, *parts: str) -> None:
    document = f'<Filter xmlns:gml="http://www.opengis.net/gml/3.2"><{name}>{"".join(parts)}</{name}></Filter>'
    FilterReader(THING, {}).read(parse_keyword(document, "filter"))


def reference(name: str) -> str:
    return f"<ValueReference>{name}</ValueReference>"


@pytest.fixture(scope="module")
def capabilities(client):
    return client.get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION="2.0.0")


def test_every_spatial_operator_and_operand_that_is_declared_is_read(capabilities):
    operators = capabilities.find("//fes:SpatialOperator/@name")
    operands = [name.removeprefix("gml:") for name in capabilities.find("//fes:GeometryOperand/@name")]
    assert len(operators) == 11
    assert set(operands) == set(EXAMPLES) - {"TimeInstant", "TimePeriod"}
    for operator in operators:
        distance = ('<Distance uom="m">10</Distance>',) if operator in ("DWithin", "Beyond") else ()
        for operand in ["Envelope"] if operator == "BBOX" else operands:
            read(operator, reference("SHAPE"), EXAMPLES[operand], *distance)


def test_every_temporal_operator_and_operand_that_is_declared_is_read(capabilities):
    operators = capabilities.find("//fes:TemporalOperator/@name")
    operands = [name.removeprefix("gml:") for name in capabilities.find("//fes:TemporalOperand/@name")]
    assert len(operators) == 13
    assert operands == ["TimeInstant", "TimePeriod"]
    for operator in [*operators, "AnyInteracts"]:
        for operand in operands:
            read(operator, reference("VANAF"), EXAMPLES[operand])


@pytest.mark.parametrize("name", ["RELATE", "Near", "TDuring", "Solid"])
def test_what_is_not_declared_is_refused(name):
    with pytest.raises(WfsError):
        read(name, reference("SHAPE"), POINT)


def without_dates(kind: FeatureType) -> FeatureType:
    return kind.only(frozenset(field.name for field in kind.fields if field.type is not FieldType.DATE))


@pytest.mark.parametrize(
    ("kinds", "spatial", "temporal"),
    [
        ((POI, LWKB), True, True),
        ((LWKB,), True, True),
        ((POI,), True, False),
        ((without_dates(LWKB).model_copy(update={"geometry": None}),), False, False),
    ],
)
def test_a_class_is_claimed_where_a_feature_type_makes_it_true(kinds, spatial, temporal):
    claimed = conformance(kinds)
    assert (claimed["ImplementsMinSpatialFilter"], claimed["ImplementsSpatialFilter"]) == (spatial, spatial)
    assert (claimed["ImplementsMinTemporalFilter"], claimed["ImplementsTemporalFilter"]) == (temporal, temporal)
    assert not claimed["ImplementsFunctions"]


def test_an_address_without_dates_names_no_temporal_operator(client):
    reply = client.at("/POI/wfs").get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION="2.0.0")
    assert reply.find("//fes:Temporal_Capabilities") == []
    assert reply.find("string(//fes:Constraint[@name='ImplementsTemporalFilter']/ows:DefaultValue)") == "FALSE"
    assert reply.find("//fes:Functions") == []


def old(add) -> etree._Element:
    root = etree.Element("capabilities", nsmap={"ogc": OGC, "gml": GML31})
    add(root)
    return root[0]


def test_the_section_of_filter_1_1_is_valid_and_names_what_is_read():
    section = old(filter_capabilities_11)
    require_valid(etree.XMLSchema(etree.parse(official("filter/1.1.0/filterCapabilities.xsd"))), section)
    names = section.xpath("//ogc:SpatialOperator/@name", namespaces={"ogc": OGC})
    assert len(names) == 11
    for operand in section.xpath("//ogc:GeometryOperand/text()", namespaces={"ogc": OGC}):
        read("Intersects", reference("SHAPE"), EXAMPLES[operand.removeprefix("gml:")])
    assert section.find(".//{*}ArithmeticOperators") is None


def test_the_section_of_filter_1_0_names_what_is_read():
    section = old(filter_capabilities_10)
    spatial = [etree.QName(item).localname for item in section.find(".//{*}Spatial_Operators")]
    assert set(spatial) == {
        "BBOX", "Intersect", "Disjoint", "Within", "Contains", "Touches", "Crosses", "Overlaps", "Equals", "DWithin", "Beyond",
    }  # fmt: skip
    for name in set(spatial) - {"BBOX", "DWithin", "Beyond"}:
        read(name, reference("SHAPE"), POINT)
    compared = [etree.QName(item).localname for item in section.find(".//{*}Comparison_Operators")]
    assert compared == ["Simple_Comparisons", "Between", "Like", "NullCheck"]
    assert section.find(".//{*}Logical_Operators") is not None
