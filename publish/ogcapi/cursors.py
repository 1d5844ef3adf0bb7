"""Cursors: what `next` and `prev` links carry, so that the pages of one answer stay together when the next release comes.

`1000.0123456789abcdef.20261121` is a position in the answer of that content on that day, as RELEASE and STARTINDEX are in the WFS
(docs/decisions/0010-next-links-name-their-release.md). It costs the same at any depth, and a server keeps nothing for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from publish.ogcapi.errors import BadParameter

_CURSOR = re.compile(r"(\d{1,12})\.([0-9a-f]{16}\.\d{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in the answer of the release that `token` names."""

    start: int
    token: str

    def __str__(self) -> str:
        return f"{self.start}.{self.token}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read one; raises `BadParameter`."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise BadParameter("cursor: take it from a next or prev link; without it the first page is given")
        return cls(int(match[1]), match[2])
