"""Validators and lifetimes of answers: `ETag`, `Cache-Control`, and what needs not be sent again (RFC 9110, RFC 9111)."""

from __future__ import annotations

from collections.abc import Mapping

from publish.shelf import View


def etag(view: View, encoding: str, *, weak: bool = False) -> str:
    """Content id, day and encoding (DESIGN: the flow); weak when the bytes may differ while the content is the same."""
    return f'{"W/" if weak else ""}"{view.etag_base}-{encoding}"'


def lifetime(view: View, encoding: str, *, weak: bool = False) -> dict[str, str]:
    """The headers of an answer that may be kept until midnight at the latest."""
    return {"ETag": etag(view, encoding, weak=weak), "Cache-Control": view.cache_control}


def is_current(headers: Mapping[str, str], tag: str) -> bool:
    """Whether the client has this answer already. RFC 9110 §13.1.2: If-None-Match compares weakly."""
    known = headers.get("if-none-match", "")
    return known.strip() == "*" or tag.removeprefix("W/") in {part.strip().removeprefix("W/") for part in known.split(",")}
