"""Query parameters of items and item, read into criteria; what is unknown or does not fit is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time

from starlette.datastructures import QueryParams

from publish.ogcapi.collections import Collection
from publish.ogcapi.cql import GEOMETRY, parse_cql
from publish.ogcapi.cursors import Cursor
from publish.ogcapi.errors import BadParameter
from publish.ogcapi.features import DEFAULT_CRS, Criteria
from release.crs import Crs, CrsRef
from release.predicate import BBox, Compare, Operator, Or, Predicate, both
from release.query import SortKey
from release.schema import FieldType

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
"""Page sizes; QGIS takes the maximum from the OpenAPI document."""

MAX_SORT_KEYS = 40
"""Names in one `sortby`; a feature type has fewer properties."""

COMMON = frozenset({"f", "lang"})
ITEM = COMMON | {"crs"}
ITEMS = ITEM | frozenset(
    [
        "limit",
        "cursor",
        "offset",
        "bbox",
        "bbox-crs",
        "datetime",
        "filter",
        "filter-lang",
        "filter-crs",
        "sortby",
        "properties",
        "skipGeometry",
        "resulttype",
    ]
)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII)
_OPEN = ("", "..")


def known(params: QueryParams, names: frozenset[str], *more: str) -> dict[str, str]:
    """The parameters by name; raises `BadParameter` for an unknown or a repeated one.

    OGC API Features §7.8 /req/core/query-param-unknown: a parameter that the API does not define gives 400.
    """
    unknown = sorted(set(params) - names - set(more))
    if unknown:
        raise BadParameter(
            f"unknown query parameter {', '.join(name[:40] for name in unknown)}; known are {', '.join(sorted(names | set(more)))}"
        )
    if len(params.multi_items()) != len(params):
        raise BadParameter("a query parameter is given twice")
    return dict(params)


def cursor(params: Mapping[str, str]) -> Cursor | None:
    """Where a page of an answer that began before goes on; raises `BadParameter`."""
    if "cursor" not in params:
        return None
    if "offset" in params:
        raise BadParameter("cursor and offset both say where the page begins: give one of them")
    return Cursor.parse(params["cursor"])


def criteria(params: Mapping[str, str], collection: Collection, start: int, size: int) -> Criteria:
    """Criteria of an items request for a page of this size, from `start` where `offset` does not say it; raises `QueryError`."""
    if "datetime" in params:
        _datetime(params["datetime"], collection)
    equal = tuple(Compare(name, Operator.EQUAL, params[name]) for name in collection.names if name in params)
    geometry = _one_of(params.get("skipGeometry", "false").lower(), "skipGeometry", "true", "false") == "false"
    hits = _one_of(params.get("resulttype", "results"), "resulttype", "results", "hits") == "hits"
    return Criteria(
        predicate=both(*equal, _box(params, collection), _filter(params, collection)),
        sort=_sort(params.get("sortby"), collection),
        start=_whole_number(params["offset"], "offset", 0) if "offset" in params else start,
        count=0 if hits else size,
        crs=crs(params.get("crs"), "crs", collection),
        properties=_properties(params.get("properties"), collection, geometry=geometry),
        geometry=geometry,
    )


def limit(params: Mapping[str, str], most: int | None = None) -> int:
    """Features on a page. OGC API Features §7.15.2 /req/core/fc-limit-response-1: more than the maximum (or `most`) gives the maximum."""
    return min(_whole_number(params.get("limit", str(DEFAULT_LIMIT)), "limit", 1), most or MAX_LIMIT)


def crs(text: str | None, parameter: str, collection: Collection) -> CrsRef:
    """A CRS by its URI as the collection lists it (or with `https:`), CRS84 when none is given.

    OGC API Features Part 2 §6.3, §6.4: one that is not in the list gives 400; short names have no axis order that all agree on.
    """
    if text is None:
        return DEFAULT_CRS
    uri = text.replace("https:", "http:", 1)
    found = next((crs for crs in collection.crs if crs.url == uri), None)
    if found is None:
        why = f"{collection.id} has no geometry; leave out {parameter}, or give" if collection.feature_type.geometry is None else "one of"
        raise BadParameter(f"{parameter}: {why} {', '.join(crs.url for crs in collection.crs)}")
    return reference(found)


def reference(crs: Crs) -> CrsRef:
    """A CRS as the OGC API names it, in the authority's axis order however it was spelled."""
    return CrsRef(crs, crs.url, crs.lat_lon)


def _box(params: Mapping[str, str], collection: Collection) -> Predicate | None:
    box_crs = crs(params.get("bbox-crs"), "bbox-crs", collection)
    if "bbox" not in params:
        if "bbox-crs" in params:
            raise BadParameter("bbox-crs needs bbox")
        return None
    try:
        numbers = [float(text) for text in params["bbox"].split(",")]
    except ValueError as error:
        raise BadParameter("bbox: four numbers with commas between them") from error
    if len(numbers) == 6:  # OGC API Features §7.15.3: with heights, which our data does not have
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise BadParameter("bbox: four numbers with commas between them")
    found = _spanned(box_crs.crs, *(numbers if not box_crs.lat_lon else (numbers[1], numbers[0], numbers[3], numbers[2])))
    # OGC API Features §7.15.3 /req/core/fc-bbox-response C: a box leaves out nothing of what has no geometry.
    return found if collection.feature_type.geometry is not None else None


def _spanned(crs: Crs, west: float, south: float, east: float, north: float) -> Predicate:
    """A box as a predicate; raises `BadParameter` for corners in the wrong order.

    OGC API Features §7.15.3: a box in degrees that spans the antimeridian has a west edge greater than its east edge.
    """
    if south > north or (west > east and crs.columns != "lonlat"):
        raise BadParameter("bbox: the lower corner comes first")
    if west <= east:
        return BBox(crs, west, south, east, north)
    return Or((BBox(crs, west, south, 180.0, north), BBox(crs, -180.0, south, east, north)))


def _filter(params: Mapping[str, str], collection: Collection) -> Predicate | None:
    language = _one_of(params.get("filter-lang", "cql2-text"), "filter-lang", "cql2-text", "cql2-json")
    filter_crs = crs(params.get("filter-crs"), "filter-crs", collection)
    if "filter" not in params:
        return None
    return parse_cql(params["filter"], collection.feature_type, filter_crs, json=language == "cql2-json")


def _sort(text: str | None, collection: Collection) -> tuple[SortKey, ...]:
    """`sortby=GEMEENTE,-HUISNR`; a plus may have been decoded to a space. What comes again cannot change the order any more."""
    parts = [part.strip() for part in text.split(",")] if text is not None else []
    if len(parts) > MAX_SORT_KEYS:
        raise BadParameter(f"sortby names at most {MAX_SORT_KEYS} properties")
    keys: dict[str, SortKey] = {}
    for part in parts:
        name = collection.feature_type.field(part.lstrip("+-").strip()).name
        keys.setdefault(name, SortKey(name, part.startswith("-")))
    return tuple(keys.values())


def _properties(text: str | None, collection: Collection, *, geometry: bool) -> tuple[str, ...] | None:
    """Names of the fields to give. `geometry` may be among them, by the name that the schema gives it: it goes with every feature."""
    names = text.split(",") if text is not None else []
    kind = collection.feature_type
    fields = [name for name in names if kind.geometry is None or name not in (GEOMETRY, kind.geometry_name)]
    if len(fields) < len(names) and not geometry:
        raise BadParameter("properties asks for the geometry and skipGeometry leaves it out: give one of them")
    return None if text is None else tuple(kind.field(name).name for name in fields)


def _datetime(text: str, collection: Collection) -> None:
    """OGC API Features §7.15.4: an instant or an interval. Our features have no time of their own, so that all of them fit any."""
    parts = text.split("/")
    if len(parts) > 2 or not all(_INSTANT.fullmatch(part) or (part in _OPEN and len(parts) == 2) for part in parts):
        dates = (field.name for field in collection.feature_type.fields if field.type is FieldType.DATE)
        instead = "".join(f"; to select by a date, give filter={name}>DATE('2020-01-01')" for name in [*dates][:1])
        raise BadParameter(f"datetime: an RFC 3339 time or date, or an interval of two with a slash{instead}")
    start, end = (_instant(parts[0], time.min), _instant(parts[-1], time.max))
    if start is not None and end is not None and start > end:
        raise BadParameter("datetime: the interval ends before it starts")


def _instant(text: str, within: time) -> datetime | None:
    """An instant, of a date the one at this time in UTC; null where an interval is open. Raises `BadParameter`."""
    if text in _OPEN:
        return None
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise BadParameter("datetime: this time does not exist") from error
    return found if found.tzinfo is not None else datetime.combine(found, within, UTC)


def _whole_number(text: str, name: str, least: int) -> int:
    if not re.fullmatch(r"\d{1,12}", text) or int(text) < least:
        raise BadParameter(f"{name}: a whole number from {least} on")
    return int(text)


def _one_of(text: str, name: str, *values: str) -> str:
    if text not in values:
        raise BadParameter(f"{name} must be one of {', '.join(values)}")
    return text
