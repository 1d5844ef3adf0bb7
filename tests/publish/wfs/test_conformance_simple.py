"""What ets-wfs20 checks of Simple WFS (STANDARDS §1), by GET and by POST, and what ets-wfs11 asks of missing keywords.

Of the checklist, test_capabilities.py has the constraints, parameters and sections of the capabilities, test_describe.py the names under
which types are found, test_stored_queries.py what a stored query gives, test_official_schemas.py that every document is valid, and
test_version_1.py the answers of WFS 1.1.0.
"""

from __future__ import annotations

import pytest

from tests.publish.wfs.binding import Binding, ask, require_report
from tests.publish.wfs.conftest import NAMESPACES, Reply
from tests.publish.wfs.example import FIRST

GET_FEATURE_BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
FEATURE_BY_ID = (
    f'<wfs:GetFeature version="2.0.0"><wfs:StoredQuery id="{GET_FEATURE_BY_ID}">'
    '<wfs:Parameter name="id">{}</wfs:Parameter></wfs:StoredQuery></wfs:GetFeature>'
)
GML = NAMESPACES["gml"]

both = pytest.mark.parametrize("binding", list(Binding))


def test_capabilities_without_service_are_refused(client):
    # SimpleCapabilitiesTests.getCapabilities_missingServiceParam, ISO 19142 §7.5
    require_report(client.get("request=GetCapabilities"), 400, "MissingParameterValue")


@both
def test_the_first_version_that_both_know_is_2_0_0(client, binding):
    # SimpleCapabilitiesTests.getCapabilities_acceptVersions, ISO 19142 §7.2
    versions = "".join(f"<ows:Version>{version}</ows:Version>" for version in ("10.0.0", "2.0.0", "1.1.0"))
    reply = ask(client, binding, f"<wfs:GetCapabilities><ows:AcceptVersions>{versions}</ows:AcceptVersions></wfs:GetCapabilities>")
    assert (reply.status, reply.find("string(/wfs:WFS_Capabilities/@version)")) == (200, "2.0.0")


@both
def test_all_types_are_described_by_one_schema(client, binding):
    # DescribeFeatureTypeTests.describeAllFeatureTypes, ISO 19142 §9.2.4.1
    reply = ask(client, binding, '<wfs:DescribeFeatureType version="2.0.0"/>')
    assert (reply.status, reply.xml().tag) == (200, "{http://www.w3.org/2001/XMLSchema}schema")


@both
def test_an_unknown_type_is_not_described(client, binding):
    # DescribeFeatureTypeTests.describeUnknownFeatureType, ISO 19142 §9.2.4.1
    name = '<wfs:TypeName xmlns:ns42="http://example.org">ns42:Unknown1.Type</wfs:TypeName>'
    reply = ask(client, binding, f'<wfs:DescribeFeatureType version="2.0.0">{name}</wfs:DescribeFeatureType>')
    require_report(reply, 400, "InvalidParameterValue")


@both
def test_the_list_of_stored_queries_has_getfeaturebyid(client, binding):
    # ListStoredQueriesTests.listStoredQueries, ISO 19142 §14.3.4
    reply = ask(client, binding, '<wfs:ListStoredQueries version="2.0.0"/>')
    assert GET_FEATURE_BY_ID in reply.find("//wfs:StoredQuery/@id")


@both
def test_stored_queries_are_described_all_or_by_name(client, binding):
    # DescribeStoredQueriesTests, ISO 19142 §14.4.2
    assert ask(client, binding, '<wfs:DescribeStoredQueries version="2.0.0"/>').find("count(//wfs:StoredQueryDescription)") > 0
    one = f"<wfs:StoredQueryId>{GET_FEATURE_BY_ID}</wfs:StoredQueryId>"
    reply = ask(client, binding, f'<wfs:DescribeStoredQueries version="2.0.0">{one}</wfs:DescribeStoredQueries>')
    assert reply.find("//wfs:StoredQueryDescription/@id") == [GET_FEATURE_BY_ID]


@both
def test_an_unknown_stored_query_is_refused(client, binding):
    # StoredQueryTests.unknownStoredQuery, ISO 19142 §7.9.3.5
    reply = ask(client, binding, '<wfs:GetFeature version="2.0.0"><wfs:StoredQuery id="http://docbook.org/ns/docbook"/></wfs:GetFeature>')
    require_report(reply, 400, "InvalidParameterValue", "OperationParsingFailed")


@both
def test_getfeaturebyid_does_not_find_what_is_not_there(client, binding):
    # StoredQueryTests.invokeGetFeatureByIdWithUnknownID, ISO 19142 §7.9.3.6 (404, or 403)
    document = FEATURE_BY_ID.format("test-3f1c0b8e-5c1e-4a0e-9b3e-000000000000")
    require_report(ask(client, binding, document), 404, "NotFound", "OperationProcessingFailed")


@both
@pytest.mark.parametrize(
    ("name", "identifier"), [("POI:POI", f"POI.{FIRST}"), ("LWKB:Woningkwaliteitsbeleid", "Woningkwaliteitsbeleid.11002")]
)
def test_getfeaturebyid_gives_the_feature_itself(client, binding, name, identifier):
    # StoredQueryTests.invokeGetFeatureById, ISO 19142 §7.9.3.6
    reply = ask(client, binding, FEATURE_BY_ID.format(identifier))
    assert reply.find(f"string(/{name}/@gml:id)") == identifier


@pytest.fixture(params=["POI:POI", "LWKB:Woningkwaliteitsbeleid"])
def schema(request, client) -> Reply:
    return client.get(service="WFS", version="2.0.0", request="DescribeFeatureType", typename=request.param)


def test_a_schema_has_a_namespace_of_its_own_and_imports_all_of_gml(schema):
    # ets-gml32 GeneralSchemaTests: targetNamespace absolute and not that of GML (ISO 19136 §21.2.2), full GML by a location (A.1.1.3)
    assert schema.find("string(/xs:schema/@targetNamespace)").startswith("https://geo.api.vlaanderen.be/")
    assert (
        schema.find(f"string(/xs:schema/xs:import[@namespace='{GML}']/@schemaLocation)") == "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
    )


def test_a_schema_has_features_whose_properties_are_elements_within(schema):
    # ets-gml32 FeatureComponentTests and ModelAndSyntaxTests: gml:AbstractFeature, gml:AbstractFeatureType (ISO 19136 §9, §21.3)
    assert schema.find("/xs:schema/xs:element/@substitutionGroup") == ["gml:AbstractFeature"]
    (name,) = schema.find("/xs:schema/xs:element/@type")
    extended = f"/xs:schema/xs:complexType[@name='{name.partition(':')[2]}']/xs:complexContent/xs:extension"
    assert schema.find(f"{extended}/@base") == ["gml:AbstractFeatureType"]
    assert schema.find(f"{extended}/xs:attribute") == []
    assert len(schema.find(f"{extended}/xs:sequence/xs:element[@name]")) > 3
    assert schema.find("//xs:element[@type='gml:GeometryPropertyType']") == []


@pytest.mark.parametrize(
    ("keywords", "locator"),
    [
        ("SeERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&typename=POI:POI", "service"),
        ("SERVICE=WFS&VERSION=1.1.0&ReEQUEST=GetFeature&typename=POI:POI", "request"),
        ("request=DescribeFeatureType&version=1.1.0", "service"),
    ],
)
def test_version_1_1_wants_its_mandatory_keywords(client, keywords, locator):
    # ets-wfs11 Basic-GetFeature-tc4 and Basic-DescribeFeatureType-tc5, OGC 05-008c1 table 20; sch/ows/1.0.0/ExceptionReport.sch
    reply = client.get(keywords)
    (exception,) = reply.xml().iter("{http://www.opengis.net/ows}Exception")
    assert (reply.status, exception.get("exceptionCode"), str(exception.get("locator")).lower()) == (400, "MissingParameterValue", locator)


def test_a_misspelled_version_is_not_taken_for_none(client):
    # ets-wfs11 Basic-GetFeature-tc4: "VeERSION" has to end in some exception report
    reply = client.get("SERVICE=WFS&VeERSION=1.1.0&REQUEST=GetFeature&typename=POI:POI")
    assert (reply.status, reply.xml().tag.rpartition("}")[2]) == (400, "ExceptionReport")


@pytest.mark.parametrize("keywords", ["extra=1", "namespace=xmlns(POI=https://geo.api.vlaanderen.be/POI)", "resulttype=hits"])
def test_version_1_1_answers_in_the_media_type_of_gml_3_1_1(client, keywords):
    # ets-wfs11 Basic-GetFeature-tc1 and tc2 (an unknown keyword is no error), OGC 04-094 §9.3
    reply = client.get(f"request=GetFeature&service=WFS&version=1.1.0&typename=POI:POI&{keywords}")
    media_type, _, parameters = reply.headers["content-type"].partition(";")
    assert (reply.status, media_type, "subtype=gml/3.1.1" in parameters) == (200, "text/xml", True)
    assert reply.xml().tag == "{http://www.opengis.net/wfs}FeatureCollection"
