"""The error tree of filters (drawn in the package docstring)."""

from __future__ import annotations

from release.errors import QueryError


class FilterError(QueryError):
    """A filter that cannot be answered; the message is safe to show. `locator` is the part at fault, where it is known."""

    def __init__(self, text: str, locator: str | None = None) -> None:
        """The message, and what it is about."""
        super().__init__(text)
        self.locator = locator


class Unreadable(FilterError):
    """The filter is not what its language says."""


class Unfit(FilterError):
    """A value does not fit what it is compared with."""


class Unsupported(FilterError):
    """The language has this, the service does not."""
