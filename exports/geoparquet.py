"""GeoParquet 1.1: WKB in EPSG:31370 with its CRS as PROJJSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from exports.layer import layer_schema, stream
from exports.text import coordinates
from release.crs import LAMBERT72
from release.schema import Geometry
from release.table import WKB, PublicTable


def write(table: PublicTable, path: Path) -> None:
    """Write a file with one row group per batch of rows; the metadata holds the key `geo` and nothing of pandas."""
    schema = _without_metadata(layer_schema(table.feature_type, {}))
    if table.feature_type.geometry is not None:
        schema = schema.with_metadata({"geo": json.dumps(_geo(table))})
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        for batch in stream(table, schema):
            writer.write_batch(batch)


def _without_metadata(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.remove_metadata() for field in schema])


def _geo(table: PublicTable) -> dict[str, object]:
    """The `geo` document (GeoParquet 1.1.0, File metadata); no `bbox` when nothing has a geometry."""
    name = table.feature_type.geometry_name
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": _types(table),
        "crs": CRS.from_user_input(LAMBERT72.short).to_json_dict(),
        "edges": "planar",
    }
    bounds = _bounds(table)
    if np.isfinite(bounds).all():
        column["bbox"] = bounds.tolist()
    return {"version": "1.1.0", "primary_column": name, "columns": {name: column}}


def _types(table: PublicTable) -> list[str]:
    if table.feature_type.geometry is Geometry.POINT:
        return ["Point"]
    return sorted({shape.geom_type for shape in shapely.from_wkb(table.arrow[WKB].to_pylist()) if shape is not None})


def _bounds(table: PublicTable) -> NDArray[np.float64]:
    """min x, min y, max x, max y in EPSG:31370; not finite when nothing is located."""
    if table.feature_type.geometry is Geometry.MULTIPOLYGON:
        shapes = shapely.from_wkb(table.arrow[WKB].drop_null().to_pylist())
        return np.asarray(shapely.total_bounds(shapes), dtype=np.float64) if len(shapes) else np.full(4, np.nan)
    points = coordinates(table)
    points = points[np.isfinite(points).all(axis=1)]
    return np.concatenate((points.min(axis=0), points.max(axis=0))) if len(points) else np.full(4, np.nan)
