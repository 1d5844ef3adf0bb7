"""Links in the headers of an answer, for formats that have no place for them and for clients that read no further (RFC 8288)."""

from __future__ import annotations

_LONGEST = 4_000
"""Bytes of addresses: servers in front refuse headers of more than 4 to 8 kB, and a posted filter may be much longer."""


def link_header(next_page: str | None, previous: str | None, licence: str) -> dict[str, str]:
    """`Link: <https://…>; rel="next"`: the addresses of the document itself, left out where they are too long; and the licence."""
    pages = [(address, rel) for address, rel in ((next_page, "next"), (previous, "prev")) if address]
    if sum(len(address) for address, _ in pages) > _LONGEST:
        pages = []
    if licence.startswith("http") and licence.isascii():
        pages.append((licence, "license"))
    return {"Link": ", ".join(f'<{address}>; rel="{rel}"' for address, rel in pages)} if pages else {}
