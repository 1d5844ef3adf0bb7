"""An answer before it is put into HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

XML = "text/xml; charset=utf-8"

_BLOCK = 1 << 18


@dataclass(frozen=True)
class Answer:
    """Media type, pieces of the body in order, and what the ETag is made of: on one day of one content equal tags promise equal bytes.

    `subject` names the feature types, for the access log.
    """

    media_type: str
    chunks: Iterable[bytes | memoryview]
    tag: str
    subject: str = "-"
    headers: Mapping[str, str] = field(default_factory=dict)

    def blocks(self) -> Iterator[bytes]:
        """The body in blocks of about 256 kB, however small or large its pieces are."""
        waiting: list[bytes | memoryview] = []
        size = 0
        for chunk in self.chunks:
            waiting.append(chunk)
            size += len(chunk)
            if size >= _BLOCK:
                yield b"".join(waiting)
                waiting, size = [], 0
        if waiting:
            yield b"".join(waiting)


def document(body: bytes, media_type: str = XML) -> Answer:
    """A small answer whose tag is the digest of its bytes."""
    return Answer(media_type, (body,), digest(body.decode("utf-8", "replace")))


def digest(*parts: str) -> str:
    """32 hexadecimal digits over texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
