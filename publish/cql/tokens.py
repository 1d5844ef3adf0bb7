"""Tokens of CQL2 text. Every character belongs to one, so that what is in a text or a quoted name is never taken for syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from publish.filters.errors import Unreadable

MAX_LENGTH = 32_768
"""Characters of a filter."""


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    QUOTED = "quoted name"
    TEXT = "text"
    MOMENT = "moment"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is without quotes; `position` counts characters from one."""

    kind: Kind
    text: str
    position: int

    def word(self) -> str:
        """A name in capitals, by which keywords are known; empty for any other token."""
        return self.text.upper() if self.kind is Kind.NAME else ""

    def symbol(self) -> str:
        """The symbol; empty for any other token."""
        return self.text if self.kind is Kind.SYMBOL else ""


_TOKEN = re.compile(
    r"""(?P<SPACE>\s+)
    |'(?P<TEXT>(?:[^']|'')*+)'
    |"(?P<QUOTED>(?:[^"]|"")*+)"
    |(?P<MOMENT>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?|Z)?)
    |(?P<NUMBER>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    |(?P<NAME>[^\W\d][\w.:]*+|:[\w.:]++)
    |(?P<SYMBOL><>|!=|<=|>=|[-=<>()+*/^%,;])""",
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """The tokens of a filter and the end; raises `Unreadable`."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"the filter is longer than {MAX_LENGTH} characters")
    return [*_tokens(text), Token(Kind.END, "", len(text) + 1)]


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            what = "this quote is not closed" if text[position] in "'\"" else "this character is not of CQL"
            raise Unreadable(f"the filter is not CQL at character {position + 1}: {what}")
        name = match.lastgroup or ""
        if name != "SPACE":
            quote = {"TEXT": "'", "QUOTED": '"'}.get(name, "")
            yield Token(Kind[name], match[name].replace(quote * 2, quote) if quote else match[name], position + 1)
        position = match.end()
