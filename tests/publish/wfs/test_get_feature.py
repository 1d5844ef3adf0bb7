"""GetFeature: formats, pages, fields, order, identifiers and coordinates."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.publish.wfs.example import CERTIFICATE, FIRST

POINTS = {  # DOMAIN 6.2: the official pair of Lambert 72 and 2008, and what the Helmert transformation gives elsewhere
    "EPSG:31370": (140_252.76, 198_794.27),
    "urn:ogc:def:crs:EPSG::31370": (140_252.76, 198_794.27),
    "urn:x-ogc:def:crs:EPSG:31370": None,
    "http://www.opengis.net/def/crs/EPSG/0/31370": (140_252.76, 198_794.27),
    "https://www.opengis.net/def/crs/EPSG/0/31370": (140_252.76, 198_794.27),
    "http://www.opengis.net/gml/srs/epsg.xml#31370": (140_252.76, 198_794.27),
    "EPSG:3812": (640_249.09, 698_793.29),
    "urn:ogc:def:crs:EPSG::3812": (640_249.09, 698_793.29),
    "EPSG:4258": (4.2296042, 51.0991668),
    "urn:ogc:def:crs:EPSG::4258": (51.0991668, 4.2296042),
    "EPSG:4326": (4.2296042, 51.0991668),
    "urn:ogc:def:crs:EPSG::4326": (51.0991668, 4.2296042),
    "http://www.opengis.net/def/crs/EPSG/0/4326": (51.0991668, 4.2296042),
    "http://www.opengis.net/gml/srs/epsg.xml#4326": (4.2296042, 51.0991668),
    "urn:ogc:def:crs:OGC:1.3:CRS84": (4.2296042, 51.0991668),
    "EPSG:3857": (470_837.38, 6_638_853.96),
    "EPSG:102100": (470_837.38, 6_638_853.96),
    "urn:ogc:def:crs:EPSG::3857": (470_837.38, 6_638_853.96),
}
SPELLED = {text: point for text, point in POINTS.items() if point is not None}


def close(found: list[float], wanted: tuple[float, float]) -> bool:
    """To 0.25 m, the stated accuracy of the Helmert transformation (0.01 m where the grid is installed)."""
    limit = 0.25 if wanted[0] > 1_000 else 0.000_003
    return all(abs(a - b) <= limit for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("name", ["POI:POI", "POI"])
@pytest.mark.parametrize("key", ["TYPENAMES", "typeNames", "typename", "TYPENAME", "typeName"])
def test_a_type_is_found_prefixed_or_not_under_every_key(client, key, name):
    reply = client.get(**{"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", key: name})
    assert (reply.status, reply.matched, len(reply.ids)) == (200, 60, 60)


def test_what_ended_yesterday_and_what_begins_tomorrow_is_not_there(client):
    ids = client.feature().ids
    assert (len(ids), ids[0]) == (60, f"POI.{FIRST}")
    assert f"POI.{FIRST - 1}" not in ids and f"POI.{FIRST + 60}" not in ids


@pytest.mark.parametrize("key", ["COUNT", "count", "maxFeatures", "MAXFEATURES"])
def test_count_limits_the_page_and_numbermatched_stays(client, key):
    reply = client.feature(**{key: 7})
    assert (len(reply.ids), reply.matched, reply.find("string(/*/@numberReturned)")) == (7, 60, "7")


def test_pages_follow_each_other_through_next_and_previous_without_gaps(client):
    reply, ids = client.feature(COUNT=25, STARTINDEX=0), []
    while True:
        ids += reply.ids
        if not (following := reply.find("string(/*/@next)")):
            break
        reply = client.get(urlsplit(following).query)
    assert (len(ids), len(set(ids))) == (60, 60)
    back = client.get(urlsplit(reply.find("string(/*/@previous)")).query)
    assert back.ids == ids[25:50]
    assert client.get(urlsplit(back.find("string(/*/@previous)")).query).find("string(/*/@previous)") == ""


def test_links_repeat_the_whole_question(client):
    asked = {
        "SRSNAME": "EPSG:4326",
        "CQL_FILTER": f"PRODUCT='{CERTIFICATE}'",
        "BBOX": "0,0,300000,300000",
        "SORTBY": "NAAM DESC",
        "PROPERTYNAME": "NAAM,SHAPE",
        "OUTPUTFORMAT": "application/json",
    }
    first = json.loads(client.feature(COUNT=3, **asked).body)
    (link,) = first["links"]
    assert link["rel"] == "next" and link["href"].startswith("https://open.example.org/wfs?")
    assert dict(parse_qsl(urlsplit(link["href"]).query)).items() >= (asked | {"STARTINDEX": "3", "COUNT": "3"}).items()
    second = json.loads(client.get(urlsplit(link["href"]).query).body)
    assert second["numberMatched"] == first["numberMatched"]
    assert max(f["properties"]["NAAM"] for f in second["features"]) < min(f["properties"]["NAAM"] for f in first["features"])


def test_hits_counts_without_features_and_next_gives_them(client):
    reply = client.feature(RESULTTYPE="hits", COUNT=1)
    assert (reply.matched, reply.ids, reply.find("string(/*/@numberReturned)")) == (60, [], "0")
    assert reply.find("string(/*/@previous)") == ""
    assert len(client.get(urlsplit(reply.find("string(/*/@next)")).query).ids) == 1


def test_a_page_past_the_end_is_empty_and_has_a_previous_one(client):
    reply = client.feature(STARTINDEX=100, COUNT=10)
    assert (reply.ids, reply.matched, reply.find("string(/*/@next)")) == ([], 60, "")
    assert "STARTINDEX=50&COUNT=10" in reply.find("string(/*/@previous)"), "the last page"


@pytest.mark.parametrize(("text", "wanted"), SPELLED.items())
def test_gml_echoes_the_spelling_and_keeps_its_axis_order(client, text, wanted):
    reply = client.feature(SRSNAME=text, COUNT=1)
    assert reply.find("//gml:Point/@srsName") == [text]
    assert close([float(number) for number in reply.find("string(//gml:pos)").split()], wanted)


@pytest.mark.parametrize("text", SPELLED)
def test_geojson_puts_x_or_longitude_first_in_every_spelling(client, text):
    document = json.loads(client.feature(SRSNAME=text, COUNT=1, OUTPUTFORMAT="application/json").body)
    found = document["features"][0]["geometry"]["coordinates"]
    assert close(found, (min(SPELLED[text]), max(SPELLED[text])))


def test_geojson_without_srsname_is_in_lambert_72(client):
    document = json.loads(client.feature(COUNT=1, OUTPUTFORMAT="json").body)
    assert document["features"][0]["geometry"]["coordinates"] == [140_252.76, 198_794.27]
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::31370"


@pytest.mark.parametrize("text", ["urn:ogc:def:crs:EPSG::32690", "EPSG:32631", "nonsense", "urn:x-ogc:def:crs:EPSG:31370:x"])
def test_a_crs_that_is_not_served_is_refused(client, text):
    assert client.feature(SRSNAME=text).exception == (400, "InvalidParameterValue", "SRSNAME")


def test_a_feature_without_a_position_has_no_geometry_in_any_format(client):
    only = {"CQL_FILTER": "SHAPE IS NULL"}
    assert (client.feature(**only).matched, client.feature(**only).find("//POI:SHAPE")) == (6, [])
    document = json.loads(client.feature(OUTPUTFORMAT="json", SRSNAME="EPSG:4326", **only).body)
    assert [feature["geometry"] for feature in document["features"]] == [None] * 6


def test_csv_has_every_row_with_its_coordinates(client):
    reply = client.feature(OUTPUTFORMAT="csv")
    rows = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert reply.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert (len(rows), rows[0]["OIDN"], rows[0]["X_L72"], rows[0]["Y_L72"]) == (60, str(FIRST), "140252.76", "198794.27")
    assert reply.headers["ogc-numbermatched"] == "60"


def test_csv_is_refused_for_a_crs_that_it_has_no_columns_for(client):
    assert client.feature(OUTPUTFORMAT="csv", SRSNAME="EPSG:3812").exception == (400, "InvalidParameterValue", "SRSNAME")
    assert client.feature(OUTPUTFORMAT="csv", SRSNAME="EPSG:4326").status == 200


@pytest.mark.parametrize("spelling", ["text/xml; subtype=gml/4.0", "KML", "nonsense"])
def test_a_format_that_is_not_offered_is_refused_by_name(client, spelling):
    assert client.feature(OUTPUTFORMAT=spelling).exception == (400, "InvalidParameterValue", "outputFormat")


@pytest.mark.parametrize(
    "query",
    [
        "outputFormat=application/gml+xml;%20version=3.2",  # the plus sign becomes a blank
        "outputFormat=application/gml%2Bxml%3B%20version%3D3.2",
        "outputFormat=text/xml;%20subtype=gml/3.2",
        "outputFormat=TEXT/XML;SUBTYPE=GML/3.2.1",
        "outputFormat=GML32",
        "outputFormat=text/xml;%20subtype=%22gml/3.2%22",
    ],
)
def test_gml_is_found_in_every_spelling(client, query):
    reply = client.get(f"service=WFS&version=2.0.0&request=GetFeature&typenames=POI:POI&count=1&{query}")
    assert (reply.headers["content-type"], len(reply.ids)) == ("application/gml+xml; version=3.2", 1)


@pytest.mark.parametrize("names", ["NAAM", "POI:NAAM", "POI:POI/POI:NAAM", "NAAM,gml:name", "(NAAM)"])
def test_propertyname_keeps_those_fields_and_the_mandatory_ones(client, names):
    reply = client.feature(PROPERTYNAME=names, COUNT=1, SRSNAME="EPSG:4326")
    assert [child.tag.rpartition("}")[2] for child in reply.find("//POI:POI/*")] == ["UIDN", "OIDN", "PRODUCT", "NAAM"]


def test_propertyname_with_the_geometry_gives_it_in_the_crs_asked_for(client):
    reply = client.feature(propertyName="SHAPE", COUNT=1, SRSNAME="urn:ogc:def:crs:EPSG::4326")
    assert reply.find("//gml:Point/@srsName") == ["urn:ogc:def:crs:EPSG::4326"]
    assert close([float(number) for number in reply.find("string(//gml:pos)").split()], (51.0991668, 4.2296042))


def test_propertyname_narrows_geojson_and_csv_alike(client):
    document = json.loads(client.feature(PROPERTYNAME="STRAAT", COUNT=1, OUTPUTFORMAT="json").body)
    assert document["features"][0]["geometry"] is None
    assert list(document["features"][0]["properties"]) == ["UIDN", "OIDN", "PRODUCT", "STRAAT"]
    assert client.feature(PROPERTYNAME="STRAAT", OUTPUTFORMAT="csv").body.splitlines()[0] == b"UIDN,OIDN,PRODUCT,STRAAT"


@pytest.mark.parametrize(
    ("text", "first"), [("OIDN DESC", 60), ("OIDN D", 60), ("POI:OIDN", 1), ("POSTCODE A,OIDN D", 59), ("OIDN ASC", 1)]
)
def test_sortby_orders_the_features(client, text, first):
    assert client.feature(SORTBY=text, COUNT=1).ids == [f"POI.{FIRST - 1 + first}"]


@pytest.mark.parametrize("text", ["NAAM SIDEWAYS", "NOPE", "SHAPE", "NAAM;DROP"])
def test_an_order_that_cannot_be_is_refused(client, text):
    assert client.feature(SORTBY=text).exception == (400, "InvalidParameterValue", "sortBy")


@pytest.mark.parametrize("key", ["RESOURCEID", "resourceId", "featureId"])
def test_features_are_found_by_their_identifiers(client, key):
    wanted = [f"POI.{FIRST + 3}", f"POI.{FIRST + 8}"]
    assert client.feature(**{key: ",".join(wanted)}).ids == wanted


@pytest.mark.parametrize("text", ["test-123", "POI.999", "POI.x", "POI." + "9" * 40, "Nope.1"])
def test_an_unknown_identifier_gives_an_empty_collection(client, text):
    reply = client.feature(RESOURCEID=text)
    assert (reply.status, reply.matched, reply.ids) == (200, 0, [])


def test_an_identifier_of_another_type_is_refused(client):
    assert client.feature(RESOURCEID="Woningkwaliteitsbeleid.11002").exception == (400, "InvalidParameterValue", "RESOURCEID")


def test_identifiers_of_several_types_are_found_without_typenames(client):
    reply = client.feature(TYPENAMES=None, RESOURCEID=f"POI.{FIRST},Woningkwaliteitsbeleid.11002,POI.{FIRST + 1}")
    assert sorted(reply.ids) == sorted([f"POI.{FIRST}", f"POI.{FIRST + 1}", "Woningkwaliteitsbeleid.11002"])
    assert reply.matched == 3
    assert len(client.feature(TYPENAMES=None, RESOURCEID=f"POI.{FIRST},Woningkwaliteitsbeleid.11002", STARTINDEX=1, COUNT=1).ids) == 1


def test_multipolygons_are_answered_in_every_crs(client):
    for crs, start in (("EPSG:31370", "150000.00 210000.00"), ("urn:ogc:def:crs:EPSG::4326", "51.19"), ("EPSG:4326", "4.36")):
        reply = client.feature(TYPENAMES="LWKB:Woningkwaliteitsbeleid", SRSNAME=crs)
        assert (reply.matched, len(reply.find("//gml:Polygon"))) == (2, 2)
        assert reply.find("string(//gml:posList)").startswith(start)


@pytest.mark.parametrize(
    ("keywords", "exception"),
    [
        ({"TYPENAMES": None}, (400, "MissingParameterValue", "typeNames")),
        ({"TYPENAMES": "POI:Nope"}, (400, "InvalidParameterValue", "typeNames")),
        ({"TYPENAMES": "nope:POI"}, (400, "InvalidParameterValue", "typeNames")),
        ({"TYPENAMES": "POI:POI,LWKB:Woningkwaliteitsbeleid"}, (400, "OptionNotSupported", "typeNames")),
        ({"TYPENAMES": "(POI:POI)(LWKB:Woningkwaliteitsbeleid)", "SORTBY": "(NAAM)(NAAM)(NAAM)"}, (400, "InvalidParameterValue", "sortby")),
        ({"ALIASES": "(a)"}, (400, "OptionNotSupported", "aliases")),
        ({"COUNT": "-1"}, (400, "InvalidParameterValue", "COUNT")),
        ({"COUNT": "ten"}, (400, "InvalidParameterValue", "COUNT")),
        ({"STARTINDEX": "1e3"}, (400, "InvalidParameterValue", "STARTINDEX")),
        ({"RESULTTYPE": "all"}, (400, "InvalidParameterValue", "resultType")),
        ({"RESOLVE": "remote"}, (400, "OptionNotSupported", "resolve")),
        ({"PROPERTYNAME": "NOPE"}, (400, "InvalidParameterValue", "propertyName")),
        ({"SERVICE": "WMS"}, (400, "InvalidParameterValue", "service")),
        ({"VERSION": "latest"}, (400, "InvalidParameterValue", "version")),
    ],
)
def test_what_cannot_be_answered_is_refused_by_its_code(client, keywords, exception):
    asked = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "TYPENAMES": "POI:POI"} | keywords
    assert client.get(**{name: value for name, value in asked.items() if value is not None}).exception == exception


def test_values_that_contradict_each_other_are_refused(client):
    reply = client.get("service=WFS&request=GetFeature&typenames=POI:POI&count=1&COUNT=2")
    assert reply.exception == (400, "InvalidParameterValue", "COUNT")


@pytest.mark.parametrize("operation", ["Transaction", "LockFeature", "GetFeatureWithLock", "Nonsense"])
def test_operations_that_are_not_offered_are_refused(client, operation):
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST=operation)
    assert reply.exception == (400, "OperationNotSupported", operation)


def test_a_request_without_a_name_is_refused(client):
    assert client.get(SERVICE="WFS", VERSION="2.0.0").exception == (400, "MissingParameterValue", "request")
