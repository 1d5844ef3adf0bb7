"""The error tree of the OGC API (drawn in the package docstring)."""

from __future__ import annotations

from release.errors import QueryError


class BadParameter(QueryError):
    """A query parameter that is unknown, given twice, or has a value that does not fit; the message is safe to show."""


class BadFilter(QueryError):
    """A filter that cannot be read, or that asks for what is not supported; the message is safe to show."""
