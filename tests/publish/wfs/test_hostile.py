"""Hostile input gets a clear 400 before long; nothing that a client writes is a fault of ours."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.wfs.errors import ParsingFailed
from publish.wfs.kvp import Kvp
from tests.publish.wfs.test_filters import FES

QUERY = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=1"
BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"><wfs:Query typeNames="POI">&b;</wfs:Query>'
    "</wfs:GetFeature>"
)
OUTSIDE = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><wfs:GetCapabilities xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS"/>'
DEEP = f"<fes:Filter {FES}>{'<fes:Not>' * 100}{'</fes:Not>' * 100}</fes:Filter>"
NULL = "<fes:PropertyIsNull><fes:ValueReference>NAAM</fes:ValueReference></fes:PropertyIsNull>"
WIDE = f"<fes:Filter {FES}><fes:Or>{NULL * 3000}</fes:Or></fes:Filter>"


@pytest.mark.parametrize(
    "body", [BOMB, OUTSIDE, "", "<", "\x00", "{}", "<a/>", '<?xml version="1.0" encoding="nonsense"?><a/>', "<a>" * 300]
)
def test_xml_that_cannot_be_read_is_refused(client, body):
    reply = client.post(body)
    assert reply.exception[0] == 400 and reply.exception[1] in ("OperationParsingFailed", "MissingParameterValue")
    assert b"root:" not in reply.body


def test_a_posted_request_has_a_limit(releases, client_of):
    client = client_of(releases, max_post_bytes=1000)
    assert client.post(" " * 2000).exception == (400, "OperationParsingFailed", "request")


@pytest.mark.parametrize(
    "text", [DEEP, WIDE, "<Filter" * 5000, "<Filter><And>" * 200, "<!DOCTYPE a><Filter/>", "<Filter>&a;</Filter>", "nonsense"]
)
def test_filters_out_of_bounds_are_refused(client, text):
    reply = client.post(f"{QUERY}&FILTER={quote(text)}", "application/x-www-form-urlencoded")
    assert reply.exception[:2] == (400, "OperationParsingFailed")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "NAAM='x'" + ")" * 3000,
        "NOT " * 3000 + "NAAM='x'",
        "NOT (" * 100 + "NAAM='x'" + ")" * 100,
        "OIDN = " + "-" * 3000 + "1",
        "casei(" * 100 + "NAAM" + ")" * 100 + "='x'",
        "NAAM='" + "x" * 40_000 + "'",
        "'((('" * 2000,
        "\x00",
    ],
)
def test_cql_out_of_bounds_is_refused_and_does_not_end_the_server(client, text):
    reply = client.post(f"{QUERY}&CQL_FILTER={quote(text)}", "application/x-www-form-urlencoded")
    assert (reply.exception[0], reply.exception[1]) in ((400, "OperationParsingFailed"), (403, "OperationProcessingFailed"))


@pytest.mark.parametrize(
    ("pattern", "status"),
    [("%_" * 20 + "#", 200), ("%e" * 20 + "#", 200), ("%" * 500, 200), ("_%" * 200 + "x", 403), ("%x%x%x%x%x%x%x%x%x%x%x%x%y", 200)],
)
def test_the_work_of_matching_a_pattern_has_an_end(client, pattern, status):
    assert client.post(f"{QUERY}&CQL_FILTER={quote(f'NAAM LIKE {pattern!r}')}", "application/x-www-form-urlencoded").status == status


@pytest.mark.parametrize("more", ["&CQL_FILTER=%ff%fe", "&A=1" * 300])
def test_a_query_that_cannot_be_read_is_refused(client, more):
    assert client.post(QUERY + more, "application/x-www-form-urlencoded").exception == (400, "OperationParsingFailed", "request")


def test_an_address_has_a_limit():
    with pytest.raises(ParsingFailed, match="65536"):
        Kvp.parse(b"X=" + b"y" * 70_000)


NAMES = ["SERVICE", "VERSION", "REQUEST", "TYPENAMES", "BBOX", "FILTER", "CQL_FILTER", "SORTBY", "PROPERTYNAME", "RESOURCEID", "COUNT"]
NAMES += ["STARTINDEX", "SRSNAME", "NAMESPACES", "OUTPUTFORMAT", "RESULTTYPE", "STOREDQUERY_ID", "VALUEREFERENCE", "SECTIONS"]
WORDS = [
    "WFS",
    "2.0.0",
    "GetFeature",
    "GetPropertyValue",
    "DescribeFeatureType",
    "POI:POI",
    "NAAM",
    "OIDN",
    "'x'",
    "=",
    "LIKE",
    "(",
    ")",
    ",",
]
WORDS += [
    "<Filter>",
    "</Filter>",
    "<And>",
    "BBOX(SHAPE,0,0,1,1)",
    "xmlns(",
    "EPSG:4326",
    "1",
    "-1",
    "nan",
    "POI.1",
    "json",
    "csv",
    "é",
    "\x00",
]
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=6).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.text(max_size=20),
)
pairs = st.dictionaries(st.sampled_from(NAMES), texts, max_size=6)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pairs=pairs)
def test_no_keywords_whatever_are_a_fault_of_ours(client, pairs):
    asked = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAMES": "POI:POI", "COUNT": "2"} | pairs
    body = "&".join(f"{name}={quote(value, errors='ignore')}" for name, value in asked.items())
    assert client.post(body, "application/x-www-form-urlencoded").status in (200, 400, 403, 404)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=texts)
def test_no_cql_whatever_is_a_fault_of_ours(client, text):
    assert client.post(f"{QUERY}&CQL_FILTER={quote(text, errors='ignore')}", "application/x-www-form-urlencoded").status in (200, 400, 403)


TAGS = [
    "And",
    "Or",
    "Not",
    "PropertyIsEqualTo",
    "PropertyIsLike",
    "PropertyIsBetween",
    "PropertyIsNull",
    "BBOX",
    "ValueReference",
    "Literal",
]
TAGS += [
    "LowerBoundary",
    "UpperBoundary",
    "Envelope",
    "lowerCorner",
    "upperCorner",
    "Box",
    "coordinates",
    "coord",
    "X",
    "ResourceId",
    "Filter",
]
trees = st.recursive(
    st.tuples(st.sampled_from(TAGS), st.sampled_from(["", "NAAM", "1 2", "0,0 1,1", "nan", "x"])).map(lambda p: f"<{p[0]}>{p[1]}</{p[0]}>"),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=3)).map(lambda p: f"<{p[0]}>{''.join(p[1])}</{p[0]}>"),
    max_leaves=12,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tree=trees)
def test_no_filter_whatever_is_a_fault_of_ours(client, tree):
    reply = client.post(f"{QUERY}&FILTER={quote(f'<Filter>{tree}</Filter>')}", "application/x-www-form-urlencoded")
    assert reply.status in (200, 400, 403)


def test_the_names_of_a_list_have_a_limit_and_count_once(client):
    many = ",".join(["NAAM"] * 41)
    assert client.feature(SORTBY=many).exception == (400, "OperationParsingFailed", "sortBy")
    assert client.feature(SORTBY="NAAM,NAAM DESC", COUNT=5).ids == client.feature(SORTBY="NAAM", COUNT=5).ids
    assert client.feature(PROPERTYNAME=",".join(["NAAM"] * 201)).exception == (400, "OperationParsingFailed", "propertyName")


def test_patterns_with_many_wildcards_count_for_more_than_one(client):
    pattern = "%e" + "_" * 63 + "%"
    assert client.feature(CQL_FILTER=f"NAAM LIKE '{pattern}'").status == 200
    twice = f"NAAM LIKE '{pattern}' OR NAAM LIKE 'x{pattern}'"
    assert client.feature(CQL_FILTER=twice).exception[:2] == (403, "OperationProcessingFailed")


def test_the_queries_of_a_request_have_one_limit_together(client):
    parts = " OR ".join(f"NAAM LIKE '{n}%'" for n in range(25))
    asked = {"TYPENAMES": "(POI:POI)" * 5, "CQL_FILTER": ";".join([parts] * 5)}
    assert client.feature(**asked).exception == (403, "OperationProcessingFailed", "query")


def test_a_namespace_may_hold_a_brace(client):
    body = '<wfs:GetFeature xmlns:wfs="http://www.opengis.ne}/wfs" service="WFS"><wfs:Query typeName="POI:POI"/></wfs:GetFeature>'
    assert client.post(body).exception == (400, "OperationParsingFailed", "request")
