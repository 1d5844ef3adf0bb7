"""Metadata records at the address that the records themselves and the WFS name."""

from __future__ import annotations

from lxml import etree

from tests.publish.example import PUBLIC_URL

GMD = {"gmd": "http://www.isotc211.org/2005/gmd", "gco": "http://www.isotc211.org/2005/gco"}


def capabilities(client):
    return etree.fromstring(client.get("/wfs?SERVICE=WFS&REQUEST=GetCapabilities").content)


def test_every_record_that_the_wfs_names_is_there(client):
    addresses = capabilities(client).xpath("//*[local-name()='MetadataURL']/@*[local-name()='href']")
    assert len(addresses) >= 4
    for address in addresses:
        reply = client.get(address.removeprefix(PUBLIC_URL))
        root = etree.fromstring(reply.content)
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/vnd.iso.19139+xml")
        assert root.tag == "{http://www.isotc211.org/2005/gmd}MD_Metadata"
        (identifier,) = root.xpath("//gmd:identifier//gmd:code//text()[normalize-space()]", namespaces=GMD)
        assert identifier == address, "the identifier of the data set is the address of its record"


def test_a_record_that_is_known_is_not_sent_again(client):
    (address, *_) = capabilities(client).xpath("//*[local-name()='MetadataURL']/@*[local-name()='href']")
    first = client.get(address.removeprefix(PUBLIC_URL))
    again = client.get(address.removeprefix(PUBLIC_URL), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_record_is_not_found(client):
    assert client.get("/catalogus/iso/nope.xml").status_code == 404
