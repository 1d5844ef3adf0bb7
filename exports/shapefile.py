"""Shapefile: UTF-8 with `.cpg`, exact field widths, `.prj`; over 2 GB one file per province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exports.errors import UnfitLayer
from exports.layer import lengths, write_layer
from exports.text import TEXTUAL, batches, decoded
from release.crs import LAMBERT72, Crs
from release.schema import FieldType, Geometry
from release.table import WKB, PublicTable

LIMIT = 2**31 - 1
"""Bytes of one component that every reader can hold."""

_WIDEST = 254  # of a text in a DBF, in bytes
_POINT_BYTES = 28  # of a record in a .shp: 8 of header, 4 of type, 16 of coordinates
_WIDTHS = {FieldType.INTEGER: 18, FieldType.NUMBER: 14, FieldType.DATE: 8}
_PROVINCES = (
    ("1", "Antwerpen"),
    ("23", "VlaamsBrabant"),
    ("24", "VlaamsBrabant"),
    ("3", "WestVlaanderen"),
    ("4", "OostVlaanderen"),
    ("7", "Limburg"),
)


def write(table: PublicTable, folder: Path, name: str, since: date, limit: int = LIMIT, crs: Crs = LAMBERT72) -> None:
    """Write `<name>.shp` and its components, or `<name>_<province>.shp` when one would pass `limit` bytes.

    Texts of more than 254 bytes end at their last whole character; a width grows when accents need more bytes than
    the field has characters. `crs` is what the table's coordinates are in. Raises `UnfitLayer` for names that would be
    laundered, and for what stays too large.
    """
    fit = _fit(table)
    widths = _widths(fit)
    if _largest(fit, widths) <= limit:
        _write_one(fit, folder, name, since, widths, crs)
        return
    if "NISCODE" not in fit.arrow.column_names:
        raise UnfitLayer(f"{name}.shp would pass {limit} bytes, and there is no NISCODE to split it by province")
    for province, part in _by_province(fit):
        if _largest(part, widths) > limit:
            raise UnfitLayer(f"{name}_{province}.shp would pass {limit} bytes")
        _write_one(part, folder, f"{name}_{province}", since, widths, crs)


def _write_one(table: PublicTable, folder: Path, name: str, since: date, widths: dict[str, int], crs: Crs) -> None:
    path, stamp = folder / f"{name}.shp", since.isoformat()
    write_layer(table, path, "ESRI Shapefile", name, since, widths, crs, encoding="UTF-8", DBF_DATE_LAST_UPDATE=stamp)


def _fit(table: PublicTable) -> PublicTable:
    """The table with texts cut to what a DBF holds."""
    arrow = table.arrow
    for field in table.feature_type.fields:
        if field.type in TEXTUAL and _longest(table, field.name) > _WIDEST:
            position = arrow.schema.get_field_index(field.name)
            arrow = arrow.set_column(position, field.name, pa.array(map(_cut, arrow[field.name].to_pylist()), pa.string()))
    return replace(table, arrow=arrow)


def _cut(text: str | None) -> str | None:
    return None if text is None else text.encode()[:_WIDEST].decode(errors="ignore")


def _longest(table: PublicTable, name: str) -> int:
    """Bytes of the longest value, 0 when there is none."""
    longest = (pc.max(pc.binary_length(decoded(batch.arrow[name]))).as_py() for batch in batches(table))
    return max((length or 0 for length in longest), default=0)


def _widths(table: PublicTable) -> dict[str, int]:
    stated = lengths(table.feature_type)
    texts = [field.name for field in table.feature_type.fields if field.type in TEXTUAL]
    return {name: min(_WIDEST, max(stated.get(name, _WIDEST), _longest(table, name))) for name in texts}


def _largest(table: PublicTable, widths: dict[str, int]) -> int:
    """Bytes of the larger of .dbf and .shp."""
    row = 1 + sum(widths.get(field.name, _WIDTHS.get(field.type, 0)) for field in table.feature_type.fields)
    shapes = len(table) * _POINT_BYTES
    if table.feature_type.geometry is Geometry.MULTIPOLYGON:
        shapes += pc.sum(pc.binary_length(table.arrow[WKB])).as_py() or 0
    return max(len(table) * row, shapes)


def _by_province(table: PublicTable) -> list[tuple[str, PublicTable]]:
    """Parts by the province of today's NIS code (DOMAIN 4.4: 46030 lies in Oost-Vlaanderen, whatever its old codes)."""
    codes = pc.fill_null(table.arrow["NISCODE"].cast(pa.string()), "")
    parts, rest = [], np.ones(len(table), dtype=np.bool_)
    for name in dict.fromkeys(name for _, name in _PROVINCES):
        starts = [pc.starts_with(codes, prefix).to_numpy() for prefix, province in _PROVINCES if province == name]
        mask = np.logical_or.reduce(starts)
        parts.append((name, table.take(mask)))
        rest &= ~mask
    if rest.any():
        parts.append(("overige", table.take(rest)))
    return parts
