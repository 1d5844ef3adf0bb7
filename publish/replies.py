"""An answer as HTTP: validators, caching, compression, and headers that keep search engines out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from starlette.types import Scope

from publish import codings
from publish.answer import Answer
from publish.codings import IDENTITY, Coding
from publish.conditional import etag, is_current
from publish.sending import Body, Reply, Source, Stream, Whole
from publish.shelf import View
from release.fragments import Chunk, Runs, flat

ROBOTS = {"X-Robots-Tag": "noindex, noarchive"}  # DESIGN decision 15

_WORTH, _TOGETHER, _AT_ONCE = 1_000, 1 << 18, 1 << 17
"""Bytes from which on compressing saves a packet, up to which a body goes out in one piece, and up to which one is compressed at once."""

_READY = 1 << 18
"""Bytes that are made before the answer begins: a body that is done by then has a Content-Length."""


@dataclass(frozen=True)
class Conditions:
    """What a client says about the answer that it wants, apart from the question; names of headers in lower case."""

    head: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope) -> Conditions:
        """Those of a request; values of a name that comes twice are one list (RFC 9110 §5.3)."""
        headers: dict[str, str] = {}
        for key, value in scope["headers"]:
            name, text = key.decode("latin-1"), value.decode("latin-1")
            headers[name] = f"{headers[name]}, {text}" if name in headers else text
        return cls(scope["method"] == "HEAD", headers)


def respond(answer: Answer, view: View, conditions: Conditions) -> Reply:
    """200 with the body, or 304."""
    coding = IDENTITY if answer.packed else codings.chosen(conditions.headers.get("accept-encoding", ""))
    validator = etag(view, answer.tag if coding is IDENTITY else f"{answer.tag}-{coding.name}", weak=answer.weak)
    headers = {
        "ETag": validator,
        "Cache-Control": view.cache_control,
        "Vary": answer.vary,
        "X-Release": view.release.content_id(view.day),
        **ROBOTS,
        **answer.headers,
    }
    if is_current(conditions.headers, validator):
        return Reply(304, raw(headers), Whole())
    body, more = _body(answer, coding)
    headers |= {"Content-Type": answer.media_type, **more}
    return Reply(200, raw(headers), Whole() if conditions.head else body)


def _body(answer: Answer, coding: Coding) -> tuple[Body, dict[str, str]]:
    """The body, and what the headers say of it. A length is told where all lies ready, so that nothing needs a frame of its own."""
    chunks = iter(answer.chunks)
    ready, size = _begun(chunks)
    if size is not None and size <= _WORTH:
        coding = IDENTITY
    told = {} if coding is IDENTITY else {"Content-Encoding": coding.name}
    if size is not None and size <= (_TOGETHER if coding is IDENTITY else _AT_ONCE):
        data = b"".join(flat(ready) if coding is IDENTITY else coding.encode(ready))
        return Whole(data), told | {"Content-Length": str(len(data))}
    source = Source(chain(ready, chunks), answer.truncated)
    if size is not None and coding is IDENTITY:
        return Stream(coding.encode(source), source, made=False), told | {"Content-Length": str(size)}
    return Stream(coding.encode(source), source, made=True), told


def _begun(chunks: Iterator[Chunk]) -> tuple[list[Chunk], int | None]:
    """The first chunks, and the size of the whole body when these are all."""
    ready: list[Chunk] = []
    made = copied = 0
    for chunk in chunks:
        ready.append(chunk)
        if isinstance(chunk, Runs):
            copied += chunk.size
        elif (made := made + len(chunk)) > _READY:
            return ready, None
    return ready, made + copied


def raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI wants them."""
    return [(_name(name), value.encode("latin-1")) for name, value in headers.items()]


@lru_cache(maxsize=64)  # a few dozen words of ours
def _name(text: str) -> bytes:
    return text.lower().encode("latin-1")
