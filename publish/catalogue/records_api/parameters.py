"""Query parameters of OGC API Records, read into criteria; what is unknown or does not fit is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import shapely
from starlette.datastructures import QueryParams

from publish.catalogue.holdings import Box, Entry
from release.errors import QueryError

DEFAULT_LIMIT, MAX_LIMIT = 10, 1000
COMMON = frozenset({"f", "lang"})
ITEMS = COMMON | {"q", "type", "ids", "externalIds", "bbox", "datetime", "limit", "offset"}

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?")


class BadParameter(QueryError):
    """A query parameter that is unknown, given twice, or has a value that does not fit."""


@dataclass(frozen=True)
class Criteria:
    """Which records, and which page of them; an empty list asks for nothing in particular."""

    terms: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    box: tuple[Box, ...] = ()
    begin: date = date.min
    end: date = date.max
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    def fits(self, entry: Entry) -> bool:
        """Whether a record fits all of them."""
        kinds = {text.casefold() for text in entry.values("dc:type")}
        return (
            (not self.terms or any(_holds(entry, term) for term in self.terms))
            and (not self.types or any(kind.casefold() in kinds for kind in self.types))
            and (not self.ids or entry.identifier in self.ids)
            and (not self.external or any(entry.identifier == value.rpartition(":")[2] for value in self.external))
            and (not self.box or any(_meets(entry.box, box) for box in self.box))
            and self.begin <= (entry.modified or self.begin) <= self.end
        )


def _holds(entry: Entry, term: str) -> bool:
    """OGC 20-004r1 /req/record-core-query-parameters/q-response: words in this order, with any white space between them."""
    words = r"\s+".join(map(re.escape, term.split()))
    return any(re.search(words, text, re.IGNORECASE) for text in entry.texts)


def _meets(box: Box | None, wanted: Box) -> bool:
    return box is not None and bool(shapely.box(*box).intersects(shapely.box(*wanted)))


def known(params: QueryParams, names: frozenset[str]) -> Mapping[str, str]:
    """The parameters by name; raises `BadParameter` for an unknown or a repeated one.

    OGC API Features §7.8 /req/core/query-param-unknown.
    """
    unknown = sorted(set(params) - names)
    if unknown:
        raise BadParameter(f"unknown query parameter {', '.join(name[:40] for name in unknown)}; known are {', '.join(sorted(names))}")
    if len(params.multi_items()) != len(params):
        raise BadParameter("a query parameter is given twice")
    return dict(params)


def criteria(params: Mapping[str, str]) -> Criteria:
    """Criteria of an items request; raises `BadParameter`."""
    begin, end = _interval(params.get("datetime", ".."))
    return Criteria(
        terms=_listed(params, "q"),
        types=_listed(params, "type"),
        ids=_listed(params, "ids"),
        external=_listed(params, "externalIds"),
        box=_boxes(params.get("bbox")),
        begin=begin,
        end=end,
        limit=min(_number(params, "limit", DEFAULT_LIMIT, 1), MAX_LIMIT),
        offset=_number(params, "offset", 0, 0),
    )


def _listed(params: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in params.get(name, "").split(",") if part.strip())


def _number(params: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = params.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise BadParameter(f"{name} is a whole number, {least} or more")
    return int(text)


def _boxes(text: str | None) -> tuple[Box, ...]:
    """One box, or two when it crosses the antimeridian (OGC API Features §7.15.3)."""
    if text is None:
        return ()
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadParameter("bbox holds four or six numbers") from error
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or numbers[1] > numbers[3]:
        raise BadParameter("bbox is west, south, east, north")
    west, south, east, north = numbers
    return ((west, south, east, north),) if west <= east else ((west, south, 180.0, north), (-180.0, south, east, north))


def _interval(text: str) -> tuple[date, date]:
    parts = text.split("/")
    if len(parts) > 2:
        raise BadParameter("datetime is an instant, or two with a slash between them")
    begin, end = _day(parts[0], date.min), _day(parts[-1], date.max)
    if begin > end:
        raise BadParameter("datetime begins before it ends")
    return begin, end


def _day(text: str, absent: date) -> date:
    if text in ("", ".."):
        return absent
    match = _INSTANT.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError as error:
        raise BadParameter("datetime is written 2026-01-31 or 2026-01-31T12:00:00Z") from error
