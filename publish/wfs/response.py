"""An answer or an error as HTTP: validators, caching, compression, and headers that keep search engines out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from starlette.responses import Response, StreamingResponse

from publish.conditional import etag, is_current, lifetime
from publish.shelf import View
from publish.wfs.answer import Answer
from publish.wfs.errors import Unavailable, WfsError
from publish.wfs.reports import report
from publish.wfs.versions import Version

RETRY_SECONDS = 600
_WORTH_GZIP = 1_000
_ROBOTS = {"X-Robots-Tag": "noindex, noarchive"}  # DESIGN decision 15


@dataclass(frozen=True)
class Conditions:
    """What a client says about the answer that it wants, apart from the question."""

    head: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def gzip(self) -> bool:
        """Whether gzip may be used (RFC 9110 §12.5.3)."""
        for item in self.headers.get("accept-encoding", "").lower().split(","):
            name, _, weight = item.strip().partition(";")
            if name.strip() in ("gzip", "*"):
                return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        return False


def respond(answer: Answer, view: View, conditions: Conditions) -> Response:
    """200 with the body, or 304. The body is sent in blocks as it is made, each flushed when it is compressed."""
    validator = f"{answer.tag}{'-gzip' if conditions.gzip else ''}"
    headers = {
        **lifetime(view, validator),
        "Vary": "Accept-Encoding",
        "X-Release": view.release.content_id(view.day),
        **_ROBOTS,
        **answer.headers,
    }
    if is_current(conditions.headers, etag(view, validator)):
        return Response(status_code=304, headers=headers)
    blocks = answer.blocks()
    first, second = next(blocks, b""), next(blocks, None)
    squeezed = conditions.gzip and (second is not None or len(first) > _WORTH_GZIP)
    if squeezed:
        headers["Content-Encoding"] = "gzip"
    if second is None:
        body = b"".join(compressed(iter([first]))) if squeezed else first
        headers |= {"Content-Type": answer.media_type, "Content-Length": str(len(body))}
        return Response(b"" if conditions.head else body, headers=headers)
    headers["Content-Type"] = answer.media_type
    if conditions.head:
        return StreamingResponse(iter(()), headers=headers)
    whole = chain((first, second), blocks)
    return StreamingResponse(compressed(whole) if squeezed else whole, headers=headers)


def refuse(error: WfsError, version: Version, head: bool = False) -> Response:
    """An exception report; never kept in a cache."""
    body, media_type = report(error, version)
    headers = {"Content-Type": media_type, "Content-Length": str(len(body)), "Cache-Control": "no-store", **_ROBOTS}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    return Response(b"" if head else body, status_code=error.status, headers=headers)


def compressed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Flushed after each block, so that a reader of a stream never waits for the rest (GDAL)."""
    squeeze = zlib.compressobj(level=1, wbits=31)
    for block in blocks:
        yield squeeze.compress(block) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    yield squeeze.flush()
