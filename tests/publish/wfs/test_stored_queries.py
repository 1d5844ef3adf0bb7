"""Stored queries: the list, the description, and GetFeatureById."""

from __future__ import annotations

import json

import pytest

from publish.wfs.stored_queries import GET_FEATURE_BY_ID
from tests.publish.wfs.example import FIRST

URL = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"
POST = """<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0">
<wfs:StoredQuery id="{query}"><wfs:Parameter name="id">{id}</wfs:Parameter></wfs:StoredQuery></wfs:GetFeature>"""


def by_id(client, identifier, query=GET_FEATURE_BY_ID, **keywords):
    return client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetFeature", STOREDQUERY_ID=query, ID=identifier, **keywords)


def test_the_list_has_getfeaturebyid_and_what_it_gives(client):
    for reply in (
        client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="ListStoredQueries"),
        client.post('<ListStoredQueries xmlns="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"/>'),
    ):
        assert reply.find("//wfs:StoredQuery/@id") == [GET_FEATURE_BY_ID]
        assert reply.find("//wfs:ReturnFeatureType/text()") == ["POI:POI", "LWKB:Woningkwaliteitsbeleid"]


@pytest.mark.parametrize("keywords", [{}, {"STOREDQUERY_ID": GET_FEATURE_BY_ID}, {"storedquery_id": URL}])
def test_the_description_carries_the_identifier_that_was_asked_for(client, keywords):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="DescribeStoredQueries", **keywords)
    assert reply.find("//wfs:StoredQueryDescription/@id") == [next(iter(keywords.values()), GET_FEATURE_BY_ID)]
    assert reply.find("//wfs:Parameter/@name") == ["id"]


def test_an_unknown_query_is_not_described(client):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="DescribeStoredQueries", STOREDQUERY_ID="nope")
    assert reply.exception == (400, "InvalidParameterValue", "STOREDQUERY_ID")


@pytest.mark.parametrize("query", [GET_FEATURE_BY_ID, URL])
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
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetFeature", STOREDQUERY_ID=GET_FEATURE_BY_ID)
    assert reply.exception == (400, "MissingParameterValue", "id")
