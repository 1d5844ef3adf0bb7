"""Stored queries: the list, the description, and GetFeatureById."""

from __future__ import annotations

import json

import pytest

from publish.wfs.stored_queries import FEATURE_BY_ID, SPATIAL_DATA_SET
from tests.publish.wfs.example import FIRST

URL = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
POST = """<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0">
<wfs:StoredQuery id="{query}"><wfs:Parameter name="id">{id}</wfs:Parameter></wfs:StoredQuery></wfs:GetFeature>"""


def by_id(client, identifier, query=FEATURE_BY_ID.id, **keywords):
    return client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetFeature", STOREDQUERY_ID=query, ID=identifier, **keywords)


def test_the_list_has_getfeaturebyid_and_what_it_gives(client):
    for reply in (
        client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="ListStoredQueries"),
        client.post('<ListStoredQueries xmlns="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"/>'),
    ):
        assert reply.find("//wfs:StoredQuery/@id") == [FEATURE_BY_ID.id, SPATIAL_DATA_SET.id]
        assert reply.find("//wfs:StoredQuery[1]/wfs:ReturnFeatureType/text()") == ["POI:POI", "LWKB:Woningkwaliteitsbeleid"]


def test_without_an_identifier_every_query_is_described(client):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="DescribeStoredQueries")
    assert reply.find("//wfs:StoredQueryDescription/@id") == [FEATURE_BY_ID.id, SPATIAL_DATA_SET.id]


@pytest.mark.parametrize("keywords", [{"STOREDQUERY_ID": FEATURE_BY_ID.id}, {"storedquery_id": URL}])
def test_the_description_carries_the_identifier_that_was_asked_for(client, keywords):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="DescribeStoredQueries", **keywords)
    assert reply.find("//wfs:StoredQueryDescription/@id") == [*keywords.values()]
    assert reply.find("//wfs:Parameter/@name") == ["id"]


def test_an_unknown_query_is_not_described(client):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="DescribeStoredQueries", STOREDQUERY_ID="nope")
    assert reply.exception == (400, "InvalidParameterValue", "STOREDQUERY_ID")


@pytest.mark.parametrize("query", [FEATURE_BY_ID.id, URL])
def test_the_feature_itself_is_the_root_of_the_answer(client, query):
    for reply in (by_id(client, f"POI.{FIRST}", query), client.post(POST.format(query=query, id=f"POI.{FIRST}"))):
        root = reply.xml()
        assert (reply.status, root.tag) == (200, "{https://geo.api.vlaanderen.be/POI}POI")
        assert root.get("{http://www.opengis.net/gml/3.2}id") == f"POI.{FIRST}"


def test_the_feature_is_given_as_geojson_too(client):
    feature = json.loads(by_id(client, f"POI.{FIRST}", OUTPUTFORMAT="application/json").body)
    assert (feature["type"], feature["id"]) == ("Feature", f"POI.{FIRST}")


@pytest.mark.parametrize("identifier", ["uuid-7", "POI.1", f"POI.{FIRST - 1}", "Woningkwaliteitsbeleid.1"])
def test_an_unknown_feature_is_not_found(client, identifier):
    assert by_id(client, identifier).exception == (404, "NotFound", "id")


def test_an_unknown_query_is_refused(client):
    assert by_id(client, "x", "http://docbook.org/ns/docbook").exception == (400, "InvalidParameterValue", "STOREDQUERY_ID")
    assert client.post(POST.format(query="nope", id="x")).exception == (400, "InvalidParameterValue", "STOREDQUERY_ID")


def test_the_identifier_has_to_be_given(client):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetFeature", STOREDQUERY_ID=FEATURE_BY_ID.id)
    assert reply.exception == (400, "MissingParameterValue", "id")


CODE = "https://open.example.org/catalogus/iso/00000000-0000-4000-8000-000000000001.xml"


def data_set(client, code, **keywords):
    asked = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "STOREDQUERY_ID": SPATIAL_DATA_SET.id}
    return client.get(**asked, DataSetIdCode=code, DataSetIdNamespace="", Language="dut", **keywords)


@pytest.mark.parametrize("code", [CODE, CODE[-40:-4], "Conformiteitsattest"])
def test_a_data_set_is_named_by_its_metadata(client, code):
    reply = data_set(client, code, CRS="http://www.opengis.net/def/crs/EPSG/0/4258")
    assert (reply.status, reply.matched, len(reply.ids)) == (200, 20, 20)
    assert set(reply.find("//POI:PRODUCT/text()")) == {"Conformiteitsattest"}
    assert set(reply.find("//gml:Point/@srsName")) == {"http://www.opengis.net/def/crs/EPSG/0/4258"}


def test_a_data_set_comes_whole_whatever_the_page_of_the_service(releases, client_of):
    assert len(data_set(client_of(releases, count_default=7), "POI").ids) == 60


def test_the_pages_of_a_data_set_are_those_of_the_query_that_it_stands_for(client):
    page = data_set(client, "Conformiteitsattest", COUNT=15)
    rest = client.get(str(page.find("string(/*/@next)")).partition("?")[2])
    assert (len(page.ids), len(rest.ids)) == (15, 5)
    assert not set(page.ids) & set(rest.ids)


def test_a_data_set_that_is_not_here_is_refused(client):
    assert data_set(client, "nope").exception == (400, "InvalidParameterValue", "DataSetIdCode")
    assert data_set(client, "").exception == (400, "MissingParameterValue", "DataSetIdCode")
    assert data_set(client.at("/LWKB/wfs"), "POI").exception == (400, "InvalidParameterValue", "DataSetIdCode")


def test_a_stored_query_goes_with_others_unless_it_answers_with_no_collection(client):
    body = """<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0">
    <wfs:Query typeNames="LWKB:Woningkwaliteitsbeleid" xmlns:LWKB="https://geo.api.vlaanderen.be/LWKB"/>
    <wfs:StoredQuery id="{query}"><wfs:Parameter name="DataSetIdCode">Conformiteitsattest</wfs:Parameter>
    <wfs:Parameter name="id">POI.1</wfs:Parameter></wfs:StoredQuery></wfs:GetFeature>"""
    both = client.post(body.format(query=SPATIAL_DATA_SET.id))
    assert (both.status, both.matched) == (200, 22)
    assert client.post(body.format(query=FEATURE_BY_ID.id)).exception == (400, "OptionNotSupported", "storedQuery_id")
