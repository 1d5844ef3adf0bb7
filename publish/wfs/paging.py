"""Pages of an answer, and the addresses of the pages before and after (WFS 2.0 §7.7.4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from publish.shelf import Edition
from publish.wfs.errors import CacheExpired
from publish.wfs.offer import Offer
from publish.wfs.requests import AdHocQuery, Presentation
from publish.wfs.versions import Version
from release.errors import ReleaseGone

LONGEST_LINK = 32_000
"""Bytes of an address that servers in front still take."""

EVERYTHING = 10**15
"""More features than there are."""


@dataclass(frozen=True)
class Before:
    """The page before a page: the position at which it begins, and how many features it holds."""

    start: int
    count: int


@dataclass(frozen=True)
class Paging:
    """Where a page begins and how many features it may hold; `parameters` repeat the question as keywords.

    Links carry the release that they were made from (`RELEASE=`), so that the pages of one answer do not shift when the next
    release comes; STARTINDEX in them is a position in that release. Without it STARTINDEX is one in the current release.
    """

    offer: Offer
    parameters: dict[str, str]
    edition: Edition
    start: int
    count: int
    hits: bool

    def self(self) -> str:
        """The address of this very page."""
        return self._address(self.start, self.count) + ("&RESULTTYPE=hits" if self.hits else "")

    @property
    def identity(self) -> str:
        """What tells this page from every other of the content and day; less work than its address."""
        earlier = None if self.edition.sealed is None else self._token
        return repr((self.offer.url, self.parameters, self.start, self.count, self.hits, earlier))

    def next(self, end: int | None) -> str | None:
        """The page from `end`, the position after this one; after a count of hits that is the first page with features."""
        return self._link(end, self.count) if end is not None and self.count else None

    def previous(self, before: Before | None) -> str | None:
        """The page before this one, which ends where this one begins; there is none before a count of hits."""
        return self._link(before.start, before.count) if before is not None and self.count and not self.hits else None

    def _link(self, start: int, count: int) -> str | None:
        """Null where no client could use it: a posted filter may be longer than an address (`schedules.protocol`)."""
        address = self._address(start, count)
        return address if len(address) <= LONGEST_LINK else None

    def _address(self, start: int, count: int) -> str:
        return f"{self._question}&STARTINDEX={start}&COUNT={count}&RELEASE={self._token}"

    @cached_property
    def _question(self) -> str:
        """What all addresses of an answer begin with; encoding it takes longer than everything else about them."""
        return self.offer.link(self.parameters)

    @cached_property
    def _token(self) -> str:
        return (self.edition.sealed or self.edition.view).token


def paging(
    operation: str, queries: Sequence[AdHocQuery], presentation: Presentation, offer: Offer, version: Version, **more: str
) -> Paging:
    """The page that a request asks for; `more` are keywords of the operation. Raises `CacheExpired`.

    Without a count it is the one that CountDefault declares in WFS 2.0.0. WFS 1.x has no such constraint and its clients do not
    page: they get everything, or they would miss features without noticing (GDAL #14896).
    """
    # WFS 2.0 table 14: CountDefault is applied exactly as declared, so that clients which page by it miss nothing (GDAL #8653)
    default = offer.settings.count_default if version is Version.V2_0_0 else EVERYTHING
    count = default if presentation.count is None else presentation.count
    parameters = {"SERVICE": "WFS", "VERSION": str(version), "REQUEST": operation} | keywords(queries, offer) | more
    if presentation.output_format:
        parameters["OUTPUTFORMAT"] = presentation.output_format
    try:
        edition = offer.shelf.edition(offer.view, presentation.release)
    except ReleaseGone as error:
        raise CacheExpired(str(error), "RELEASE") from error
    return Paging(offer, parameters, edition, presentation.start_index, count, presentation.result_type == "hits")


def keywords(queries: Sequence[AdHocQuery], offer: Offer) -> dict[str, str]:
    """Queries as keywords, so that the pages of posted ones can be fetched too; several stand in parentheses (WFS 2.0 §6.2.5.3)."""
    each = [_keywords(query, offer) for query in queries]
    if len(each) == 1:
        return {name: value for name, value in each[0].items() if value}
    joined = {}
    for name in each[0]:
        values = [query[name] or "" for query in each]
        if any(values):
            joined[name] = _together(name, values)
    return joined


def _together(name: str, values: list[str]) -> str:
    match name:
        case "NAMESPACES":
            return ",".join(dict.fromkeys(filter(None, values)))
        case "BBOX" | "RESOURCEID":
            return values[0]  # keywords give one for all queries; posted queries have none of their own
        case "CQL_FILTER":
            return ";".join(values)
        case _:
            return "".join(f"({value})" for value in values)


def _keywords(query: AdHocQuery, offer: Offer) -> dict[str, str | None]:
    ours = {kind.namespace for kind in offer.kinds}
    bindings = [f"xmlns({prefix},{uri})" for prefix, uri in query.namespaces.items() if prefix and uri in ours]
    return {
        "TYPENAMES": ",".join(query.type_names),
        "NAMESPACES": ",".join(bindings),
        "SRSNAME": query.srs_name,
        "FILTER": None if query.filter is None else etree.tostring(query.filter, encoding="unicode", with_tail=False),
        "CQL_FILTER": query.cql,
        "BBOX": query.bbox,
        "RESOURCEID": ",".join(query.resource_ids),
        "PROPERTYNAME": ",".join(query.property_names),
        "SORTBY": ",".join(f"{name} {'DESC' if descending else 'ASC'}" for name, descending in query.sort_by),
    }
