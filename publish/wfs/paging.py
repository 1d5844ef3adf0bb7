"""Pages of an answer, and the addresses of the pages before and after (WFS 2.0 §7.7.4.4)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from publish.wfs.offer import Offer
from publish.wfs.requests import AdHocQuery, Presentation


@dataclass(frozen=True)
class Paging:
    """Where a page begins and how many features it may hold; `parameters` repeat the question as keywords."""

    offer: Offer
    parameters: dict[str, str]
    start: int
    count: int
    hits: bool

    def self(self) -> str:
        """The address of this very page."""
        return self._address(self.start) + ("&RESULTTYPE=hits" if self.hits else "")

    def next(self, matched: int) -> str | None:
        """The page after this one; after a count of hits the first page with features."""
        start = self.start if self.hits else self.start + self.count
        return self._address(start) if start < matched and self.count else None

    def previous(self) -> str | None:
        """The page before this one; there is none before a count of hits."""
        return self._address(max(0, self.start - self.count)) if self.start and self.count and not self.hits else None

    def _address(self, start: int) -> str:
        return self.offer.link(self.parameters | {"STARTINDEX": str(start), "COUNT": str(self.count)})


def paging(operation: str, query: AdHocQuery, presentation: Presentation, offer: Offer, **more: str) -> Paging:
    """The page that a request asks for; without a count the one that CountDefault declares. `more` are keywords of the operation."""
    # WFS 2.0 table 14: CountDefault is applied exactly as declared, so that clients which page by it miss nothing (GDAL #8653)
    count = offer.settings.count_default if presentation.count is None else presentation.count
    parameters = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": operation} | _keywords(query, offer) | more
    if presentation.output_format:
        parameters["OUTPUTFORMAT"] = presentation.output_format
    return Paging(offer, parameters, presentation.start_index, count, presentation.result_type == "hits")


def _keywords(query: AdHocQuery, offer: Offer) -> dict[str, str]:
    """The query as keywords, so that the pages of a posted one can be fetched too."""
    ours = {kind.namespace for kind in offer.kinds}
    bindings = [f"xmlns({prefix},{uri})" for prefix, uri in query.namespaces.items() if prefix and uri in ours]
    keywords = {
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
    return {name: value for name, value in keywords.items() if value}
