"""A question as the suite of the OGC asks it (ets-wfs20): one document, posted as it is, or sent as the keywords that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import quote

from lxml import etree

from tests.publish.wfs.conftest import NAMESPACES, Client, Reply

TYPES = {"POI": NAMESPACES["POI"], "Woningkwaliteitsbeleid": NAMESPACES["LWKB"]}
"""The feature types with their namespaces."""


class Binding(StrEnum):
    """How a question is sent."""

    GET = "GET"
    POST = "POST"


def ask(client: Client, binding: Binding, document: str) -> Reply:
    """Send a document; the prefixes `wfs`, `fes`, `gml` and `ows` are bound in it."""
    bound = " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in ("wfs", "fes", "gml", "ows"))
    text = re.sub(r"^<([\w:]+)", rf'<\1 service="WFS" {bound}', document, count=1)
    if binding is Binding.POST:
        return client.post(text)
    return client.get("&".join(f"{key}={quote(value, safe=',():=@*')}" for key, value in keywords(etree.fromstring(text))))


def keywords(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The keywords of a document, spelled in lower case as the suite spells them."""
    name = etree.QName(root).localname
    yield "service", "WFS"
    yield "request", name
    if name != "GetCapabilities":
        yield "version", "2.0.0"
    yield from ((key.lower(), value) for key, value in root.attrib.items() if key not in ("service", "version"))
    for key, path in (("acceptversions", "ows:AcceptVersions/ows:Version"), ("storedquery_id", "wfs:StoredQueryId")):
        if values := [item.text or "" for item in root.iterfind(path, NAMESPACES)]:
            yield key, ",".join(values)
    for item in root.iterfind("wfs:TypeName", NAMESPACES):
        yield "typename", item.text or ""
        yield "namespaces", _bindings(item)
    for item in root.iterfind("wfs:StoredQuery", NAMESPACES):
        yield "storedquery_id", item.attrib["id"]
        yield from ((parameter.attrib["name"], parameter.text or "") for parameter in item.iterfind("wfs:Parameter", NAMESPACES))
    for item in root.iterfind("wfs:Query", NAMESPACES):
        yield from _query(item)


def _query(query: etree._Element) -> Iterator[tuple[str, str]]:
    yield "typenames", query.attrib["typeNames"].replace(" ", ",")
    yield "namespaces", _bindings(query)
    if "srsName" in query.attrib:
        yield "srsname", query.attrib["srsName"]
    for condition in query.iterfind("fes:Filter", NAMESPACES):
        if identifiers := [item.attrib["rid"] for item in condition.iterfind("fes:ResourceId", NAMESPACES)]:
            yield "resourceid", ",".join(identifiers)
        else:
            yield "filter", etree.tostring(condition, encoding="unicode", with_tail=False)


def _bindings(element: etree._Element) -> str:
    """Every prefix in scope; the suite leaves out not even that of XML itself."""
    bound = {"xml": "http://www.w3.org/XML/1998/namespace"} | {prefix: uri for prefix, uri in element.nsmap.items() if prefix is not None}
    return ",".join(f"xmlns({prefix},{uri})" for prefix, uri in bound.items())


def require_report(reply: Reply, status: int, *codes: str) -> None:
    """ets-wfs20, sch/ExceptionReport.sch: version 2.0.0, a code, a locator and a text that are not empty; schema of OWS 1.1."""
    assert reply.status == status
    (report,) = reply.find("/ows:ExceptionReport")
    assert report.get("version") == "2.0.0"
    (exception,) = reply.find("//ows:Exception")
    assert exception.get("exceptionCode") in codes
    assert exception.get("locator")
    assert all(text.strip() for text in reply.find("//ows:ExceptionText/text()")) and reply.find("//ows:ExceptionText")
