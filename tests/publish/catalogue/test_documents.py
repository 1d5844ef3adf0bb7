"""Documents at the addresses that the records themselves, the services and the page name."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from starlette.testclient import TestClient

from release.pointer import Pointer
from release.reader import Release
from tests.gdi_rules import HREF, NS, faults
from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, DAY, INVENTORY, PUBLIC_URL, Clock, content, publish


def named(client: TestClient) -> list[str]:
    root = etree.fromstring(client.get("/wfs?SERVICE=WFS&REQUEST=GetCapabilities").content)
    addresses = root.xpath("//*[local-name()='MetadataURL']/@*[local-name()='href']")
    return [address.removeprefix(PUBLIC_URL) for address in addresses]


def test_every_record_that_the_wfs_names_is_there_and_keeps_the_rules(client: TestClient) -> None:
    addresses = named(client)
    assert len(addresses) >= 4
    for address in addresses:
        reply = client.get(address)
        root = etree.fromstring(reply.content)
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/vnd.iso.19139+xml")
        assert faults(root) == []
        (identifier,) = root.xpath("//gmd:citation//gmd:identifier//gmd:code//text()[normalize-space()]", namespaces=NS)[:1]
        assert identifier == PUBLIC_URL + address, "the identifier of the data set is the address of its record"


def test_the_page_names_every_record_and_each_leads_to_what_it_refers_to(client: TestClient) -> None:
    page = client.get("/catalogus/")
    addresses = set(re.findall(r'href="/vlok(/catalogus/iso/[^"]+)"', page.text))
    assert page.status_code == 200 and len(addresses) == 5 * 2 + 9
    seen = set()
    for address in addresses:
        reply = client.get(address)
        assert reply.status_code == 200, address
        root = etree.fromstring(reply.content)
        seen |= {element.get(HREF) for name in ("operatesOn", "featureCatalogueCitation") for element in root.iter(f"{{*}}{name}")}
    assert {link.removeprefix(PUBLIC_URL) for link in seen} <= addresses


def test_a_feature_catalogue_is_plain_xml(client: TestClient) -> None:
    (address, *_) = re.findall(r'<a href="/vlok(/catalogus/iso/[^"]+)">objectencatalogus', client.get("/catalogus/").text)
    reply = client.get(address)
    assert reply.headers["content-type"] == "application/xml"
    assert etree.fromstring(reply.content).tag == "{http://www.isotc211.org/2005/gfc}FC_FeatureCatalogue"


def test_a_document_that_is_known_is_not_sent_again(client: TestClient) -> None:
    for address in (named(client)[0], "/catalogus/"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "noindex" in first.headers["x-robots-tag"]


@pytest.mark.parametrize("name", ["nope", "..%2F..%2Fmanifest", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_record_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/catalogus/iso/{name}.xml").status_code == 404


def test_records_stay_there_when_their_dataset_is_withdrawn(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content(withdrawn="conformiteitsattesten"))
    client = client_of(tmp_path, clock)
    assert client.get(f"/downloads/{ATTEST}/{ATTEST}_CSV.zip").status_code == 503
    for address in named(client):
        reply = client.get(address)
        assert (reply.status_code, faults(etree.fromstring(reply.content))) == (200, [])
    assert client.get("/catalogus/").status_code == 200


WITHDRAWN_FROM = DAY + timedelta(days=4)
"""The first day on which the daily registers with a limit of three days are too old."""


def everything(client: TestClient) -> str:
    """What describes the products, in every form."""
    addresses = [
        "/catalogus/dcat.ttl",
        "/catalogus/dcat.rdf",
        "/catalogus/dcat.jsonld",
        "/catalogus/atom/",
        f"/catalogus/atom/{INVENTORY}.xml",
    ]
    addresses += [
        "/ogc/records/v1/collections/catalogus/items?f=json&limit=100",
        "/downloads",
        f"/ogc/features/v1/collections/{INVENTORY}?f=json",
    ]
    addresses += ["/catalogus/csw?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=results&elementSetName=full"]
    return "".join(client.get(address).text for address in [*addresses, *named(client)])


@pytest.mark.parametrize("by_age", [False, True])
def test_nothing_of_the_files_of_a_withdrawn_dataset_is_left_and_its_record_says_so(tmp_path: Path, clock: Clock, by_age: bool) -> None:
    day = WITHDRAWN_FROM if by_age else DAY
    clock.now += day - DAY
    publish(tmp_path, content(withdrawn=None if by_age else "besluiten"), day)
    client, release = client_of(tmp_path, clock), Release.open(Pointer(tmp_path).folder())
    said, files = everything(client), release.edition(day).products[INVENTORY].files
    collection = client.get(f"/ogc/features/v1/collections/{INVENTORY}?f=json").json()
    assert collection["description"].startswith("TIJDELIJK INGETROKKEN")
    assert "tijdelijk ingetrokken</td>" in client.get("/catalogus/").text
    assert files and "TIJDELIJK INGETROKKEN" in said and "TEMPORARILY WITHDRAWN" in said
    for file in files:
        assert file.sha256 not in said and file.path not in said
        assert f'"length":{file.bytes},' not in said and f'length="{file.bytes}"' not in said
    given = client.get("/catalogus/atom/get", params={"spatial_dataset_identifier_code": INVENTORY})
    assert given.status_code == 503


def test_after_the_last_edition_the_catalogue_does_not_describe_what_has_been_withdrawn_since(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content())
    client = client_of(tmp_path, clock)
    clock.now += timedelta(days=3)
    assert client.get("/catalogus/dcat.ttl").status_code == 200
    clock.now += timedelta(days=1)
    for address in (
        "/catalogus/dcat.ttl",
        "/catalogus/",
        "/ogc/records/v1/collections/catalogus/items",
        f"/catalogus/atom/{INVENTORY}.xml",
    ):
        assert client.get(address).status_code == 503, address


def test_the_page_says_test_outside_production(releases: Path, clock: Clock) -> None:
    assert "geeft" not in client_of(releases, clock).get("/catalogus/").text
    page = client_of(releases, clock, production=False).get("/catalogus/").text
    assert "TEST" in page and "geven CSW en OGC API Records geen enkel record" in page
