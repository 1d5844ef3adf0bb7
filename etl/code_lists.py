"""Code lists from the Excel attachments of MAGDA documents (DOMAIN 7.2)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from etl.definitions import DatasetDefinition, RecordField
from etl.errors import BadDefinition

_LARGEST = 10 << 20  # MAGDA attachments are at most 10 MB (DOMAIN 7.1)
_LARGEST_UNPACKED = 200 << 20
_MOST_ROWS = 100_000
_MOST_COLUMNS = 100
_HEADER_WITHIN = 30  # rows; titles and versions stand above the header

_CODE = ("code", "waarde", "codewaarde", "id", "sleutel")
_LABEL = ("omschrijving", "betekenis", "label", "naam", "titel", "beschrijving", "description")


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its label, which may be empty."""

    code: str
    label: str


def load(path: Path, sheet: str | None = None) -> tuple[Code, ...]:
    """The codes of a sheet (default: the first that has a header with a code and a label column), in the sheet's order.

    Raises `BadDefinition` naming the file and what is wrong: absent, too large, no .xlsx, no header, no or double codes.
    """
    _check_size(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadDefinition(f"{path}: is no readable .xlsx file") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise BadDefinition(f"{path}: has no sheet {sheet!r}; it has {', '.join(book.sheetnames)}")
        for name in [sheet] if sheet is not None else book.sheetnames:
            codes = _codes(book[name].iter_rows(max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS), f"{path}, sheet {name}")
            if codes is not None:
                return codes
    finally:
        book.close()
    raise BadDefinition(f"{path}: no row names a column {'/'.join(_CODE[:2])} and a column {'/'.join(_LABEL[:2])}")


def resolve(definition: DatasetDefinition, folder: Path) -> DatasetDefinition:
    """The definition with `codes` filled from every `code_list`: `file.xlsx` or `file.xlsx#sheet`, beside the definition."""
    fields = tuple(_with_codes(field, folder) for field in definition.record.fields)
    return definition.model_copy(update={"record": definition.record.model_copy(update={"fields": fields})})


def _with_codes(field: RecordField, folder: Path) -> RecordField:
    if field.code_list is None:
        return field
    name, _, sheet = field.code_list.partition("#")
    if Path(name).name != name or not name.endswith(".xlsx"):
        raise BadDefinition(f"{field.path}: code_list must be the plain name of an .xlsx file beside the definition")
    codes = tuple(code.code for code in load(folder / name, sheet or None))
    return field.model_copy(update={"codes": codes})


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
    except FileNotFoundError:
        raise BadDefinition(f"{path}: does not exist") from None
    except (zipfile.BadZipFile, OSError) as error:
        raise BadDefinition(f"{path}: is no readable .xlsx file") from error
    if size > _LARGEST or unpacked > _LARGEST_UNPACKED:
        raise BadDefinition(f"{path}: is larger than a code list can be")


def _codes(rows: Iterator[Iterable[object]], place: str) -> tuple[Code, ...] | None:
    """The codes below the header; null when there is no header."""
    columns = next((found for row in islice(rows, _HEADER_WITHIN) if (found := _header([_text(cell) for cell in row]))), None)
    if columns is None:
        return None
    codes = [Code(cells[columns[0]], cells[columns[1]]) for cells in ([_text(cell) for cell in row] for row in rows) if any(cells)]
    names = [code.code for code in codes]
    if not codes or "" in names:
        raise BadDefinition(f"{place}: has no codes, or a row without one")
    if len(set(names)) != len(names):
        raise BadDefinition(f"{place}: has a code twice")
    if len(names) >= _MOST_ROWS:
        raise BadDefinition(f"{place}: is larger than a code list can be")
    return tuple(codes)


def _header(cells: list[str]) -> tuple[int, int] | None:
    """Columns of code and label; `waarde` is the code beside `betekenis`, as `code` is beside `omschrijving`."""
    names = [cell.lower() for cell in cells]
    code = next((names.index(name) for name in _CODE if name in names), None)
    label = next((names.index(name) for name in _LABEL if name in names), None)
    return None if code is None or label is None else (code, label)


def _text(cell: object) -> str:
    """A cell as it is shown: Excel turns the code 007 into the number 7 with the format 000."""
    value, shown_as = getattr(cell, "value", None), getattr(cell, "number_format", None)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and isinstance(shown_as, str) and set(shown_as) == {"0"}:
        return str(value).zfill(len(shown_as))
    return "" if value is None else str(value).strip()
