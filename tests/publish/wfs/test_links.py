"""Links in headers: the same addresses as in the document, for formats without a place for them too."""

from __future__ import annotations

import re

import pytest

from publish.wfs.links import link_header
from tests.publish.wfs.conftest import PUBLIC_URL, Client

LICENCE = "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0"


def links(header: str) -> dict[str, str]:
    return {rel: address for address, rel in re.findall(r'<([^>]*)>; rel="([a-z]+)"', header)}


def test_the_pages_around_are_those_of_the_document(client: Client) -> None:
    reply = client.feature(COUNT=10, STARTINDEX=20)
    found = links(reply.headers["link"])
    assert found["next"] == reply.xml().get("next")
    assert found["prev"] == reply.xml().get("previous")
    assert reply.headers["ogc-numbermatched"] == str(reply.matched)
    assert reply.headers["ogc-numberreturned"] == "10"


def test_a_reader_of_csv_comes_through_all_pages(client: Client) -> None:
    rows, address = [], f"{PUBLIC_URL}/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&OUTPUTFORMAT=csv&COUNT=25"
    while address:
        reply = client.get(address.partition("?")[2])
        rows += reply.body.decode().splitlines()[1:]
        address = links(reply.headers["link"]).get("next", "")
    assert len(rows) == len(set(rows)) == int(reply.headers["ogc-numbermatched"])


@pytest.mark.parametrize(
    "asked", [{"COUNT": 10, "CQL_FILTER": "STRAAT='Rue de l''Église <oost> & west'"}, {"COUNT": 1, "OUTPUTFORMAT": "json"}]
)
def test_a_link_can_be_followed_as_it_stands(client: Client, asked: dict[str, object]) -> None:
    address = links(client.feature(**asked).headers["link"])["next"]
    assert address.isascii() and not re.search(r'[\s<>"]', address)
    assert client.get(address.partition("?")[2]).status == 200


def test_values_have_links_too(client: Client) -> None:
    reply = client.get(SERVICE="WFS", VERSION="2.0.0", REQUEST="GetPropertyValue", TYPENAMES="POI:POI", VALUEREFERENCE="NAAM", COUNT=5)
    assert links(reply.headers["link"])["next"] == reply.xml().get("next")


def test_the_licence_is_told_where_it_has_an_address() -> None:
    assert links(link_header(None, None, LICENCE)["Link"]) == {"license": LICENCE}
    assert link_header(None, None, "Modellicentie") == {}


def test_addresses_that_no_header_can_hold_are_left_to_the_document() -> None:
    long = "https://example.org/wfs?FILTER=" + "x" * 5_000
    assert links(link_header(long, None, LICENCE)["Link"]) == {"license": LICENCE}
    assert link_header(long, long, "") == {}
