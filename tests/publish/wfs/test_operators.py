"""Every operator of FES in every version and spelling: the predicate that it becomes."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from publish.filters.comparisons import EVERYTHING, NOTHING
from publish.filters.moments import ever, never
from publish.wfs.documents import parse_keyword
from publish.wfs.envelopes import crs_of
from publish.wfs.errors import InvalidParameter, OptionNotSupported, ParsingFailed, ProcessingFailed, WfsError
from publish.wfs.fes import FilterReader
from release.crs import LAMBERT72, WGS84
from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    Distance,
    Ids,
    IsNull,
    Like,
    Not,
    Operator,
    Or,
    Predicate,
    Relation,
    Spatial,
)
from tests.publish.filters.languages import NAMES, Gml
from tests.publish.filters.strategies import THING

PREFIXED = {
    "FES 2.0": ("fes:", 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"', "ValueReference"),
    "Filter 1.1": ("ogc:", 'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"', "PropertyName"),
    "no namespace": ("", 'xmlns:gml="http://www.opengis.net/gml"', "PropertyName"),
    "not declared": ("ogc:", "", "PropertyName"),
}
versions = pytest.mark.parametrize("version", list(PREFIXED))


def read(text: str, version: str = "FES 2.0", **axes: object) -> Predicate:
    """The predicate of a filter whose own elements are written `<f:Name>`."""
    prefix, bindings, reference = PREFIXED[version]
    text = text.replace("<f:ValueReference", f"<f:{reference}").replace("</f:ValueReference", f"</f:{reference}")
    text = text.replace("<f:", f"<{prefix}").replace("</f:", f"</{prefix}")
    return FilterReader(THING, {}, **axes).read(parse_keyword(f"<{prefix}Filter {bindings}>{text}</{prefix}Filter>", "filter"))


def name(field: str) -> str:
    return f"<f:ValueReference>POI:{field}</f:ValueReference>"


def literal(text: str) -> str:
    return f"<f:Literal>{text}</f:Literal>"


def op(element: str, *parts: str, attributes: str = "") -> str:
    return f"<f:{element}{attributes}>{''.join(parts)}</f:{element}>"


NAAM, STRAAT, OIDN, VANAF, SHAPE = (name(field) for field in ("NAAM", "STRAAT", "OIDN", "VANAF", "SHAPE"))
EQUAL = "PropertyIsEqualTo"
X = Compare("NAAM", Operator.EQUAL, "x")
IS_X = op(EQUAL, NAAM, literal("x"))
MIRROR = {Operator.LESS: ">", Operator.GREATER: "<", Operator.LESS_OR_EQUAL: ">=", Operator.GREATER_OR_EQUAL: "<="}


@versions
@pytest.mark.parametrize("operator", Operator)
def test_comparisons(version: str, operator: Operator) -> None:
    element = NAMES[operator]
    assert read(op(element, OIDN, literal("5")), version) == Compare("OIDN", operator, 5)
    assert read(op(element, literal("5"), OIDN), version) == Compare("OIDN", Operator(MIRROR.get(operator, operator)), 5)
    assert read(op(element, NAAM, STRAAT), version) == CompareFields("NAAM", operator, "STRAAT")
    folded = op(element, NAAM, literal("X"), attributes=' matchCase="false"')
    assert read(folded, version) == Compare("NAAM", operator, "X", match_case=False)
    assert read(folded.replace("false", "true"), version) == Compare("NAAM", operator, "X")
    both = op(element, NAAM, STRAAT, attributes=' matchCase="false"')
    assert read(both, version) == CompareFields("NAAM", operator, "STRAAT", match_case=False)


@versions
def test_between(version: str) -> None:
    def between(value: str, lower: str, upper: str) -> str:
        return op("PropertyIsBetween", value, op("LowerBoundary", lower), op("UpperBoundary", upper))

    assert read(between(OIDN, literal("1"), literal("5")), version) == Between("OIDN", 1, 5)
    assert read(between(OIDN, "1", "5"), version) == Between("OIDN", 1, 5)
    wanted = And((Compare("OIDN", Operator.LESS_OR_EQUAL, 3), Compare("UIDN", Operator.GREATER_OR_EQUAL, 3)))
    assert read(between(literal("3"), OIDN, name("UIDN")), version) == wanted


@versions
@pytest.mark.parametrize("escape", ["escapeChar", "escape"])
def test_like(version: str, escape: str) -> None:
    attributes = f' wildCard="*" singleChar="." {escape}="!"'
    assert read(op("PropertyIsLike", NAAM, literal("a.b*!*"), attributes=attributes), version) == Like("NAAM", r"a.b.*\*")
    folded = op("PropertyIsLike", NAAM, literal("A*"), attributes=attributes + ' matchCase="false"')
    assert read(folded, version) == Like("NAAM", "A.*", match_case=False)
    assert read(op("PropertyIsLike", NAAM, literal("a*b?")), version) == Like("NAAM", "a.*b.")


@versions
def test_null_and_nil(version: str) -> None:
    assert read(op("PropertyIsNull", NAAM), version) == IsNull("NAAM")
    assert read(op("PropertyIsNull", SHAPE), version) == IsNull("SHAPE")
    assert read(op("PropertyIsNull", "<f:ValueReference>gml:name</f:ValueReference>"), version) == EVERYTHING
    assert read(op("PropertyIsNull", "<f:ValueReference>@gml:id</f:ValueReference>"), version) == NOTHING
    assert read(op("PropertyIsNil", NAAM), version) == NOTHING


@versions
def test_logic(version: str) -> None:
    assert read(op("And", IS_X, IS_X), version) == And((X, X))
    assert read(op("Or", IS_X, op("Not", IS_X)), version) == Or((X, Not(X)))


@versions
def test_identifiers(version: str) -> None:
    one, other = '<f:ResourceId rid="POI.1"/>', '<f:FeatureId fid="POI.2"/>'
    assert read(one + other, version) == Ids((1, 2))
    assert read('<f:GmlObjectId gml:id="POI.3"/>', version) == Ids((3,))
    assert read('<f:ResourceId rid="LWKB.3"/>', version) == Ids(())
    assert read(op("Or", one, IS_X), version) == Or((Ids((1,)), X))
    assert read(op(EQUAL, "<f:ValueReference>@gml:id</f:ValueReference>", literal("POI.1")), version) == Ids((1,))
    with pytest.raises(ParsingFailed, match="put And or Or around them"):
        read(one + IS_X, version)
    with pytest.raises(OptionNotSupported):
        read('<f:ResourceId rid="POI.1" version="ALL"/>', version)


GEOMETRY = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 0)])
GML = {"FES 2.0": "3.2", "Filter 1.1": "3.1.1", "no namespace": "2.1.2", "not declared": "3.1.1"}
LOWER, UPPER = "<gml:lowerCorner>1 2</gml:lowerCorner>", "<gml:upperCorner>3 4</gml:upperCorner>"
ENVELOPE = f"<gml:Envelope>{LOWER}{UPPER}</gml:Envelope>"


@versions
@pytest.mark.parametrize("relation", Relation)
def test_spatial_operators(version: str, relation: Relation) -> None:
    gml = Gml(GML[version]).write(GEOMETRY)
    element = relation.capitalize()
    assert read(op(element, SHAPE, gml), version) == Spatial(relation, LAMBERT72, GEOMETRY)
    assert read(op(element, SHAPE, op("Literal", gml)), version) == Spatial(relation, LAMBERT72, GEOMETRY)
    converse = {Relation.WITHIN: Relation.CONTAINS, Relation.CONTAINS: Relation.WITHIN}.get(relation, relation)
    assert read(op(element, gml, SHAPE), version) == Spatial(converse, LAMBERT72, GEOMETRY)


@versions
def test_intersects_of_filter_1_0(version: str) -> None:
    gml = Gml(GML[version]).write(GEOMETRY)
    assert read(op("Intersect", SHAPE, gml), version) == Spatial(Relation.INTERSECTS, LAMBERT72, GEOMETRY)


@versions
def test_boxes(version: str) -> None:
    box = BBox(LAMBERT72, 1, 2, 3, 4)
    for text in (
        op("BBOX", SHAPE, ENVELOPE),
        op("BBOX", ENVELOPE),
        op("BBOX", SHAPE, op("Literal", ENVELOPE)),
        op("Intersects", SHAPE, ENVELOPE),
    ):
        assert read(text, version) == box
    assert read(op("Disjoint", SHAPE, ENVELOPE), version) == Not(box)
    assert read(op("Within", SHAPE, ENVELOPE), version) == Spatial(Relation.WITHIN, LAMBERT72, shapely.box(1, 2, 3, 4))


@versions
@pytest.mark.parametrize("attribute", ["uom", "units"])
@pytest.mark.parametrize(("element", "beyond"), [("DWithin", False), ("Beyond", True)])
def test_distances(version: str, attribute: str, element: str, beyond: bool) -> None:
    for unit, metres in (("m", 2.5), ("urn:ogc:def:uom:EPSG::9001", 2.5), ("km", 2500)):
        text = op(element, SHAPE, Gml(GML[version]).write(GEOMETRY), f'<f:Distance {attribute}="{unit}">2.5</f:Distance>')
        assert read(text, version) == Distance(LAMBERT72, GEOMETRY, metres, beyond)


@versions
def test_the_axis_rule_and_the_default_crs_reach_every_geometry(version: str) -> None:
    point = '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>51 4</gml:pos></gml:Point>'
    envelope = ENVELOPE.replace("<gml:Envelope", '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"')
    assert read(op("Intersects", SHAPE, point), version) == Spatial(Relation.INTERSECTS, WGS84, shapely.Point(4, 51))
    assert read(op("Intersects", SHAPE, point), version, legacy_order=True) == Spatial(Relation.INTERSECTS, WGS84, shapely.Point(51, 4))
    assert read(op("BBOX", SHAPE, envelope), version) == BBox(WGS84, 2, 1, 4, 3)
    assert read(op("BBOX", SHAPE, envelope), version, legacy_order=True) == BBox(WGS84, 1, 2, 3, 4)
    default = crs_of("urn:ogc:def:crs:EPSG::4326", "srsName")
    assert read(op("BBOX", SHAPE, ENVELOPE), version, default=default) == BBox(WGS84, 2, 1, 4, 3)


DAY, LAST = date(2024, 1, 1), date(2024, 12, 31)


def instant(text: str) -> str:
    return f'<gml:TimeInstant gml:id="t"><gml:timePosition>{text}</gml:timePosition></gml:TimeInstant>'


def begun(operator: Operator) -> Compare:
    return Compare("VANAF", operator, DAY)


def ended(operator: Operator) -> Compare:
    return Compare("VANAF", operator, LAST)


PERIODS = [
    "<gml:TimePeriod><gml:beginPosition>2024-01-01</gml:beginPosition><gml:endPosition>2024-12-31</gml:endPosition></gml:TimePeriod>",
    f"<gml:TimePeriod><gml:begin>{instant('2024-01-01')}</gml:begin><gml:end>{instant('2024-12-31')}</gml:end></gml:TimePeriod>",
    '<gml:TimePeriod gml:id="p"><gml:name>x</gml:name><gml:beginPosition>2024-01-01T00:00:00Z</gml:beginPosition>'
    "<gml:endPosition>2024-12-31T00:00:00</gml:endPosition></gml:TimePeriod>",
]
TEMPORAL = {
    "After": ended(Operator.GREATER),
    "Before": begun(Operator.LESS),
    "Begins": And((begun(Operator.EQUAL), ended(Operator.LESS))),
    "BegunBy": And((begun(Operator.EQUAL), ended(Operator.GREATER))),
    "TContains": And((begun(Operator.LESS), ended(Operator.GREATER))),
    "During": And((begun(Operator.GREATER), ended(Operator.LESS))),
    "EndedBy": And((begun(Operator.LESS), ended(Operator.EQUAL))),
    "Ends": And((begun(Operator.GREATER), ended(Operator.EQUAL))),
    "TEquals": And((begun(Operator.EQUAL), ended(Operator.EQUAL))),
    "Meets": And((begun(Operator.EQUAL), begun(Operator.NOT_EQUAL))),
    "MetBy": And((ended(Operator.EQUAL), ended(Operator.NOT_EQUAL))),
    "TOverlaps": And((begun(Operator.LESS), begun(Operator.GREATER), ended(Operator.LESS))),
    "OverlappedBy": And((begun(Operator.GREATER), ended(Operator.LESS), ended(Operator.GREATER))),
    "AnyInteracts": And((ended(Operator.LESS_OR_EQUAL), begun(Operator.GREATER_OR_EQUAL))),
}


@pytest.mark.parametrize(("element", "wanted"), TEMPORAL.items())
@pytest.mark.parametrize("period", PERIODS)
def test_temporal_operators_with_a_period(element: str, wanted: Predicate, period: str) -> None:
    assert read(op(element, VANAF, period)) == wanted
    assert read(op(element, VANAF, op("Literal", period))) == wanted


@pytest.mark.parametrize(("element", "operator"), [("After", ">"), ("Before", "<"), ("TEquals", "="), ("AnyInteracts", "=")])
def test_temporal_operators_with_an_instant(element: str, operator: str) -> None:
    wanted = begun(Operator(operator))
    for other in (instant("2024-01-01"), literal("2024-01-01"), instant("2024-01-01T00:00:00Z"), op("Literal", instant(" 2024-01-01 "))):
        assert read(op(element, VANAF, other)) == wanted
    assert read(op(element, VANAF, name("TOT"))) == CompareFields("VANAF", Operator(operator), "TOT")


def test_a_day_is_before_any_later_moment_of_it() -> None:
    noon = instant("2024-01-01T12:00:00Z")
    assert read(op("Before", VANAF, noon)) == begun(Operator.LESS_OR_EQUAL)
    assert read(op("After", VANAF, noon)) == begun(Operator.GREATER)
    assert read(op("TEquals", VANAF, noon)) == never("VANAF")
    assert read(op(EQUAL, VANAF, literal("2024-01-01T12:00:00Z"))) == never("VANAF")
    assert read(op("PropertyIsNotEqualTo", VANAF, literal("2024-01-01T12:00:00Z"))) == ever("VANAF")
    assert read(op("PropertyIsLessThan", VANAF, literal("2024-01-01T12:00:00Z"))) == begun(Operator.LESS_OR_EQUAL)


def test_the_literal_may_come_first() -> None:
    assert read(op("After", literal("2024-01-01"), VANAF)) == begun(Operator.LESS)


POINT = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
RING = "<gml:LinearRing><gml:posList>0 0 4 4 4 0 0 4 0 0</gml:posList></gml:LinearRing>"
BOWTIE = f"<gml:Polygon><gml:exterior>{RING}</gml:exterior></gml:Polygon>"
FUNCTION = '<f:Function name="area"><f:ValueReference>POI:SHAPE</f:ValueReference></f:Function>'
METRES = '<f:Distance uom="m">10</f:Distance>'


def nowhere(attribute: str) -> str:
    end = f'<gml:endPosition indeterminatePosition="{attribute}"/>'
    return f"<gml:TimePeriod><gml:beginPosition>2024-01-01</gml:beginPosition>{end}</gml:TimePeriod>"


REFUSED = [
    (op(EQUAL, FUNCTION, literal("5")), ProcessingFailed, "'area'"),
    (op("PropertyIsNull", FUNCTION), ProcessingFailed, "'area'"),
    (op("Intersects", FUNCTION, POINT), ProcessingFailed, "'area'"),
    (op("BBOX", FUNCTION, ENVELOPE), ProcessingFailed, "'area'"),
    (op("After", FUNCTION, literal("2024-01-01")), ProcessingFailed, "ValueReference"),
    (op("After", VANAF, FUNCTION), ProcessingFailed, "'area'"),
    (FUNCTION, ProcessingFailed, "'area'"),
    (op(EQUAL, op("Add", OIDN, literal("1")), literal("5")), ProcessingFailed, "arithmetic"),
    (op(EQUAL, op("Div", OIDN, literal("1")), literal("5")), ProcessingFailed, "arithmetic"),
    (op(EQUAL, literal("5"), literal("5")), ProcessingFailed, "a property with a literal"),
    (op(EQUAL, NAAM), ParsingFailed, "2 expressions"),
    (op(EQUAL, NAAM, OIDN), InvalidParameter, "different types"),
    (op(EQUAL, SHAPE, literal("x")), ProcessingFailed, "SHAPE"),
    (op(EQUAL, OIDN, literal("many")), InvalidParameter, "no number"),
    (op(EQUAL, VANAF, literal("2024-02-30")), InvalidParameter, "does not exist"),
    (op(EQUAL, NAAM, f"<f:Literal>{POINT}</f:Literal>"), ProcessingFailed, "a literal is a text"),
    (op("PropertyIsLike", literal("x"), NAAM), ParsingFailed, "then a literal"),
    (op("PropertyIsBetween", OIDN, literal("1"), literal("2")), ParsingFailed, "LowerBoundary"),
    (op("PropertyIsBetween", OIDN, op("LowerBoundary"), op("UpperBoundary")), ParsingFailed, "one expression"),
    (op("Intersects", SHAPE), ParsingFailed, "a property and a geometry"),
    (op("Intersects", SHAPE, SHAPE), ProcessingFailed, "joins"),
    (op("Intersects", POINT, POINT), ProcessingFailed, "named by a ValueReference"),
    (op("Intersects", NAAM, POINT), InvalidParameter, "no geometry"),
    (op("Intersects", SHAPE, literal("POINT(1 2)")), ProcessingFailed, "is a geometry"),
    (op("Intersects", SHAPE, BOWTIE), InvalidParameter, "repair it first"),
    (op("Intersects", SHAPE, POINT.replace("<gml:Point", '<gml:Point srsName="EPSG:1"')), InvalidParameter, "CRS not served"),
    (op("BBOX", SHAPE, POINT), InvalidParameter, "Envelope"),
    (op("BBOX", SHAPE, ENVELOPE, ENVELOPE), ParsingFailed, "Envelope"),
    (op("BBOX"), ParsingFailed, "Envelope"),
    (op("DWithin", SHAPE, POINT), ParsingFailed, "Distance"),
    (op("DWithin"), ParsingFailed, "Distance"),
    (op("DWithin", SHAPE, POINT, "<f:Distance>10</f:Distance>"), ParsingFailed, "uom"),
    (op("DWithin", SHAPE, POINT, METRES.replace('"m"', '"deg"')), InvalidParameter, "metres"),
    (op("DWithin", SHAPE, POINT, METRES.replace("10", "-10")), InvalidParameter, "zero or more"),
    (op("DWithin", SHAPE, POINT, METRES.replace("10", "nan")), InvalidParameter, "no coordinate"),
    (op("DWithin", SHAPE, POINT, METRES.replace("10", "1 0")), InvalidParameter, "a number"),
    (op("After", NAAM, literal("2024-01-01")), ProcessingFailed, "no date"),
    (op("After", SHAPE, literal("2024-01-01")), ProcessingFailed, "no date"),
    (op("After", VANAF), ParsingFailed, "an instant or a period"),
    (op("After", literal("2024-01-01"), literal("2024-01-01")), ProcessingFailed, "ValueReference"),
    (op("After", VANAF, literal("soon")), InvalidParameter, "no date"),
    (op("After", VANAF, "<gml:TimeNode/>"), ProcessingFailed, "TimeInstant"),
    (op("After", VANAF, "<gml:TimeInstant/>"), ParsingFailed, "timePosition"),
    (op("During", VANAF, nowhere("unknown")), ProcessingFailed, "unknown"),
    (op("During", VANAF, nowhere("now")), ProcessingFailed, "now"),
    (
        op(
            "During",
            VANAF,
            "<gml:TimePeriod><gml:beginPosition>2024-01-01</gml:beginPosition><gml:duration>P1D</gml:duration></gml:TimePeriod>",
        ),
        ParsingFailed,
        "duration",
    ),
    (op("During", VANAF, PERIODS[0].replace("2024-12-31", "2023-12-31")), InvalidParameter, "ends before"),
    (op("During", name("NOPE"), PERIODS[0]), InvalidParameter, "no property"),
    (op("Overlaps2", SHAPE, POINT), ProcessingFailed, "Filter_Capabilities"),
    (op("Not", IS_X, IS_X), ParsingFailed, "one operator"),
    ('<f:And><x:Or xmlns:x="http://example.org"/></f:And>', ParsingFailed, "namespace"),
]


@versions
@pytest.mark.parametrize(("text", "error", "words"), REFUSED)
def test_what_is_not_supported_is_refused_by_its_code_and_says_why(version: str, text: str, error: type[WfsError], words: str) -> None:
    with pytest.raises(WfsError) as caught:
        read(text, version)
    assert type(caught.value) is error
    assert words in caught.value.text
    assert caught.value.locator


def test_a_filter_counts_a_geometry_as_one_element() -> None:
    pos = "".join(f"<gml:pos>{n} {n % 2}</gml:pos>" for n in range(9_000))
    found = read(op("Intersects", SHAPE, f"<gml:LineString>{pos}</gml:LineString>"))
    assert isinstance(found, Spatial)
    assert shapely.get_num_coordinates(found.geometry) == 9_000
    with pytest.raises(ParsingFailed, match="at most 4000 elements"):
        read(op("Or", *[op("PropertyIsNull", NAAM)] * 2_000))
