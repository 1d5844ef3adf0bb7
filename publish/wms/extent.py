"""The box that capabilities name, in every CRS: that of Flanders, which says nothing of single objects and changes with none."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from exports.resources import FLANDERS
from release.crs import CRS84, Crs
from release.transform import to_lambert72, transform_points

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in x, y order."""

_STEPS = 41
"""Positions along each side: straight lines of one CRS are curved in another."""


@cache
def flanders(crs: Crs) -> Bounds:
    """Around Flanders: degrees as they are stated, metres rounded outwards."""
    if crs.columns == "lonlat":
        return FLANDERS
    west, south, east, north = FLANDERS
    across, up = np.linspace(west, east, _STEPS), np.linspace(south, north, _STEPS)
    sides = [np.column_stack(np.broadcast_arrays(across, edge)) for edge in (south, north)]
    sides += [np.column_stack(np.broadcast_arrays(edge, up)) for edge in (west, east)]
    found = transform_points(to_lambert72(np.concatenate(sides), CRS84), crs)
    (low_x, low_y), (high_x, high_y) = found.min(axis=0).tolist(), found.max(axis=0).tolist()
    return math.floor(low_x), math.floor(low_y), math.ceil(high_x), math.ceil(high_y)
