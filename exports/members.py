"""The data files inside each zip, by format: `GML/POI.gml`, `GML/POI.xsd`, …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from exports import csv_table, flatgeobuf, formats, geopackage, geoparquet, gml, gml_schema, shapefile, xlsx
from exports.archive import chunks
from exports.formats import Format
from exports.notice import Notice
from exports.text import batches
from release.table import PublicTable

Member = tuple[str, Iterable[bytes]]


@dataclass(frozen=True, eq=False)
class Export:
    """What one product's files are made from: its rows on one day, its attribute tables and the date of the content."""

    name: str
    table: PublicTable
    attributes: tuple[PublicTable, ...]
    since: date
    words: Notice
    wfs_url: str

    def tables(self, format_: Format) -> tuple[PublicTable, ...]:
        """The tables that a format holds."""
        return (self.table, *(self.attributes if format_.tables else ()))


def members(export: Export, format_: Format, work: Path) -> Iterator[Member]:
    """Names without folder, and content in pieces, of the data files of a format; `work` is an empty folder for files of GDAL."""
    return _MAKERS[format_](export, work)


def _gml(export: Export, work: Path) -> Iterator[Member]:
    yield f"{export.name}.gml", _gml_document(export)
    yield f"{export.name}.xsd", [gml_schema.application_schema([export.table.feature_type], export.wfs_url)]


def _gml_document(export: Export) -> Iterator[bytes]:
    """A wfs:FeatureCollection whose schema lies beside it."""
    rows, stamp = len(export.table), gml.midnight(export.since)
    yield gml.collection_head([export.table.feature_type], rows, rows, stamp, f"{export.name}.xsd")
    for batch in batches(export.table):
        yield gml.Gml32().fragments(batch)[0]
    yield gml.TAIL


def _shapefile(export: Export, work: Path) -> Iterator[Member]:
    shapefile.write(export.table, work, export.name, export.since)
    return _files(work)


def _csv(export: Export, work: Path) -> Iterator[Member]:
    for name, table in ((export.name, export.table), *((table.feature_type.name, table) for table in export.attributes)):
        yield f"{name}.csv", csv_table.document(table)
        yield f"{name}-excel.csv", csv_table.document(table, csv_table.EXCEL)
        yield f"{name}.csv-metadata.json", [csv_table.metadata(table.feature_type, f"{name}.csv", export.since, export.words.licence)]


def _geopackage(export: Export, work: Path) -> Iterator[Member]:
    geopackage.write(export.table, export.attributes, work / f"{export.name}.gpkg", export.name, export.since)
    return _files(work)


def _geoparquet(export: Export, work: Path) -> Iterator[Member]:
    geoparquet.write(export.table, work / f"{export.name}.parquet")
    return _files(work)


def _flatgeobuf(export: Export, work: Path) -> Iterator[Member]:
    flatgeobuf.write(export.table, work / f"{export.name}.fgb", export.name, export.since)
    return _files(work)


def _xlsx(export: Export, work: Path) -> Iterator[Member]:
    xlsx.write(export.table, export.attributes, work / f"{export.name}.xlsx", export.words, export.since)
    return _files(work)


def _files(work: Path) -> Iterator[Member]:
    return ((path.name, chunks(path)) for path in sorted(work.iterdir()))


_MAKERS: Mapping[Format, Callable[[Export, Path], Iterator[Member]]] = {
    formats.GML: _gml,
    formats.SHAPEFILE: _shapefile,
    formats.CSV: _csv,
    formats.GEOPACKAGE: _geopackage,
    formats.GEOPARQUET: _geoparquet,
    formats.FLATGEOBUF: _flatgeobuf,
    formats.XLSX: _xlsx,
}
