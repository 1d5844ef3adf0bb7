"""Links in the headers of an answer, for formats that have no place for them and for clients that read no further (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 4_000
"""Bytes of addresses: servers in front refuse headers of more than 4 to 8 kB, and a posted filter may be much longer."""


def link_header(next_page: str | None, previous: str | None, licence: str, records: Iterable[str] = ()) -> dict[str, str]:
    """`Link: <https://…>; rel="next"`: the addresses of the document itself, left out where they are too long; and the licence.

    `records` are where what is in the answer is described.
    """
    pages = [(address, rel) for address, rel in ((next_page, "next"), (previous, "prev")) if address]
    if sum(len(address) for address, _ in pages) > _LONGEST:
        pages = []
    if licence.startswith("http") and licence.isascii():
        pages.append((licence, "license"))
    pages += [(address, "describedby") for address in records]
    return {"Link": ", ".join(f'<{address}>; rel="{rel}"' for address, rel in pages)} if pages else {}
