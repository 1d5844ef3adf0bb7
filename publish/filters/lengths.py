"""Units of length in which clients write a distance."""

from __future__ import annotations

import math
import re

from publish.filters.errors import Unfit

_METRES: dict[str, float] = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters", "9001"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers", "9036"), 1000.0),
    **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters", "1033"), 0.01),
    **dict.fromkeys(("ft", "foot", "feet", "[ft_i]", "9002"), 0.3048),
    **dict.fromkeys(("us-ft", "us survey foot", "[ft_us]", "9003"), 1200 / 3937),
    **dict.fromkeys(("yd", "yard", "yards", "[yd_i]", "9096"), 0.9144),
    **dict.fromkeys(("mi", "mile", "miles", "statute mile", "statute miles", "[mi_i]", "9093"), 1609.344),
    **dict.fromkeys(("nmi", "nautical mile", "nautical miles", "[nmi_i]", "9030"), 1852.0),
}
"""Metres in a unit, by its name, its UCUM code and its number at EPSG."""

_DEGREES = {"deg", "degree", "degrees", "9101", "9102", "9122", "rad", "radian"}


def metres(distance: float, unit: str) -> float:
    """A distance in metres; `unit` is a name, or a URN or URL that ends in one. Raises `Unfit`."""
    if not math.isfinite(distance) or distance < 0:
        raise Unfit("a distance is zero or more")
    name = re.split(r"[:/#]", unit.strip().lower())[-1]
    if name in _DEGREES:
        raise Unfit("a distance in degrees has no one length; write it in metres (m)")
    if name not in _METRES:
        raise Unfit(f"the unit {unit[:40]!r} is not known; write m, km, ft or mi")
    return distance * _METRES[name]
