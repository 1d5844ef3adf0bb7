"""Read every download back with an eye that did not write it: counts and ids must agree among the formats and with the manifest.

fiona (with a GDAL of its own) reads GML, Shapefile, GeoPackage, FlatGeobuf and CSV, pyarrow GeoParquet, openpyxl and lxml XLSX,
the csv module of Python the CSV for Excel.
"""

from __future__ import annotations

import csv
import hashlib
import io
import multiprocessing
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import fiona
import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
from lxml import etree

from exports import formats
from exports.xlsx import DATA, sheet_name
from release.manifest import ProductEntry
from release.schema import FeatureType, Schema

_DOCUMENTS = {"LICENTIE.txt", "LEESMIJ.html", "metadata.xml"}
_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one eye saw of one table: how many rows, and a digest of their ids in order of value."""

    rows: int
    ids: str


Readings = dict[str, Reading]
"""By table: the product's own under its feature type, what is located of it under `LOCATED`, attribute tables under theirs."""

LOCATED = "located"


@dataclass(frozen=True, slots=True)
class _Zip:
    path: Path
    name: str  # of the product
    kind: FeatureType
    attributes: tuple[FeatureType, ...]

    def inside(self, member: str) -> str:
        """Path of a member for GDAL."""
        return f"/vsizip/{self.path}/{member}"


def check(folder: Path, products: Mapping[str, ProductEntry], schema: Schema, workers: int = 1) -> list[str]:
    """Problems found in the downloads below `folder`, empty when all is well. More than one worker reads in processes of their own."""
    jobs = [
        (product, entry.format, entry.path, _archive(folder / entry.path, product, schema))
        for product, known in products.items()
        for entry in known.files
        if entry.bytes
    ]
    tasks = [(format_, archive) for _, format_, _, archive in jobs]
    problems, readings = [], _read_all(tasks, workers)
    seen: dict[str, dict[str, Readings]] = {product: {} for product in products}
    for (product, format_, path, _), reading in zip(jobs, readings, strict=True):
        if isinstance(reading, str):
            problems.append(f"{path}: {reading}")
        else:
            seen[product][format_] = reading
    for product, known in products.items():
        problems += _compare(product, known, schema.feature_type(schema.product(product).feature_type).qualified, seen[product])
    return problems


def _archive(path: Path, product: str, schema: Schema) -> _Zip:
    known = schema.product(product)
    return _Zip(path, product, schema.feature_type(known.feature_type), tuple(schema.feature_type(name) for name in known.tables))


def _read_all(tasks: Sequence[tuple[str, _Zip]], workers: int) -> list[Readings | str]:
    if workers == 1:
        return [_read(task) for task in tasks]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(_read, tasks))


def _read(task: tuple[str, _Zip]) -> Readings | str:
    """What is in a zip, or why it cannot be read; never with a value."""
    format_, archive = task
    try:
        with zipfile.ZipFile(archive.path) as file:
            missing = _DOCUMENTS - set(file.namelist())
        return f"{', '.join(sorted(missing))} absent" if missing else _READERS[format_](archive)
    except Exception as error:  # noqa: BLE001 # whatever a foreign library raises is the finding
        return f"cannot be read ({type(error).__name__})"


def _compare(product: str, entry: ProductEntry, main: str, seen: Mapping[str, Readings]) -> Iterator[str]:
    """Against the manifest, and every format against the first one that holds the same table."""
    for format_, readings in seen.items():
        for table, reading in readings.items():
            expected = {main: entry.public, LOCATED: entry.located}.get(table)
            if expected is not None and reading.rows != expected:
                yield f"{product}: {format_} has {reading.rows} rows of {table}, the manifest says {expected}"
            first = next(name for name, others in seen.items() if table in others)
            if reading.ids != seen[first][table].ids:
                yield f"{product}: the ids of {table} differ between {first} and {format_}"


def _reading(ids: Iterable[object]) -> Reading:
    texts = sorted(map(str, ids))
    return Reading(len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest())


def _id_name(kind: FeatureType) -> str:
    """OIDN of an object, NISCODE of a municipality, else the first field."""
    names = [field.name for field in kind.fields]
    return next((name for name in ("OIDN", "NISCODE") if name in names), names[0])


def _ids(path: str, kind: FeatureType, layer: str | None = None, skip_fields: bool = True) -> Iterator[object]:
    """Values of the id field, as fiona reads them."""
    name = _id_name(kind)
    only = {"include_fields": [name]} if skip_fields else {}
    with fiona.open(path, layer=layer, ignore_geometry=True, **only) as layer_:
        for feature in layer_:
            yield feature.properties[name]


def _gml(archive: _Zip) -> Readings:
    ids = _ids(archive.inside(f"GML/{archive.name}.gml"), archive.kind, skip_fields=False)  # the driver reads every field
    return {archive.kind.qualified: _reading(ids)}


def _shapefile(archive: _Zip) -> Readings:
    with zipfile.ZipFile(archive.path) as file:
        parts = sorted(name for name in file.namelist() if name.endswith(".shp"))
    return {archive.kind.qualified: _reading(value for part in parts for value in _ids(archive.inside(part), archive.kind))}


def _geopackage(archive: _Zip) -> Readings:
    path = archive.inside(f"GeoPackage/{archive.name}.gpkg")
    layers = {archive.name: archive.kind} | {kind.name: kind for kind in archive.attributes}
    return {kind.qualified: _reading(_ids(path, kind, layer)) for layer, kind in layers.items()}


def _flatgeobuf(archive: _Zip) -> Readings:
    return {LOCATED: _reading(_ids(archive.inside(f"FlatGeobuf/{archive.name}.fgb"), archive.kind))}


def _csv(archive: _Zip) -> Readings:
    readings = {}
    for name, kind in ((archive.name, archive.kind), *((kind.name, kind) for kind in archive.attributes)):
        readings[kind.qualified] = _reading(_ids(archive.inside(f"CSV/{name}.csv"), kind))
        if _reading(_excel_ids(archive.path, f"CSV/{name}-excel.csv", kind)) != readings[kind.qualified]:
            raise ValueError("the CSV for Excel differs")
    return readings


def _excel_ids(path: Path, member: str, kind: FeatureType) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive, io.TextIOWrapper(archive.open(member), "utf-8-sig", newline="") as lines:
        rows = csv.reader(lines, delimiter=";")
        column = next(rows).index(_id_name(kind))
        yield from (row[column] for row in rows)


def _geoparquet(archive: _Zip) -> Readings:
    with zipfile.ZipFile(archive.path) as file, file.open(f"GeoParquet/{archive.name}.parquet") as member:
        name, geometry = _id_name(archive.kind), archive.kind.geometry_name
        table = pq.read_table(member, columns=[name, geometry])
    located = table.filter(pc.is_valid(table[geometry]))
    return {archive.kind.qualified: _reading(table[name].to_pylist()), LOCATED: _reading(located[name].to_pylist())}


def _xlsx(archive: _Zip) -> Readings:
    with zipfile.ZipFile(archive.path) as file, file.open(f"XLSX/{archive.name}.xlsx") as member:
        book = openpyxl.load_workbook(member, read_only=True)
        sheets = {DATA: archive.kind} | {sheet_name(kind): kind for kind in archive.attributes}
        return {kind.qualified: _reading(_cells(member, book, sheet, kind)) for sheet, kind in sheets.items()}


def _cells(member: IO[bytes], book: openpyxl.Workbook, sheet: str, kind: FeatureType) -> Iterator[str]:
    """The id cell of every row below the header. openpyxl finds the column; reading each cell with it would take a minute."""
    header = next(book[sheet].iter_rows(max_row=1))
    column = next(cell.column_letter for cell in header if cell.value == _id_name(kind))
    with zipfile.ZipFile(member) as file, file.open(f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml") as source:
        for _, row in etree.iterparse(source, tag=_ROW, huge_tree=True, resolve_entities=False, no_network=True):
            number = row.get("r")
            if number != "1":
                yield from ("".join(cell.itertext()) for cell in row if cell.get("r") == f"{column}{number}")
            row.clear()
            del row.getparent()[0]


_READERS: Mapping[str, Callable[[_Zip], Readings]] = {
    formats.GML.name: _gml,
    formats.SHAPEFILE.name: _shapefile,
    formats.CSV.name: _csv,
    formats.GEOPACKAGE.name: _geopackage,
    formats.GEOPARQUET.name: _geoparquet,
    formats.FLATGEOBUF.name: _flatgeobuf,
    formats.XLSX.name: _xlsx,
}
