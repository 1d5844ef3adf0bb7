"""CSV: the canonical form (RFC 4180), the form that a Belgian Excel opens, and CSVW metadata.

A row is the fields and, for points, `X_L72, Y_L72, LON, LAT`; multipolygons and attribute tables have no coordinates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exports.text import TEXTUAL, Escape, Parts, assembled, batches, coordinates, fixed, joined, refusing, texts_bytes, unchanged, wrapped
from release.crs import CRS84, LAMBERT72, Crs, CrsRef
from release.schema import FeatureType, Field, FieldType, Geometry
from release.table import PublicTable
from release.transform import transform_points

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
POSITIONS: tuple[tuple[str, Crs, int], ...] = (("X_L72", LAMBERT72, 0), ("Y_L72", LAMBERT72, 1), ("LON", CRS84, 0), ("LAT", CRS84, 1))
"""Coordinate columns of points: name, CRS, and axis in x, y order."""

_FORMULA = r"^[=+\-@]"  # CONTRACT A.4: no value begins with = + - @
_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How rows are written."""

    delimiter: str
    decimal: str
    start: bytes = b""


CANONICAL = Dialect(",", ".")
EXCEL = Dialect(";", ",", start=b"\xef\xbb\xbf")  # DOMAIN 8: the list separator and decimal comma of Belgian Windows, and its BOM


class Csv:
    """The encoder `csv`: canonical rows. Coordinates are columns of their own, so the cut is empty and no CRS changes a row."""

    name = "csv"

    def fragments(self, table: PublicTable) -> tuple[bytes, NDArray[np.int64]]:
        """Rows with line ends; raises `UnfitText` for a value that a spreadsheet would run as a formula."""
        return assembled(_parts(batch) for batch in batches(table))

    def points(self, coordinates: NDArray[np.float64], crs: CrsRef) -> list[bytes]:
        """Nothing to put in the cut."""
        return [b""] * len(coordinates)

    def polygons(self, wkb: Sequence[bytes | None], crs: CrsRef) -> list[bytes]:
        """Nothing to put in the cut."""
        return [b""] * len(wkb)


def columns(feature_type: FeatureType) -> tuple[str, ...]:
    """Names of the columns, in order."""
    positions = POSITIONS if feature_type.geometry is Geometry.POINT else ()
    return (*(field.name for field in feature_type.fields), *(name for name, _, _ in positions))


def header(feature_type: FeatureType, dialect: Dialect = CANONICAL) -> bytes:
    """First line of a file or answer, with what goes before it."""
    return dialect.start + (dialect.delimiter.join(columns(feature_type)) + _LINE_END).encode()


def document(table: PublicTable, dialect: Dialect = CANONICAL) -> Iterator[bytes]:
    """A whole file, in pieces; raises `UnfitText` as `Csv.fragments`."""
    yield header(table.feature_type, dialect)
    for batch in batches(table):
        yield texts_bytes(rows(batch, dialect))


def rows(batch: PublicTable, dialect: Dialect = CANONICAL) -> pa.StringArray:
    """One text per row, with its line end."""
    parts: list[pa.StringArray | str] = []
    for position, field in enumerate(batch.feature_type.fields):
        before = dialect.delimiter if position else ""
        parts.append(wrapped(batch.arrow[field.name], _escape(field, dialect), before, "", before))
    for values, crs in positions(batch):
        parts += [dialect.delimiter, _decimal(fixed(values, crs.decimals), dialect)]
    return joined(*parts, _LINE_END)


def positions(batch: PublicTable) -> Iterator[tuple[NDArray[np.float64], Crs]]:
    """Values of the columns of `POSITIONS`, NaN where there is no position; nothing for tables that are no points."""
    if batch.feature_type.geometry is Geometry.POINT:
        lambert = coordinates(batch)
        points = {LAMBERT72: lambert, CRS84: transform_points(lambert, CRS84)}
        for _, crs, axis in POSITIONS:
            yield points[crs][:, axis], crs


def metadata(feature_type: FeatureType, file_name: str, since: date, licence: str) -> bytes:
    """CSVW description of a file (W3C Metadata Vocabulary for Tabular Data), to be named `<file>-metadata.json`."""
    described = [_csvw_column(field) for field in feature_type.fields]
    if feature_type.geometry is Geometry.POINT:
        described += [_csvw_coordinate(name) for name, _, _ in POSITIONS]
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": file_name,
        "dc:title": feature_type.title.nl,
        "dc:description": feature_type.abstract.nl,
        "dc:modified": {"@value": since.isoformat(), "@type": "xsd:date"},
        "dc:license": {"@id": licence},
        "dialect": {"encoding": "utf-8", "delimiter": CANONICAL.delimiter, "header": True, "lineTerminators": [_LINE_END]},
        "tableSchema": {"columns": described},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _parts(batch: PublicTable) -> Parts:
    nothing = pa.nulls(len(batch), pa.string())
    return rows(batch), nothing, nothing


def _escape(field: Field, dialect: Dialect) -> Escape:
    if field.type in TEXTUAL:
        return refusing(field, _FORMULA, "a value that begins with = + - or @", lambda texts: _quoted(texts, dialect))
    return (lambda texts: _decimal(texts, dialect)) if field.type is FieldType.NUMBER else unchanged


def _decimal(texts: pa.StringArray, dialect: Dialect) -> pa.StringArray:
    return texts if dialect.decimal == "." else pc.replace_substring(texts, ".", dialect.decimal)


def _quoted(texts: pa.StringArray, dialect: Dialect) -> pa.StringArray:
    """RFC 4180 §2.6, §2.7: quoted where needed, quotes doubled."""
    needed = pc.match_substring_regex(texts, f'[{dialect.delimiter}"\r\n]')
    if not pc.any(needed).as_py():
        return texts
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "", null_handling="emit_null")
    return pc.if_else(needed, quoted, texts)


_CSVW_TYPES = {
    FieldType.TEXT: "string",
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "decimal",
    FieldType.URI: "anyURI",
    FieldType.DATE: "date",
}
_COORDINATE_TITLES = {
    "X_L72": "x in Lambert 72 (EPSG:31370), meter",
    "Y_L72": "y in Lambert 72 (EPSG:31370), meter",
    "LON": "lengtegraad (ETRS89), graden",
    "LAT": "breedtegraad (ETRS89), graden",
}


def _csvw_column(field: Field) -> dict[str, object]:
    datatype: dict[str, object] = {"base": _CSVW_TYPES[field.type]}
    if field.length is not None and field.type is FieldType.TEXT:
        datatype["maxLength"] = field.length
    return {"name": field.name, "titles": field.name, "dc:description": field.title.nl, "datatype": datatype, "required": field.required}


def _csvw_coordinate(name: str) -> dict[str, object]:
    return {"name": name, "titles": name, "dc:description": _COORDINATE_TITLES[name], "datatype": {"base": "decimal"}, "required": False}
