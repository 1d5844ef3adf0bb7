"""Metadata of a tileset, as OGC 17-083r4 writes it and as TileJSON 3.0 does."""

from __future__ import annotations

from collections.abc import Sequence

from exports.symbology import Layer
from exports.vector_tile import MEDIA_TYPE
from publish.documents import Json
from publish.tiles.attributes import COUNT, told
from publish.tiles.links import Link
from publish.tiles.tilesets import Limits, Tileset
from release.crs import CRS84
from release.schema import FieldType, Geometry

_COUNT_TITLE = "aantal objecten waarvoor het punt staat"
_TYPES = {FieldType.INTEGER: "integer", FieldType.NUMBER: "number"}


def fields(layer: Layer) -> dict[str, str]:
    """The attributes of the tiles of a layer, and what they mean."""
    return {name: title for name, (title, _) in _attributes(layer).items()}


def tileset_metadata(tileset: Tileset, title: str, summary: str, attribution: str, links: Sequence[Link], uri: str) -> Json:
    """OGC 17-083r4 §7.1: how a tileset is cut, within which limits, and what is in its layer."""
    matrices = tileset.matrices
    return {
        "title": f"{title} ({matrices.id})",
        "description": summary,
        "attribution": attribution,
        "dataType": "vector",
        "mediaTypes": [MEDIA_TYPE],
        "crs": matrices.crs.url,
        "tileMatrixSetId": matrices.id,
        "tileMatrixSetURI": uri,
        "tileMatrixSetLimits": [_limits(limits) for limits in tileset.limits],
        **_box(tileset),
        "layers": [_layer(tileset, title)],
        "links": list(links),
    }


def tile_json(tileset: Tileset, name: str, summary: str, attribution: str, template: str) -> Json:
    """TileJSON 3.0.0 §3; `template` has z, y and x."""
    extent, layer = tileset.located.extent(CRS84), tileset.layer
    vector = {"id": layer.name, "description": layer.abstract.nl, "fields": fields(layer), "minzoom": 0, "maxzoom": tileset.deepest}
    return {
        "tilejson": "3.0.0",
        "name": name,
        "description": summary,
        "attribution": attribution,
        "scheme": "xyz",
        "tiles": [template],
        "minzoom": 0,
        "maxzoom": tileset.deepest,
        **({} if extent is None else {"bounds": list(extent)}),
        "vector_layers": [vector],
    }


def _limits(limits: Limits) -> Json:
    return {
        "tileMatrix": str(limits.level),
        "minTileRow": limits.first_row,
        "maxTileRow": limits.last_row,
        "minTileCol": limits.first_column,
        "maxTileCol": limits.last_column,
    }


def _box(tileset: Tileset) -> Json:
    extent, crs = tileset.located.extent(tileset.matrices.crs), tileset.matrices.crs
    if extent is None:
        return {}
    return {"boundingBox": {"lowerLeft": list(extent[:2]), "upperRight": list(extent[2:]), "crs": crs.url, "orderedAxes": ["X", "Y"]}}


def _layer(tileset: Tileset, title: str) -> Json:
    layer, of_points = tileset.layer, tileset.layer.feature_type.geometry is Geometry.POINT
    schema = {name: {"type": kind, "title": said} for name, (said, kind) in _attributes(layer).items()}
    return {
        "id": layer.name,
        "title": title,
        "description": layer.abstract.nl,
        "dataType": "vector",
        "featureType": layer.feature_type.qualified,
        "geometryDimension": 0 if of_points else 2,
        "minTileMatrix": "0",
        "maxTileMatrix": str(tileset.deepest),
        "propertiesSchema": {"type": "object", "properties": schema},
    }


def _attributes(layer: Layer) -> dict[str, tuple[str, str]]:
    """Title and JSON type of each attribute."""
    found = {field.name: (field.title.nl, _TYPES.get(field.type, "string")) for field in told(layer.feature_type)}
    if layer.feature_type.geometry is Geometry.POINT:
        found[COUNT] = (_COUNT_TITLE, "integer")
    return found
