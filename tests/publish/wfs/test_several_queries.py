"""Several queries in one request: as keywords in parentheses and as XML, each answered in a collection of its own."""

from __future__ import annotations

import json

import pytest

from tests.publish.wfs.example import CERTIFICATE, CLAIM

BOTH = "(POI:POI)(LWKB:Woningkwaliteitsbeleid)"
MEMBERS = "/wfs:FeatureCollection/wfs:member/wfs:FeatureCollection"


def equal(value: str) -> str:
    return (
        f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsEqualTo><fes:ValueReference>PRODUCT</fes:ValueReference>'
        f"<fes:Literal>{value}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>"
    )


def test_each_query_has_a_collection_of_its_own(client):
    reply = client.feature(TYPENAMES=BOTH)

    assert reply.find(f"{MEMBERS}/@numberMatched") == ["60", "2"]
    assert reply.find(f"{MEMBERS}/@numberReturned") == ["60", "2"]
    assert (reply.matched, reply.find("string(/*/@numberReturned)")) == (62, "62")
    assert len(reply.find(f"({MEMBERS})[1]/wfs:member/POI:POI")) == 60
    assert len(reply.find(f"{MEMBERS}/wfs:member/LWKB:Woningkwaliteitsbeleid")) == 2


def test_the_hits_of_each_query_are_told(client):
    reply = client.feature(TYPENAMES=BOTH, RESULTTYPE="hits")

    assert reply.find(f"{MEMBERS}/@numberMatched") == ["60", "2"]
    assert (reply.matched, reply.ids) == (62, [])


def test_filters_stand_in_parentheses_one_for_each_query(client):
    reply = client.feature(TYPENAMES="(POI:POI)(POI:POI)", FILTER=f"({equal(CERTIFICATE)})({equal(CLAIM)})", SORTBY="(OIDN D)(OIDN)")

    assert reply.find(f"{MEMBERS}/@numberMatched") == ["20", "20"]
    assert set(reply.find(f"({MEMBERS})[1]//POI:PRODUCT/text()")) == {CERTIFICATE}
    numbers = [int(text) for text in reply.find(f"{MEMBERS}//POI:OIDN/text()")]
    assert numbers == [*sorted(numbers[:20], reverse=True), *sorted(numbers[20:])]


def test_a_query_without_a_filter_stands_beside_one_that_has_one(client):
    assert client.feature(TYPENAMES="(POI:POI)(POI:POI)", FILTER=f"()({equal(CLAIM)})").find(f"{MEMBERS}/@numberMatched") == ["60", "20"]
    assert client.feature(TYPENAMES="(POI:POI)(POI:POI)", FILTER=f"({equal(CLAIM)})()").find(f"{MEMBERS}/@numberMatched") == ["20", "60"]


def test_brackets_in_a_literal_do_not_part_filters(client):
    reply = client.feature(TYPENAMES="(POI:POI)(POI:POI)", FILTER=f"({equal('a)(b')})({equal(CLAIM)})")
    assert reply.find(f"{MEMBERS}/@numberMatched") == ["0", "20"]


def test_cql_filters_are_parted_by_semicolons(client):
    reply = client.feature(TYPENAMES="(POI:POI)(POI:POI)", CQL_FILTER=f"PRODUCT='{CERTIFICATE}' AND NAAM<>'a;b';PRODUCT='{CLAIM}'")
    assert reply.find(f"{MEMBERS}/@numberMatched") == ["20", "20"]


def test_an_object_that_comes_again_is_referred_to(client):
    reply = client.feature(TYPENAMES="(POI:POI)(POI:POI)", CQL_FILTER=f"PRODUCT='{CERTIFICATE}';OIDN>0")
    ids = reply.find("//*[local-name()='POI']/@gml:id")
    references = [text.removeprefix("#") for text in reply.find("//wfs:member/@xlink:href")]

    assert (len(ids), len(set(ids)), len(references)) == (60, 60, 20)
    assert set(references) <= set(ids)
    assert reply.matched == 80


def test_pages_run_over_all_queries(client):
    first = client.feature(TYPENAMES="(LWKB:Woningkwaliteitsbeleid)(POI:POI)", COUNT=40)
    second = client.get(str(first.find("string(/*/@next)")).partition("?")[2])

    assert first.find(f"{MEMBERS}/@numberReturned") == ["2", "38"]
    assert second.find(f"{MEMBERS}/@numberReturned") == ["0", "22"]
    assert len({*first.find("//@gml:id"), *second.find("//@gml:id")}) >= 62
    assert second.find("string(/*/@next)") == ""
    assert "STARTINDEX=0" in second.find("string(/*/@previous)")


def test_posted_queries_have_each_their_own_filter_order_and_crs(client):
    body = f"""<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:POI="https://geo.api.vlaanderen.be/POI"
      xmlns:L="https://geo.api.vlaanderen.be/LWKB" service="WFS" version="2.0.0" count="30">
      <wfs:Query typeNames="POI:POI" srsName="urn:ogc:def:crs:EPSG::3812">{equal(CERTIFICATE)}</wfs:Query>
      <wfs:Query typeNames="L:Woningkwaliteitsbeleid" srsName="urn:ogc:def:crs:EPSG::4258"/>
      <wfs:Query typeNames="POI:POI">{equal(CLAIM)}</wfs:Query></wfs:GetFeature>"""
    reply = client.post(body)

    assert reply.find(f"{MEMBERS}/@numberMatched") == ["20", "2", "20"]
    assert reply.find(f"{MEMBERS}/@numberReturned") == ["20", "2", "8"]
    assert set(reply.find(f"{MEMBERS}//gml:Point/@srsName")) == {"urn:ogc:def:crs:EPSG::3812", "urn:ogc:def:crs:EPSG::31370"}
    rest = client.get(str(reply.find("string(/*/@next)")).partition("?")[2])
    assert rest.find(f"{MEMBERS}/@numberReturned") == ["0", "0", "12"]
    assert set(rest.find("//POI:PRODUCT/text()")) == {CLAIM}


def test_geojson_has_them_in_one_collection(client):
    found = json.loads(client.feature(TYPENAMES=BOTH, OUTPUTFORMAT="application/json").body)
    assert (found["numberMatched"], len(found["features"])) == (62, 62)


def test_csv_refuses_features_of_two_types_and_takes_two_queries_of_one(client):
    assert client.feature(TYPENAMES=BOTH, OUTPUTFORMAT="csv").exception == (400, "OptionNotSupported", "outputFormat")
    both = client.feature(TYPENAMES="(POI:POI)(POI:POI)", CQL_FILTER=f"PRODUCT='{CERTIFICATE}';PRODUCT='{CLAIM}'", OUTPUTFORMAT="csv")
    assert both.body.count(b"\r\n") == 41


def test_formats_without_a_crs_of_their_own_for_each_feature_have_one(client):
    asked = {"TYPENAMES": BOTH, "SRSNAME": "(EPSG:3812)(EPSG:4258)"}
    assert client.feature(**asked).status == 200
    assert client.feature(**asked, OUTPUTFORMAT="json").exception == (400, "OptionNotSupported", "srsName")


def test_a_list_without_parentheses_is_a_join_in_version_2_and_several_queries_before(client):
    both = "POI:POI,LWKB:Woningkwaliteitsbeleid"
    assert client.feature(TYPENAMES=both).exception == (400, "OptionNotSupported", "typeNames")
    old = client.get(SERVICE="WFS", VERSION="1.1.0", REQUEST="GetFeature", TYPENAME=both)
    assert old.xml().get("numberOfFeatures") == "62"


@pytest.mark.parametrize("keyword", ["FILTER", "PROPERTYNAME", "SRSNAME", "SORTBY"])
def test_as_many_groups_as_queries_or_one_for_all(client, keyword):
    reply = client.feature(TYPENAMES="(POI:POI)(POI:POI)", **{keyword: "(a)(b)(c)"})
    assert reply.exception[0] == 400


def test_the_number_of_queries_has_a_limit(client):
    assert client.feature(TYPENAMES="(POI:POI)" * 21).exception == (400, "OperationParsingFailed", "typeNames")
    queries = '<wfs:Query typeNames="POI"/>' * 21
    body = f'<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0">{queries}</wfs:GetFeature>'
    assert client.post(body).exception == (400, "OperationParsingFailed", "GetFeature")


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        (";EXCLUDE", ["60", "0"]),
        ("EXCLUDE;", ["0", "60"]),
        ("INCLUDE", ["60", "60"]),
        ("BBOX(SHAPE,0,0,300000,300000);INTERSECTS(SHAPE, SRID=31370;POINT(1 1))", ["54", "0"]),
    ],
)
def test_each_query_has_its_own_cql_filter_or_none(client, text, matched):
    assert client.feature(TYPENAMES="(POI:POI)(POI:POI)", CQL_FILTER=text).find(f"{MEMBERS}/@numberMatched") == matched


@pytest.mark.parametrize("text", ["'INCLUDE;EXCLUDE", "INCLUDE;INCLUDE;INCLUDE"])
def test_cql_that_cannot_be_parted_is_refused(client, text):
    assert client.feature(TYPENAMES="(POI:POI)(POI:POI)", CQL_FILTER=text).exception[0] == 400


def test_what_is_read_for_each_query_has_one_limit(client):
    types = "(POI:POI)" * 20
    numbers = f"OIDN IN ({','.join(['1'] * 5000)})"
    assert client.feature(TYPENAMES=types, CQL_FILTER=numbers).exception == (400, "OperationParsingFailed", "request")
    body = f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={types}&RESOURCEID={','.join(['POI.1'] * 6000)}"
    assert client.post(body, "Application/X-WWW-Form-Urlencoded").exception == (400, "OperationParsingFailed", "request")


def test_geometries_of_several_queries_have_one_limit(client):
    ring = ",".join(f"{1000 * n} {1000 * (n % 2)}" for n in range(300))
    shape = f"INTERSECTS(SHAPE, LINESTRING({ring}))"
    assert client.feature(CQL_FILTER=shape).status == 200
    several = {"TYPENAMES": "(POI:POI)" * 4, "CQL_FILTER": ";".join([shape] * 4)}
    assert client.feature(**several).exception == (403, "OperationProcessingFailed", "query")


def test_a_list_of_no_identifiers_does_not_select_everything(client):
    assert client.feature(RESOURCEID=",").exception == (400, "InvalidParameterValue", "RESOURCEID")


def test_an_identifier_is_written_in_one_way(client):
    name = client.feature(COUNT=1).ids[0]
    assert client.feature(RESOURCEID=name).matched == 1
    assert client.feature(RESOURCEID=name.replace("POI.", "POI.0")).matched == 0
