"""PostGIS after a load: the views give the rows of the sealed table. It is loaded after the pointer moved, so that this only reports."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

import psycopg
from psycopg import sql

from release.reader import Release
from release.schema import FeatureType, Geometry
from schedules.errors import LoadFailed
from schedules.parity import places
from schedules.parity.rows import NOWHERE, SEPARATOR, Row, Rows, Shape
from schedules.parity.sealed import Sealed, withdrawn
from schedules.postgis import VIEWS, Cursor, address, sql_name


def differences(release: Release, url: str, day: date) -> list[str]:
    """In words every view that differs; a view shows the day that the database has, never earlier than the sealed one.

    Raises `LoadFailed`.
    """
    try:
        with psycopg.connect(address(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT greatest((now() AT TIME ZONE 'Europe/Brussels')::date, %s)", [day])
            (shown,) = cursor.fetchone() or (day,)
            assert isinstance(shown, date)
            return [words for sealed in _views(release, shown) if (words := _difference(cursor, sealed, shown))]
    except psycopg.Error as error:
        raise LoadFailed(f"what PostGIS holds cannot be read: {type(error).__name__} ({error.sqlstate})") from None


def _views(release: Release, day: date) -> Iterator[Sealed]:
    """Every product that is public on the day, and each attribute table once."""
    tables: dict[str, Sealed] = {}
    for product in release.schema.products:
        if not withdrawn(release, product, day):
            yield Sealed.of(release, product, day)
            tables |= {name: Sealed.attribute(release, product, name, day) for name in product.tables}
    yield from tables.values()


def _difference(cursor: Cursor, sealed: Sealed, day: date) -> str:
    table = sealed.kind.qualified != sealed.product.feature_type
    name, key = sealed.kind.name if table else sealed.product.id, Shape(sealed.kind).key
    found, expected = Rows.of(_rows(cursor, name, sealed.kind), key), Rows.of(sealed.rows(), key)
    if found.digest(places=True) == expected.digest(places=True):
        return ""
    lacking, strange = found.lacking(expected, places=True), expected.lacking(found, places=True)
    counts = f"{len(found)} rows for {len(expected)}"
    return f"{day} PostGIS: the view {name} gives {counts}: {lacking} are lacking or changed, {strange} are not sealed"


def _rows(cursor: Cursor, view: str, kind: FeatureType) -> Iterator[Row]:
    columns: list[sql.Composable] = [sql.Identifier(sql_name(field.name)) for field in kind.fields]
    if kind.geometry is not None:
        columns.append(sql.SQL("encode(ST_AsBinary({}, 'NDR'), 'hex')").format(sql.Identifier(sql_name(kind.geometry_name))))
    question = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(columns), sql.Identifier(VIEWS, sql_name(view))
    )
    with cursor.copy(question) as copy:
        for line in csv.reader(_lines(bytes(data).decode() for data in copy)):
            texts, shape = (line, "") if kind.geometry is None else (line[:-1], line[-1])
            yield SEPARATOR.join(texts).encode(), _place(shape, kind)


def _place(shape: str, kind: FeatureType) -> bytes:
    if not shape:
        return NOWHERE
    data = bytes.fromhex(shape)
    return places.wkb_points([data])[0] if kind.geometry is Geometry.POINT else places.wkb_area(data)


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    """Lines with their ends, of pieces that hold one row each."""
    for piece in pieces:
        yield from StringIO(piece, newline="")
