"""HTTP: validators, caching, compression, robots, HEAD, and what is answered when there is nothing to answer from."""

from __future__ import annotations

import logging
import re

import pyarrow as pa
import pytest
from lxml import etree

from publish.wfs.errors import InvalidParameter
from publish.wfs.reports import report
from publish.wfs.versions import Version
from release import reader
from tests.publish.wfs.conftest import Reply
from tests.publish.wfs.example import FIRST, content, publish
from tests.publish.wfs.schemas import compiled, official, require_valid

WHOLE = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI"
QUERY = f"{WHOLE}&COUNT=5"


def unpacked(reply: Reply) -> bytes:
    """The body; the client has undone gzip already, and does not know zstd."""
    if reply.headers["content-encoding"] != "zstd":
        return reply.body
    return pa.CompressedInputStream(pa.BufferReader(reply.body), "zstd").read()


def test_an_answer_has_its_validator_its_lifetime_and_no_place_in_search_engines(client, releases):
    headers = client.get(QUERY).headers
    assert re.match(rf'"{headers["x-release"][:32]}-2026-11-21-[0-9a-f]{{8}}-gml32-', headers["etag"])
    assert headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert headers["x-robots-tag"] == "noindex, noarchive"
    assert headers["vary"] == "Accept-Encoding"
    assert not any(folder.name in str(headers) for folder in releases.iterdir())  # the seal is never sent out


@pytest.mark.parametrize(
    "more", ["", "&OUTPUTFORMAT=json", "&STARTINDEX=5", "&RESULTTYPE=hits", "&SRSNAME=EPSG:4326", "&PROPERTYNAME=NAAM"]
)
def test_another_question_has_another_validator(client, more):
    base = client.get(QUERY).headers["etag"]
    again = client.get(QUERY + more).headers["etag"]
    assert (again == base) == (more == "")


@pytest.mark.parametrize("query", [QUERY, "SERVICE=WFS&REQUEST=GetCapabilities"])
def test_a_client_that_has_the_answer_is_not_sent_it_again(client, query):
    tag = client.get(query).headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        reply = client.get(query, headers={"If-None-Match": held})
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)
    assert client.get(query, headers={"If-None-Match": '"other"'}).status == 200


def test_head_gives_the_headers_without_the_body(client):
    full, head = client.get(QUERY), client.get(QUERY, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert head.headers[name] == full.headers[name]


@pytest.mark.parametrize(("accepted", "coding"), [("br;q=0.5, gzip", "gzip"), ("gzip, zstd", "zstd"), ("zstd", "zstd")])
def test_a_coding_is_used_where_it_is_accepted_and_has_a_validator_of_its_own(client, accepted, coding):
    plain = client.get(QUERY)
    squeezed = client.get(QUERY, headers={"Accept-Encoding": accepted})
    assert squeezed.headers["content-encoding"] == coding
    assert squeezed.headers["etag"] == plain.headers["etag"].removesuffix('"') + f'-{coding}"'
    assert unpacked(squeezed) == plain.body
    assert int(squeezed.headers["content-length"]) < len(plain.body)


@pytest.mark.parametrize("accepted", ["gzip;q=0, br", "", "identity", "deflate"])
def test_an_answer_goes_as_it_is_where_nothing_else_is_accepted(client, accepted):
    plain = client.get(QUERY)
    again = client.get(QUERY, headers={"Accept-Encoding": accepted})
    assert (again.body, again.headers["etag"]) == (plain.body, plain.headers["etag"])
    assert "content-encoding" not in again.headers


def test_a_large_answer_that_is_copied_says_how_long_it_is(client_of, tmp_path):
    large = client_of(publish(tmp_path / "releases", content(rows=3000)))
    plain = large.feature()
    assert len(plain.ids) == 3000
    assert int(plain.headers["content-length"]) == len(plain.body)
    for coding in ("gzip", "zstd"):
        squeezed = large.get(WHOLE, headers={"Accept-Encoding": coding})
        assert (squeezed.headers["content-encoding"], unpacked(squeezed)) == (coding, plain.body)
        assert "content-length" not in squeezed.headers
    head = large.get(WHOLE, method="HEAD")
    assert (head.body, head.headers["content-length"]) == (b"", plain.headers["content-length"])


def test_a_large_answer_that_is_made_is_sent_in_blocks(client_of, tmp_path):
    large = client_of(publish(tmp_path / "releases", content(rows=3000)))
    made = large.feature(SRSNAME="EPSG:4326")
    assert "content-length" not in made.headers and len(made.ids) == 3000
    assert large.feature(SRSNAME="EPSG:4326", COUNT=100).headers["content-length"]
    for coding in ("gzip", "zstd"):
        assert unpacked(large.get(f"{WHOLE}&SRSNAME=EPSG:4326", headers={"Accept-Encoding": coding})) == made.body


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
@pytest.mark.parametrize("srs", ["EPSG:31370", "EPSG:4326"])
@pytest.mark.parametrize("page", [{}, {"MAXFEATURES": 7, "STARTINDEX": 5}])
def test_what_is_held_of_a_small_table_is_what_is_made_for_each_answer(releases, client_of, monkeypatch, version, srs, page):
    asked = page | {"SERVICE": "WFS", "VERSION": version, "REQUEST": "GetFeature", "SRSNAME": srs, "TYPENAME": "POI:POI"}
    held = client_of(releases).get(**asked)
    monkeypatch.setattr(reader, "_FEW", 0)
    assert client_of(releases).get(**asked).body == held.body
    assert held.status == 200
    assert held.body.count(b":POI ") > 2


def test_without_a_release_the_service_is_unavailable_and_says_when_to_come_back(client_of, tmp_path):
    reply = client_of(tmp_path).get(SERVICE="WFS", REQUEST="GetCapabilities")
    assert reply.exception == (503, "NoApplicableCode", None)
    assert (int(reply.headers["retry-after"]) > 0, reply.headers["cache-control"]) == (True, "no-store")


def test_a_withdrawn_dataset_is_unavailable_never_empty(client_of, tmp_path):
    client = client_of(publish(tmp_path / "releases", content(withdrawn="besluiten")))
    for asked in ({}, {"RESULTTYPE": "hits"}, {"OUTPUTFORMAT": "csv"}, {"BBOX": "0,0,1,1"}):
        assert client.feature(**asked).status == 503
    withdrawn = client.feature()
    assert withdrawn.exception == (503, "NoApplicableCode", None)
    assert "ingetrokken" in withdrawn.find("string(//ows:ExceptionText)")
    assert client.feature(CQL_FILTER="PRODUCT='Conformiteitsattest'").matched == 20
    assert client.feature(CQL_FILTER="PRODUCT='Conformiteitsattest' OR PRODUCT='RegisterHerstelvorderingen'").matched == 40
    for text in ("PRODUCT ILIKE 'vlaamse%'", "CASEI(PRODUCT)=CASEI('vlaamseinventarisongeschikteonbewoonbarewoningen')", "NAAM='x'"):
        assert client.feature(CQL_FILTER=text).status == 503
    assert client.feature(RESOURCEID=f"POI.{FIRST}").status == 503
    assert client.feature(TYPENAMES="LWKB:Woningkwaliteitsbeleid").matched == 2
    assert client.get(SERVICE="WFS", REQUEST="GetCapabilities").status == 200


def test_a_damaged_release_is_unavailable_and_its_seal_is_not_told(client_of, tmp_path):
    folder = publish(tmp_path / "releases", content())
    client = client_of(folder)
    for name in folder.glob("*/tables/POI.POI/gml32.npy"):
        name.unlink()
    reply = client.feature()
    assert reply.exception == (503, "NoApplicableCode", None)
    assert not any(path.name[:12] in reply.body.decode() for path in folder.iterdir() if path.is_dir())
    assert client.feature(OUTPUTFORMAT="json").status == 200


def test_a_fault_of_ours_is_reported_without_internals_and_logged_without_the_question(client, monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise KeyError("Kerkstraat 1, secret path")

    monkeypatch.setattr("publish.wfs.service.answer", broken)
    with caplog.at_level(logging.DEBUG, logger="vlok.wfs"):
        reply = client.get(QUERY + "&CQL_FILTER=NAAM='Kerkstraat'")
    assert reply.exception == (500, "OperationProcessingFailed", None)
    assert b"KeyError" not in reply.body and b"secret" not in reply.body
    assert "KeyError" in caplog.text and "Kerkstraat" not in caplog.text and "secret" not in caplog.text


def test_requests_are_not_logged_by_the_service(client, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get(QUERY + "&CQL_FILTER=NAAM='Kerkstraat 1'")
        client.feature(CQL_FILTER="NAAM='Kerkstraat 1")
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert "Kerkstraat" not in " ".join(ours)


@pytest.mark.parametrize(
    ("version", "root", "attribute"),
    [
        ("1.1.0", "{http://www.opengis.net/ows}ExceptionReport", "1.0.0"),
        ("1.0.0", "{http://www.opengis.net/ogc}ServiceExceptionReport", "1.2.0"),
        ("2.0.0", "{http://www.opengis.net/ows/1.1}ExceptionReport", "2.0.0"),
    ],
)
def test_a_report_is_in_the_language_of_the_version_that_was_asked(client, version, root, attribute):
    reply = client.get(SERVICE="WFS", VERSION=version, REQUEST="GetFeature", TYPENAME="Nope")
    assert (reply.status, reply.xml().tag, reply.xml().get("version")) == (400, root, attribute)
    assert "code=" in reply.body.decode().lower() or "exceptionCode=" in reply.body.decode()


@pytest.mark.parametrize(
    ("version", "namespace", "schema"),
    [
        (Version.V2_0_0, "http://www.opengis.net/ows/1.1", "ows/1.1.0/owsAll.xsd"),
        (Version.V1_1_0, "http://www.opengis.net/ows", "ows/1.0.0/owsAll.xsd"),
    ],
)
def test_reports_are_valid_whatever_a_client_wrote(version, namespace, schema):
    body, _ = report(InvalidParameter('no \x00 <such> & "thing" \ud800', 'a"b\x1f'), version)
    require_valid(compiled((namespace, official(schema).as_uri())), etree.fromstring(body))
