"""Positions in GML 3.2, 3.1 and 2.1: `pos`, `posList`, `coordinates`, `coord`, `lowerCorner` and `upperCorner`."""

from __future__ import annotations

import re
from collections.abc import Callable

from publish.fes.documents import Element, children, local, text_of
from publish.filters.errors import Unfit, Unreadable
from publish.filters.shapes import Position

_CHARACTERS = re.compile(r"[0-9eE+\-.\s]*")

METADATA = {"description", "descriptionReference", "identifier", "metaDataProperty", "name"}
"""Properties of any GML object, which say nothing of where it is."""


def numbers(text: str) -> list[float]:
    """Numbers with spaces between them; `nan` and `inf` are none. Raises `Unfit`."""
    if _CHARACTERS.fullmatch(text) is None:
        raise Unfit(f"{text[:30]!r} is no coordinate")
    try:
        return [float(item) for item in text.split()]
    except ValueError as error:
        raise Unfit(f"{text[:30]!r} is no coordinate") from error


def positions(element: Element, dimension: int) -> list[Position]:
    """The positions that one coordinate element holds, in its own order; heights are left out. Raises `FilterError`."""
    reader = _READERS.get(local(element))
    if reader is None:
        raise Unreadable(f"{local(element)[:40]!r} holds no coordinates")
    return reader(element, dimension)


def is_coordinates(element: Element) -> bool:
    """Whether an element holds coordinates."""
    return local(element) in _READERS


def _one(element: Element, dimension: int) -> list[Position]:
    found = _many(element, dimension)
    if len(found) != 1:
        raise Unreadable(f"{local(element)} is one position")
    return found


def _many(element: Element, dimension: int) -> list[Position]:
    found = numbers(text_of(element))
    if not found or len(found) % dimension:
        raise Unreadable(f"{local(element)} is positions of {dimension} numbers each; say so by srsDimension where there are more")
    return list(zip(found[::dimension], found[1::dimension], strict=True))


def _coordinates(element: Element, _: int) -> list[Position]:
    """GML 2.1.2 §4.3.1: `1,2 3,4`; the marks between and in numbers may be others."""
    parts, decimal = element.get("ts", " "), element.get("decimal", ".")
    text = text_of(element).strip()
    tuples = text.split(parts) if parts.strip() else text.split()
    return [_tuple(item, element.get("cs", ","), decimal) for item in tuples if item.strip()]


def _tuple(text: str, mark: str, decimal: str) -> Position:
    if not mark or not decimal:
        raise Unreadable("cs and decimal of coordinates are a character each")
    found = numbers(text.replace(mark, " ").replace(decimal, "."))
    if len(found) not in (2, 3):
        raise Unreadable("a position in coordinates is two numbers with a comma between them")
    return found[0], found[1]


def _coord(element: Element, _: int) -> list[Position]:
    axes = {local(axis): numbers(text_of(axis)) for axis in children(element)}
    if not {"X", "Y"} <= set(axes) <= {"X", "Y", "Z"} or any(len(found) != 1 for found in axes.values()):
        raise Unreadable("coord is an X and a Y")
    return [(axes["X"][0], axes["Y"][0])]


_READERS: dict[str, Callable[[Element, int], list[Position]]] = {
    "pos": _one,
    "lowerCorner": _one,
    "upperCorner": _one,
    "posList": _many,
    "coordinates": _coordinates,
    "coord": _coord,
}
