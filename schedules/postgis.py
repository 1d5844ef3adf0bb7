"""After publication: the release as views in PostGIS, for people and servers that live in SQL (DESIGN decision 10).

Schema `vlok` has one view per product and per attribute table, of public fields only. A view gives the rows of today in
Brussels, so that what ends disappears by itself, and raises an error from the day on which a dataset is withdrawn: never
an empty answer (CONTRACT A.4). The rows and their calendar are in schema `vlok_rows`, which nobody but the owner may use.
Grants on the views stay from release to release; a view of someone else is dropped with what it reads, when that is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import BytesIO

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pc
import shapely
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from release.freshness import reason
from release.reader import Release
from release.schema import Dataset, FeatureType, Field, FieldType, Geometry, Product
from release.table import FROM, ID, UNTIL, WKB, PublicTable, X, Y, from_day, to_day
from schedules.errors import LoadFailed

VIEWS, ROWS = "vlok", "vlok_rows"
BATCH = 50_000
"""Rows that are copied at a time, so that memory does not grow with the table."""

_SRID = 31370
_TYPES = {
    FieldType.TEXT: "text",
    FieldType.URI: "text",
    FieldType.INTEGER: "bigint",
    FieldType.NUMBER: "numeric(12, 2)",
    FieldType.DATE: "date",
}
_NEXT = "{}_next"

Cursor = psycopg.Cursor[tuple[object, ...]]


def load(release: Release, url: str, day: date) -> None:
    """Load every table of a release sealed for `day`, wholly or not at all; raises `LoadFailed`."""
    try:
        with psycopg.connect(address(url)) as connection, connection.cursor() as cursor:
            _prepare(cursor)
            for table in release.tables.values():
                _copy(cursor, table.table, day)
            _swap(cursor, release, day)
    except psycopg.Error as error:
        # Messages of the server quote values.
        raise LoadFailed(f"the release cannot be loaded into PostGIS: {type(error).__name__} ({error.sqlstate})") from None


def address(url: str) -> str:
    """The URL as psycopg reads it; raises `LoadFailed`."""
    try:
        return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    except ArgumentError:
        raise LoadFailed("VLOK_POSTGIS_URL cannot be read; give postgresql://…") from None


def _prepare(cursor: Cursor) -> None:
    for schema in (VIEWS, ROWS):
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('vlok_rows'))")  # a second load waits its turn
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute(
        """
        CREATE OR REPLACE FUNCTION vlok.require_public(today integer, last_day integer, reason text) RETURNS boolean
        LANGUAGE plpgsql STABLE AS $$ BEGIN
            IF today > last_day THEN RAISE EXCEPTION '%', reason; END IF;
            RETURN true;
        END $$
        """
    )


# The rows: a new table beside the old one.


def _copy(cursor: Cursor, table: PublicTable, day: date) -> None:
    kind = table.feature_type
    name = sql.Identifier(ROWS, _NEXT.format(sql_name(kind.name)))
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
    cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(_columns(kind))))
    with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(name)) as copy:
        for text in _csv(table, day):
            copy.write(text)
    cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (_row)").format(name))
    cursor.execute(sql.SQL("CREATE INDEX ON {} (_id)").format(name))
    if kind.geometry is not None:
        cursor.execute(sql.SQL("CREATE INDEX ON {} USING gist ({})").format(name, sql.Identifier(sql_name(kind.geometry_name))))
    cursor.execute(sql.SQL("ANALYZE {}").format(name))


def _columns(kind: FeatureType) -> Iterator[sql.Composable]:
    """`_from` and `_until` are days since 1970-01-01, the last one included; `_row` is the order of the release."""
    yield from (
        sql.SQL("_row integer"),
        sql.SQL("_id bigint NOT NULL"),
        sql.SQL("_from integer NOT NULL"),
        sql.SQL("_until integer NOT NULL"),
    )
    for field in kind.fields:
        yield sql.SQL("{} {}").format(sql.Identifier(sql_name(field.name)), sql.SQL(_TYPES[field.type]))
    if kind.geometry is not None:
        yield sql.SQL("{} geometry({}, {})").format(
            sql.Identifier(sql_name(kind.geometry_name)), sql.SQL(kind.geometry.value), sql.Literal(_SRID)
        )


def _csv(table: PublicTable, day: date) -> Iterator[bytes]:
    """Rows as COPY reads them, without those that ended before the day: an absent value is empty, an empty text is quoted."""
    arrow = table.arrow.filter(pa.array(np.asarray(table.arrow[UNTIL]) >= to_day(day)))
    for start in range(0, arrow.num_rows, BATCH):
        part = arrow.slice(start, BATCH)
        columns = [pa.array(np.arange(start, start + part.num_rows)), part[ID], part[FROM], part[UNTIL]]
        columns += [_text(part[field.name], field) for field in table.feature_type.fields]
        if table.feature_type.geometry is not None:
            columns.append(_ewkb(part, table.feature_type.geometry))
        text = BytesIO()
        pc.write_csv(pa.table(columns, names=[str(number) for number in range(len(columns))]), text, pc.WriteOptions(include_header=False))
        yield text.getvalue()


def _text(column: pa.ChunkedArray, field: Field) -> pa.ChunkedArray:
    return column if field.type in (FieldType.INTEGER, FieldType.DATE) else column.cast(pa.string())


def _ewkb(part: pa.Table, kind: Geometry) -> pa.Array:
    if kind is Geometry.POINT:
        x, y = (np.asarray(part[axis], dtype=np.float64) for axis in (X, Y))
        shapes = np.where(np.isnan(x), None, shapely.points(x, y))
    else:
        shapes = shapely.from_wkb(part[WKB].to_pylist())
    return pa.array(shapely.to_wkb(shapely.set_srid(shapes, _SRID), hex=True, include_srid=True), pa.string())


# The views: they move to the new tables at once.


def _swap(cursor: Cursor, release: Release, day: date) -> None:
    for name, query, comment in (*_products(release, day), *_attribute_tables(release, day)):
        _replace(cursor, name, query, comment)
    for old in _tables(cursor):
        if not old.endswith(_NEXT.format("")):
            # CASCADE: what still reads the old rows is a product that is no longer published.
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(ROWS, old)))
    for name in (sql_name(kind.name) for kind in release.schema.feature_types):
        new = sql.Identifier(ROWS, _NEXT.format(name))
        cursor.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(new, sql.Identifier(name)))
        _rename_indexes(cursor, name)


def _products(release: Release, day: date) -> Iterator[tuple[str, sql.Composable, str]]:
    for product in release.schema.products:
        kind = release.schema.feature_type(product.feature_type)
        conditions = [] if product.value is None else [sql.SQL("product = {}").format(sql.Literal(product.value))]
        yield sql_name(product.id), _query(release, kind, product.datasets, day, conditions), _comment(release, product, day)


def _attribute_tables(release: Release, day: date) -> Iterator[tuple[str, sql.Composable, str]]:
    """Beside the products that they go with, and withdrawn with the smallest of them."""
    for kind in release.schema.feature_types:
        owners = [product for product in release.schema.products if kind.qualified in product.tables]
        if owners:
            owner = min(owners, key=lambda product: len(product.datasets))
            yield sql_name(kind.name), _query(release, kind, owner.datasets, day, []), _comment(release, owner, day)


def _query(release: Release, kind: FeatureType, datasets: Iterable[str], day: date, conditions: Iterable[sql.Composable]) -> sql.Composable:
    """Public fields of the rows that hold today in Brussels, never earlier than the day for which the release was sealed."""
    today = sql.SQL("greatest((now() AT TIME ZONE 'Europe/Brussels')::date - date '1970-01-01', {})").format(sql.Literal(to_day(day)))
    fields = [sql_name(field.name) for field in kind.fields] + ([sql_name(kind.geometry_name)] if kind.geometry is not None else [])
    guards = [
        sql.SQL("vlok.require_public({}, {}, {})").format(today, sql.Literal(last), sql.Literal(why))
        for last, why in (_withdrawal(release, dataset) for dataset in release.schema.datasets if dataset.id in datasets)
    ]
    holds = sql.SQL("{} BETWEEN _from AND _until").format(today)
    return sql.SQL("SELECT {} FROM {} WHERE {}").format(
        sql.SQL(", ").join(map(sql.Identifier, fields)),
        sql.Identifier(ROWS, _NEXT.format(sql_name(kind.name))),
        sql.SQL(" AND ").join([*guards, holds, *conditions]),
    )


def _withdrawal(release: Release, dataset: Dataset) -> tuple[int, str]:
    """The last day on which a dataset is public, and why it is not on the day after."""
    fresh = {entry.dataset: entry for entry in release.freshness}.get(dataset.id)
    last = -1 if fresh is None or fresh.withdrawn else to_day(fresh.peildatum) + dataset.withdraw_after_days
    return last, reason(dataset, fresh, from_day(last) + timedelta(days=1))


def _comment(release: Release, product: Product, day: date) -> str:
    """CONTRACT B.3: attribution and state go with the data."""
    words, state = release.schema.words, release.edition(day).products[product.id].state
    texts = (words.attribution, words.state, words.reuse, words.licence)
    return " ".join(text.replace("{dataset}", product.title.nl).replace("{datum}", state.isoformat()) for text in texts)


def _replace(cursor: Cursor, name: str, query: sql.Composable, comment: str) -> None:
    """Point a view to the new rows; when its columns changed it is made anew, with the same grants."""
    view = sql.Identifier(VIEWS, name)
    try:
        with cursor.connection.transaction():
            cursor.execute(sql.SQL("CREATE OR REPLACE VIEW {} AS {}").format(view, query))
    except psycopg.errors.InvalidTableDefinition:
        grants = _grants(cursor, name)
        cursor.execute(sql.SQL("DROP VIEW {} CASCADE").format(view))
        cursor.execute(sql.SQL("CREATE VIEW {} AS {}").format(view, query))
        for grant in grants:
            cursor.execute(grant)
    cursor.execute(sql.SQL("COMMENT ON VIEW {} IS {}").format(view, sql.Literal(comment)))


def _grants(cursor: Cursor, name: str) -> list[sql.SQL]:
    """The grants on a view, as statements that the server itself writes."""
    cursor.execute(
        """
        SELECT format('GRANT %%s ON %%s TO %%s%%s', privilege_type, relation.oid::regclass,
                      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
                      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM pg_class AS relation, aclexplode(relation.relacl) WHERE relation.oid = to_regclass(%s)
        """,
        [f'{VIEWS}."{name}"'],
    )
    return [sql.SQL(str(statement)) for (statement,) in cursor.fetchall()]


def _tables(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [ROWS])
    return [str(name) for (name,) in cursor.fetchall()]


def _rename_indexes(cursor: Cursor, name: str) -> None:
    """Indexes keep the name of their table, so that the next load finds its names free."""
    cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = %s AND tablename = %s", [ROWS, name])
    for (index,) in cursor.fetchall():
        renamed = str(index).replace(_NEXT.format(name), name, 1)
        cursor.execute(sql.SQL("ALTER INDEX {} RENAME TO {}").format(sql.Identifier(ROWS, str(index)), sql.Identifier(renamed)))


def sql_name(public: str) -> str:
    """Names in lower case, so that nobody needs to quote them."""
    return public.lower()
