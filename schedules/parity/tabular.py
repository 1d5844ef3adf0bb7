"""Rows of CSV in both of its forms, and of XLSX: texts in columns, points in the columns X_L72, Y_L72, LON and LAT."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat
from typing import IO

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray
from openpyxl.utils import get_column_letter

from release.crs import CRS84
from release.schema import FeatureType, Field, FieldType, Geometry
from release.transform import transform_points
from schedules.parity import places
from schedules.parity.errors import Undecodable
from schedules.parity.markup import joined as marked
from schedules.parity.markup import records
from schedules.parity.rows import NOWHERE, Row
from schedules.parity.texts import column, joined, text

POSITIONS = ("X_L72", "Y_L72", "LON", "LAT")

_NEAR = 1.5e-7  # degrees: coordinates have seven decimals
_PIECE = 1 << 20
_FIRST_DAY = date(1899, 12, 30)  # of the numbers that are dates in a sheet, after its leap day that never was


@dataclass(frozen=True)
class Form:
    """How a CSV is written."""

    delimiter: str = ","
    decimal: str = "."
    start: bytes = b""


CANONICAL = Form()
EXCEL = Form(";", ",", b"\xef\xbb\xbf")


def csv_rows(source: IO[bytes], kind: FeatureType, form: Form = CANONICAL) -> Iterator[Row]:
    """The rows below the header; raises `Undecodable`."""
    names = _columns(kind)
    try:
        reader = pa.csv.open_csv(
            source,
            pa.csv.ReadOptions(use_threads=False, block_size=_PIECE),
            pa.csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True),
            pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
        _check_header(reader.schema.names, kind)
        for batch in reader:
            yield from _of_batch(batch, kind, form)
    except pa.ArrowInvalid as error:
        raise Undecodable("it is no CSV in UTF-8 with as many cells in each line") from error


def _of_batch(batch: pa.RecordBatch, kind: FeatureType, form: Form) -> Iterator[Row]:
    texts = joined([column(_pointed(batch.column(field.name), field, form), field) for field in kind.fields])
    if kind.geometry is not Geometry.POINT:
        yield from zip(texts, repeat(NOWHERE), strict=False)
        return
    numbers = [pc.replace_substring(batch.column(name), form.decimal, ".") for name in POSITIONS]
    yield from zip(texts, _placed(numbers), strict=True)


def _pointed(cells: pa.Array, field: Field, form: Form) -> pa.Array:
    return pc.replace_substring(cells, form.decimal, ".") if field.type is FieldType.NUMBER else cells


def _placed(numbers: Sequence[pa.Array]) -> list[bytes]:
    """The four columns of coordinates as places, when both pairs say the same."""
    try:
        read = [pc.if_else(pc.equal(cells, ""), None, cells).cast(pa.float64()).to_numpy(zero_copy_only=False) for cells in numbers]
    except pa.ArrowInvalid as error:
        raise Undecodable("a coordinate is no number") from error
    coordinates: NDArray[np.float64] = np.column_stack(read)
    degrees = transform_points(coordinates[:, :2], CRS84)
    if not np.allclose(degrees, coordinates[:, 2:], rtol=0, atol=_NEAR, equal_nan=True):
        raise Undecodable("LON and LAT are elsewhere than X_L72 and Y_L72")
    return places.points(coordinates[:, :2])


def xlsx_rows(source: IO[bytes], sheet: str, kind: FeatureType) -> Iterator[Row]:
    """The rows of a sheet below its header, which openpyxl reads; raises `Undecodable`."""
    book = openpyxl.load_workbook(source, read_only=True)
    _check_header([str(cell.value) for cell in next(book[sheet].iter_rows(max_row=1))], kind)
    with zipfile.ZipFile(source) as parts, parts.open(f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml") as data:
        found = records(iter(lambda: data.read(_PIECE), b""), b"<row ", b"</row>", _row_pattern(kind))
        for rows in found:
            yield from _of_lines([list(cells) for number, *cells in rows if number != b"1"], kind)


def _of_lines(lines: list[list[bytes]], kind: FeatureType) -> Iterator[Row]:
    typed = [(at, field) for at, field in enumerate(kind.fields) if field.type in (FieldType.DATE, FieldType.NUMBER)]
    for cells in lines:
        for at, field in typed:
            cells[at] = _number(cells[at].decode(), field).encode()
    width = len(kind.fields)
    texts = marked(cells[:width] for cells in lines)
    if kind.geometry is not Geometry.POINT:
        yield from zip(texts, repeat(NOWHERE), strict=False)
        return
    numbers = [pa.array([cells[width + at] for cells in lines]).cast(pa.string()) for at in range(len(POSITIONS))]
    yield from zip(texts, _placed(numbers), strict=True)


def _columns(kind: FeatureType) -> list[str]:
    return [*(field.name for field in kind.fields), *(POSITIONS if kind.geometry is Geometry.POINT else ())]


def _check_header(names: Sequence[str], kind: FeatureType) -> None:
    if list(names) != _columns(kind):
        raise Undecodable("the columns are not those of the schema")


def _row_pattern(kind: FeatureType) -> re.Pattern[bytes]:
    """A row of a sheet: its number, and each cell that it has; the first one has the titles of the columns."""
    cells = "".join(_cell(get_column_letter(at + 1), _is_text(kind, at)) for at in range(len(_columns(kind))))
    return re.compile(rf'<row r="(\d+)"[^>]*>{cells}</row>'.encode())


def _is_text(kind: FeatureType, at: int) -> bool:
    return at < len(kind.fields) and kind.fields[at].type in (FieldType.TEXT, FieldType.URI)


def _cell(name: str, textual: bool) -> str:
    if textual:
        return rf'(?:<c r="{name}\d+"(?: s="\d+")? t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>)?'
    title = rf'<c r="{name}1"(?: s="\d+")? t="inlineStr"><is><t>\w+</t></is></c>'
    return rf'(?:<c r="{name}\d+"(?: s="\d+")?><v>([^<]*)</v></c>|{title})?'


def _number(cell: str, field: Field) -> str:
    """A number that is a date, or an amount, as it is written everywhere."""
    if cell and field.type is FieldType.DATE:
        return (_FIRST_DAY + timedelta(days=int(cell))).isoformat()
    return text(cell, field)
