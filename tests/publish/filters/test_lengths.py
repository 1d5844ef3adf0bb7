from __future__ import annotations

import pytest

from publish.filters.errors import Unfit
from publish.filters.lengths import metres


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("m", 2.0),
        ("metre", 2.0),
        ("Meters", 2.0),
        ("urn:ogc:def:uom:EPSG::9001", 2.0),
        ("http://www.opengis.net/def/uom/EPSG/0/9001", 2.0),
        ("http://www.opengis.net/def/uom/UCUM/0/m", 2.0),
        ("http://www.uomdict.com/uom.html#meters", 2.0),
        ("#m", 2.0),
        (" km ", 2000.0),
        ("kilometers", 2000.0),
        ("ft", 0.6096),
        ("feet", 0.6096),
        ("urn:ogc:def:uom:EPSG::9002", 0.6096),
        ("[ft_i]", 0.6096),
        ("mi", 3218.688),
        ("statute miles", 3218.688),
        ("nautical miles", 3704.0),
    ],
)
def test_a_unit_has_many_spellings(unit: str, wanted: float) -> None:
    assert metres(2, unit) == pytest.approx(wanted)


@pytest.mark.parametrize("unit", ["deg", "degree", "urn:ogc:def:uom:EPSG::9102", "radian"])
def test_degrees_are_no_length(unit: str) -> None:
    with pytest.raises(Unfit, match="write it in metres"):
        metres(1, unit)


@pytest.mark.parametrize(("distance", "unit"), [(1, "parsec"), (1, ""), (-1, "m"), (float("inf"), "m"), (float("nan"), "m")])
def test_what_is_no_distance_is_refused(distance: float, unit: str) -> None:
    with pytest.raises(Unfit):
        metres(distance, unit)
