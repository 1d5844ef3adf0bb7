"""CSW 2.0.2: what each operation answers, in both bindings, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.exports.conftest import OfficialSchemas
from tests.publish.conftest import client_of
from tests.publish.example import PUBLIC_URL, Clock

PATH = "/catalogus/csw"
NS = {
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "ows": "http://www.opengis.net/ows",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gfc": "http://www.isotc211.org/2005/gfc",
    "ogc": "http://www.opengis.net/ogc",
}
RECORDS = 5 + 9


@pytest.fixture(scope="module")
def official() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(OfficialSchemas())
    text = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:import namespace="http://www.opengis.net/cat/csw/2.0.2" schemaLocation="http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd"/>
    </xs:schema>"""
    return etree.XMLSchema(etree.fromstring(text, parser))


def get(client: TestClient, status: int = 200, **parameters: str) -> etree._Element:
    reply = client.get(f"{PATH}?{urlencode({'service': 'CSW', 'version': '2.0.2', **parameters})}")
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"].startswith("application/xml")
    return etree.fromstring(reply.content)


def post(client: TestClient, query: str = "", status: int = 200, request: str = "GetRecords", **attributes: str) -> etree._Element:
    given = " ".join(f'{name}="{value}"' for name, value in ({"service": "CSW", "version": "2.0.2"} | attributes).items())
    namespaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
    reply = client.post(PATH, content=f"<csw:{request} {namespaces} xmlns:gml='http://www.opengis.net/gml' {given}>{query}</csw:{request}>")
    assert reply.status_code == status, reply.text
    return etree.fromstring(reply.content)


def query(constraint: str = "", types: str = "csw:Record", elements: str = "full", sort: str = "") -> str:
    held = f'<csw:Constraint version="1.1.0">{constraint}</csw:Constraint>' if constraint else ""
    return f'<csw:Query typeNames="{types}"><csw:ElementSetName>{elements}</csw:ElementSetName>{held}{sort}</csw:Query>'


def results(root: etree._Element) -> etree._Element:
    found = root.find("csw:SearchResults", NS)
    assert found is not None
    return found


def numbers(root: etree._Element) -> tuple[int, int, int]:
    found = results(root)
    return tuple(int(found.get(name)) for name in ("numberOfRecordsMatched", "numberOfRecordsReturned", "nextRecord"))


def refusal(root: etree._Element) -> tuple[str, str | None]:
    assert root.get("version") == "1.2.0"
    exception = root.find("ows:Exception", NS)
    return exception.get("exceptionCode"), exception.get("locator")


def test_every_answer_is_valid_against_the_official_schemas(client: TestClient, official: etree.XMLSchema) -> None:
    gmd = "http://www.isotc211.org/2005/gmd"
    asked = {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "results"}
    for parameters in (
        {"request": "GetCapabilities"},
        {"request": "GetCapabilities", "sections": ""},
        {"request": "DescribeRecord"},
        asked | {"resultType": "hits"},
        asked | {"resultType": "validate"},
        *(asked | {"ElementSetName": name, "maxRecords": "20"} for name in ("brief", "summary", "full")),
        {"request": "GetRecordById", "id": "nothing"},
        {"request": "GetDomain", "propertyName": "dc:type"},
        {"request": "GetDomain", "parameterName": "GetRecords.resultType"},
    ):
        official.assertValid(get(client, **parameters))
    assert len(results(get(client, **asked, outputSchema=gmd, maxRecords="20"))) == RECORDS


def test_the_official_schema_refuses_a_record_out_of_order(client: TestClient, official: etree.XMLSchema) -> None:
    root = get(client, request="GetRecords", typeNames="csw:Record", resultType="results", ElementSetName="brief")
    record = results(root)[0]
    record.append(record[0])
    assert not official.validate(root)


def test_capabilities_offer_what_requests_are_read_by(client: TestClient) -> None:
    root = get(client, request="GetCapabilities")
    assert {each.get("name") for each in root.iter(f"{{{NS['ows']}}}Operation")} == {
        "GetCapabilities",
        "DescribeRecord",
        "GetRecords",
        "GetRecordById",
        "GetDomain",
    }
    links = {each.get("{http://www.w3.org/1999/xlink}href") for each in root.xpath("//ows:Get | //ows:Post", namespaces=NS)}
    assert links == {f"{PUBLIC_URL}{PATH}"}
    sections = [etree.QName(child).localname for child in get(client, request="GetCapabilities", sections="ServiceProvider")]
    assert sections == ["ServiceProvider", "Filter_Capabilities"]
    text = client.get(f"{PATH}?service=CSW&request=GetCapabilities&acceptFormats=text/xml")
    assert text.headers["content-type"].startswith("text/xml")


def test_a_harvester_asks_how_many_and_then_takes_pages_of_iso_records(client: TestClient) -> None:
    gmd = NS["gmd"]
    assert numbers(post(client, query(types="gmd:MD_Metadata"), resultType="hits", outputSchema=gmd)) == (RECORDS, 0, 1)
    found: list[str] = []
    start = 1
    while start:
        page = post(
            client, query(types="gmd:MD_Metadata"), resultType="results", outputSchema=gmd, startPosition=str(start), maxRecords="4"
        )
        found += page.xpath("//gmd:MD_Metadata/gmd:fileIdentifier/*/text()", namespaces=NS)
        start = numbers(page)[2]
    assert len(found) == len(set(found)) == RECORDS
    for uuid in found:
        by_id = get(client, request="GetRecordById", id=uuid, outputSchema=gmd)
        document = etree.fromstring(client.get(f"/catalogus/iso/{uuid}.xml").content)
        assert etree.tostring(by_id[0], method="c14n2", with_tail=False) == etree.tostring(document, method="c14n2"), (
            "the catalogue gives what the run wrote"
        )


def test_paging_ends(client: TestClient) -> None:
    assert numbers(post(client, query(), resultType="results", maxRecords="100")) == (RECORDS, RECORDS, 0)
    assert numbers(post(client, query(), resultType="results", startPosition="3", maxRecords="5")) == (RECORDS, 5, 8)
    assert numbers(post(client, query(), resultType="results", maxRecords="0")) == (RECORDS, 0, 1)
    assert numbers(post(client, query(), resultType="results", startPosition="99")) == (RECORDS, 0, 0)


def test_harvesters_that_count_from_zero_begin_with_the_first_record(client: TestClient) -> None:
    assert numbers(post(client, query(), resultType="results", startPosition="0", maxRecords="5")) == (RECORDS, 5, 6)
    words = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record", "resultType": "results"}
    assert numbers(get(client, **words, startPosition="0", maxRecords="5")) == (RECORDS, 5, 6)


@pytest.mark.parametrize(("name", "least"), [("startPosition", "from 1 on"), ("maxRecords", "from 0 on")])
@pytest.mark.parametrize("value", ["-1", "x", "1.5", "1e3", "9" * 10, "²", "NaN"])
def test_a_place_or_a_number_that_is_none_is_refused_with_what_it_may_be(client: TestClient, name: str, least: str, value: str) -> None:
    words = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record"}
    answer = client.get(PATH, params=words | {name: value})
    assert answer.status_code == 400
    assert f'locator="{name}"' in answer.text and least in answer.text


FILTERS = {
    "<ogc:PropertyIsEqualTo><ogc:PropertyName>dc:type</ogc:PropertyName><ogc:Literal>service</ogc:Literal></ogc:PropertyIsEqualTo>": (
        "dc:type = 'service'",
        9,
    ),
    '<ogc:PropertyIsLike wildCard="*" singleChar="?" escapeChar="\\"><ogc:PropertyName>csw:AnyText</ogc:PropertyName>'
    "<ogc:Literal>*woningKWALITEIT*</ogc:Literal></ogc:PropertyIsLike>": ("csw:AnyText LIKE '%woningKWALITEIT%'", RECORDS),
    "<ogc:Not><ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName><gml:Envelope>"
    "<gml:lowerCorner>50.5 3</gml:lowerCorner><gml:upperCorner>51 4</gml:upperCorner></gml:Envelope></ogc:BBOX></ogc:Not>": (
        "NOT BBOX(BoundingBox, 3, 50.5, 4, 51)",
        0,
    ),
    "<ogc:And><ogc:PropertyIsGreaterThanOrEqualTo><ogc:PropertyName>Modified</ogc:PropertyName><ogc:Literal>2026-11-21</ogc:Literal>"
    "</ogc:PropertyIsGreaterThanOrEqualTo><ogc:PropertyIsEqualTo><ogc:PropertyName>dc:subject</ogc:PropertyName>"
    "<ogc:Literal>Vlaamse Open data</ogc:Literal></ogc:PropertyIsEqualTo></ogc:And>": (
        "Modified >= DATE('2026-11-21') AND dc:subject = 'Vlaamse Open data'",
        5,
    ),
}


@pytest.mark.parametrize("constraint", FILTERS)
def test_a_filter_and_a_text_select_the_same_in_both_bindings(client: TestClient, constraint: str) -> None:
    cql, matched = FILTERS[constraint]
    whole = f"<ogc:Filter>{constraint}</ogc:Filter>"
    escaped = cql.replace("<", "&lt;").replace(">", "&gt;")
    kvp = {"request": "GetRecords", "typeNames": "csw:Record", "constraint_language_version": "1.1.0"}
    for root in (
        post(client, query(whole)),
        post(client, query(f"<csw:CqlText>{escaped}</csw:CqlText>")),
        get(client, **kvp, constraintLanguage="CQL_TEXT", constraint=cql),
        get(client, **kvp, constraintLanguage="FILTER", constraint=whole.replace("<ogc:Filter>", f'<ogc:Filter xmlns:ogc="{NS["ogc"]}">')),
        get(client, **kvp, constraint=cql),
    ):
        assert numbers(root)[0] == matched


def test_records_are_sorted_and_elements_chosen(client: TestClient) -> None:
    key = "<ogc:PropertyName>dc:title</ogc:PropertyName><ogc:SortOrder>DESC</ogc:SortOrder>"
    sort = f"<ogc:SortBy><ogc:SortProperty>{key}</ogc:SortProperty></ogc:SortBy>"
    root = post(client, query(sort=sort), resultType="results", maxRecords="20")
    titles = [each.text for each in root.iter(f"{{{NS['dc']}}}title")]
    assert titles == sorted(titles, reverse=True)
    again = get(client, request="GetRecords", typeNames="csw:Record", resultType="results", maxRecords="20", sortBy="dc:title:D")
    assert [each.text for each in again.iter(f"{{{NS['dc']}}}title")] == titles
    named = get(client, request="GetRecords", typeNames="csw:Record", resultType="results", ElementName="dc:identifier,ows:BoundingBox")
    assert {etree.QName(child).localname for record in results(named) for child in record} == {"identifier", "BoundingBox"}


def test_a_feature_catalogue_is_given_by_its_identifier(client: TestClient) -> None:
    root = get(client, request="GetRecords", typeNames="gmd:MD_Metadata", outputSchema=NS["gmd"], resultType="results")
    (uuid, *_) = root.xpath("//gmd:featureCatalogueCitation/@uuidref", namespaces=NS)
    (found,) = get(client, request="GetRecordById", id=uuid, outputSchema=NS["gfc"])
    assert found.get("uuid") == uuid


def test_several_identifiers_give_several_records_and_unknown_ones_none(client: TestClient) -> None:
    page = get(client, request="GetRecords", typeNames="csw:Record", resultType="results", maxRecords="2", ElementSetName="brief")
    uuids = [each.text for each in page.iter(f"{{{NS['dc']}}}identifier")]
    found = get(client, request="GetRecordById", id=",".join([*uuids, "nothing"]))
    assert [etree.QName(each).localname for each in found] == ["SummaryRecord", "SummaryRecord"]
    ids = "".join(f"<csw:Id>{uuid}</csw:Id>" for uuid in uuids)
    assert len(post(client, ids, request="GetRecordById")) == 2


REFUSED = {
    "service=FOO&request=GetCapabilities": ("InvalidParameterValue", "service"),
    "request=GetCapabilities": ("MissingParameterValue", "service"),
    "service=CSW": ("MissingParameterValue", "request"),
    "service=CSW&request=Harvest": ("OperationNotSupported", "request"),
    "service=CSW&request=Transaction": ("OperationNotSupported", "request"),
    "service=CSW&request=Nothing": ("InvalidParameterValue", "request"),
    "service=CSW&request=GetCapabilities&acceptVersions=3.0.0": ("VersionNegotiationFailed", "acceptVersions"),
    "service=CSW&request=GetRecords&version=3.0.0&typeNames=csw:Record": ("InvalidParameterValue", "version"),
    "service=CSW&request=GetRecords": ("MissingParameterValue", "typeNames"),
    "service=CSW&request=GetRecords&typeNames=csw:BriefRecord": ("InvalidParameterValue", "typeNames"),
    "service=CSW&request=GetRecords&typeNames=csw:Record&maxRecords=-1": ("InvalidParameterValue", "maxRecords"),
    "service=CSW&request=GetRecords&typeNames=csw:Record&sortBy=ows:BoundingBox": ("InvalidParameterValue", "sortBy"),
    "service=CSW&request=GetRecords&typeNames=csw:Record&constraint=dc:title": ("InvalidParameterValue", "Constraint"),
    "service=CSW&request=GetRecords&typeNames=csw:Record&constraint=%3Cx": ("InvalidParameterValue", "Constraint"),
    "service=CSW&request=GetRecords&typeNames=csw:Record&outputSchema=urn:x": ("InvalidParameterValue", "outputSchema"),
    "service=CSW&request=GetRecordById": ("MissingParameterValue", "id"),
    "service=CSW&request=GetRecordById&id=a&ElementSetName=x": ("InvalidParameterValue", "ElementSetName"),
    "service=CSW&request=DescribeRecord&typeName=Record": ("InvalidParameterValue", "typeName"),
    "service=CSW&request=DescribeRecord&schemaLanguage=x": ("InvalidParameterValue", "schemaLanguage"),
    "service=CSW&request=GetDomain": ("MissingParameterValue", "parameterName"),
    "service=CSW&request=GetDomain&propertyName=csw:AnyText": ("InvalidParameterValue", "propertyName"),
    "service=CSW&request=%ff": ("NoApplicableCode", "request"),
}


@pytest.mark.parametrize("asked", REFUSED)
def test_what_is_wrong_is_refused_by_its_code(client: TestClient, asked: str) -> None:
    reply = client.get(f"{PATH}?{asked}")
    assert reply.status_code == 400 and reply.headers["cache-control"] == "no-store"
    assert refusal(etree.fromstring(reply.content)) == REFUSED[asked]


@pytest.mark.parametrize(
    "body",
    [
        b"<nothing",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><csw:GetRecords xmlns:csw='http://www.opengis.net/cat/csw/2.0.2'>&a;</csw:GetRecords>",
        b"<GetRecords/>",
        b"<csw:Transaction xmlns:csw='http://www.opengis.net/cat/csw/2.0.2' service='CSW' version='2.0.2'/>",
        b" " * 300_000,
    ],
)
def test_a_post_that_is_no_request_is_refused(client: TestClient, body: bytes) -> None:
    reply = client.post(PATH, content=body)
    assert reply.status_code == 400
    assert etree.fromstring(reply.content).tag == f"{{{NS['ows']}}}ExceptionReport"


def test_functions_and_foreign_namespaces_in_a_filter_are_refused(client: TestClient) -> None:
    function = "<ogc:PropertyIsEqualTo><ogc:PropertyName>dc:title</ogc:PropertyName><ogc:Function name='f'/></ogc:PropertyIsEqualTo>"
    assert refusal(post(client, query(f"<ogc:Filter>{function}</ogc:Filter>"), 400))[0] == "InvalidParameterValue"
    foreign = "<x:PropertyIsNull xmlns:x='urn:x'><ogc:PropertyName>dc:title</ogc:PropertyName></x:PropertyIsNull>"
    assert refusal(post(client, query(f"<ogc:Filter>{foreign}</ogc:Filter>"), 400))[0] == "InvalidParameterValue"


def test_keywords_may_be_posted(client: TestClient) -> None:
    reply = client.post(PATH, data={"SERVICE": "CSW", "REQUEST": "GetRecords", "TYPENAMES": "csw:Record"})
    assert numbers(etree.fromstring(reply.content)) == (RECORDS, 0, 1)


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    address = f"{PATH}?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=results"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in first.headers["cache-control"]


def test_outside_production_an_anonymous_harvester_gets_nothing(releases: Path, clock: Clock, client: TestClient) -> None:
    page = get(client, request="GetRecords", typeNames="csw:Record", resultType="results", ElementSetName="brief")
    (uuid, *_) = [each.text for each in page.iter(f"{{{NS['dc']}}}identifier")]
    trial = client_of(releases, clock, production=False)
    assert numbers(get(trial, request="GetRecords", typeNames="csw:Record", resultType="results")) == (0, 0, 0)
    assert len(get(trial, request="GetRecordById", id=uuid)) == 0
    assert len(get(trial, request="GetRecordById", id=uuid, outputSchema=NS["gmd"])) == 0
    title = get(trial, request="GetCapabilities").findtext(".//ows:Title", namespaces=NS)
    assert title.startswith("TEST")
    assert not get(client, request="GetCapabilities").findtext(".//ows:Title", namespaces=NS).startswith("TEST")


def test_without_a_release_a_report_says_when_to_come_back(tmp_path: Path, clock: Clock) -> None:
    reply = client_of(tmp_path, clock).get(f"{PATH}?service=CSW&request=GetCapabilities")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "3600")
    assert refusal(etree.fromstring(reply.content))[0] == "NoApplicableCode"


def test_a_record_that_is_asked_for_many_times_is_given_once(client: TestClient) -> None:
    first = results(get(client, request="GetRecords", typeNames="csw:Record", resultType="results", elementSetName="brief"))
    identifier = first.findtext(".//dc:identifier", namespaces=NS)
    assert identifier is not None
    once = get(client, request="GetRecordById", id=",".join([identifier] * 300))
    assert len(once) == 1


@pytest.mark.parametrize("name", ["parameterName", "propertyName"])
def test_a_name_that_xml_cannot_hold_is_refused(client: TestClient, name: str) -> None:
    assert get(client, 400, request="GetDomain", **{name: "x\x01"}).find("ows:Exception", NS) is not None
