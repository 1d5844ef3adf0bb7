"""The Flemish municipalities: codes and names over time (REFNIS), and the polygons of today's.

`etl/nis.csv` holds every NIS code of a Flemish municipality since 2018 with its official name, its province, the days on which
it holds (`since` inclusive, `until` exclusive, empty when open) and the code that took its place. The mergers of 2019-01-01 and
2025-01-01 are in it (DOMAIN 4.4); the next one is a few more rows.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from etl.errors import SourceError
from release.crs import LAMBERT72, Crs
from release.transform import to_lambert72

TABLE = Path(__file__).with_name("nis.csv")
GRID = 0.01
"""Metres; polygons are kept at the precision at which they are published (DOMAIN 6.3), so that they are valid there too."""

Feature = tuple[Mapping[str, object], BaseGeometry, Crs]
"""Attributes, geometry in x, y order, and its CRS, as every source of vectors gives them."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """One row of `nis.csv`: `since` inclusive, `until` exclusive."""

    code: str
    name: str
    province: str
    since: date
    until: date
    successor: str | None

    def holds(self, on: date) -> bool:
        """Whether the code is in force on a day."""
        return self.since <= on < self.until


@cache
def _table() -> dict[str, Municipality]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _municipality(row) for row in csv.DictReader(file)}


def _municipality(row: Mapping[str, str]) -> Municipality:
    since = date.fromisoformat(row["since"]) if row["since"] else date.min
    until = date.fromisoformat(row["until"]) if row["until"] else date.max
    return Municipality(row["code"], row["name"], row["province"], since, until, row["successor"] or None)


@lru_cache(maxsize=8)
def _crosswalk(on: date) -> dict[str, str]:
    """From every code that ever held to the one that holds on a day."""
    return {code: last.code for code in _table() if (last := _last(code, on)).holds(on)}


def _last(code: str, on: date) -> Municipality:
    """What became of a municipality by a day."""
    municipality = _table()[code]
    return _last(municipality.successor, on) if municipality.successor and municipality.until <= on else municipality


def today_code(code: str, on: date) -> str | None:
    """The code in force on a day for a code of any time; null when it is none (CONTRACT A.2: the code list is then broken).

    `on` is the day that is evaluated, not the day of the delivery: CONTRACT B.2 publishes today's code.
    """
    return _crosswalk(on).get(code)


def former_codes(on: date) -> dict[str, str]:
    """From every code that held before a day, and does not any more, to the one that took its place."""
    return {code: now for code, now in sorted(_crosswalk(on).items()) if code != now}


def codes(on: date) -> tuple[str, ...]:
    """The codes in force on a day, in order: 285 of them from 2025-01-01."""
    return tuple(sorted(code for code, municipality in _table().items() if municipality.holds(on)))


def name(code: str) -> str:
    """The official name that goes with a code of any time; `KeyError` for a code that never held."""
    return _table()[code].name


def province(code: str) -> str:
    """The province that goes with a code of any time; `KeyError` for a code that never held."""
    return _table()[code].province


def code_of(name: str, on: date) -> str | None:
    """The code in force on a day for a municipality named as at any time, whatever its case, accents and hyphens."""
    return _by_name(on).get(_name_key(name))


@lru_cache(maxsize=8)
def _by_name(on: date) -> dict[str, str]:
    # Newer names last: Wingene and Tielt were names before 2025 too, and lead to the same code either way.
    rows = sorted(_table().values(), key=lambda municipality: municipality.since)
    return {_name_key(row.name): _crosswalk(on)[row.code] for row in rows if row.code in _crosswalk(on)}


def _name_key(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z]", "", letters)


class Boundaries:
    """Polygons of the municipalities of a day, in EPSG:31370; pre-merger polygons are dissolved into those of that day."""

    def __init__(self, polygons: Mapping[str, MultiPolygon], on: date, unused: int = 0) -> None:
        """`polygons` by code in force `on` that day; `unused` counts features that gave none."""
        self._polygons = dict(sorted(polygons.items()))
        self.missing = tuple(code for code in codes(on) if code not in self._polygons)
        """Codes in force that have no polygon."""
        self.unused = unused
        """Features that were left out: no code of a Flemish municipality, or nothing left of the geometry."""
        shapely.prepare(list(self._polygons.values()))

    @classmethod
    def read(cls, features: Iterable[Feature], on: date) -> Boundaries:
        """From features with an attribute NISCODE (any case); repairs, transforms and dissolves; raises `SourceError` for none."""
        parts: dict[str, list[BaseGeometry]] = defaultdict(list)
        unused = 0
        for attributes, geometry, crs in features:
            code = today_code(_niscode(attributes), on)
            polygons = list(_polygons(_in_lambert72(geometry, crs)))
            if code is None or not polygons:
                unused += 1
            else:
                parts[code] += polygons
        if not parts:
            raise SourceError("municipality polygons: no feature has an attribute NISCODE with the code of a Flemish municipality")
        return cls({code: _dissolved(polygons) for code, polygons in parts.items()}, on, unused)

    def multipolygon(self, code: str) -> MultiPolygon | None:
        """The polygon of a municipality in force, outer rings counter-clockwise; null when there is none."""
        return self._polygons.get(code)

    def distance(self, code: str, x: float, y: float) -> float | None:
        """Metres from a point in EPSG:31370 to a municipality, 0 inside; null when it has no polygon."""
        polygon = self._polygons.get(code)
        return None if polygon is None else float(shapely.distance(polygon, shapely.Point(x, y)))

    def near(self, code: str, x: float, y: float, metres: float) -> bool | None:
        """Whether a point in EPSG:31370 lies in a municipality or at most so far outside; null when it has no polygon."""
        polygon = self._polygons.get(code)
        if polygon is None:
            return None
        # Almost every point is inside, and the prepared test for that is the quick one (5 µs).
        return bool(shapely.contains_xy(polygon, x, y)) or bool(shapely.dwithin(polygon, shapely.Point(x, y), metres))


def _niscode(attributes: Mapping[str, object]) -> str:
    value = next((value for key, value in attributes.items() if key.casefold() == "niscode"), None)
    return "" if value is None else str(value).strip()


def _in_lambert72(geometry: BaseGeometry, crs: Crs) -> BaseGeometry:
    if crs == LAMBERT72 or geometry is None:
        return geometry

    def transform(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return to_lambert72(coordinates, crs)

    return shapely.transform(shapely.force_2d(geometry), transform)


def _polygons(geometry: BaseGeometry | None) -> Iterator[BaseGeometry]:
    """The polygons of a geometry of any kind, repaired; lines and points that repair leaves behind are dropped."""
    if geometry is None or not np.isfinite(shapely.get_coordinates(geometry)).all():
        return
    repaired = shapely.force_2d(geometry if geometry.is_valid else shapely.make_valid(geometry))
    for part in shapely.get_parts(repaired):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield part
        elif part.geom_type in ("MultiPolygon", "GeometryCollection"):
            yield from _polygons(part)


def _dissolved(polygons: list[BaseGeometry]) -> MultiPolygon:
    """One multipolygon in a form that depends on the area alone: same polygons, same bytes."""
    union = shapely.normalize(shapely.union_all(polygons, grid_size=GRID))
    return shapely.orient_polygons(shapely.multipolygons(list(_polygons(union))))
