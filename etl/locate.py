"""Positions: the stated CRS honoured, implausible points dropped, swapped axes put right, all in EPSG:31370 (CONTRACT A.2)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np

from etl.findings import Effect, Finding
from etl.municipalities import Boundaries
from etl.table import Scalar
from release.crs import LAMBERT72, LAMBERT2008, Crs, parse_crs
from release.errors import UnknownCrs
from release.transform import to_lambert72, transform_points

Point = tuple[float, float]

OUTSIDE = 2000.0
"""Metres that a point may lie outside its municipality (CONTRACT A.2)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A CRS and its plausibility box: where Flanders lies in it, edges included, x before y."""

    crs: Crs
    left: float
    right: float
    bottom: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in the box."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top


FLANDERS = Frame(LAMBERT72, 21_492.6, 259_366.1, 152_558.5, 244_521.1)
"""The box in EPSG:31370 (DOMAIN 6.3)."""
_FLANDERS_2008 = Frame(LAMBERT2008, 521_398.8, 759_275.3, 652_516.2, 744_502.5)


class Fault(StrEnum):
    """What can be wrong with a position; the value is the code of the finding."""

    MISSING = "position.missing"
    ZERO = "position.zero"
    SWAPPED = "position.swapped"
    IMPLAUSIBLE = "position.implausible"
    CRS = "position.crs"

    @property
    def effect(self) -> Effect:
        """A note where the position is used or was never there; else the value is dropped."""
        return Effect.NOTE if self in (Fault.MISSING, Fault.SWAPPED) else Effect.DROP_VALUE


@dataclass(frozen=True, slots=True)
class Position:
    """A point in EPSG:31370, metres, two decimals, or none; and what was wrong with what the source stated."""

    point: Point | None
    fault: Fault | None = None

    def finding(self, field: str, record: int) -> Finding | None:
        """The fault as a finding; null when there is none."""
        return None if self.fault is None else Finding(self.fault.value, field, record, self.fault.effect)


_NONE = {fault: Position(None, fault) for fault in Fault}


class Stated(NamedTuple):
    """A position as a source states it: `x` is east or longitude, `y` north or latitude, in any spelling of the CRS.

    No `crs` means EPSG:31370. `code` is today's code of the municipality, or null when there is none to compare with.
    """

    crs: str | None
    x: Scalar
    y: Scalar
    code: str | None


class Locator:
    """Judges positions by the box of their CRS and, where there are polygons, by their municipality.

    A stated CRS is honoured, never guessed: Lambert 72 stated with coordinates that lie in the box of Lambert 2008 (or the
    reverse) is implausible, as CONTRACT A.2 has it for every point outside the box of its CRS. Shifting it by 500 km on a guess
    would publish a point that no source stated.
    """

    def __init__(self, boundaries: Boundaries | None = None) -> None:
        """Without polygons only the boxes judge."""
        self._boundaries = boundaries

    def position(self, crs: str | None, x: Scalar, y: Scalar, code: str | None) -> Position:
        """One position; arguments as in `Stated`. Text, NaN and infinity give no position."""
        return self._judge(crs, x, y, code, None)

    def positions(self, batch: Sequence[Stated]) -> list[Position]:
        """The same for many, in order: what is not in EPSG:31370 is transformed together, twenty times as fast."""
        transformed = _transformed(batch)
        return [self._judge(*stated, transformed.get(number)) for number, stated in enumerate(batch)]

    def _judge(self, text: str | None, east: Scalar, north: Scalar, code: str | None, lambert72: Point | None) -> Position:
        if east is None or north is None:
            return _NONE[Fault.MISSING]
        x, y = _number(east), _number(north)
        if x == 0.0 and y == 0.0:
            return _NONE[Fault.ZERO]
        frame = _frame(text)
        if frame is None:
            return _NONE[Fault.CRS]
        if (point := self._plausible(frame, x, y, code, lambert72)) is not None:
            return Position(point)
        if (point := self._plausible(frame, y, x, code, None)) is not None:
            return Position(point, Fault.SWAPPED)
        return _NONE[Fault.IMPLAUSIBLE]

    def _plausible(self, frame: Frame, x: float, y: float, code: str | None, lambert72: Point | None) -> Point | None:
        """The point in EPSG:31370, rounded; null when it is outside the box of its CRS or too far from its municipality."""
        if not frame.holds(x, y):  # NaN and infinity are in no box
            return None
        if frame.crs is not LAMBERT72:
            x, y = lambert72 or _one(frame.crs, x, y)
        if self._boundaries is not None and code is not None and self._boundaries.near(code, x, y, OUTSIDE) is False:
            return None
        return round_metres(x), round_metres(y)


@cache
def frame_of(crs: Crs) -> Frame:
    """The box of a served CRS: DOMAIN 6.3 for the Lamberts, the Lambert 72 box transformed for the others."""
    if crs in (LAMBERT72, LAMBERT2008):
        return FLANDERS if crs == LAMBERT72 else _FLANDERS_2008
    along, up = np.linspace(FLANDERS.left, FLANDERS.right, 101), np.linspace(FLANDERS.bottom, FLANDERS.top, 101)
    sides = ((along, FLANDERS.bottom), (along, FLANDERS.top), (FLANDERS.left, up), (FLANDERS.right, up))
    outline = transform_points(np.vstack([np.column_stack(np.broadcast_arrays(*side)) for side in sides]), crs)
    (west, south), (east, north) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
    return Frame(crs, west, east, south, north)


def round_metres(value: float) -> float:
    """To two decimals, half away from zero (DOMAIN 6.3); for the coordinates of Flanders, which are positive."""
    return math.floor(value * 100.0 + 0.500001) / 100.0  # a millionth of a centimetre more than half: binary fractions fall short


def _number(value: Scalar) -> float:
    """A number as delivered; NaN for what is none (text is not read as a number: the schema says number)."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        return math.nan
    return float(value) if abs(value) < 2**53 else math.nan


_KNOWN: dict[str | None, Frame | None] = {None: FLANDERS, LAMBERT72.short: FLANDERS}


def _frame(text: str | None) -> Frame | None:
    """The frame of a spelling of a CRS, null when it is unknown; remembers a few, for sources may write anything."""
    try:
        return _KNOWN[text]
    except KeyError:
        pass
    try:
        frame: Frame | None = frame_of(parse_crs(text or "").crs)
    except UnknownCrs:
        frame = None
    if len(_KNOWN) < 64:
        _KNOWN[text] = frame
    return frame


def _one(crs: Crs, x: float, y: float) -> Point:
    (east, north) = to_lambert72(np.array([[x, y]]), crs)[0]
    return float(east), float(north)


def _transformed(batch: Sequence[Stated]) -> dict[int, Point]:
    """Points in EPSG:31370 by place in the batch, of those that are in another CRS and its box."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, (text, x, y, _) in enumerate(batch):
        frame = _frame(text)
        if frame is FLANDERS or frame is None:
            continue
        if frame.holds(_number(x), _number(y)):
            places[text or ""].append(number)
    found: dict[int, Point] = {}
    for text, numbers in places.items():
        crs = parse_crs(text).crs
        points = to_lambert72(np.array([[_number(batch[number].x), _number(batch[number].y)] for number in numbers]), crs)
        found.update(zip(numbers, map(tuple, points.tolist()), strict=True))
    return found
