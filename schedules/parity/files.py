"""The channels that are files: every download, from the zip that is sealed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import partial
from typing import IO

from exports import formats
from exports.formats import Format
from exports.xlsx import DATA, sheet_name
from release import layout
from release.manifest import FileEntry, Part
from schedules.parity import gml, layers, tabular
from schedules.parity.channels import Channel, Place
from schedules.parity.rows import Row
from schedules.parity.sealed import Sealed
from schedules.parity.tabular import Form

_PIECE = 1 << 20
_DBF_BYTES = 254


def channels() -> tuple[Channel, ...]:
    """Every download format; CSV in both of its forms."""
    return _CHANNELS


def format_of(channel: Channel) -> str:
    """The name of the download format that a channel of this module reads."""
    return channel.name.removeprefix(_PREFIX).partition(" ")[0]


def written(channel: Channel, entries: tuple[FileEntry, ...]) -> bool:
    """Whether there is such a file; a sheet that cannot hold the rows is left out, and the manifest says so."""
    return any(entry.format == format_of(channel) and entry.bytes for entry in entries)


def _path(form: Format, place: Place, sealed: Sealed) -> str:
    return str((layout.downloads_folder(place.release.folder, place.day) / form.path(sealed.product)).absolute())


def _member(form: Format, name: str, place: Place, sealed: Sealed) -> IO[bytes]:
    return zipfile.ZipFile(_path(form, place, sealed)).open(f"{form.name}/{name}")


def _table(sealed: Sealed) -> str | None:
    """The name of an attribute table; null for the product itself."""
    return None if sealed.kind.qualified == sealed.product.feature_type else sealed.kind.name


def _gml(place: Place, sealed: Sealed) -> Iterator[Row]:
    with _member(formats.GML, f"{sealed.product.id}.gml", place, sealed) as member:
        yield from gml.rows(iter(lambda: member.read(_PIECE), b""), sealed.kind)


def _csv(suffix: str, form: Form, place: Place, sealed: Sealed) -> Iterator[Row]:
    with _member(formats.CSV, f"{_table(sealed) or sealed.product.id}{suffix}", place, sealed) as member:
        yield from tabular.csv_rows(member, sealed.kind, form)


def _xlsx(place: Place, sealed: Sealed) -> Iterator[Row]:
    table = _table(sealed)
    with _member(formats.XLSX, f"{sealed.product.id}.xlsx", place, sealed) as member:
        yield from tabular.xlsx_rows(member, DATA if table is None else sheet_name(table), sealed.kind)


def _geoparquet(place: Place, sealed: Sealed) -> Iterator[Row]:
    with _member(formats.GEOPARQUET, f"{sealed.product.id}.parquet", place, sealed) as member:
        yield from layers.parquet_rows(member, sealed.kind)


def _shapefile(place: Place, sealed: Sealed) -> Iterator[Row]:
    """All of its parts: a large one is split by province."""
    path = _path(formats.SHAPEFILE, place, sealed)
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.endswith(".shp")]
    for part in parts:
        yield from layers.layer_rows(f"/vsizip/{path}/{part}", sealed.kind)


def _geopackage(place: Place, sealed: Sealed) -> Iterator[Row]:
    path = f"/vsizip/{_path(formats.GEOPACKAGE, place, sealed)}/GeoPackage/{sealed.product.id}.gpkg"
    yield from layers.layer_rows(path, sealed.kind, _table(sealed) or sealed.product.id)


def _flatgeobuf(place: Place, sealed: Sealed) -> Iterator[Row]:
    path = f"/vsizip/{_path(formats.FLATGEOBUF, place, sealed)}/FlatGeobuf/{sealed.product.id}.fgb"
    yield from layers.layer_rows(path, sealed.kind)


_PREFIX = "download "
_CHANNELS = (
    Channel(f"{_PREFIX}GML", Part.ALL, _gml),
    Channel(f"{_PREFIX}Shapefile", Part.ALL, _shapefile, longest=_DBF_BYTES),
    Channel(f"{_PREFIX}CSV", Part.ALL, partial(_csv, ".csv", tabular.CANONICAL), points_only=True, tables=True),
    Channel(f"{_PREFIX}CSV (Excel)", Part.ALL, partial(_csv, "-excel.csv", tabular.EXCEL), points_only=True, tables=True),
    Channel(f"{_PREFIX}GeoPackage", Part.ALL, _geopackage, tables=True),
    Channel(f"{_PREFIX}GeoParquet", Part.ALL, _geoparquet),
    Channel(f"{_PREFIX}FlatGeobuf", Part.LOCATED, _flatgeobuf),
    Channel(f"{_PREFIX}XLSX", Part.ALL, _xlsx, points_only=True, tables=True),
)
