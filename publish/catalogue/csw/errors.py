"""The error tree of the CSW (drawn in the package docstring), and its exception reports."""

from __future__ import annotations

from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")


class CswError(Exception):
    """An exception report: code, HTTP status, locator and a text that is safe to show."""

    code: ClassVar[str] = "NoApplicableCode"
    status: ClassVar[int] = 400

    def __init__(self, text: str, locator: str | None = None) -> None:
        """`locator` is the parameter or element that is at fault."""
        super().__init__(text)
        self.text, self.locator = text, locator


class MissingParameter(CswError):
    """A mandatory parameter is absent."""

    code = "MissingParameterValue"

    def __init__(self, name: str) -> None:
        """The report's text follows from the name."""
        super().__init__(f"the parameter {name} is missing", name)


class InvalidParameter(CswError):
    """A parameter has a value that this service does not have."""

    code = "InvalidParameterValue"


class VersionNegotiation(CswError):
    """No version that the client accepts is offered."""

    code = "VersionNegotiationFailed"


class OperationNotSupported(CswError):
    """The standard knows this operation; this catalogue is for reading."""

    code = "OperationNotSupported"


class Unreadable(CswError):
    """The request cannot be read."""


class Unavailable(CswError):
    """There is no whole release to answer from."""

    status = 503


def report(error: CswError) -> bytes:
    """The document. CSW 2.0.2 §10.3.7: OWS Common 1.0 with version 1.2.0."""
    text = escape(error.text.translate(_NOT_XML))
    locator = "" if error.locator is None else f" locator={quoteattr(error.locator.translate(_NOT_XML))}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1.2.0"'
        ' xsi:schemaLocation="http://www.opengis.net/ows http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd">\n'
        f'<ows:Exception exceptionCode="{error.code}"{locator}><ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception>\n'
        "</ows:ExceptionReport>\n"
    ).encode()
