"""A public table as the layer of a GIS file: a stream of Arrow batches with WKB, written by GDAL through pyogrio."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
from numpy.typing import NDArray

from exports.errors import UnfitLayer
from exports.text import TEXTUAL, batches, coordinates, decoded
from release.crs import CRS84, LAMBERT72, WGS84, Crs
from release.schema import FeatureType, Field, Geometry
from release.table import WKB, PublicTable, arrow_schema

_WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
_BATCH_ROWS = 2_000  # GDAL holds the interpreter for a batch: 35 ms, in which a server answers nothing else
_one_at_a_time = threading.Lock()
_PYOGRIO = str(Path(pyogrio.__file__).parent)


def layer_schema(feature_type: FeatureType, widths: Mapping[str, int]) -> pa.Schema:
    """Columns of a layer: the public fields, with meaning and width as GDAL reads them from Arrow, then the geometry as WKB."""
    types = arrow_schema(feature_type)
    fields = [pa.field(f.name, types.field(f.name).type, metadata=_metadata(f, widths)) for f in feature_type.fields]
    if feature_type.geometry is not None:
        fields.append(pa.field(feature_type.geometry_name, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"}))
    return pa.schema(fields)


def stream(table: PublicTable, schema: pa.Schema) -> pa.RecordBatchReader:
    """The rows as batches of a `layer_schema`, made while they are read."""
    return pa.RecordBatchReader.from_batches(schema, _record_batches(table, schema))


def write_layer(
    table: PublicTable,
    path: Path,
    driver: str,
    name: str,
    since: date,
    widths: Mapping[str, int] | None = None,
    crs: Crs = LAMBERT72,
    **options: str,
) -> None:
    """Write a table as one layer, beside those that the file has; any warning of GDAL is an `UnfitLayer`.

    `widths` are of texts (default: the lengths of the schema); `since` is the only date inside; `crs` is what the table's
    coordinates are in; `options` are GDAL's, of the layer.
    """
    kind = table.feature_type
    schema = layer_schema(kind, lengths(kind) if widths is None else widths)
    geometry = {}
    if kind.geometry is not None:
        geometry = {"geometry_name": kind.geometry_name, "geometry_type": str(kind.geometry), "crs": _authority(crs).short}
    with _one_at_a_time:
        _write(stream(table, schema), path, driver, name, since, geometry | options)


def _write(rows: pa.RecordBatchReader, path: Path, driver: str, name: str, since: date, options: Mapping[str, str]) -> None:
    """One at a time: the option of GDAL and the filter of warnings are those of the whole program."""
    # STANDARDS §3.6: a GeoPackage holds the moment of writing, unless told which
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{since.isoformat()}T00:00:00.000Z"})
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            pyogrio.write_arrow(rows, str(path), driver=driver, layer=name, **options)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    # STANDARDS §3.2: laundered names and cut values show only as warnings; those of other threads are none of ours
    for warning in caught:
        if warning.filename.startswith(_PYOGRIO):
            raise UnfitLayer(f"{path.name}: {driver} cannot hold {name} as it is: {warning.message}")


def _authority(crs: Crs) -> Crs:
    """In files x stands first whatever the CRS says (GeoPackage 1.3 §2.1.3.1.1), so that WGS 84 needs no second name."""
    return WGS84 if crs == CRS84 else crs


def lengths(feature_type: FeatureType) -> dict[str, int]:
    """Widths of the text fields that have one."""
    return {field.name: field.length for field in feature_type.fields if field.length is not None and field.type in TEXTUAL}


def wkb(table: PublicTable) -> pa.Array:
    """Geometries as WKB, x, y order; null where there is none."""
    if table.feature_type.geometry is Geometry.MULTIPOLYGON:
        return decoded(table.arrow[WKB])
    return _points(coordinates(table))


def _record_batches(table: PublicTable, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in batches(table, _BATCH_ROWS):
        columns = [decoded(batch.arrow[field.name]) for field in table.feature_type.fields]
        if table.feature_type.geometry is not None:
            columns.append(wkb(batch))
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _points(points: NDArray[np.float64]) -> pa.Array:
    located = np.isfinite(points).all(axis=1)
    packed = np.zeros(int(located.sum()), dtype=_WKB_POINT)
    packed["order"], packed["type"] = 1, 1
    packed["x"], packed["y"] = points[located].T
    offsets = np.concatenate(([0], np.cumsum(located) * _WKB_POINT.itemsize)).astype(np.int32)
    valid = pa.py_buffer(np.packbits(located, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.binary(), len(points), [valid, pa.py_buffer(offsets.tobytes()), pa.py_buffer(packed.tobytes())])


def _metadata(field: Field, widths: Mapping[str, int]) -> dict[str, str]:
    width = {"GDAL:OGR:width": str(widths[field.name])} if field.name in widths else {}
    return width | {"GDAL:OGR:comment": field.title.nl}
