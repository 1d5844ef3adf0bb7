"""XLSX: a read-me sheet, the rows, and a sheet per attribute table; texts stay texts, so that no house number becomes a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import xlsxwriter

from exports.csv_table import columns, positions
from exports.errors import UnfitLayer
from exports.notice import Notice
from exports.readme import type_name
from exports.text import batches
from release.schema import FeatureType, FieldType
from release.table import PublicTable

MAX_ROWS = 1_048_576
README, DATA = "Lees mij", "Gegevens"

Cell = str | int | float | date | None
Write = Callable[[int, int, Cell], object]


def fits(tables: Iterable[PublicTable]) -> bool:
    """Whether every table has room on one sheet, below its header."""
    return all(len(table) < MAX_ROWS for table in tables)


def sheet_name(table: str) -> str:
    """Sheet of an attribute table, from its name: what follows the prefix and the product, at most 31 characters (a limit of Excel)."""
    return table.rpartition(":")[2].rpartition("_")[2][:31]


def write(table: PublicTable, attributes: Sequence[PublicTable], path: Path, words: Notice, since: date) -> None:
    """Write a workbook row by row; raises `UnfitLayer` when `fits` says no."""
    if not fits([table, *attributes]):
        raise UnfitLayer(f"{path.name}: a sheet holds {MAX_ROWS} rows")
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": words.title, "author": words.publisher, "created": datetime.combine(since, time.min)})
        _readme(book, words, [table.feature_type, *(attribute.feature_type for attribute in attributes)])
        _sheet(book, DATA, table)
        for attribute in attributes:
            _sheet(book, sheet_name(attribute.feature_type.name), attribute)


def _readme(book: xlsxwriter.Workbook, words: Notice, kinds: Sequence[FeatureType]) -> None:
    lines: list[tuple[str, ...]] = [(words.title,), (words.abstract,), (words.state,), (words.reuse,), (words.attribution,)]
    lines += [(words.licence_name, words.licence), (words.publisher, words.contact), ("",)]
    for kind in kinds:
        lines += [(kind.title.nl,), *((field.name, type_name(field), field.title.nl, field.ground) for field in kind.fields), ("",)]
    sheet = book.add_worksheet(README)
    for row, cells in enumerate(lines):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)


def _sheet(book: xlsxwriter.Workbook, name: str, table: PublicTable) -> None:
    sheet, kind = book.add_worksheet(name), table.feature_type
    names = columns(kind)
    writers = [_writer(book, sheet, field.type) for field in kind.fields]
    writers += [sheet.write_number] * (len(names) - len(writers))
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(names):
        sheet.write_string(0, column, title)
    row = 0
    for batch in batches(table):
        for row, cells in enumerate(zip(*_values(batch), strict=True), row + 1):  # noqa: B020 # goes on where the batch before ended
            for column, cell in enumerate(cells):
                if cell is not None:
                    writers[column](row, column, cell)


def _writer(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, type_: FieldType) -> Write:
    if type_ is FieldType.DATE:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, column, cell: sheet.write_datetime(row, column, cell, day)
    writer: Write = sheet.write_number if type_ in (FieldType.INTEGER, FieldType.NUMBER) else sheet.write_string
    return writer


def _values(batch: PublicTable) -> list[list[Cell]]:
    values: list[list[Cell]] = [batch.arrow[field.name].to_pylist() for field in batch.feature_type.fields]
    for numbers, crs in positions(batch):
        values.append([None if np.isnan(number) else number for number in np.round(numbers, crs.decimals).tolist()])
    return values
