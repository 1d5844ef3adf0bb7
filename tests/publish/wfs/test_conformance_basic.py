"""What ets-wfs20 checks of Basic WFS (STANDARDS §1): its questions by GET and by POST, for each type.

Of the checklist, test_capabilities.py has the constraints, test_official_schemas.py that collections are valid, test_axis_order.py and
test_get_feature.py every CRS.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest

from tests.publish.wfs.binding import TYPES, Binding, ask, require_report
from tests.publish.wfs.conftest import NAMESPACES, Reply
from tests.publish.wfs.example import FIRST

MINIMAL = '<wfs:GetFeature version="2.0.0" count="10">{query}</wfs:GetFeature>'
IDENTIFIERS = {"POI": f"POI.{FIRST}", "Woningkwaliteitsbeleid": "Woningkwaliteitsbeleid.11002"}

both = pytest.mark.parametrize("binding", list(Binding))
each_type = pytest.mark.parametrize("name", list(TYPES))


def query(name: str, within: str = "", attributes: str = "") -> str:
    """A question about a type under the prefix of the suite."""
    return MINIMAL.format(query=f'<wfs:Query typeNames="tns:{name}" xmlns:tns="{TYPES[name]}" {attributes}>{within}</wfs:Query>')


def condition(operator: str, within: str, attributes: str = "", negate: bool = False) -> str:
    """A filter of one operator."""
    text = f"<fes:{operator} {attributes}>{within}</fes:{operator}>"
    return f"<fes:Filter>{f'<fes:Not>{text}</fes:Not>' if negate else text}</fes:Filter>"


def reference(name: str, field: str) -> str:
    """A property whose prefix is bound on the reference itself."""
    return f'<fes:ValueReference xmlns:tns="{TYPES[name]}">tns:{field}</fes:ValueReference>'


def values(reply: Reply, name: str, field: str) -> list[str]:
    """The values of a property in an answer; every member has to be of the type."""
    assert reply.status == 200, reply.body
    members = reply.find("//wfs:member/*")
    assert {member.tag for member in members} <= {f"{{{TYPES[name]}}}{name}"}
    return [text for member in members for text in member.xpath(f"*[local-name()='{field}']/text()")]


@both
@each_type
def test_every_type_gives_its_features(client, binding, name):
    # BasicGetFeatureTests.getFeaturesByType, ISO 19142 §11.2.2
    reply = ask(client, binding, query(name))
    assert (reply.status, reply.xml().tag) == (200, f"{{{NAMESPACES['wfs']}}}FeatureCollection")
    assert len(reply.ids) == len(set(reply.ids)) == min(10, reply.matched)


@both
@each_type
def test_geometries_come_in_another_crs(client, binding, name):
    # BasicGetFeatureTests.getFeatureInOtherCRS, OGC 09-025r2 §7.9.2.4.4
    reply = ask(client, binding, query(name, attributes='srsName="urn:ogc:def:crs:EPSG::3812"'))
    assert set(reply.find("//@srsName")) == {"urn:ogc:def:crs:EPSG::3812"}


@both
def test_a_crs_that_is_not_offered_is_refused(client, binding):
    # BasicGetFeatureTests.getFeatureInUnsupportedCRS, OGC 09-025r2 A.2.22.1.4
    reply = ask(client, binding, query("POI", attributes='srsName="urn:ogc:def:crs:EPSG::32690"'))
    require_report(reply, 400, "InvalidParameterValue")
    assert reply.exception[2] == "SRSNAME"


@both
@each_type
def test_identifiers_are_property_values(client, binding, name):
    # GetPropertyValueTests.getProperty_gmlId, ISO 19142 §10.2.4.3
    asked = f'<wfs:Query typeNames="tns:{name}" xmlns:tns="{TYPES[name]}"/>'
    reply = ask(client, binding, f'<wfs:GetPropertyValue version="2.0.0" valueReference="@gml:id">{asked}</wfs:GetPropertyValue>')
    assert reply.xml().tag == f"{{{NAMESPACES['wfs']}}}ValueCollection"
    members = reply.find("//wfs:member")
    assert members and all(member.text for member in members)


@both
def test_an_empty_reference_is_refused(client, binding):
    # GetPropertyValueTests.getProperty_emptyValueRef, ISO 19142 §7.5, §10.4
    asked = f'<wfs:Query typeNames="tns:POI" xmlns:tns="{TYPES["POI"]}"/>'
    reply = ask(client, binding, f'<wfs:GetPropertyValue version="2.0.0" valueReference="">{asked}</wfs:GetPropertyValue>')
    require_report(reply, 400, "InvalidParameterValue")


@both
@each_type
def test_features_are_found_by_two_identifiers(client, binding, name):
    # ResourceIdFilterTests.twoValidFeatureIdentifiers, ISO 19143 §7.11
    wanted = ask(client, binding, query(name)).ids[:2]
    chosen = "".join(f'<fes:ResourceId rid="{rid}"/>' for rid in wanted)
    assert ask(client, binding, query(name, f"<fes:Filter>{chosen}</fes:Filter>")).ids == wanted


@both
@each_type
def test_an_unknown_identifier_gives_an_empty_collection(client, binding, name):
    # ResourceIdFilterTests.unknownFeatureIdentifier, ISO 19142 table 8
    reply = ask(client, binding, query(name, '<fes:Filter><fes:ResourceId rid="test-2b6f0cc9-04d1-4266-9a4c-000000000000"/></fes:Filter>'))
    assert (reply.status, reply.xml().tag, reply.ids) == (200, f"{{{NAMESPACES['wfs']}}}FeatureCollection", [])


@each_type
def test_an_identifier_of_another_type_is_refused(client, name):
    # ResourceIdFilterTests.inconsistentFeatureIdentifierAndType, ISO 19142 §7.9.2.4.1 (GET)
    (other,) = (rid for kind, rid in IDENTIFIERS.items() if kind != name)
    reply = ask(client, Binding.GET, query(name, f'<fes:Filter><fes:ResourceId rid="{other}"/></fes:Filter>'))
    require_report(reply, 400, "InvalidParameterValue")
    assert reply.exception[2] == "RESOURCEID"


COMPARED: dict[str, tuple[str, str, Any]] = {
    "POI": ("OIDN", f"{FIRST + 4}", int),
    "Woningkwaliteitsbeleid": ("CAVERPLVAN", "2024-01-01", date.fromisoformat),
}
"""Of each type a property with an order, a value of it, and how it is read."""

ORDER = {
    "PropertyIsLessThan": lambda a, b: a < b,
    "PropertyIsGreaterThan": lambda a, b: a > b,
    "PropertyIsLessThanOrEqualTo": lambda a, b: a <= b,
    "PropertyIsGreaterThanOrEqualTo": lambda a, b: a >= b,
    "PropertyIsEqualTo": lambda a, b: a == b,
    "PropertyIsNotEqualTo": lambda a, b: a != b,
}


@both
@each_type
@pytest.mark.parametrize("operator", ORDER)
@pytest.mark.parametrize("action", ["Any", "All"])
def test_comparisons_hold_of_every_feature(client, binding, name, operator, action):
    # ComparisonOperatorTests, ISO 19143 §7.7: matchCase and matchAction are given, and the literal stands first. The operands have the
    # order in which they stand; the suite reads them the other way round, but asks with the least or the largest value, where both hold.
    field, text, read = COMPARED[name]
    within = f"<fes:Literal>{text}</fes:Literal>{reference(name, field)}"
    reply = ask(client, binding, query(name, condition(operator, within, f'matchCase="true" matchAction="{action}"')))
    found = values(reply, name, field)
    assert all(ORDER[operator](read(text), read(value)) for value in found)
    everything = values(client.feature(TYPENAMES=f"{name}", COUNT=100), name, field)
    assert len(found) == min(10, sum(ORDER[operator](read(text), read(value)) for value in everything))


@both
def test_a_property_of_another_namespace_is_refused(client, binding):
    # ComparisonOperatorTests.invalidPropertyReference, ISO 19143 §8.3
    within = '<fes:Literal>1355941270</fes:Literal><fes:ValueReference xmlns:ex="http://example.org">ex:undefined</fes:ValueReference>'
    reply = ask(client, binding, query("POI", condition("PropertyIsLessThanOrEqualTo", within)))
    require_report(reply, 400, "InvalidParameterValue")


@both
@each_type
def test_an_envelope_cannot_be_compared(client, binding, name):
    # ComparisonOperatorTests.invalidOperand_boundedBy, ISO 19142 §11.4 (400, 403 or 500)
    envelope = (
        '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>49 -123</gml:lowerCorner>'
        "<gml:upperCorner>50 -122</gml:upperCorner></gml:Envelope>"
    )
    within = f"<fes:Literal>{envelope}</fes:Literal><fes:ValueReference>gml:boundedBy</fes:ValueReference>"
    reply = ask(client, binding, query(name, condition("PropertyIsLessThanOrEqualTo", within, 'matchAction="Any"')))
    assert reply.status in (400, 403, 500)
    assert reply.exception[1] == "OperationProcessingFailed"


@both
@each_type
@pytest.mark.parametrize("negate", [False, True])
def test_patterns_are_matched_or_not(client, binding, name, negate):
    # PropertyIsLikeOperatorTests, ISO 19143 §7.7.3.4: the first two characters of a value become *
    first = values(client.feature(TYPENAMES=name, COUNT=1), name, "NAAM")[0]
    within = f'<fes:ValueReference xmlns:tns="{TYPES[name]}">tns:NAAM</fes:ValueReference><fes:Literal>*{escape(first[2:])}</fes:Literal>'
    reply = ask(client, binding, query(name, condition("PropertyIsLike", within, 'wildCard="*" singleChar="?" escapeChar="\\"', negate)))
    found = values(reply, name, "NAAM")
    assert found and all(value.endswith(first[2:]) is not negate for value in found)


@both
@each_type
def test_what_no_feature_has_is_null(client, binding, name):
    # PropertyIsNullOperatorTests.gmlNameIsNull, ISO 19143 §7.7.3.5
    reply = ask(client, binding, query(name, condition("PropertyIsNull", "<fes:ValueReference>gml:name</fes:ValueReference>")))
    assert (reply.status, reply.find("count(//gml:name)")) == (200, 0)
    assert reply.matched == client.feature(TYPENAMES=name).matched


@both
@each_type
def test_the_last_property_is_there_where_it_is_not_null(client, binding, name):
    # PropertyIsNullOperatorTests.propertyIsNotNull, ISO 19143 §7.10
    described = client.get(service="WFS", version="2.0.0", request="DescribeFeatureType", typename=name)
    last = described.find("string(//xs:extension/xs:sequence/xs:element[last()]/@name)")
    reply = ask(client, binding, query(name, condition("PropertyIsNull", reference(name, last), negate=True)))
    assert 0 < len(reply.find(f"//wfs:member/*/*[local-name()='{last}']")) == len(reply.find("//wfs:member"))


def envelope(corners: tuple[float, float, float, float]) -> str:
    """In the default CRS, with its name, as the suite writes it."""
    west, south, east, north = corners
    lower, upper = f"<gml:lowerCorner>{west} {south}</gml:lowerCorner>", f"<gml:upperCorner>{east} {north}</gml:upperCorner>"
    return f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::31370">{lower}{upper}</gml:Envelope>'


def corners(reply: Reply) -> tuple[float, float, float, float]:
    """Those of all positions in an answer."""
    numbers = [float(text) for item in reply.find("//gml:pos | //gml:posList") for text in (item.text or "").split()]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


@both
@each_type
@pytest.mark.parametrize("named", [False, True])
def test_a_box_gives_what_lies_in_it(client, binding, name, named):
    # BBOXTests.nonSpecificBBOX and bboxWithDefaultExtent, ISO 19143 §7.8.3.2
    sample = ask(client, binding, query(name))
    west, south, east, north = corners(sample)
    box = (west - 0.01, south - 0.01, east + 0.01, north + 0.01)
    reply = ask(client, binding, query(name, condition("BBOX", (reference(name, "SHAPE") if named else "") + envelope(box))))
    assert (reply.status, len(reply.ids) > 0) == (200, True)
    found = corners(reply)
    assert all(low <= number for low, number in zip(box[:2], found[:2], strict=True))
    assert all(number <= high for high, number in zip(box[2:], found[2:], strict=True))


@both
@each_type
def test_a_box_of_what_is_no_geometry_is_refused(client, binding, name):
    # BBOXTests.invalidGeometryOperand, ISO 19143 §8.3 (400 InvalidParameterValue, or 403 OperationProcessingFailed)
    within = f"<fes:ValueReference>gml:description</fes:ValueReference>{envelope((0, 0, 300_000, 300_000))}"
    require_report(ask(client, binding, query(name, condition("BBOX", within))), 400, "InvalidParameterValue")


AREA = "Woningkwaliteitsbeleid"
RING = "<gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior>"
CRS = 'srsName="urn:ogc:def:crs:EPSG::31370"'
AROUND = "149999 209999 149999 212001 154001 212001 154001 209999 149999 209999"


@both
@pytest.mark.parametrize(
    ("geometry", "count"),
    [
        (f'<gml:Polygon gml:id="a" {CRS}>{RING.format(AROUND)}</gml:Polygon>', 1),
        (f'<gml:LineString gml:id="a" {CRS}><gml:posList>149999 209999 154001 212001</gml:posList></gml:LineString>', 1),
        (
            f'<gml:Curve gml:id="a" {CRS}><gml:segments><gml:LineStringSegment><gml:posList>149999 209999 154001 212001</gml:posList>'
            "</gml:LineStringSegment></gml:segments></gml:Curve>",
            1,
        ),
        (f'<gml:LineString gml:id="a" {CRS}><gml:posList>149999 212000 150999 212000</gml:posList></gml:LineString>', 0),
    ],
)
def test_areas_intersect_polygons_and_lines(client, binding, geometry, count):
    # IntersectsTests.intersectsPolygon and intersectsCurve, OGC 09-026r2 A.8
    reply = ask(client, binding, query(AREA, condition("Intersects", reference(AREA, "SHAPE") + geometry)))
    assert (reply.status, len(reply.ids)) == (200, count)


INSTANT = '<gml:TimeInstant gml:id="t"><gml:timePosition>{}</gml:timePosition></gml:TimeInstant>'
PERIOD = '<gml:TimePeriod gml:id="t"><gml:beginPosition>{}</gml:beginPosition><gml:endPosition>{}</gml:endPosition></gml:TimePeriod>'


@both
@pytest.mark.parametrize(
    ("operator", "moment", "count"),
    [  # the one value is 2024-01-01
        ("After", INSTANT.format("2023-12-30T23:00:00Z"), 1),
        ("After", INSTANT.format("2023-12-31T08:00:00+09:00"), 1),
        ("After", INSTANT.format("2024-01-02T23:00:00Z"), 0),
        ("After", PERIOD.format("2023-11-01T00:00:00Z", "2023-12-30T00:00:00Z"), 1),
        ("After", PERIOD.format("2023-11-01T00:00:00Z", "2024-03-01T00:00:00Z"), 0),
        ("Before", PERIOD.format("2024-01-03T00:00:00Z", "2024-02-01T00:00:00Z"), 1),
        ("Before", PERIOD.format("2023-01-03T00:00:00Z", "2024-02-01T00:00:00Z"), 0),
        ("During", PERIOD.format("2023-12-01T00:00:00Z", "2024-02-01T00:00:00Z"), 1),
        ("During", PERIOD.format("2024-01-10T00:00:00Z", "2024-02-01T00:00:00Z"), 0),
    ],
)
def test_days_are_after_before_and_during(client, binding, operator, moment, count):
    # AfterTests, BeforeTests and DuringTests, ISO 19143 §7.14.6, A.9, A.10
    reply = ask(client, binding, query(AREA, condition(operator, reference(AREA, "CAVERPLVAN") + moment)))
    assert (reply.status, len(reply.ids)) == (200, count)
