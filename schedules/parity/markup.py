"""XML of a fixed grammar, read in blocks: every record must be exactly what the pattern says, or the channel cannot be read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from schedules.parity.errors import Undecodable
from schedules.parity.rows import SEPARATOR

_BLOCK = 1 << 20
_LONGEST = 1 << 26
"""Bytes of one record: a municipality takes up to 1 MB."""

_BETWEEN = SEPARATOR.encode()


def records(pieces: Iterable[bytes], opening: bytes, closing: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[bytes, ...]]:
    """The groups of `pattern` for every record from `opening` up to and including `closing`; raises `Undecodable`."""
    for block in _blocks(pieces, closing):
        found = pattern.findall(block)
        if len(found) != block.count(opening):
            raise Undecodable("a record is not of the form that the schema says")
        yield from found


def _blocks(pieces: Iterable[bytes], closing: bytes) -> Iterator[bytes]:
    """Whole records together; what follows the last one is given too, so that nothing stays unseen."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) < _BLOCK:
            continue
        end = waiting.rfind(closing) + len(closing)
        if end < len(closing):
            if len(waiting) > _LONGEST:
                raise Undecodable("a record has no end")
            continue
        yield bytes(waiting[:end])
        del waiting[:end]
    yield bytes(waiting)


def joined(texts: Sequence[bytes]) -> bytes:
    """Texts with separators, without entities (XML 1.0 §4.6), which most rows have none of; raises `Undecodable`."""
    whole = _BETWEEN.join(texts)
    if whole.isascii() and b"&" not in whole:
        return whole
    try:
        return html.unescape(whole.decode()).encode()
    except UnicodeDecodeError as error:
        raise Undecodable("a text is no UTF-8") from error
