"""DescribeFeatureType: schemas that compile, under every name that clients use."""

from __future__ import annotations

import pytest

from tests.publish.wfs.schemas import application, require_valid

POST = """<DescribeFeatureType xmlns="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" xmlns:tns="{namespace}">
<TypeName>tns:{name}</TypeName></DescribeFeatureType>"""


def describe(client, **keywords):
    return client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="DescribeFeatureType", **keywords)


def test_without_names_one_schema_describes_all_and_imports_by_link(client):
    reply = describe(client)
    assert (reply.status, reply.xml().tag) == (200, "{http://www.w3.org/2001/XMLSchema}schema")
    places = reply.find("//xs:import/@schemaLocation")
    assert places[0] == "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
    assert places[1].startswith("https://open.example.org/wfs?") and "TYPENAMES=LWKB:Woningkwaliteitsbeleid" in places[1]


@pytest.mark.parametrize(
    "keywords",
    [
        {"TYPENAMES": "POI:POI"},
        {"typename": "POI:POI"},
        {"typeName": "POI"},
        {"typename": "ns7:POI", "namespaces": "xmlns(ns7,https://geo.api.vlaanderen.be/POI)"},
        {
            "typename": "ns7:POI",
            "namespaces": "xmlns(xml,http://www.w3.org/XML/1998/namespace),xmlns(ns7,https://geo.api.vlaanderen.be/POI)",
        },
        {"typename": "POI:POI", "outputFormat": "application/gml+xml; version=3.2"},
        {"typename": "POI:POI", "outputFormat": "text/xml; subtype=gml/3.2"},
        {"typename": "POI:POI", "outputFormat": "XMLSCHEMA"},
    ],
)
def test_a_type_is_found_under_every_spelling(client, keywords):
    reply = describe(client, **keywords)
    assert reply.find("//xs:schema/xs:element/@name") == ["POI"]


@pytest.mark.parametrize(
    "keywords",
    [
        {"typename": "POI:Unknown"},
        {"typename": "ns7:Unknown1.Type", "namespaces": "xmlns(ns7,http://example.org)"},
        {"typename": "ns7:POI", "namespaces": "xmlns(ns7,http://example.org)"},
        {"typename": "RegisterHerstelvorderingen_Adressen"},
    ],
)
def test_an_unknown_type_is_refused(client, keywords):
    assert describe(client, **keywords).exception == (400, "InvalidParameterValue", "typeName")


def test_an_unknown_format_is_refused(client):
    assert describe(client, OUTPUTFORMAT="application/json").exception == (400, "InvalidParameterValue", "outputFormat")


def test_post_resolves_names_by_their_own_bindings(client):
    known = client.post(POST.format(namespace="https://geo.api.vlaanderen.be/LWKB", name="Woningkwaliteitsbeleid"))
    assert known.find("//xs:schema/xs:element/@name") == ["Woningkwaliteitsbeleid"]
    unknown = client.post(POST.format(namespace="http://example.org", name="Unknown1.Type"))
    assert unknown.exception == (400, "InvalidParameterValue", "typeName")


@pytest.mark.parametrize("name", ["POI:POI", "LWKB:Woningkwaliteitsbeleid"])
@pytest.mark.parametrize("crs", [None, "EPSG:3812", "urn:ogc:def:crs:EPSG::4326"])
def test_features_are_valid_by_the_schema_that_describes_them(client, tmp_path, name, crs):
    schema = application(describe(client, TYPENAMES=name).body, tmp_path)
    keywords = {"TYPENAMES": name} | ({"SRSNAME": crs} if crs else {})
    members = client.feature(**keywords).find("//wfs:member/*")
    assert members
    for member in members:
        require_valid(schema, member)


def test_features_with_fewer_properties_are_still_valid(client, tmp_path):
    schema = application(describe(client, TYPENAMES="POI:POI").body, tmp_path)
    for member in client.feature(PROPERTYNAME="POI:NAAM").find("//wfs:member/*"):
        require_valid(schema, member)
