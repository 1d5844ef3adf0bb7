"""The error tree of the tiles (drawn in the package docstring)."""

from __future__ import annotations

from starlette.exceptions import HTTPException


class UnknownTile(HTTPException):
    """404: there is no such collection, tile matrix set or tile. OGC 20-057 §7.1.4 (/req/core/tc-error): also outside the limits."""

    def __init__(self, message: str) -> None:
        """`message` is safe to show."""
        super().__init__(404, message)
