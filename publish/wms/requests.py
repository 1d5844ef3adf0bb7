"""Requests as the standard names them; names, formats and filters are still as the client wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from publish.wms.versions import Version

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True)
class GetCapabilities:
    """`REQUEST=GetCapabilities`; the format is always that of the version (WMS 1.3.0 §7.2.3.1)."""

    version: Version


@dataclass(frozen=True)
class Map:
    """What is drawn: layers from the bottom up, each with its style (empty: the default), and where.

    `box` is four numbers in the order that the version says; `filter` and `cql` hold one filter for each layer or one for all;
    `scale` is how many pixels stand for one of 0.28 mm.
    """

    version: Version
    layers: tuple[str, ...]
    styles: tuple[str, ...]
    crs: str
    box: tuple[float, float, float, float]
    width: int
    height: int
    filter: str | None = None
    cql: str | None = None
    scale: float = 1.0


@dataclass(frozen=True)
class GetMap:
    """`REQUEST=GetMap`."""

    map: Map
    format: str
    transparent: bool = False
    background: Colour = (255, 255, 255)


@dataclass(frozen=True)
class GetFeatureInfo:
    """`REQUEST=GetFeatureInfo`: at most `count` features of each layer at column `i` and row `j` of a map."""

    map: Map
    layers: tuple[str, ...]
    format: str | None
    i: int
    j: int
    count: int = 1


@dataclass(frozen=True)
class GetLegendGraphic:
    """`REQUEST=GetLegendGraphic` (OGC 02-070 §12): what the symbols of a style mean; of a `rule` its symbol alone, `width` by `height`."""

    version: Version
    layer: str
    style: str
    format: str
    transparent: bool = False
    scale: float = 1.0
    rule: str | None = None
    width: int | None = None
    height: int | None = None


Request = GetCapabilities | GetMap | GetFeatureInfo | GetLegendGraphic
