"""The fixed sentences go with features of the WFS where the format has room for them (CONTRACT B.3)."""

from __future__ import annotations

import json

import pytest

from tests.publish.wfs.conftest import Client
from tests.publish.wfs.example import FIRST

SOURCE = "Bron: Wonen in Vlaanderen – TEST – POI, toestand 21 november 2026"
STATE = "Toestand op 21 november 2026. Staat een adres er niet op, dan bewijst dat niets."
BY_ID = {"STOREDQUERY_ID": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "ID": f"POI.{FIRST}", "TYPENAMES": None}


def old(client: Client, version: str, **keywords: object):
    return client.get(SERVICE="WFS", VERSION=version, REQUEST="GetFeature", TYPENAME="POI:POI", MAXFEATURES="2", **keywords)


@pytest.mark.parametrize("asked", [{"COUNT": 2}, {"RESULTTYPE": "hits"}, BY_ID], ids=["features", "hits", "by id"])
def test_gml_32_has_them_as_a_comment(client: Client, asked: dict[str, object]) -> None:
    text = client.feature(**asked).body.decode()
    assert text.partition("<!-- ")[2].startswith(f"{SOURCE}. {STATE}")
    # Behind the document, where no reader takes it for a member.
    assert text.rstrip().endswith(" -->") and "</" not in text.partition("<!-- ")[2]


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_older_gml_has_them_as_the_description_of_the_collection(client: Client, version: str) -> None:
    root = old(client, version).xml()
    assert root[0].tag == "{http://www.opengis.net/gml}description"
    assert root[0].text.startswith(f"{SOURCE}. {STATE}")
    assert len(root.findall("{*}featureMember")) == 2


@pytest.mark.parametrize("asked", [{"COUNT": 2}, BY_ID], ids=["features", "by id"])
def test_geojson_has_them_as_members(client: Client, asked: dict[str, object]) -> None:
    document = json.loads(client.feature(OUTPUTFORMAT="application/json", **asked).body)
    assert (document["attribution"], document["state"]) == (SOURCE, STATE)
    assert document["reuse"] and document["licence"].startswith("https://data.vlaanderen.be/id/licentie/")


def test_features_of_several_types_have_the_source_of_each(client: Client) -> None:
    document = json.loads(client.feature(TYPENAMES="(POI:POI)(LWKB:Woningkwaliteitsbeleid)", COUNT=1, OUTPUTFORMAT="json").body)
    assert document["attribution"] == f"{SOURCE}; {SOURCE.replace('POI', 'Woningkwaliteitsbeleid')}"
    assert document["state"] == STATE


@pytest.mark.parametrize("asked", [{"COUNT": 2}, BY_ID], ids=["features", "by id"])
@pytest.mark.parametrize("form", ["csv", "json", "gml32"])
def test_every_answer_leads_to_licence_and_metadata(client: Client, asked: dict[str, object], form: str) -> None:
    links = client.feature(OUTPUTFORMAT=form, **asked).headers["link"]
    assert 'rel="license"' in links
    assert "/catalogus/iso/" in links and 'rel="describedby"' in links
