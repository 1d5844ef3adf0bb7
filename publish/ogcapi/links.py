"""Links of pages and features, made from the public address alone (DESIGN 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from publish.ogcapi.cursors import Cursor
from publish.ogcapi.features import Page
from publish.ogcapi.negotiation import Format
from publish.pages import Language

Link = dict[str, str]
"""`href`, `rel`, `type` and `title`, as the standard writes a link."""

_WORDS: dict[Language, dict[str, str]] = {
    "nl": {"next": "Volgende pagina als", "prev": "Vorige pagina als", "": "Dit document als"},
    "en": {"next": "Next page as", "prev": "Previous page as", "": "This document as"},
}
_PLACES = ("cursor", "offset", "limit", "f")
_NEXT = frozenset({"next"})
_FOLLOWED = _NEXT | {"prev", "self"}
_WHOLE = _FOLLOWED | {"alternate", "collection"}
_LONGEST = 3_000
"""Bytes of addresses in a header: servers in front refuse headers of more than 4 to 8 kB."""


@dataclass(frozen=True)
class Links:
    """Links of the pages of one collection; `url` is the root of the API, their titles are in the language `spoken`."""

    url: str
    collection: str
    params: Mapping[str, str]
    spoken: Language = "nl"

    @property
    def items(self) -> str:
        """The address of the items, without parameters."""
        return f"{self.url}/collections/{self.collection}/items"

    def of_items(self, used: Format, offered: Sequence[Format], found: Page, limit: int, token: str) -> list[Link]:
        """OGC API Features §7.15.7: self, alternates, collection, and next or prev where there are more; `token` names the release."""
        same = {name: self.params[name] for name in _PLACES[:3] if name in self.params}
        links = [self._page("self" if format_ is used else "alternate", format_, same) for format_ in offered]
        if found.next is not None:
            links.append(self._page("next", used, {"limit": str(limit), "cursor": str(Cursor(found.next, token))}))
        if found.previous is not None:
            start, length = found.previous
            links.append(self._page("prev", used, {"limit": str(length), "cursor": str(Cursor(start, token))}))
        return [*links, self._collection()]

    def of_item(self, used: Format, identifier: str, offered: Sequence[Format]) -> list[Link]:
        """OGC API Features §7.16.2: self, alternates and collection."""
        address = f"{self.items}/{quote(identifier)}?{self._question}"
        links = [self._link(f"{address}f={format_}", "self" if format_ is used else "alternate", format_) for format_ in offered]
        return [*links, self._collection()]

    def _page(self, rel: str, format_: Format, place: Mapping[str, str]) -> Link:
        return self._link(f"{self.items}?{self._question}{urlencode([*place.items(), ('f', format_.value)])}", rel, format_)

    def _link(self, href: str, rel: str, format_: Format) -> Link:
        words = _WORDS[self.spoken]
        return {"href": href, "rel": rel, "type": format_.media_types[0], "title": f"{words.get(rel, words[''])} {format_.label}"}

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


def terms(licence: str, record: str) -> list[Link]:
    """The licence where it is an address, and the metadata record (ISO 19139): a header has room for what they are called by."""
    found = [{"href": licence, "rel": "license", "type": "text/html"}] if licence.startswith("http") and licence.isascii() else []
    return [*found, {"href": record, "rel": "describedby", "type": "application/vnd.iso.19139+xml"}]


def header(links: Sequence[Link], terms: Sequence[Link], *, whole: bool = False) -> str:
    """The links that programs follow, as a Link header (RFC 8288); the `whole` of them where the document has no room for links.

    Too long a question leaves fewer there, in the end only `next`, which no client can do without.
    """
    for rels in (_WHOLE, _FOLLOWED, _NEXT) if whole else (_FOLLOWED, _NEXT):
        followed = [link for link in links if link["rel"] in rels]
        if sum(len(link["href"]) for link in followed) <= _LONGEST:
            break
    return ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in (*followed, *terms))
