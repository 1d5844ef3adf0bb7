"""The error tree of the WMS (drawn in the package docstring): what a service exception says."""

from __future__ import annotations

from typing import ClassVar


class WmsError(Exception):
    """A service exception: code, HTTP status, locator and a text that is safe to show."""

    code: ClassVar[str] = "NoApplicableCode"
    status: ClassVar[int] = 400

    def __init__(self, text: str, locator: str | None = None) -> None:
        """`locator` is the parameter at fault."""
        super().__init__(text)
        self.text, self.locator = text, locator


class MissingParameter(WmsError):
    """A mandatory parameter is absent."""

    code = "MissingParameterValue"

    def __init__(self, name: str) -> None:
        """The text follows from the name."""
        super().__init__(f"the parameter {name} is missing", name)


class InvalidParameter(WmsError):
    """A parameter has a value that cannot be read, or that is beyond a limit."""

    code = "InvalidParameterValue"


class InvalidFormat(WmsError):
    """A format that is not offered (WMS 1.3.0 table E.1)."""

    code = "InvalidFormat"


class InvalidCrs(WmsError):
    """A CRS that is not offered."""

    code = "InvalidCRS"


class InvalidSrs(WmsError):
    """The same in the words of WMS 1.1.1 (table A.1)."""

    code = "InvalidSRS"


class LayerNotDefined(WmsError):
    """A layer that is not offered."""

    code = "LayerNotDefined"


class StyleNotDefined(WmsError):
    """A style that the layer does not have."""

    code = "StyleNotDefined"


class InvalidPoint(WmsError):
    """A place outside the map (GetFeatureInfo)."""

    code = "InvalidPoint"


class OperationNotSupported(WmsError):
    """An operation, or an option of one, that is not offered."""

    code = "OperationNotSupported"


class Unavailable(WmsError):
    """Nothing is published, or a dataset is withdrawn: never an empty map (CONTRACT A.4)."""

    status = 503


class Failure(WmsError):
    """A fault of ours; the text says nothing of it."""

    status = 500
