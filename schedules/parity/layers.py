"""Rows of GIS files, read by pyogrio, and of GeoParquet, read by pyarrow. fiona, with another GDAL, reads ids (`exports.readback`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

import pyarrow.parquet as pq
import pyogrio

from release.crs import LAMBERT72
from release.schema import FeatureType
from schedules.parity.errors import Undecodable
from schedules.parity.rows import Row
from schedules.parity.texts import rows_of

_BATCH = 2_000
_WITH_NULLS = {"OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES"}
"""GDAL's own Arrow batches of FlatGeobuf have wrong offsets after a feature without geometry; those of the other drivers do not."""


def layer_rows(path: str, kind: FeatureType, layer: str | None = None) -> Iterator[Row]:
    """The rows of a layer of a file that GDAL reads; raises `Undecodable`."""
    pyogrio.set_gdal_config_options(_WITH_NULLS)
    with pyogrio.open_arrow(path, layer=layer, use_pyarrow=True, batch_size=_BATCH) as (about, batches):
        if kind.geometry is not None and about["crs"] != LAMBERT72.short:
            raise Undecodable(f"the layer is not in {LAMBERT72.short}")
        geometry = None if kind.geometry is None else about["geometry_name"] or "wkb_geometry"
        _check_fields(about["fields"], kind)
        for batch in batches:
            yield from rows_of(batch, kind.fields, kind.geometry, geometry)


def parquet_rows(source: IO[bytes], kind: FeatureType) -> Iterator[Row]:
    """The rows of a GeoParquet file; raises `Undecodable`."""
    file = pq.ParquetFile(source)
    geometry = kind.geometry_name if kind.geometry is not None else None
    _check_fields([name for name in file.schema_arrow.names if name != geometry], kind)
    for batch in file.iter_batches(_BATCH):
        yield from rows_of(batch, kind.fields, kind.geometry, geometry)


def _check_fields(names: Sequence[str], kind: FeatureType) -> None:
    if list(names) != [field.name for field in kind.fields]:
        raise Undecodable("the fields are not those of the schema")
