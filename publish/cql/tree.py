"""The tree of a CQL2 filter, the same for text and JSON; names are not resolved yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_DEPTH = 50
"""Conditions, calls and brackets within each other."""

Coordinates = Sequence["Coordinates"] | tuple[float, ...]
"""As GeoJSON nests them; a position is a tuple."""


@dataclass(frozen=True, slots=True)
class Name:
    """A property."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A literal."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry; `kind` as GeoJSON names it, in lower case; `crs` where the text itself names one."""

    kind: str
    coordinates: Coordinates
    crs: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A GeometryCollection."""

    members: tuple[Geometry, ...]
    crs: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operation or a function, also `and`, `=`, `like`, `date`, `interval` and `bbox`."""

    name: str
    arguments: tuple[Node, ...]


Node = Name | Value | Geometry | Collection | Items | Call

DEPTHS = {"point": 0, "multipoint": 1, "linestring": 1, "multilinestring": 2, "polygon": 2, "multipolygon": 3}
"""Lists within each other around the positions of a geometry."""
