"""What real clients send, literally, with our names: the POI service's users (DOMAIN 1.2), QGIS, and the shared request files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.publish.wfs.example import CERTIFICATE, FIRST, INVENTORY

ARCGIS = "SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=POI:POI&VERSION=2.2.2&count=1000&OUTPUTFORMAT=application/json&SRSNAME=EPSG:102100"
FILTER = f"<Filter><PropertyIsEqualTo><PropertyName>POI:PRODUCT</PropertyName><Literal>{CERTIFICATE}</Literal></PropertyIsEqualTo></Filter>"
MIXED = (
    '<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc"><ogc:And><PropertyIsEqualTo><PropertyName>POI:PRODUCT</PropertyName>'
    f"<Literal>{CERTIFICATE}</Literal></PropertyIsEqualTo><ogc:BBOX><ogc:PropertyName>POI:SHAPE</ogc:PropertyName>"
    '<gml:Envelope xmlns:gml="http://www.opengis.net/gml" srsName="EPSG:4326"><gml:lowerCorner>4.0 50.0</gml:lowerCorner>'
    "<gml:upperCorner>5.0 52.0</gml:upperCorner></gml:Envelope></ogc:BBOX></ogc:And></ogc:Filter>"
)


def test_the_angular_app_gets_its_certificates_by_a_filter_without_namespace(client):
    reply = client.at("/POI/wfs").get(f"{ARCGIS}&filter={quote(FILTER)}")
    document = json.loads(reply.body)
    assert (reply.headers["content-type"], document["numberMatched"]) == ("application/json", 20)
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::3857"
    assert document["features"][0]["geometry"]["coordinates"][0] > 400_000


def test_the_angular_app_gets_its_inventory_by_cql_with_a_prefixed_name(client):
    document = json.loads(client.at("/POI/wfs").get(f"{ARCGIS}&cql_filter=POI:PRODUCT=%27{INVENTORY}%27").body)
    assert {feature["properties"]["PRODUCT"] for feature in document["features"]} == {INVENTORY}
    assert document["numberReturned"] == 20


def test_a_filter_of_two_dialects_with_lon_lat_is_read(client):
    assert json.loads(client.at("/POI/wfs").get(f"{ARCGIS}&filter={quote(MIXED)}").body)["numberMatched"] == 18


@pytest.mark.parametrize(
    "query",
    [
        "service=WFS&version=2.0.0&request=GetFeature&typeNames=POI&outputFormat=application/json&CQL_FILTER=CATEGORIE=%20%27Woningkwaliteit%27",
        "request=GetFeature&typeName=POI:POI&cql_filter=CATEGORIE=%27Woningkwaliteit%27&srsName=EPSG:31370&outputFormat=application/json",
        "service=wfs&version=2.0.0&request=GetFeature&typename=POI&crsName=EPSG:31370&outputFormat=json&srs=31370",
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAME=POI:POI&SRSNAME=EPSG:31370&BBOX=0,0,300000,300000&OUTPUTFORMAT=json",
        "SeRvIcE=WFS&vErSiOn=2.0.0&ReQuEsT=GetFeature&TyPeNaMeS=POI:POI&OutputFormat=GeoJSON&somethingElse=1",
    ],
)
def test_scripts_and_plugins_get_every_feature_in_lambert_72(client, query):
    document = json.loads(client.at("/POI/wfs").get(query).body)
    assert document["numberMatched"] == (54 if "BBOX" in query else 60)
    assert document["features"][0]["geometry"]["coordinates"] == [140_252.76, 198_794.27]


def test_a_category_of_another_publisher_is_an_empty_answer(client):
    query = "service=WFS&version=2.0.0&request=GetFeature&typeNames=POI&outputFormat=application/json"
    query += "&CQL_FILTER=CATEGORIE=%20%27Hoger%20onderwijs%27"
    assert json.loads(client.at("/POI/wfs").get(query).body)["numberMatched"] == 0


def test_gml_3_1_1_is_refused_with_the_formats_that_there_are(client):
    query = "request=GetFeature&typeName=POI:POI&cql_filter=NAAM='West'&srsName=EPSG:31370&outputFormat=text/xml; subtype=gml/3.1.1"
    reply = client.get(query)
    assert reply.exception == (400, "InvalidParameterValue", "outputFormat")
    assert "application/gml+xml; version=3.2" in reply.find("string(//ows:ExceptionText)")


QGIS = [
    ("TYPENAMES=POI:POI&STARTINDEX=0&COUNT=1&SRSNAME=EPSG:31370", [1]),
    ("TYPENAMES=POI:POI&STARTINDEX=1&COUNT=1&SRSNAME=urn:ogc:def:crs:EPSG::4326", [2]),
    ("TYPENAMES=POI:POI&COUNT=3&SRSNAME=urn:ogc:def:crs:EPSG::31370&NAMESPACES=xmlns(POI,https://geo.api.vlaanderen.be/POI)", [1, 2, 3]),
    ("TYPENAMES=POI:POI&COUNT=1&SRSNAME=urn:ogc:def:crs:EPSG::4326&BBOX=51,4,52,5,urn:ogc:def:crs:EPSG::4326", [1]),
]


@pytest.mark.parametrize(("query", "wanted"), QGIS)
def test_qgis_gets_its_pages(client, query, wanted):
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&VERSION=2.0.0&{query}")
    assert reply.ids == [f"POI.{FIRST - 1 + number}" for number in wanted]
    assert reply.matched >= 54  # on page one, or QGIS asks again after four seconds


def test_qgis_filters_that_bind_a_prefix_twice_are_read(client):
    text = (
        '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:POI="https://geo.api.vlaanderen.be/POI" '
        'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:POI="https://geo.api.vlaanderen.be/POI">'
        "<fes:PropertyIsEqualTo><fes:ValueReference>POI:POSTCODE</fes:ValueReference><fes:Literal>2000</fes:Literal></fes:PropertyIsEqualTo>"
        "</fes:Filter>"
    )
    reply = client.get(f"SERVICE=WFS&REQUEST=GetFeature&VERSION=2.0.0&TYPENAMES=POI:POI&FILTER={quote(text)}")
    assert reply.matched == 20


def test_keywords_may_be_posted_as_a_form(client):
    reply = client.post(
        "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=2", "application/x-www-form-urlencoded; charset=UTF-8"
    )
    assert len(reply.ids) == 2


def _ours(line: str) -> str:
    """A request of the shared files with our type and field in it."""
    line = re.sub(r"my:othertypename,my:typename|my:typename,my:othertypename|my:typename|points|EC422", "POI:POI", line)
    return line.replace("http://my", "https://geo.api.vlaanderen.be/POI").lstrip("?").replace("?", "&")


def test_every_request_of_qgis_gets_a_sensible_answer(client, shared: Path):
    lines = (shared / "client-requests" / "qgis-wfs-provider-requests.txt").read_text("utf-8").splitlines()
    for line in lines:
        if "FILTER=" in line:
            continue  # cut off in the file
        reply = client.get(_ours(line))
        refused = "32631" in line or ("VERSION=1." in line and "GetCapabilities" not in line)
        assert reply.status == (400 if refused else 200), line
        if refused:
            assert b"xception" in reply.body


def test_the_poi_requests_of_the_shared_file_give_counts(client, shared: Path):
    text = (shared / "client-requests" / "geo-api-vlaanderen-poi-requests.txt").read_text("utf-8")
    (filter_,) = re.findall(r"^filter=(.*)$", text, re.MULTILINE)
    (cql,) = re.findall(r"^cql_filter=(.*)$", text, re.MULTILINE)
    asked = {"VERSION": "2.2.2", "REQUEST": "GetFeature", "SERVICE": "WFS", "TYPENAMES": "POI:POI", "RESULTTYPE": "hits"}
    assert client.get(**asked, filter=filter_).matched == 20
    assert client.get(**asked, cql_filter=cql).matched == 20
    for address in re.findall(r"^https://geo.api.vlaanderen.be(/POI/wfs)\?(\S+)$", text, re.MULTILINE):
        assert json.loads(client.at(address[0]).get(address[1]).body)["numberMatched"] == 0
