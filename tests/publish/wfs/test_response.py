"""HTTP: validators, caching, compression, robots, HEAD, and what is answered when there is nothing to answer from."""

from __future__ import annotations

import gzip
import logging
import zlib

import pytest
from lxml import etree

from publish.wfs.errors import InvalidParameter
from publish.wfs.reports import report
from publish.wfs.response import compressed
from publish.wfs.versions import Version
from tests.publish.wfs.example import FIRST, content, publish
from tests.publish.wfs.schemas import compiled, official, require_valid

QUERY = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=5"


def test_an_answer_has_its_validator_its_lifetime_and_no_place_in_search_engines(client, releases):
    headers = client.get(QUERY).headers
    assert headers["etag"].startswith(f'"{headers["x-release"][:32]}-2026-11-21-gml32-')
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


def test_gzip_is_used_where_it_is_accepted_and_has_a_validator_of_its_own(client):
    plain = client.get(QUERY)
    squeezed = client.get(QUERY, headers={"Accept-Encoding": "br;q=0.5, gzip"})
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.headers["etag"] != plain.headers["etag"]
    assert squeezed.body == plain.body  # the client has unpacked it
    assert "content-encoding" not in client.get(QUERY, headers={"Accept-Encoding": "gzip;q=0, br"}).headers


def test_a_large_answer_is_sent_in_blocks_and_unpacks_to_the_same_bytes(client_of, tmp_path):
    large = client_of(publish(tmp_path / "releases", content(rows=3000)))
    plain = large.feature()
    assert "content-length" not in plain.headers and len(plain.ids) == 3000
    assert large.get(QUERY.replace("&COUNT=5", ""), headers={"Accept-Encoding": "gzip"}).body == plain.body
    assert large.get(QUERY.replace("&COUNT=5", ""), method="HEAD").body == b""


def test_a_compressed_answer_is_flushed_after_every_block():
    pieces = list(compressed(iter([b"a" * 1000, b"b" * 1000])))
    assert gzip.decompress(b"".join(pieces)) == b"a" * 1000 + b"b" * 1000
    assert zlib.decompressobj(wbits=31).decompress(pieces[0]) == b"a" * 1000


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


def test_version_1_requests_say_which_versions_are_offered(client):
    reply = client.get(SERVICE="WFS", VERSION="1.1.0", REQUEST="GetFeature", TYPENAME="POI:POI", MAXFEATURES=1)
    assert reply.status == 400
    assert b"offered are 2.0.0" in reply.body and b'locator="version"' in reply.body
