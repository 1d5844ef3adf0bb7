"""XML from outside in the errors of the WFS; it is read safely in `publish.fes.documents`."""

from __future__ import annotations

from publish.fes import documents
from publish.fes.documents import FES, GML31, GML32, OGC, Element, children, local, namespace, text_of
from publish.wfs.filter_errors import told

__all__ = [
    "FES",
    "GML31",
    "GML32",
    "OGC",
    "OWS",
    "OWS10",
    "WFS",
    "WFS1",
    "XLINK",
    "XSI",
    "Element",
    "children",
    "local",
    "namespace",
    "parse",
    "parse_keyword",
    "text_of",
]

WFS = "http://www.opengis.net/wfs/2.0"
OWS = "http://www.opengis.net/ows/1.1"
OWS10 = "http://www.opengis.net/ows"
WFS1 = "http://www.opengis.net/wfs"
"""WFS 1.1.0 and 1.0.0 alike."""
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def parse(text: bytes) -> Element:
    """The root of a document; raises `ParsingFailed`."""
    with told("request"):
        return documents.parse(text)


def parse_keyword(text: str, locator: str) -> Element:
    """The root of a document that came as the value of a keyword; raises `ParsingFailed`."""
    with told(locator):
        return documents.parse_keyword(text, locator)
