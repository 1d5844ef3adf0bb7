"""Links of pages and features, made from the public address alone (DESIGN 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from publish.ogcapi.cursors import Cursor
from publish.ogcapi.features import Page
from publish.ogcapi.negotiation import OF_ITEMS, Format

Link = dict[str, str]
"""`href`, `rel`, `type` and `title`, as the standard writes a link."""

_WORDS = {"next": "Next page as", "prev": "Previous page as"}
_PLACES = ("cursor", "offset", "limit", "f")
_LONGEST = 4_000
"""Bytes of addresses in a header: servers in front refuse headers of more than 4 to 8 kB."""


@dataclass(frozen=True)
class Links:
    """Links of the pages of one collection; `url` is the root of the API."""

    url: str
    collection: str
    params: Mapping[str, str]

    @property
    def items(self) -> str:
        """The address of the items, without parameters."""
        return f"{self.url}/collections/{self.collection}/items"

    def of_items(self, used: Format, found: Page, limit: int, token: str) -> list[Link]:
        """OGC API Features §7.15.7: self, alternates, collection, and next or prev where there are more; `token` names the release."""
        same = {name: self.params[name] for name in _PLACES[:3] if name in self.params}
        links = [self._page("self" if format_ is used else "alternate", format_, same) for format_ in OF_ITEMS]
        if found.next is not None:
            links.append(self._page("next", used, {"limit": str(limit), "cursor": str(Cursor(found.next, token))}))
        if found.previous is not None:
            start, length = found.previous
            links.append(self._page("prev", used, {"limit": str(length), "cursor": str(Cursor(start, token))}))
        return [*links, self._collection()]

    def of_item(self, used: Format, identifier: str, offered: Sequence[Format]) -> list[Link]:
        """OGC API Features §7.16.2: self, alternates and collection."""
        address = f"{self.items}/{quote(identifier)}?{self._question}"
        links = [_link(f"{address}f={format_}", "self" if format_ is used else "alternate", format_) for format_ in offered]
        return [*links, self._collection()]

    def _page(self, rel: str, format_: Format, place: Mapping[str, str]) -> Link:
        return _link(f"{self.items}?{self._question}{urlencode([*place.items(), ('f', format_.value)])}", rel, format_)

    @cached_property
    def _question(self) -> str:
        """What all pages of the answer ask; encoding it takes longer than everything else about them."""
        question = urlencode([(name, text) for name, text in self.params.items() if name not in _PLACES])
        return f"{question}&" if question else ""

    def _collection(self) -> Link:
        return {
            "href": f"{self.url}/collections/{self.collection}",
            "rel": "collection",
            "type": "application/json",
            "title": self.collection,
        }


def header(links: Sequence[Link]) -> str:
    """The links that programs follow, as a Link header (RFC 8288): what other formats have instead of links in the document.

    Too long a question leaves only `next` there, which no client can do without.
    """
    followed = [link for link in links if link["rel"] in ("next", "prev", "self")]
    if sum(len(link["href"]) for link in followed) > _LONGEST:
        followed = [link for link in followed if link["rel"] == "next"]
    return ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in followed)


def _link(href: str, rel: str, format_: Format) -> Link:
    title = f"{_WORDS.get(rel, 'This document as')} {format_.label}"
    return {"href": href, "rel": rel, "type": format_.media_types[0], "title": title}
