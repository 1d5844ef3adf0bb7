"""Where a row is, as 16 bytes that are the same for every encoding: whole centimetres in EPSG:31370, or units of CRS84."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import shapely
from numpy.typing import NDArray

from release.crs import CRS84, LAMBERT72
from schedules.parity.errors import Undecodable
from schedules.parity.rows import NOWHERE

METRES, DEGREES = 10**LAMBERT72.decimals, 10**CRS84.decimals
"""How many units go in a metre of EPSG:31370, or in a degree: the last decimal that a release stores."""

_FAR = 1e9
"""No coordinate is so large, in metres or in degrees; what is not finite is not smaller either."""

_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])  # little-endian WKB of a point in two dimensions
_ABSENT = b"\x01\x01\x00\x00\x00" + 2 * struct.pack("<d", np.nan)


def point(x: float | str | bytes, y: float | str | bytes, unit: int = METRES) -> bytes:
    """A point, rounded to the unit; raises `Undecodable` for what is no number."""
    return written([(x, y)], unit)[0]


def written(positions: Sequence[Sequence[bytes | str | float] | None], unit: int = METRES) -> list[bytes]:
    """Points as a format writes them, pairs of numbers, rounded to the unit; raises `Undecodable` for what is none."""
    try:
        pairs = np.array([(float(x), float(y)) for x, y in filter(None, positions)], np.float64).reshape(-1, 2)
    except (ValueError, TypeError, OverflowError) as error:
        raise Undecodable("a coordinate is no number") from error
    if not (np.abs(pairs) < _FAR).all():
        raise Undecodable("a coordinate is no number")
    found = iter(points(pairs, unit))
    return [next(found) if position else NOWHERE for position in positions]


def points(coordinates: NDArray[np.float64], unit: int = METRES) -> list[bytes]:
    """Points, shape (n, 2), rounded as `point` does; where one is NaN there is none."""
    there: NDArray[np.bool_] = np.isfinite(coordinates[:, 0]) & np.isfinite(coordinates[:, 1])
    packed = np.rint(np.where(there[:, None], coordinates, 0.0) * unit).astype(">i8").tobytes()
    return [packed[16 * row : 16 * row + 16] if known else NOWHERE for row, known in enumerate(there.tolist())]


def wkb_points(shapes: Sequence[bytes | None]) -> list[bytes]:
    """Points in WKB; raises `Undecodable` for other geometry."""
    data = b"".join(_ABSENT if shape is None else shape for shape in shapes)
    if len(data) != len(shapes) * _POINT.itemsize:
        raise Undecodable("a geometry is no point")
    read = np.frombuffer(data, dtype=_POINT)
    if ((read["order"] != 1) | (read["type"] != 1)).any():
        raise Undecodable("a geometry is no point")
    return points(np.column_stack([read["x"], read["y"]]))


def wkb_area(data: bytes | None, unit: int = METRES) -> bytes:
    """A multipolygon in WKB; raises `Undecodable` for other geometry."""
    return NOWHERE if data is None else area(shapely.from_wkb(data), unit)


def rings(polygons: Sequence[Sequence[Sequence[Sequence[float]]]], unit: int = METRES) -> bytes:
    """A multipolygon as GeoJSON writes it: of each polygon the outer ring and its holes."""
    return area(shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in polygons]), unit)


def area(shape: shapely.Geometry, unit: int = METRES) -> bytes:
    """A polygon or multipolygon: the order of polygons, rings and corners does not count."""
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise Undecodable("a geometry is no multipolygon")
    polygons = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
    whole = shapely.transform(shapely.MultiPolygon(polygons), lambda xy: np.rint(xy * unit))
    return blake2b(shapely.to_wkb(shapely.normalize(whole), byte_order=1), digest_size=16).digest()
