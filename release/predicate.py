"""The one filter language: FES, CQL and keywords become a `Predicate`; the release evaluates it.

Logic is three-valued, as in SQL, FES 2.0 §7.7 and CQL2: a comparison with an absent value is neither true nor false.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from release.crs import Crs

Literal = str | int | float | date
"""A literal already read as the type of the field that it is compared with."""


class Operator(StrEnum):
    """Comparison operators."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """`field operator literal`."""

    field: str
    operator: Operator
    literal: Literal
    match_case: bool = True


@dataclass(frozen=True, slots=True)
class CompareFields:
    """`left operator right`, both fields of the feature type."""

    left: str
    operator: Operator
    right: str
    match_case: bool = True


@dataclass(frozen=True, slots=True)
class In:
    """`field` is one of `literals`."""

    field: str
    literals: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`lower <= field <= upper`."""

    field: str
    lower: Literal
    upper: Literal


@dataclass(frozen=True, slots=True)
class Like:
    """`field` matches `pattern`, a regular expression that the parser made of wildcards (full match)."""

    field: str
    pattern: str
    match_case: bool = True


@dataclass(frozen=True, slots=True)
class IsNull:
    """`field` has no value; the geometry's name is a field here."""

    field: str


@dataclass(frozen=True, slots=True)
class Ids:
    """The feature's `_id` is one of these."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BBox:
    """The geometry meets the box; x, y order in the units of `crs`."""

    crs: Crs
    min_x: float
    min_y: float
    max_x: float
    max_y: float


class Relation(StrEnum):
    """Relations of Simple Features (OGC 06-103r4 §6.1.15), said of the feature's geometry first."""

    INTERSECTS = "intersects"
    DISJOINT = "disjoint"
    WITHIN = "within"
    CONTAINS = "contains"
    TOUCHES = "touches"
    CROSSES = "crosses"
    OVERLAPS = "overlaps"
    EQUALS = "equals"


@dataclass(frozen=True, slots=True)
class Spatial:
    """The feature's geometry has the relation to `geometry`; x, y order in the units of `crs`."""

    relation: Relation
    crs: Crs
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Distance:
    """The feature's geometry is at most `metres` from `geometry` (`beyond`: more); measured in EPSG:31370."""

    crs: Crs
    geometry: BaseGeometry
    metres: float
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not the part."""

    part: Predicate


Predicate = And | Or | Not | Compare | CompareFields | In | Between | Like | IsNull | Ids | BBox | Spatial | Distance


def both(*parts: Predicate | None) -> Predicate | None:
    """`And` of what is there; null means everything."""
    present = tuple(part for part in parts if part is not None)
    if len(present) <= 1:
        return present[0] if present else None
    return And(present)
