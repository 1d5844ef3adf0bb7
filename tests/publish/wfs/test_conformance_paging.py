"""What ets-wfs20 checks of response paging (STANDARDS §1): links that are followed, after a GET and after a POST."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.publish.wfs.binding import TYPES, Binding, ask
from tests.publish.wfs.conftest import Reply

both = pytest.mark.parametrize("binding", list(Binding))
each_type = pytest.mark.parametrize("name", list(TYPES))


def question(name: str, attributes: str) -> str:
    asked = f'<wfs:Query typeNames="tns:{name}" xmlns:tns="{TYPES[name]}"/>'
    return f'<wfs:GetFeature version="2.0.0" {attributes}>{asked}</wfs:GetFeature>'


def follow(client, reply: Reply, link: str) -> Reply:
    address = reply.find(f"string(/wfs:FeatureCollection/@{link})")
    assert address, f"no {link}"
    return client.get(urlsplit(address).query)


@both
@each_type
def test_hits_say_nothing_was_returned_and_lead_to_the_first_page(client, binding, name):
    # PagingTests.getFeatureWithHitsOnly, OGC 09-025 §7.7.4.2
    reply = ask(client, binding, question(name, 'count="1" resultType="hits"'))
    assert reply.find("string(/*/@numberReturned)") == "0"
    assert reply.find("/*/@previous") == []
    page = follow(client, reply, "next")
    assert (page.status, page.find("string(/*/@numberReturned)"), len(page.ids)) == (200, "1", 1)


@both
@each_type
def test_pages_of_one_are_walked_forth_and_back(client, binding, name):
    # PagingTests.traverseResultSetInBothDirections, OGC 09-025 §7.7.4.4.1
    first = ask(client, binding, question(name, 'count="1"'))
    second = follow(client, first, "next")
    assert (len(first.ids), len(second.ids), first.ids != second.ids) == (1, 1, True)
    assert follow(client, second, "previous").ids == first.ids


@both
def test_the_last_page_leads_no_further(client, binding):
    # OGC 09-025 §7.7.4.4.1: no next on the last page, no previous on the first
    first = ask(client, binding, question("Woningkwaliteitsbeleid", 'count="1"'))
    last = follow(client, first, "next")
    assert (first.find("/*/@previous"), last.find("/*/@next")) == ([], [])
