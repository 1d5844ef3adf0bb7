"""CRSs and boxes in keywords; a box is compared in the CRS that the client gave."""

from __future__ import annotations

from publish.fes import geometries
from publish.fes.coordinates import numbers
from publish.fes.geometries import DEFAULT
from publish.filters import shapes
from publish.filters.errors import Unfit
from publish.wfs.errors import InvalidParameter
from publish.wfs.filter_errors import told
from release.crs import CrsRef
from release.predicate import BBox

__all__ = ["DEFAULT", "crs_of", "keyword_box"]


def keyword_box(text: str, *, legacy_order: bool = False, default: CrsRef = DEFAULT) -> BBox:
    """`minx,miny,maxx,maxy[,crs]`, in the axis order of that CRS as it is spelled; without one in the `default`.

    Raises `InvalidParameter`.
    """
    items = [item.strip() for item in text.split(",")]
    if len(items) not in (4, 5):
        raise InvalidParameter("BBOX is four numbers, and perhaps a CRS", "bbox")
    crs = crs_of(items[4], "bbox", legacy_order=legacy_order) if len(items) == 5 and items[4] else default
    with told("bbox"):
        corners = [number for item in items[:4] for number in numbers(item)]
        if len(corners) != 4:
            raise Unfit("BBOX is four numbers, and perhaps a CRS")
        return shapes.box(corners, crs)


def crs_of(text: str, locator: str, *, legacy_order: bool = False) -> CrsRef:
    """A CRS in any spelling; `legacy_order` (WFS 1.0.0) makes every one x, y. Raises `InvalidParameter`."""
    with told(locator):
        return geometries.crs_of(text, locator, legacy_order=legacy_order)
