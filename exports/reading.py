"""What an eye that did not write a download sees in it: how many rows each table has, and which ids.

fiona (with a GDAL of its own) reads GML, Shapefile, GeoPackage, FlatGeobuf and CSV, pyarrow GeoParquet, openpyxl and lxml XLSX,
the csv module of Python the CSV for Excel. Nothing here knows the schema: the files must speak for themselves.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

import fiona
import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
from lxml import etree

from exports import formats
from exports.xlsx import DATA, README, sheet_name

MAIN, LOCATED = "", "located"
"""Names of the product's own table, and of the rows of it that have a position; an attribute table has the name of its sheet."""

BY_FIONA = frozenset(format_.name for format_ in (formats.GML, formats.SHAPEFILE, formats.CSV, formats.GEOPACKAGE, formats.FLATGEOBUF))
"""Formats that another GDAL reads than the one that wrote them (DESIGN decision 8)."""

_DOCUMENTS = frozenset({"LICENTIE.txt", "LEESMIJ.html", "metadata.xml"})
_IDS = ("OIDN", "NISCODE")  # of an object, of a municipality; in a table with neither the first field
_NO_FIELDS = frozenset({"gml_id", "fid"})  # what GDAL adds
_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"
_EXCEL, _CSV = "-excel.csv", ".csv"


@dataclass(frozen=True, slots=True)
class Reading:
    """How many rows a table has, and a digest of their ids in order of value; empty when they were only counted."""

    rows: int
    ids: str


class Depth(Enum):
    """How far a download is read."""

    IDS = "ids"
    COUNTS = "counts"  # how many rows GDAL finds; of the formats that it does not read nothing
    DOCUMENTS = "documents"  # whether licence, read-me and metadata are there


@dataclass(frozen=True, slots=True)
class Download:
    """A zip on disk: of which product, in which format (a name of `exports.formats`), and how far it is read."""

    path: Path
    product: str
    format: str
    depth: Depth = Depth.IDS

    def inside(self, member: str) -> str:
        """Path of a member for GDAL."""
        return f"/vsizip/{self.path.absolute()}/{member}"

    def members(self) -> list[str]:
        """Names of everything in the zip; raises `BadZipFile`, `OSError`."""
        with zipfile.ZipFile(self.path) as file:
            return file.namelist()


def read(download: Download) -> dict[str, Reading] | str:
    """Readings by table, or why there are none; the reason never holds a value."""
    try:
        missing = _DOCUMENTS - set(download.members())
        if missing:
            return f"{', '.join(sorted(missing))} absent"
        return {} if download.depth is Depth.DOCUMENTS else _READERS[download.format](download)
    except Exception as error:  # noqa: BLE001 # whatever a foreign library raises is the finding
        return f"cannot be read ({type(error).__name__})"


def _reading(ids: Iterable[object]) -> Reading:
    texts = sorted(map(str, ids))
    return Reading(len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest())


def _id_name(names: Iterable[str]) -> str:
    own = [name for name in names if name not in _NO_FIELDS]
    return next((name for name in _IDS if name in own), own[0])


def _opened(download: Download, path: str, layer: str | None = None, whole: bool = False) -> Reading:
    """A layer as fiona reads it."""
    if download.depth is Depth.IDS:
        return _reading(_ids(path, layer, whole))
    with fiona.open(path, layer=layer, ignore_geometry=True) as source:
        return Reading(sum(1 for _ in source.keys()), "")  # noqa: SIM118 # its length is what the file states, or an error


def _ids(path: str, layer: str | None = None, whole: bool = False) -> Iterator[object]:
    """Values of the id field, as fiona reads them; `whole` for drivers that cannot leave out fields."""
    with fiona.open(path, layer=layer) as source:
        name = _id_name(source.schema["properties"])
    only = {} if whole else {"include_fields": [name]}
    with fiona.open(path, layer=layer, ignore_geometry=True, **only) as source:
        for feature in source:
            yield feature.properties[name]


def _gml(download: Download) -> dict[str, Reading]:
    return {MAIN: _opened(download, download.inside(f"GML/{download.product}.gml"), whole=True)}


def _shapefile(download: Download) -> dict[str, Reading]:
    parts = [name for name in download.members() if name.endswith(".shp")]  # more than one where it is split by province
    if download.depth is Depth.COUNTS:
        return {MAIN: Reading(sum(_opened(download, download.inside(part)).rows for part in parts), "")}
    return {MAIN: _reading(value for part in parts for value in _ids(download.inside(part)))}


def _geopackage(download: Download) -> dict[str, Reading]:
    path = download.inside(f"GeoPackage/{download.product}.gpkg")
    return {_table(layer, download): _opened(download, path, layer) for layer in fiona.listlayers(path)}


def _flatgeobuf(download: Download) -> dict[str, Reading]:
    return {LOCATED: _opened(download, download.inside(f"FlatGeobuf/{download.product}.fgb"))}


def _csv(download: Download) -> dict[str, Reading]:
    readings = {}
    for member in download.members():
        if member.endswith(_CSV) and not member.endswith(_EXCEL):
            reading = _opened(download, download.inside(member))
            if download.depth is Depth.IDS and _reading(_excel_ids(download.path, member.removesuffix(_CSV) + _EXCEL)) != reading:
                raise ValueError("the CSV for Excel holds other rows")
            readings[_table(Path(member).stem, download)] = reading
    return readings


def _excel_ids(path: Path, member: str) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive, io.TextIOWrapper(archive.open(member), "utf-8-sig", newline="") as lines:
        rows = csv.reader(lines, delimiter=";")
        header = next(rows)
        column = header.index(_id_name(header))
        yield from (row[column] for row in rows)


def _geoparquet(download: Download) -> dict[str, Reading]:
    with zipfile.ZipFile(download.path) as file, file.open(f"GeoParquet/{download.product}.parquet") as member:
        source = pq.ParquetFile(member)
        geometry = json.loads(source.schema_arrow.metadata[b"geo"])["primary_column"]
        name = _id_name(source.schema_arrow.names)
        table = source.read([name, geometry])
    located = table.filter(pc.is_valid(table[geometry]))
    return {MAIN: _reading(table[name].to_pylist()), LOCATED: _reading(located[name].to_pylist())}


def _xlsx(download: Download) -> dict[str, Reading]:
    with zipfile.ZipFile(download.path) as file, file.open(f"XLSX/{download.product}.xlsx") as member:
        book = openpyxl.load_workbook(member, read_only=True)
        sheets: Sequence[str] = [name for name in book.sheetnames if name != README]
        return {MAIN if name == DATA else name: _reading(_cells(member, book, name)) for name in sheets}


def _cells(member: IO[bytes], book: openpyxl.Workbook, sheet: str) -> Iterator[str]:
    """The id cell of every row below the header. openpyxl finds the column; reading each cell with it would take a minute."""
    header = next(book[sheet].iter_rows(max_row=1))
    name = _id_name(str(cell.value) for cell in header)
    column = next(cell.column_letter for cell in header if cell.value == name)
    with zipfile.ZipFile(member) as file, file.open(f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml") as source:
        for _, row in etree.iterparse(source, tag=_ROW, huge_tree=True, resolve_entities=False, no_network=True):
            number = row.get("r")
            if number != "1":
                yield from ("".join(cell.itertext()) for cell in row if cell.get("r") == f"{column}{number}")
            row.clear()
            del row.getparent()[0]


def _table(name: str, download: Download) -> str:
    return MAIN if name == download.product else sheet_name(name)


_READERS: Mapping[str, Callable[[Download], dict[str, Reading]]] = {
    formats.GML.name: _gml,
    formats.SHAPEFILE.name: _shapefile,
    formats.CSV.name: _csv,
    formats.GEOPACKAGE.name: _geopackage,
    formats.GEOPARQUET.name: _geoparquet,
    formats.FLATGEOBUF.name: _flatgeobuf,
    formats.XLSX.name: _xlsx,
}
