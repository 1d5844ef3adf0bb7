"""GetPropertyValue: the values of one property, and nothing for features that have none."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.publish.wfs.example import CLAIM, FIRST

POST = """<wfs:GetPropertyValue xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" valueReference="{reference}">
<wfs:Query typeNames="ns5:POI" xmlns:ns5="https://geo.api.vlaanderen.be/POI"/></wfs:GetPropertyValue>"""


def values(client, reference, **keywords):
    asked = {"TYPENAMES": "POI:POI", "VALUEREFERENCE": reference} | keywords
    return client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetPropertyValue", **asked)


def test_identifiers_are_values(client):
    for reply in (values(client, "@gml:id"), client.post(POST.format(reference="@gml:id"))):
        found = reply.find("//wfs:member/text()")
        assert (reply.xml().tag.rpartition("}")[2], len(found), found[0]) == ("ValueCollection", 60, f"POI.{FIRST}")


@pytest.mark.parametrize("reference", ["POI:PRODUCT", "PRODUCT", "POI:POI/POI:PRODUCT", "PRODUCT[1]"])
def test_a_field_gives_its_texts_and_only_those_that_fit_the_filter(client, reference):
    reply = values(client, reference, CQL_FILTER=f"PRODUCT='{CLAIM}'")
    assert reply.find("//wfs:member/text()") == [CLAIM] * 20


def test_features_without_the_property_are_not_counted(client):
    assert values(client, "BUSNR").matched == len(values(client, "BUSNR").find("//wfs:member")) == 45
    assert values(client, "gml:name").matched == 0


def test_texts_are_escaped(client):
    assert values(client, "STRAAT", COUNT=1).find("//wfs:member/text()") == ["Rue de l'Église <oost> & west"]


def test_geometries_come_in_the_crs_asked_for(client):
    reply = values(client, "SHAPE", COUNT=1, SRSNAME="urn:ogc:def:crs:EPSG::4326")
    assert reply.find("//wfs:member/gml:Point/@srsName") == ["urn:ogc:def:crs:EPSG::4326"]
    assert reply.find("string(//gml:pos)").startswith("51.099")


def test_pages_go_on(client):
    reply = values(client, "@gml:id", COUNT=40)
    following = client.get(urlsplit(reply.find("string(/*/@next)")).query)
    assert len(following.find("//wfs:member")) == 20


@pytest.mark.parametrize("reference", ["", "NOPE", "x y"])
def test_a_reference_to_nothing_is_refused(client, reference):
    assert values(client, reference).exception == (400, "InvalidParameterValue", "valueReference")
    assert client.post(POST.format(reference=reference)).exception == (400, "InvalidParameterValue", "valueReference")


def test_the_reference_has_to_be_given(client):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetPropertyValue", TYPENAMES="POI:POI")
    assert reply.exception == (400, "MissingParameterValue", "valueReference")
