"""GetFeatureInfo: what is found where, in every format, and nothing that a browser would run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree, html

from tests.publish.wms.conftest import Client
from tests.publish.wms.example import ALONE, CERTIFICATE, CROWD, INVENTORY

X, Y = ALONE[CERTIFICATE]
HERE = {"BBOX": f"{X - 505},{Y - 495},{X + 495},{Y + 505}"}
"""The point is in the middle of pixel 50, 50."""
AREAS = {"LAYERS": "Woningkwaliteitsbeleid", "BBOX": "195000,175000,225000,195000", "WIDTH": 300, "HEIGHT": 200}


def names(client: Client, **keywords: Any) -> list[str]:
    document = json.loads(client.info(INFO_FORMAT="application/json", **keywords).body)
    assert document["numberReturned"] == len(document["features"])
    return [feature["properties"]["NAAM"] for feature in document["features"]]


def test_a_symbol_is_found_as_far_as_it_reaches(client: Client) -> None:
    for column, row in ((50, 50), (45, 50), (50, 55), (54, 46)):
        assert names(client, I=column, J=row, **HERE) == [f"{CERTIFICATE} 0"]
    for column, row in ((30, 50), (50, 70), (0, 0)):
        assert names(client, I=column, J=row, **HERE) == []


def test_the_nearest_come_first_and_no_more_than_were_asked_for(client: Client) -> None:
    x, y = CROWD[0] + 2000, CROWD[1] + 2000
    box = {"BBOX": f"{x - 25050},{y - 24950},{x + 24950},{y + 25050}"}  # 500 m a pixel: many symbols meet
    assert len(names(client, **box)) == 1
    some = names(client, FEATURE_COUNT=5, **box)
    assert len(some) == 5 and some[0] == names(client, **box)[0] == f"{CERTIFICATE} {5 + 4 * 20 + 4}"
    assert len(names(client, FEATURE_COUNT=100_000, **box)) <= 100
    assert len(client.info(FEATURE_COUNT=2, **box).body) > len(client.info(FEATURE_COUNT=1, **box).body)
    assert client.info(FEATURE_COUNT=0, **box).body == client.info(**box).body


def test_an_area_is_found_where_it_is(client: Client) -> None:
    for (column, row), name in {(60, 60): "Ring", (100, 100): "Eiland", (200, 100): "Buur"}.items():
        assert names(client, I=column, J=row, FEATURE_COUNT=9, **AREAS) == [name]
    assert names(client, I=5, J=5, **AREAS) == []


def test_only_what_is_drawn_is_found(client: Client) -> None:
    assert names(client, CQL_FILTER="POSTCODE='9999'", **HERE) == []
    assert names(client, CQL_FILTER="POSTCODE='2000'", **HERE) == [f"{CERTIFICATE} 0"]
    assert names(client, LAYERS=INVENTORY, **HERE) == []
    assert names(client, **AREAS, I=100, J=100, CQL_FILTER="NAAM='Ring'") == []  # in its hole


def test_several_layers_are_asked_in_their_order(client: Client) -> None:
    asked = {"LAYERS": f"Woningkwaliteitsbeleid,POI,{CERTIFICATE}", **HERE}
    assert names(client, **asked) == [f"{CERTIFICATE} 0"]  # an object of two layers comes once
    assert names(client, QUERY_LAYERS="Woningkwaliteitsbeleid", **asked) == []
    assert names(client, QUERY_LAYERS="POI", **asked) == [f"{CERTIFICATE} 0"]


@pytest.mark.parametrize(
    ("keywords", "code"),
    [
        ({"QUERY_LAYERS": "Onbekend"}, "LayerNotDefined"),
        ({"QUERY_LAYERS": CERTIFICATE}, "LayerNotDefined"),
        ({"QUERY_LAYERS": None}, "MissingParameterValue"),
        ({"INFO_FORMAT": "text/other"}, "InvalidFormat"),
        ({"I": 100}, "InvalidPoint"),
        ({"J": -1}, "InvalidPoint"),
        ({"I": "x"}, "InvalidPoint"),
        ({"J": None}, "MissingParameterValue"),
        ({"FEATURE_COUNT": "x"}, "InvalidParameterValue"),
    ],
)
def test_each_fault_has_its_code(client: Client, keywords: dict[str, Any], code: str) -> None:
    assert client.info(**keywords).exception == (400, code)


def test_the_page_is_dutch_and_holds_the_facts_and_the_sentences(client: Client) -> None:
    reply = client.info(**HERE)
    assert reply.media_type == "text/html; charset=utf-8"
    page = html.fromstring(reply.body)
    assert page.get("lang") == "nl" and page.findtext(".//h2") == f"{CERTIFICATE} 0"
    text = page.text_content()
    for words in ("<script>alert(1)</script> & Rue de l'Église", "TEST", "Bron: Wonen in Vlaanderen – POI, toestand 21 november 2026"):
        assert words in text
    assert "Toestand op 21 november 2026. Staat een adres er niet op, dan bewijst dat niets." in text
    assert "Adresgegevens kunnen persoonsgegevens zijn." in text
    empty = client.info(I=0, J=0, **HERE).body.decode()
    assert "niets gevonden" in empty and "dan bewijst dat niets" in empty


def test_the_page_runs_nothing_and_loads_nothing(client: Client) -> None:
    for asked in (HERE, AREAS | {"I": 60, "J": 60}):
        page = html.fromstring(client.info(**asked).body)
        assert not page.xpath(
            "//script | //style | //link | //img | //iframe | //form | //@style | //@src | //@*[starts-with(name(), 'on')]"
        )
        assert all(link.startswith("https://") for link in page.xpath("//a/@href"))


def test_parameters_of_policy_are_said_in_words(client: Client) -> None:
    text = html.fromstring(client.info(**AREAS, I=60, J=60).body).text_content()
    assert "Verplicht bij verhuur" in text and "(J: ja)" not in text and "12 november 2026" in text
    assert "niet opgegeven" in html.fromstring(client.info(**AREAS, I=200, J=100).body).text_content()
    assert "62,50" in client.info(**AREAS, I=100, J=100, INFO_FORMAT="text/plain").body.decode()


def test_plain_text_has_the_sentences_too(client: Client) -> None:
    reply = client.info(**HERE, INFO_FORMAT="text/plain")
    assert reply.media_type == "text/plain; charset=utf-8"
    lines = reply.body.decode().splitlines()
    assert lines[0] == "TEST" and f"{CERTIFICATE} 0" in lines
    assert any(line.startswith("Toestand op 21 november 2026") for line in lines)


def test_json_has_the_sentences_too(client: Client) -> None:
    document = json.loads(client.info(**HERE, INFO_FORMAT="application/geo+json").body)
    assert document["attribution"] == "Bron: Wonen in Vlaanderen – TEST – POI, toestand 21 november 2026"
    assert document["state"].startswith("Toestand op 21 november 2026.") and "bewijst dat niets" in document["state"]
    assert document["reuse"] == "Adresgegevens kunnen persoonsgegevens zijn."
    assert document["licence"].startswith("https://data.vlaanderen.be/id/licentie/")
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::31370"


@pytest.mark.parametrize(("form", "tag"), [("application/vnd.ogc.gml", "coordinates"), ("application/vnd.ogc.gml/3.1.1", "pos")])
def test_gml_has_features_of_every_kind(client: Client, form: str, tag: str) -> None:
    reply = client.info(INFO_FORMAT=form, **HERE)
    assert reply.media_type == form
    root = reply.xml()
    assert root[0].tag == "{http://www.opengis.net/gml}description"
    assert root[0].text.startswith("Bron: Wonen in Vlaanderen – TEST – POI, toestand 21 november 2026. Toestand op 21 november 2026. Staat")
    (position,) = root.iter(f"{{http://www.opengis.net/gml}}{tag}")
    assert position.text.replace(",", " ") == f"{X:.2f} {Y:.2f}"
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert "https://open.example.org/wfs?SERVICE=WFS" in location
    both = client.info(INFO_FORMAT=form, **AREAS | {"LAYERS": "Woningkwaliteitsbeleid,POI"}, I=60, J=60).xml()
    assert len(both.findall("{http://www.opengis.net/gml}featureMember")) == 1
    assert etree.tostring(both).count(b"gml:LinearRing") >= 4


def test_gml_3_has_the_axis_order_of_the_authority(client: Client) -> None:
    asked = {"CRS": "CRS:84", "BBOX": "4,50.9,4.4,51.3", "I": 50, "J": 50, "LAYERS": "POI", "FEATURE_COUNT": 99, "DPI": 1200}
    document = json.loads(client.info(INFO_FORMAT="application/json", **asked).body)
    lon, lat = document["features"][0]["geometry"]["coordinates"]
    assert lon < 10 < lat
    old = client.info(INFO_FORMAT="application/vnd.ogc.gml", **asked).xml()
    assert next(old.iter("{*}coordinates")).text == f"{lon:.7f},{lat:.7f}"
    asked |= {"CRS": "EPSG:4326", "BBOX": "50.9,4,51.3,4.4"}
    new = client.info(INFO_FORMAT="application/vnd.ogc.gml/3.1.1", **asked).xml()
    assert next(new.iter("{*}pos")).text == f"{lat:.7f} {lon:.7f}"
