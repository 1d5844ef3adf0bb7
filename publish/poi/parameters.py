"""The query of a search, as the plugins write it: names in any letter case, what is empty is not asked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from release.crs import WGS84, Crs, parse_crs
from release.errors import QueryError
from release.predicate import BBox

DEFAULT_COUNT, MOST = 30, 1024
"""Objects in an answer; the plugins ask 32 for a list and 1024 for "add all"."""

_LONGEST, _WORDS = 200, 8
_NAMED = {"LAMBERT72": "31370", "LAMBERT2008": "3812", "WGS84": "4326", "ETRS89": "4258", "WEBMERCATOR": "3857"}
"""The ArcGIS plugin sends the name of its own enumeration as `crs`."""


class BadSearch(QueryError):
    """A parameter of a search cannot be read; the message is safe to show."""


@dataclass(frozen=True)
class Search:
    """What is sought. `id` is the number of an object in the door, or its OIDN."""

    words: tuple[str, ...]
    theme: str
    category: str
    type: str
    region: str
    box: BBox | None
    crs: Crs
    count: int
    id: int | None
    whole: bool  # the max model
    clustered: bool


def parse(query: Iterable[tuple[str, str]]) -> Search:
    """Read the parameters; raises `QueryError`. A parameter that is not known says nothing here."""
    given = {name.lower(): text.strip() for name, text in query if text.strip()}
    whole = _truth(given, "maxmodel")
    return Search(
        words=_words(given.get("keyword", "")),
        theme=given.get("theme", ""),
        category=given.get("category", ""),
        type=given.get("poitype", ""),
        region=_matching(given, "region", r"[0-9]{5}", "the NIS code of a municipality, five digits"),
        box=_box(given.get("bbox"), _crs(given, "srsin")),
        crs=_crs(given, "srsout"),
        count=min(_number(given, "maxcount") or DEFAULT_COUNT, MOST),
        id=_number(given, "id"),
        whole=whole,
        clustered=_truth(given, "clustering") and not whole,
    )


def _words(keyword: str) -> tuple[str, ...]:
    words = tuple(keyword.split())
    if len(keyword) > _LONGEST or len(words) > _WORDS or not keyword.isprintable():
        raise BadSearch(f"keyword: at most {_WORDS} words and {_LONGEST} characters")
    return words


def _crs(given: Mapping[str, str], name: str) -> Crs:
    """Longitude and latitude unless another is asked; x comes first in all of them, as the plugins have it."""
    text = given.get(name) or given.get("crs")
    if text is None:
        return WGS84
    code = _NAMED.get(text.upper(), text)
    return parse_crs(f"EPSG:{code}" if code.isdecimal() else code).crs


def _box(text: str | None, crs: Crs) -> BBox | None:
    if text is None:
        return None
    try:
        numbers = [float(part) for part in re.split(r"[|,]", text)]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or numbers[0] > numbers[2] or numbers[1] > numbers[3]:
        raise BadSearch("bbox: minx|miny|maxx|maxy")
    return BBox(crs, *numbers)


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = _matching(given, name, r"[0-9]{1,15}", "a whole number")
    return int(text) if text else None


def _matching(given: Mapping[str, str], name: str, pattern: str, meaning: str) -> str:
    text = given.get(name, "")
    if text and not re.fullmatch(pattern, text):
        raise BadSearch(f"{name}: {meaning}")
    return text


def _truth(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false").lower()
    if text not in ("true", "false"):
        raise BadSearch(f"{name}: true or false")
    return text == "true"
