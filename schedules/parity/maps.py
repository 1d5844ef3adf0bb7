"""The channels of maps: vector tiles by the ids in them, WMS by what GetFeatureInfo tells of some objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import urlencode

import numpy as np
import shapely
from numpy.typing import NDArray

from exports.vector_tile import identifiers
from publish.tiles.matrices import SETS, TileMatrixSet
from publish.tiles.routes import ROOT
from release.crs import LAMBERT72
from release.manifest import Part
from release.schema import Geometry
from release.table import WKB, X, Y
from release.transform import transform_points
from schedules.parity import gml, json_features
from schedules.parity.channels import Channel, Place
from schedules.parity.errors import Undecodable
from schedules.parity.rows import NOWHERE, Row, Shape, field_of
from schedules.parity.sealed import Sealed
from schedules.parity.served import Served
from schedules.parity.services import Decode

_PIXELS, _METRES = 11, 1.1  # of a map around one object: a pixel is 0.1 m
_MANY = "1000"


def channels() -> tuple[Channel, ...]:
    """Tiles, and WMS in the formats that give attributes and place."""
    return _CHANNELS


def _tiles(matrices: TileMatrixSet, place: Place, sealed: Sealed) -> Iterator[Row]:
    """The id of every feature of every tile at the deepest level in which, according to the sealed table, something is.

    Of a product that is part of another, the tiles and ids of the sample. A point is in one tile, with an id that must not come
    twice; an area is in many.
    """
    whole = sealed.product.value is None
    asked = sealed if whole else sealed.sample(place.seed(sealed.product))
    if not asked.table.located.any():
        return
    tileset = f"{ROOT}/collections/{sealed.product.id}/tiles/{matrices.id}"
    level = max(int(limits["tileMatrix"]) for limits in place.served.get(tileset, {"f": "json"}).json()["tileMatrixSetLimits"])
    tiles = place.served.each(f"{tileset}/{level}/{row}/{column}" for column, row in _occupied(asked, matrices, place.served, level))
    found: Iterable[int | None] = (number for tile in tiles for number in identifiers(tile))
    wanted = None if whole else frozenset(asked.ids.tolist())
    for number in set(found) if sealed.kind.geometry is Geometry.MULTIPOLYGON else found:
        if number is None:
            raise Undecodable("a feature of the deepest level has no id")
        if wanted is None or number in wanted:
            yield str(number).encode(), NOWHERE


def _occupied(sealed: Sealed, matrices: TileMatrixSet, served: Served, level: int) -> list[tuple[int, int]]:
    """Column and row of the tiles in which a point, or a point of an area, lies, by what is told of the matrix (OGC 17-083r4 §6.1)."""
    told = served.get(f"{ROOT}/tileMatrixSets/{matrices.id}", {"f": "json"}).json()["tileMatrices"][level]
    side = np.array([told["tileWidth"], -told["tileHeight"]]) * told["cellSize"]
    places = np.round(transform_points(_points(sealed), matrices.crs), matrices.crs.decimals)
    cells = np.floor((places - told["pointOfOrigin"]) / side).astype(np.int64)
    return [(column, row) for column, row in np.unique(cells, axis=0).tolist()]


def _points(sealed: Sealed) -> NDArray[np.float64]:
    """A point in EPSG:31370 of every row that has a place, shape (n, 2)."""
    rows = sealed.table.arrow.filter(sealed.table.located)
    if sealed.kind.geometry is Geometry.POINT:
        return np.column_stack([np.asarray(rows[axis], dtype=np.float64) for axis in (X, Y)])
    inside = shapely.point_on_surface(shapely.from_wkb(np.asarray(rows[WKB].to_pylist(), dtype=object)))
    return np.asarray(shapely.get_coordinates(inside), dtype=np.float64)


def _info(version: str, form: str, decode: Decode, place: Place, sealed: Sealed) -> Iterator[Row]:
    """What is told at the place of each object of the sample; others may be told there too, the object itself must be."""
    few = sealed.sample(place.seed(sealed.product))
    own, numbers = Shape(sealed.kind).id, few.ids.tolist()
    questions = (_question(version, form, sealed.product.id, x, y) for x, y in (_points(few).tolist() if numbers else ()))
    for number, answer in zip(numbers, place.served.each(questions), strict=True):
        yield from (row for row in decode(iter([answer]), sealed.kind) if int(field_of(row[0], own)) == number)


def _question(version: str, form: str, layer: str, x: float, y: float) -> str:
    """What is in the middle of a map around a point in EPSG:31370."""
    half = _METRES / 2
    box = ",".join(f"{edge:.3f}" for edge in (x - half, y - half, x + half, y + half))
    frame = {"layers": layer, "query_layers": layer, "styles": "", "width": str(_PIXELS), "height": str(_PIXELS), "bbox": box}
    frame |= {"i": "5", "j": "5", "crs": LAMBERT72.short} if version == "1.3.0" else {"x": "5", "y": "5", "srs": LAMBERT72.short}
    asked = {"service": "WMS", "version": version, "request": "GetFeatureInfo", "info_format": form, "feature_count": _MANY}
    return f"/wms?{urlencode(asked | frame)}"


_CHANNELS = (
    *(Channel(f"OGC API Tiles, {matrices.id}", Part.LOCATED_IDS, partial(_tiles, matrices)) for matrices in SETS.values()),
    Channel("WMS 1.3.0 GeoJSON", Part.SAMPLE, partial(_info, "1.3.0", "application/geo+json", json_features.rows)),
    Channel("WMS 1.1.1 GML", Part.SAMPLE, partial(_info, "1.1.1", "application/vnd.ogc.gml", partial(gml.rows, dialect=gml.GML2))),
)
