"""`?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=POI&…` as a request, in every spelling that clients use."""

from __future__ import annotations

import re
from collections.abc import Callable

from publish.wms.errors import InvalidParameter, InvalidPoint, MissingParameter, OperationNotSupported
from publish.wms.kvp import Kvp, number
from publish.wms.requests import Colour, GetCapabilities, GetFeatureInfo, GetLegendGraphic, GetMap, Map, Request
from publish.wms.versions import Version, negotiated

MAX_SIDE = 4_096
"""Pixels in the width and in the height of a map, at most."""

MAX_LAYERS = 20
"""Layers of a map, at most."""

MOST_PIXELS = MAX_SIDE**2
"""Pixels of all layers of a map together, at most: about a second of work, and 200 MB (measured)."""

FARTHEST, SMALLEST = 1e9, 1e-6
"""Coordinates of a BBOX at most, and its width and height at least, in units of the CRS: places in pixels stay below 2**63."""

MAX_KEY = 512
"""Pixels along a side of a symbol that is asked for alone."""
MAX_FEATURES = 100
"""Features of a layer in an answer to GetFeatureInfo, at most."""

VERSION = ("VERSION", "WMTVER")
"""WMTVER is WMS 1.0.0; VERSION goes before it (WMS 1.1.1 §6.2.4)."""

_STANDARD_DPI = 25.4 / 0.28  # WMS 1.3.0 §7.2.4.6.9: a pixel is 0.28 mm
_LEAST_DPI, _MOST_DPI = 45.0, 1_200.0
_DPI = re.compile(r"\bdpi:\s*([\d.]{1,8})", re.IGNORECASE)
_COLOUR = re.compile(r"(?:0x|#)?([0-9a-f]{6})", re.IGNORECASE)


def read(kvp: Kvp) -> Request:
    """The request; raises `WmsError`."""
    if (service := kvp.get("SERVICE")) is not None and service.upper() != "WMS":
        raise InvalidParameter("SERVICE is WMS here", "service")
    name = kvp.require("REQUEST").lower()
    if name in ("getcapabilities", "capabilities"):  # the second is WMS 1.0.0
        return GetCapabilities(negotiated(kvp.last(*VERSION)))
    reader = _OPERATIONS.get(name)
    if reader is None:
        raise OperationNotSupported(f"the operation {name[:40]!r} is not offered", "request")
    if kvp.get("SLD", "SLD_BODY") is not None:
        raise OperationNotSupported("styles of your own (SLD, SLD_BODY) are not drawn; styles are named in STYLES", "sld")
    return reader(kvp)


def _get_map(kvp: Kvp) -> GetMap:
    version = _version(kvp)
    return GetMap(_map(kvp, version), kvp.require("FORMAT"), kvp.flag("TRANSPARENT"), colour(kvp.get("BGCOLOR")))


def _get_feature_info(kvp: Kvp) -> GetFeatureInfo:
    version = _version(kvp)
    asked = _map(kvp, version)
    layers = tuple(name for name in kvp.listed("QUERY_LAYERS") if name)
    if not layers:
        raise MissingParameter("QUERY_LAYERS")
    column, row = (_place(kvp, name, size) for name, size in zip(version.place_keywords, (asked.width, asked.height), strict=True))
    # WMS 1.3.0 §7.4.3.6: without a number, or with none above zero, one feature of each layer
    count = min(MAX_FEATURES, max(1, kvp.whole("FEATURE_COUNT") or 1))
    return GetFeatureInfo(asked, layers, kvp.get("INFO_FORMAT"), column, row, count)


def _get_legend_graphic(kvp: Kvp) -> GetLegendGraphic:
    version = negotiated(kvp.last(*VERSION))
    style = kvp.get("STYLE", "STYLES") or ""
    format_ = kvp.get("FORMAT") or "image/png"
    rule = kvp.get("RULE")
    sides = {} if rule is None else {name: _key_side(kvp, name) for name in ("width", "height")}
    layer = kvp.require("LAYER", "LAYERS")
    return GetLegendGraphic(version, layer, style, format_, kvp.flag("TRANSPARENT"), scale(kvp), rule, **sides)


def _key_side(kvp: Kvp, name: str) -> int | None:
    """OGC 02-070 §12.1: a hint, for a symbol alone; a legend is as large as its words are."""
    side = kvp.whole(name.upper())
    if side is not None and not 1 <= side <= MAX_KEY:
        raise InvalidParameter(f"{name.upper()} of a symbol is 1 to {MAX_KEY} pixels", name)
    return side


_OPERATIONS: dict[str, Callable[[Kvp], Request]] = {
    "getmap": _get_map,
    "map": _get_map,  # WMS 1.0.0
    "getfeatureinfo": _get_feature_info,
    "feature_info": _get_feature_info,  # WMS 1.0.0
    "getlegendgraphic": _get_legend_graphic,
}


def _version(kvp: Kvp) -> Version:
    """WMS 1.3.0 table 8: mandatory, since the order of BBOX depends on it; raises `MissingParameter`."""
    text = kvp.last(*VERSION)
    if text is None:
        raise MissingParameter("VERSION")
    return negotiated(text)


def _map(kvp: Kvp, version: Version) -> Map:
    layers = tuple(name for name in kvp.listed("LAYERS") if name)
    if not layers:
        raise MissingParameter("LAYERS")
    if len(layers) > MAX_LAYERS:
        raise InvalidParameter(f"a map has at most {MAX_LAYERS} layers", "layers")
    width, height = (_side(kvp, name) for name in ("WIDTH", "HEIGHT"))
    if width * height * len(layers) > MOST_PIXELS:
        raise InvalidParameter("the map is too large for so many layers; ask for fewer, or for a smaller map", "layers")
    return Map(
        version=version,
        layers=layers,
        styles=_styles(kvp, len(layers)),
        crs=kvp.require(version.crs_keyword, *(("SRS",) if version is Version.V1_3_0 else ("CRS",))),
        box=_box(kvp.require("BBOX")),
        width=width,
        height=height,
        filter=kvp.get("FILTER"),
        cql=kvp.get("CQL_FILTER"),
        scale=scale(kvp),
    )


def pixels(kvp: Kvp) -> int:
    """Pixels of all layers together of the picture that a request asks for, be it a map or a report; 0 where there is none.

    Raises `InvalidParameter`.
    """
    if (kvp.get("REQUEST") or "").lower() not in ("getmap", "map"):
        return 0
    return (kvp.whole("WIDTH") or 0) * (kvp.whole("HEIGHT") or 0) * max(1, len(kvp.listed("LAYERS")))


def _styles(kvp: Kvp, layers: int) -> tuple[str, ...]:
    """One for each layer, empty for the default; WMS 1.3.0 §7.3.3.4: an empty list, and here none at all, is the default for all."""
    styles = kvp.listed("STYLES")
    if not any(styles):
        return ("",) * layers
    if any(styles[layers:]):  # the suite of the OGC writes commas after the last one
        raise InvalidParameter("STYLES has as many names as LAYERS, or none", "styles")
    return (*styles, *("",) * layers)[:layers]


def _box(text: str) -> tuple[float, float, float, float]:
    numbers = [number(item.strip(), "BBOX") for item in text.split(",")]
    if len(numbers) != 4:
        raise InvalidParameter("BBOX is four numbers", "bbox")
    first, second, third, fourth = numbers
    if first >= third or second >= fourth:  # WMS 1.3.0 §7.3.3.6
        raise InvalidParameter("the lower corner of BBOX is below and left of the upper one", "bbox")
    if max(map(abs, numbers)) > FARTHEST or third - first < SMALLEST or fourth - second < SMALLEST:
        raise InvalidParameter(f"BBOX is within {FARTHEST:,.0f} of zero, and at least {SMALLEST:f} wide and high", "bbox")
    return first, second, third, fourth


def _side(kvp: Kvp, name: str) -> int:
    pixels = kvp.whole(name)
    if pixels is None:
        raise MissingParameter(name)
    if not 1 <= pixels <= MAX_SIDE:
        raise InvalidParameter(f"{name} is 1 to {MAX_SIDE} pixels", name.lower())
    return pixels


def _place(kvp: Kvp, name: str, size: int) -> int:
    if kvp.get(name) is None:
        raise MissingParameter(name)
    try:
        pixel = kvp.whole(name)
    except InvalidParameter as error:
        raise InvalidPoint(error.text, name) from error
    if pixel is None or not 0 <= pixel < size:  # WMS 1.3.0 §7.4.3.7
        raise InvalidPoint(f"{name} is a place in the map, from 0 to {size - 1}", name)
    return pixel


def colour(text: str | None) -> Colour:
    """`0xRRGGBB`, white when it is absent; raises `InvalidParameter`."""
    if text is None:
        return 255, 255, 255
    match = _COLOUR.fullmatch(text)
    if match is None:
        raise InvalidParameter("BGCOLOR has the form 0xRRGGBB", "bgcolor")
    red, green, blue = bytes.fromhex(match[1])
    return red, green, blue


def scale(kvp: Kvp) -> float:
    """How much larger symbols are than on a screen of 0.28 mm: QGIS sends DPI and MAP_RESOLUTION, GeoServer's users FORMAT_OPTIONS."""
    text = kvp.get("DPI", "MAP_RESOLUTION")
    if text is None and (match := _DPI.search(kvp.get("FORMAT_OPTIONS") or "")):
        text = match[1]
    if text is None:
        return 1.0
    dots = number(text, "DPI")
    return min(_MOST_DPI, max(_LEAST_DPI, dots)) / _STANDARD_DPI
