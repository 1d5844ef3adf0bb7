"""Wildcard patterns of PropertyIsLike and CQL's LIKE, as regular expressions that match in linear time."""

from __future__ import annotations

import re


def expression(pattern: str, wildcard: str, single: str, escape: str) -> str:
    """A regular expression for a full match. An empty `wildcard`, `single` or `escape` means that there is none.

    Between wildcards each piece is taken where it fits first, as an atomic group: there is nothing to try again.
    """
    pieces = [""]
    position = 0
    while position < len(pattern):
        rest = pattern[position:]
        if escape and rest.startswith(escape) and len(rest) > len(escape):
            pieces[-1] += re.escape(rest[len(escape)])
            position += len(escape) + 1
        elif wildcard and rest.startswith(wildcard):
            pieces.append("")
            position += len(wildcard)
        elif single and rest.startswith(single):
            pieces[-1] += "."
            position += len(single)
        else:
            pieces[-1] += re.escape(rest[0])
            position += 1
    first, *middle, last = pieces if len(pieces) > 1 else (pieces[0], None)
    if last is None:
        return str(first)
    return f"{first}{''.join(f'(?>.*?{piece})' for piece in middle if piece)}.*{last}"
