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


def records(pieces: Iterable[bytes], opening: bytes, closing: bytes, pattern: re.Pattern[bytes]) -> Iterator[list[tuple[bytes, ...]]]:
    """The groups of `pattern` for every record from `opening` up to and including `closing`, many at a time; raises `Undecodable`."""
    for block in _blocks(pieces, closing):
        found = pattern.findall(block)
        if len(found) != block.count(opening):
            raise Undecodable("a record is not of the form that the schema says")
        if found:
            yield found


def _blocks(pieces: Iterable[bytes], closing: bytes) -> Iterator[bytes]:
    """Whole records together; what follows the last one is given too, so that nothing stays unseen."""
    waiting = b""
    for piece in pieces:
        waiting = waiting + piece if waiting else piece
        if len(waiting) < _BLOCK:
            continue
        end = waiting.rfind(closing) + len(closing)
        if end < len(closing):
            if len(waiting) > _LONGEST:
                raise Undecodable("a record has no end")
            continue
        yield waiting[:end]
        waiting = waiting[end:]
    yield waiting


def joined(rows: Iterable[Sequence[bytes]]) -> list[bytes]:
    """Texts of rows with separators, without entities (XML 1.0 §4.6), which most rows have none of; raises `Undecodable`."""
    whole = [_BETWEEN.join(texts) for texts in rows]
    try:
        return [html.unescape(row.decode()).encode() if b"&" in row else row for row in whole]
    except UnicodeDecodeError as error:
        raise Undecodable("a text is no UTF-8") from error
