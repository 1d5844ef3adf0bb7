"""The error tree of the WFS (drawn in the package docstring): what an exception report says."""

from __future__ import annotations

from typing import ClassVar


class WfsError(Exception):
    """An exception report: code, HTTP status, locator and a text that is safe to show."""

    code: ClassVar[str] = "NoApplicableCode"
    status: ClassVar[int] = 500
    """HTTP status (WFS 2.0 table D.2)."""

    def __init__(self, text: str, locator: str | None = None) -> None:
        """`locator` is the parameter, element or operation that is at fault."""
        super().__init__(text)
        self.text, self.locator = text, locator


class MissingParameter(WfsError):
    """A mandatory parameter is absent."""

    code, status = "MissingParameterValue", 400

    def __init__(self, name: str) -> None:
        """The report's text follows from the name."""
        super().__init__(f"the parameter {name} is missing", name)


class InvalidParameter(WfsError):
    """A parameter has a value that this service does not have."""

    code, status = "InvalidParameterValue", 400


class VersionNegotiation(WfsError):
    """No version that the client accepts is offered."""

    code, status = "VersionNegotiationFailed", 400


class OptionNotSupported(WfsError):
    """The standard knows this option; this service does not offer it."""

    code, status = "OptionNotSupported", 400


class OperationNotSupported(WfsError):
    """The standard knows this operation; this service does not offer it."""

    code, status = "OperationNotSupported", 400


class ParsingFailed(WfsError):
    """The request cannot be read."""

    code, status = "OperationParsingFailed", 400


class ProcessingFailed(WfsError):
    """The request can be read, but not be carried out as it stands."""

    code, status = "OperationProcessingFailed", 403


class CacheExpired(WfsError):
    """A `next` link names a release that is not kept any more (WFS 2.0 table 3)."""

    code, status = "ResponseCacheExpired", 403


class UnknownFeature(WfsError):
    """GetFeatureById names a feature that is not there (WFS 2.0 §7.9.3.6)."""

    code, status = "NotFound", 404


class Unavailable(WfsError):
    """Nothing is published, or a dataset is withdrawn: never an empty answer (CONTRACT A.4)."""

    status = 503


class Failure(WfsError):
    """A fault of ours; the text says nothing of it."""

    code, status = "OperationProcessingFailed", 500
