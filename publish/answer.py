"""An answer before it is put into HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from release.fragments import Chunk

XML = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """Media type, pieces of the body in order, and what the ETag is made of: on one day of one content equal tags promise equal bytes.

    `subject` names the feature types, for the access log. `truncated` ends the document where something fails after its beginning, and
    says so; empty where the encoding has no words for it. A `weak` tag promises the same content only; what is `packed` already is not
    compressed on its way; `vary` names the headers of the request that the answer depends on.
    """

    media_type: str
    chunks: Iterable[Chunk]
    tag: str
    subject: str = "-"
    headers: Mapping[str, str] = field(default_factory=dict)
    truncated: bytes = b""
    weak: bool = False
    packed: bool = False
    vary: str = "Accept-Encoding"


def document(body: bytes, media_type: str = XML) -> Answer:
    """A small answer whose tag is the digest of its bytes."""
    return Answer(media_type, (body,), digest(body.decode("utf-8", "replace")))


def digest(*parts: str) -> str:
    """32 hexadecimal digits over texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
