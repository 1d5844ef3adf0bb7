"""Links between the documents of the API, made from the public address alone (DESIGN 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from publish.ogcapi.negotiation import Format

Link = dict[str, str]
"""`href`, `rel`, `type` and `title`, as the standard writes a link."""

_WORDS = {"next": "Next page as", "prev": "Previous page as"}
_TITLES = {Format.JSON: "GeoJSON", Format.HTML: "HTML", Format.CSV: "CSV"}


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

    def page(self, rel: str, format_: Format, **changed: str) -> Link:
        """This request again, with other parameters."""
        params = {**self.params, **changed, "f": format_.value}
        return _link(f"{self.items}?{urlencode(params)}", rel, format_, _WORDS.get(rel, "This document as"))

    def of_items(self, used: Format, start: int, limit: int, matched: int) -> list[Link]:
        """OGC API Features §7.15.7: self, alternates, collection, and next or prev where there are more."""
        found = [self.page("self" if format_ is used else "alternate", format_) for format_ in Format]
        if start + limit < matched:
            found.append(self.page("next", used, offset=str(start + limit)))
        if start > 0:
            found.append(self.page("prev", used, offset=str(max(0, start - limit))))
        return [*found, self._collection()]

    def of_item(self, used: Format, identifier: str) -> list[Link]:
        """OGC API Features §7.16.2: self, alternate and collection."""
        address = f"{self.items}/{quote(identifier)}"
        query = {name: text for name, text in self.params.items() if name != "f"}
        formats = (Format.JSON, Format.HTML)
        return [
            *(
                _link(f"{address}?{urlencode({**query, 'f': f.value})}", "self" if f is used else "alternate", f, "This document as")
                for f in formats
            ),
            self._collection(),
        ]

    def _collection(self) -> Link:
        return {
            "href": f"{self.url}/collections/{self.collection}",
            "rel": "collection",
            "type": "application/json",
            "title": self.collection,
        }


def header(links: list[Link]) -> str:
    """The links that programs follow, as a Link header (RFC 8288): what CSV has instead of links in the document."""
    return ", ".join(
        f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in links if link["rel"] in ("next", "prev", "self")
    )


def _link(href: str, rel: str, format_: Format, title: str) -> Link:
    return {"href": href, "rel": rel, "type": format_.media_types[0], "title": f"{title} {_TITLES[format_]}"}
