"""WFS 1.1.0 and 1.0.0, for reading: capabilities, schema, features in GML 3.1.1 and 2.1.2, hits, by GET and by POST."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from tests.publish.wfs.example import CERTIFICATE, FIRST, GOLDEN

WFS = "{http://www.opengis.net/wfs}"
GML = "{http://www.opengis.net/gml}"
OWS = "{http://www.opengis.net/ows}"
OGC = "{http://www.opengis.net/ogc}"
POI = "{https://geo.api.vlaanderen.be/POI}"
VERSIONS = ("1.1.0", "1.0.0")


def ask(client, version, request="GetFeature", **keywords):
    asked = {"SERVICE": "WFS", "VERSION": version, "REQUEST": request} | keywords
    return client.get(**asked)


def post(client, version, body="", attributes=""):
    return client.post(
        f'<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs" xmlns:ogc="http://www.opengis.net/ogc"'
        f' xmlns:gml="http://www.opengis.net/gml" xmlns:POI="https://geo.api.vlaanderen.be/POI"'
        f' service="WFS" version="{version}" {attributes}><wfs:Query typeName="POI:POI">{body}</wfs:Query></wfs:GetFeature>'
    )


def features(reply):
    assert reply.status == 200, reply.body
    return [member[0] for member in reply.xml().iter(f"{GML}featureMember")]


def identifiers(reply):
    return [feature.get(f"{GML}id") or feature.get("fid") for feature in features(reply)]


@pytest.mark.parametrize(
    ("keywords", "version"),
    [
        ({"ACCEPTVERSIONS": "1.1.0,1.0.0"}, "1.1.0"),
        ({"ACCEPTVERSIONS": "1.0.0,2.0.0"}, "1.0.0"),
        ({"VERSION": "1.1.0"}, "1.1.0"),
        ({"VERSION": "1.0.0"}, "1.0.0"),
        ({"VERSION": "1.1.3"}, "1.1.0"),
        ({"VERSION": "0.9.0"}, "1.0.0"),
        ({"VERSION": "2.2.2"}, "2.0.0"),
        ({}, "2.0.0"),
        ({"ACCEPTVERSIONS": "1.1.0", "VERSION": "2.0.0"}, "1.1.0"),
    ],
)
def test_versions_are_negotiated(client, keywords, version):
    assert client.get(SERVICE="WFS", REQUEST="GetCapabilities", **keywords).xml().get("version") == version


def test_a_posted_request_is_negotiated_alike(client):
    old = '<GetCapabilities xmlns="http://www.opengis.net/wfs" service="WFS" version="1.0.0"/>'
    accepting = (
        '<GetCapabilities xmlns="http://www.opengis.net/wfs" service="WFS"><ows:AcceptVersions xmlns:ows="http://www.opengis.net/ows">'
        "<ows:Version>1.1.0</ows:Version></ows:AcceptVersions></GetCapabilities>"
    )
    assert client.post(old).xml().get("version") == "1.0.0"
    assert client.post(accepting).xml().get("version") == "1.1.0"


def test_capabilities_1_1_have_what_the_clients_read(client):
    root = client.get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION="1.1.0").xml()

    assert [etree.QName(child).localname for child in root] == [
        "ServiceIdentification",
        "ServiceProvider",
        "OperationsMetadata",
        "FeatureTypeList",
        "Filter_Capabilities",
    ]
    types = root.find(f"{WFS}FeatureTypeList")
    assert [child.tag for child in types] == [f"{WFS}FeatureType"] * 2, "no Operations: the Geopunt plugin of ArcGIS takes it for a layer"
    assert types.findtext(f"{WFS}FeatureType/{WFS}Name") == "POI:POI"
    assert types.findtext(f"{WFS}FeatureType/{WFS}DefaultSRS") == "urn:ogc:def:crs:EPSG::31370"
    assert len(types[0].findall(f"{WFS}OtherSRS")) == 5
    assert all(kind.find(f"{OWS}WGS84BoundingBox") is not None for kind in types)
    assert root.xpath("//ows:Parameter[@name='resultType']/ows:Value/text()", namespaces={"ows": OWS.strip("{}")}) == ["results", "hits"]
    assert root.nsmap["POI"] == "https://geo.api.vlaanderen.be/POI"


def test_capabilities_1_1_have_only_the_sections_asked_for(client):
    root = client.get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION="1.1.0", SECTIONS="FeatureTypeList").xml()
    assert [child.tag for child in root] == [f"{WFS}FeatureTypeList"]


def test_capabilities_1_0_have_what_the_clients_read(client):
    root = client.get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION="1.0.0").xml()

    assert [etree.QName(child).localname for child in root] == ["Service", "Capability", "FeatureTypeList", "Filter_Capabilities"]
    first = root.find(f"{WFS}FeatureTypeList/{WFS}FeatureType")
    assert (first.findtext(f"{WFS}Name"), first.findtext(f"{WFS}SRS")) == ("POI:POI", "EPSG:31370")
    box = first.find(f"{WFS}LatLongBoundingBox")
    assert 140_000 <= float(box.get("minx")) < float(box.get("maxx")) < 150_000, "in the SRS of the type (WFS 1.0.0 §12.3.3)"
    assert 198_000 <= float(box.get("miny")) < float(box.get("maxy")) < 205_000
    assert root.find(f".//{WFS}GetFeature/{WFS}DCPType/{WFS}HTTP/{WFS}Get").get("onlineResource") == "https://open.example.org/wfs?"
    assert root.find(f".//{WFS}GetFeature/{WFS}ResultFormat/{WFS}GML2") is not None


@pytest.mark.parametrize(("version", "gml"), [("1.1.0", "gml/3.1.1/base/gml.xsd"), ("1.0.0", "gml/2.1.2/feature.xsd")])
def test_the_schema_is_that_of_the_version(client, version, gml):
    reply = ask(client, version, "DescribeFeatureType", TYPENAME="POI:POI")
    root = reply.xml()
    imported = {item.get("namespace"): item.get("schemaLocation") for item in root.iter("{http://www.w3.org/2001/XMLSchema}import")}
    assert imported["http://www.opengis.net/gml"] == f"http://schemas.opengis.net/{gml}"
    assert root.find("{http://www.w3.org/2001/XMLSchema}element").get("substitutionGroup") == "gml:_Feature"


@pytest.mark.parametrize("spelling", ["XMLSCHEMA", "text/xml; subtype=gml/3.1.1", "text/xml; subtype=gml/2.1.2"])
def test_the_schema_is_asked_for_in_many_ways(client, spelling):
    assert ask(client, "1.1.0", "DescribeFeatureType", TYPENAME="POI:POI,LWKB:Woningkwaliteitsbeleid", OUTPUTFORMAT=spelling).status == 200


@pytest.mark.parametrize("version", VERSIONS)
def test_every_feature_comes_without_a_page(releases, client_of, version):
    client = client_of(releases, count_default=7)
    assert len(identifiers(ask(client, version, TYPENAME="POI:POI"))) == 60
    assert len(identifiers(ask(client, version, TYPENAME="POI:POI", MAXFEATURES=5))) == 5
    assert len(identifiers(post(client, version))) == 60
    assert len(identifiers(post(client, version, attributes='maxFeatures="5"'))) == 5


@pytest.mark.parametrize("version", VERSIONS)
def test_features_are_those_of_version_2(client, version):
    reply = ask(client, version, TYPENAME="POI:POI")
    assert identifiers(reply) == client.feature().ids
    first = features(reply)[0]
    assert first.tag == f"{POI}POI"
    assert [child.tag for child in first] == [child.tag for child in client.feature().find("//POI:POI")[0]]


def test_a_point_in_gml_3_1_1(client):
    point = next(features(ask(client, "1.1.0", TYPENAME="POI:POI"))[0].iter(f"{GML}Point"))
    assert (point.get("srsName"), point.findtext(f"{GML}pos")) == ("urn:ogc:def:crs:EPSG::31370", f"{GOLDEN[0]:.2f} {GOLDEN[1]:.2f}")


def test_a_point_in_gml_2_1_2(client):
    point = next(features(ask(client, "1.0.0", TYPENAME="POI:POI"))[0].iter(f"{GML}Point"))
    assert point.get("srsName") == "http://www.opengis.net/gml/srs/epsg.xml#31370"
    assert point.findtext(f"{GML}coordinates") == f"{GOLDEN[0]:.2f},{GOLDEN[1]:.2f}"


@pytest.mark.parametrize("version", VERSIONS)
def test_polygons_come_too(client, version):
    found = features(ask(client, version, TYPENAME="LWKB:Woningkwaliteitsbeleid"))
    assert [len(list(feature.iter(f"{GML}Polygon"))) for feature in found] == [2, 0]


@pytest.mark.parametrize("version", VERSIONS)
def test_hits_are_counted(client, version):
    for reply in (ask(client, version, TYPENAME="POI:POI", RESULTTYPE="hits"), post(client, version, attributes='resultType="hits"')):
        root = reply.xml()
        assert (root.get("numberOfFeatures"), features(reply)) == ("60", [])


def test_the_number_of_features_is_that_of_the_document(client):
    assert ask(client, "1.1.0", TYPENAME="POI:POI", MAXFEATURES=5).xml().get("numberOfFeatures") == "5"


@pytest.mark.parametrize("version", VERSIONS)
def test_filters_of_the_time_are_read(client, version):
    equal = (
        "<ogc:PropertyIsEqualTo><ogc:PropertyName>POI:PRODUCT</ogc:PropertyName>"
        f"<ogc:Literal>{CERTIFICATE}</ogc:Literal></ogc:PropertyIsEqualTo>"
    )
    posted = post(client, version, f"<ogc:Filter>{equal}</ogc:Filter>")
    given = ask(client, version, TYPENAME="POI:POI", FILTER=f'<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc">{equal}</ogc:Filter>')
    by_id = ask(client, version, TYPENAME="POI:POI", FEATUREID=f"POI.{FIRST},POI.{FIRST + 3}")

    assert len(identifiers(posted)) == 20
    assert identifiers(posted) == identifiers(given)
    assert identifiers(by_id) == [f"POI.{FIRST}", f"POI.{FIRST + 3}"]
    assert identifiers(ask(client, version, FEATUREID=f"POI.{FIRST}")) == [f"POI.{FIRST}"]


def test_features_are_sorted_and_cut_down(client):
    reply = post(
        client,
        "1.1.0",
        "<wfs:PropertyName>POI:NAAM</wfs:PropertyName><ogc:SortBy><ogc:SortProperty><ogc:PropertyName>OIDN</ogc:PropertyName>"
        "<ogc:SortOrder>DESC</ogc:SortOrder></ogc:SortProperty></ogc:SortBy>",
        'maxFeatures="2"',
    )
    assert identifiers(reply) == sorted(client.feature().ids, reverse=True)[:2]
    assert {etree.QName(child).localname for child in features(reply)[0]} == {"UIDN", "OIDN", "PRODUCT", "NAAM"}


@pytest.mark.parametrize("version", VERSIONS)
def test_several_queries_give_one_collection(client, version):
    reply = ask(client, version, TYPENAME="POI:POI,LWKB:Woningkwaliteitsbeleid", MAXFEATURES=61)
    assert len(features(reply)) == 61


def test_an_object_that_comes_again_is_referred_to(client):
    reply = ask(client, "1.1.0", TYPENAME="POI:POI,POI:POI", MAXFEATURES=62)
    members = list(reply.xml().iter(f"{GML}featureMember"))
    assert [len(member) for member in members] == [1] * 60 + [0] * 2
    assert members[60].get("{http://www.w3.org/1999/xlink}href") == f"#{identifiers_of(members[0])}"


def identifiers_of(member):
    return member[0].get(f"{GML}id")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("spelling", "kind"), [("json", "application/json"), ("csv", "text/csv"), ("text/xml; subtype=gml/3.2", "gml+xml")]
)
def test_other_formats_are_answered_in_every_version(client, version, spelling, kind):
    assert kind in ask(client, version, TYPENAME="POI:POI", OUTPUTFORMAT=spelling).headers["content-type"]


@pytest.mark.parametrize(
    ("spelling", "namespace"),
    [
        ("text/xml; subtype=gml/3.1.1", "http://www.opengis.net/wfs"),
        ("GML3", "http://www.opengis.net/wfs"),
        ("GML2", "http://www.opengis.net/wfs"),
        ("text/xml", "http://www.opengis.net/wfs/2.0"),
    ],
)
def test_older_gml_is_answered_in_version_2(client, spelling, namespace):
    reply = client.feature(OUTPUTFORMAT=spelling, COUNT=3)
    assert (reply.status, reply.xml().tag) == (200, f"{{{namespace}}}FeatureCollection")
    assert reply.headers["OGC-NumberMatched"] == "60"


def test_a_request_without_a_version_is_read_as_the_poi_services_users_write_it(client):
    reply = client.get("request=GetFeature&typeName=POI:POI&srsName=EPSG:31370&outputFormat=text/xml; subtype=gml/3.1.1&maxFeatures=2")
    assert len(features(reply)) == 2


@pytest.mark.parametrize("operation", ["GetPropertyValue", "ListStoredQueries", "DescribeStoredQueries"])
@pytest.mark.parametrize("version", VERSIONS)
def test_operations_of_version_2_are_refused_before_it(client, version, operation):
    assert b"OperationNotSupported" in ask(client, version, operation).body
    assert ask(client, version, operation).status == 400


@pytest.mark.parametrize(
    ("version", "root"),
    [("1.1.0", f"{OWS}ExceptionReport"), ("1.0.0", f"{OGC}ServiceExceptionReport")],
)
def test_exceptions_are_in_the_language_of_the_version(client, version, root):
    reply = ask(client, version, TYPENAME="POI:nope")
    assert (reply.status, reply.xml().tag) == (400, root)
    assert b"InvalidParameterValue" in reply.body


def test_a_missing_name_is_called_what_the_version_calls_it(client):
    assert b'locator="typeName"' in ask(client, "1.1.0").body


def test_geojson_of_version_1_0_has_x_first_in_any_spelling(client):
    point = json.loads(
        ask(client, "1.0.0", TYPENAME="POI:POI", OUTPUTFORMAT="json", SRSNAME="urn:ogc:def:crs:EPSG::4326", MAXFEATURES=1).body
    )["features"][0]["geometry"]["coordinates"]
    assert 2 < point[0] < 7 < 50 < point[1] < 52


@pytest.mark.parametrize("request_", ["GetFeature", "DescribeFeatureType"])
def test_version_1_1_wants_the_service(client, request_):
    reply = client.get(f"request={request_}&version=1.1.0&typename=POI:POI")
    assert reply.status == 400
    assert b'"MissingParameterValue" locator="service"' in reply.body


@pytest.mark.parametrize(("query", "name"), [("SeERVICE=WFS&VERSION=2.0.0", b"service"), ("SERVICE=WFS&VeERSION=1.1.0", b"version")])
def test_who_misspells_a_mandatory_parameter_is_told(client, query, name):
    reply = client.get(f"{query}&REQUEST=GetFeature&TYPENAME=POI:POI")
    assert reply.status == 400
    assert b'"MissingParameterValue" locator="' + name in reply.body
    assert client.get("REQUEST=GetFeature&TYPENAME=POI:POI").status == 200, "who leaves them out is answered"
