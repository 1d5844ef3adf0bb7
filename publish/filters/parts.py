"""Values of keywords that hold one part for each query or layer."""

from __future__ import annotations

import re

_BETWEEN = (re.compile(r"\)\s*\("), re.compile(r"(?:^|(?<=[>(]))\)\s*\((?=[<)]|$)"))

_CQL_TOKEN = re.compile(r"'(?:[^']|'')*+'?|SRID\s*=\s*\d+\s*;|;|[^';S]+|S", re.IGNORECASE)
"""Texts, and `SRID=31370;POINT(…)` with its own semicolon, are one token each."""


def groups(text: str) -> tuple[str, ...]:
    """What stands in each pair of parentheses, `(POI:POI)(LWKB:Woningkwaliteitsbeleid)`: one for each query (WFS 2.0 §6.2.5.3).

    Without parentheses around it, the text is the only group. Filters are parted where one ends with a tag and the next begins with one.
    """
    if not (text.startswith("(") and text.endswith(")")):
        return (text,)
    return tuple(_BETWEEN[text.startswith(("(<", "()"))].split(text[1:-1]))


def cql_parts(text: str) -> tuple[str, ...]:
    """The filters in a CQL_FILTER, parted by semicolons as GeoServer's users write them; trimmed, an empty one is empty."""
    parts = [""]
    for token in _CQL_TOKEN.finditer(text):
        if token[0] == ";":
            parts.append("")
        else:
            parts[-1] += token[0]
    return tuple(part.strip() for part in parts)
