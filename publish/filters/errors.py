"""The error tree of filters (drawn in the package docstring)."""

from __future__ import annotations

from release.errors import QueryError


class FilterError(QueryError):
    """A filter that cannot be answered; the message is safe to show."""


class Unreadable(FilterError):
    """The filter is not what its language says."""


class Unfit(FilterError):
    """A value does not fit what it is compared with."""


class Unsupported(FilterError):
    """The language has this, the service does not."""
