"""OGC API Tiles Part 1 (OGC 20-057) at `/ogc/tiles/v1`: vector tiles of today's located rows, made when asked for.

::

    layer × tile matrix set on a view ─► Tileset (levels, limits) ─► rows of a tile ─► thinned or simplified ─► exports.vector_tile
    UnknownTile (404): no such collection or tile matrix set, or a tile outside the limits; all else is in release.errors
"""

from publish.tiles.matrices import BELGIAN_LAMBERT72, SETS, WEB_MERCATOR_QUAD, TileMatrixSet
from publish.tiles.routes import ROOT, routes
from publish.tiles.tilesets import Tileset, Tilesets

__all__ = ["BELGIAN_LAMBERT72", "ROOT", "SETS", "WEB_MERCATOR_QUAD", "TileMatrixSet", "Tileset", "Tilesets", "routes"]
