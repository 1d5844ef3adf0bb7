"""Exception reports, each in the language of a version."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from publish.wfs.errors import WfsError
from publish.wfs.versions import Version

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NOT_XML = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "�")
"""XML 1.0 §2.2: characters that no document may hold; a client's words may be quoted in a report."""


def report(error: WfsError, version: Version) -> tuple[bytes, str]:
    """The document and its media type."""
    text = escape(error.text.translate(_NOT_XML))
    locator = "" if error.locator is None else f" locator={quoteattr(error.locator.translate(_NOT_XML))}"
    if version is Version.V1_0_0:
        return _service_exception(error.code, locator, text), "application/vnd.ogc.se_xml"
    return (_DECLARATION + _exception(version, error.code, locator, text)).encode(), "text/xml; charset=utf-8"


def truncated(collection: str) -> bytes:
    """The end of a WFS 2.0 collection whose members break off; the element says so to readers that see only the document (wfs.xsd)."""
    text = "The server could not carry on: members are missing. Ask again."
    told = _exception(Version.V2_0_0, "OperationProcessingFailed", "", text)
    return f"<wfs:truncatedResponse>{told}</wfs:truncatedResponse>\n</{collection}>\n".encode()


def _exception(version: Version, code: str, locator: str, text: str) -> str:
    """OWS Common 1.1 §8.3 for WFS 2.0.0, OWS Common 1.0 for WFS 1.1.0."""
    namespace, schema = {
        Version.V2_0_0: ("http://www.opengis.net/ows/1.1", "http://schemas.opengis.net/ows/1.1.0/owsAll.xsd"),
        Version.V1_1_0: ("http://www.opengis.net/ows", "http://schemas.opengis.net/ows/1.0.0/owsAll.xsd"),
    }[version]
    # WFS 2.0 §7.5: the report carries the version of the service; OWS Common 1.0 §8.3 fixes 1.0.0
    number = version if version is Version.V2_0_0 else "1.0.0"
    return (
        f'<ows:ExceptionReport xmlns:ows="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' version="{number}" xsi:schemaLocation="{namespace} {schema}">\n'
        f'<ows:Exception exceptionCode="{code}"{locator}><ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception>\n'
        "</ows:ExceptionReport>\n"
    )


def _service_exception(code: str, locator: str, text: str) -> bytes:
    """WFS 1.0 §7.8: `ServiceExceptionReport` of version 1.2.0."""
    return (
        f'{_DECLARATION}<ServiceExceptionReport xmlns="http://www.opengis.net/ogc" version="1.2.0"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.opengis.net/ogc http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd">\n'
        f'<ServiceException code="{code}"{locator}>{text}</ServiceException>\n'
        "</ServiceExceptionReport>\n"
    ).encode()
