"""Vector tiles: the encoding of Mapbox Vector Tile 2.1, for many features at once.

::

    ids, geometries, attributes ─► Ragged columns of bytes ─► features, keys, values ─► layer ─► tile
"""

from exports.errors import BrokenTile
from exports.vector_tile.geometry import Geometries, points, polygons, rings
from exports.vector_tile.layer import EXTENT, MEDIA_TYPE, Attribute, Features, tile
from exports.vector_tile.reading import identifiers

__all__ = [
    "EXTENT",
    "MEDIA_TYPE",
    "Attribute",
    "BrokenTile",
    "Features",
    "Geometries",
    "identifiers",
    "points",
    "polygons",
    "rings",
    "tile",
]
