"""Boxes as clients write them: the BBOX keyword, gml:Envelope and gml:Box; compared in the CRS that the client gave."""

from __future__ import annotations

import math
import re

from publish.wfs.documents import Element, children, local, text_of
from publish.wfs.errors import InvalidParameter, ParsingFailed
from release.crs import LAMBERT72, CrsRef, parse_crs
from release.errors import UnknownCrs
from release.predicate import BBox

DEFAULT = CrsRef(LAMBERT72, LAMBERT72.urn, lat_lon=False)
"""The default CRS of every feature type, in its default spelling (WFS 2.0 §7.9.2.4.4)."""

_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?")


def keyword_box(text: str) -> BBox:
    """`minx,miny,maxx,maxy[,crs]`, in the axis order of that CRS as it is spelled; without one the default CRS of the layer.

    Raises `InvalidParameter`.
    """
    items = [item.strip() for item in text.split(",")]
    if len(items) not in (4, 5):
        raise InvalidParameter("BBOX is four numbers, and perhaps a CRS", "bbox")
    crs = crs_of(items[4], "bbox") if len(items) == 5 and items[4] else DEFAULT
    return ordered([_coordinate(item, "bbox") for item in items[:4]], crs, "bbox")


def box(element: Element) -> BBox:
    """gml:Envelope (GML 3.2 and 3.1) or gml:Box (GML 2); raises `InvalidParameter`, `ParsingFailed`."""
    if local(element) not in ("Envelope", "Box"):
        raise InvalidParameter(f"BBOX holds an Envelope, not {local(element)[:40]!r}", "BBOX")
    name = element.get("srsName")
    crs = crs_of(name, "srsName") if name else DEFAULT
    return ordered([_coordinate(number, "BBOX") for number in _corners(element)], crs, "BBOX")


def crs_of(text: str, locator: str) -> CrsRef:
    """A CRS in any spelling; raises `InvalidParameter`."""
    try:
        return parse_crs(text)
    except UnknownCrs as error:
        raise InvalidParameter(str(error), locator) from error


def ordered(numbers: list[float], crs: CrsRef, locator: str) -> BBox:
    """A box of two corners in the order of the client's spelling; raises `InvalidParameter` when it is inside out."""
    if not all(map(math.isfinite, numbers)):
        raise InvalidParameter("a coordinate is no number", locator)
    first, second, third, fourth = numbers
    if crs.lat_lon:
        first, second, third, fourth = second, first, fourth, third
    if first > third or second > fourth:
        raise InvalidParameter("the lower corner of the box is above its upper corner", locator)
    return BBox(crs.crs, first, second, third, fourth)


def _corners(element: Element) -> list[str]:
    """Four numbers from lowerCorner and upperCorner, two gml:pos, two gml:coord, or gml:coordinates."""
    parts = children(element)
    texts: list[str] = []
    for part in parts:
        if local(part) == "coord":
            texts += [text_of(axis) for axis in children(part)]
        elif local(part) == "coordinates":
            texts += text_of(part).replace(part.get("cs", ","), " ").split()
        elif local(part) in ("lowerCorner", "upperCorner", "pos"):
            texts += text_of(part).split()
    if len(texts) != 4 or (parts and local(parts[0]) == "upperCorner"):
        raise ParsingFailed(f"{local(element)} is a lower corner and an upper corner, two numbers each", local(element))
    return texts


def _coordinate(text: str, locator: str) -> float:
    """A number; `nan` and `inf` are none."""
    if _NUMBER.fullmatch(text.strip()) is None:
        raise InvalidParameter(f"{text[:30]!r} is no coordinate", locator)
    return float(text)
