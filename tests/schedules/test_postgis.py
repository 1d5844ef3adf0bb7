"""A release in PostGIS: the rows of today and no others, public columns and no others, one release or the other."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pyarrow as pa
import pytest
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.geojson import GeoJson
from release.content import Content
from release.manifest import FileEntry, ProductEntry
from release.reader import Release
from release.schema import Dataset, FeatureType, Field, FieldType, Freshness, Geometry, Product, Schema, Text, Words
from release.table import OPEN_END, PublicTable, arrow_schema, to_day
from release.writer import Writer
from schedules.errors import LoadFailed
from schedules.postgis import load
from tests.etl.store.databases import fresh_postgis

pytestmark = pytest.mark.postgis

TODAY = datetime.now(ZoneInfo("Europe/Brussels")).date()
SEALED = TODAY - timedelta(days=3)
SENTENCE = Text(nl="Zin", en="Sentence")


def kind(prefix: str, name: str, geometry: Geometry | None, **types: FieldType) -> FeatureType:
    fields = tuple(Field(name=name, type=type_, title=SENTENCE, ground="VCW art. 3.57 §1") for name, type_ in types.items())
    return FeatureType(
        prefix=prefix, name=name, namespace=f"https://x/{prefix}", title=SENTENCE, abstract=SENTENCE, fields=fields, geometry=geometry
    )


TEXT, INTEGER = FieldType.TEXT, FieldType.INTEGER
POI = kind("POI", "POI", Geometry.POINT, OIDN=INTEGER, PRODUCT=TEXT, STRAAT=TEXT, BUSNR=TEXT, ADRESID=FieldType.URI)
ADDRESSES = kind("POI", "Claims_Adressen", None, OIDN=INTEGER, STRAAT=TEXT)
POLICY = kind("LWKB", "Beleid", Geometry.MULTIPOLYGON, NISCODE=TEXT, CAVERPLVAN=FieldType.DATE, CAVERGOED=FieldType.NUMBER)


def product(name: str, type_: FeatureType, datasets: Sequence[str], value: str | None = None, tables: Sequence[str] = ()) -> Product:
    return Product(
        id=name, title=SENTENCE, abstract=SENTENCE, feature_type=type_.qualified, datasets=datasets, uuid="-", value=value, tables=tables
    )


SCHEMA = Schema(
    feature_types=(POI, ADDRESSES, POLICY),
    products=(
        product("POI", POI, ("attests", "claims"), tables=(ADDRESSES.qualified,)),
        product("Attests", POI, ("attests",), "Attests"),
        product("Claims", POI, ("claims",), "Claims", (ADDRESSES.qualified,)),
        product("Beleid", POLICY, ("policy",)),
    ),
    datasets=tuple(
        Dataset(id=name, title=SENTENCE, cadence="daily", withdraw_after_days=3, legal_ground="VCW")
        for name in ("attests", "claims", "policy")
    ),
    words=Words(attribution="Bron: {dataset}, toestand {datum}", state="S", reuse="R", licence="L", publisher="P", contact="C"),
)


@dataclass(frozen=True)
class Row:
    """One point and the days on which it holds, counted from today."""

    id: int
    product: str = "Attests"
    street: str = "Kerkstraat"
    start: int = -100
    until: int | None = None
    xy: tuple[float, float] | None = (104_000.25, 194_000.5)
    box: str | None = None


ROWS = (Row(1), Row(2, "Claims", 'Rue "l\'Église", 1\nβ', box=""), Row(3, xy=None), Row(4, until=0), Row(5, until=-1), Row(6, start=1))


def poi(rows: Sequence[Row], type_: FeatureType) -> PublicTable:
    columns: dict[str, Any] = {
        "_id": [row.id for row in rows],
        "_from": [to_day(TODAY) + row.start for row in rows],
        "_until": [OPEN_END if row.until is None else to_day(TODAY) + row.until for row in rows],
        "OIDN": [row.id for row in rows],
        "PRODUCT": [row.product for row in rows],
        "STRAAT": [row.street for row in rows],
        "BUSNR": [row.box for row in rows],
        "ADRESID": [f"https://data.vlaanderen.be/id/adres/{row.id}" for row in rows],
        "_x": [row.xy and row.xy[0] for row in rows],
        "_y": [row.xy and row.xy[1] for row in rows],
    }
    schema = arrow_schema(type_)
    table = pa.table({name: columns[name] for name in schema.names}, schema=schema)
    encoded = table.set_column(table.schema.get_field_index("STRAAT"), "STRAAT", table["STRAAT"].dictionary_encode())
    return PublicTable(type_, encoded)


def addresses() -> PublicTable:
    columns = {"_id": [2, 2], "_from": [0, 0], "_until": [OPEN_END, OPEN_END], "OIDN": [2, 2], "STRAAT": ["Een", "Twee"]}
    return PublicTable(ADDRESSES, pa.table(columns, schema=arrow_schema(ADDRESSES)))


def policy() -> PublicTable:
    shape = shapely.MultiPolygon([shapely.box(100_000, 190_000, 110_000, 200_000.5)])
    columns: dict[str, Any] = {
        "_id": [11002, 44021],
        "_from": [0, 0],
        "_until": [OPEN_END, OPEN_END],
        "NISCODE": ["11002", "44021"],
        "CAVERPLVAN": [None, date(2024, 1, 1)],
        "CAVERGOED": pa.array([None, 62.5]).cast(pa.decimal128(12, 2)),
        "_wkb": [None, shapely.to_wkb(shape)],
    }
    return PublicTable(POLICY, pa.table(columns, schema=arrow_schema(POLICY)))


def content(rows: Sequence[Row] = ROWS, schema: Schema = SCHEMA, **withdrawn: Freshness) -> Content:
    tables = [poi(rows, schema.feature_type("POI")), addresses(), policy()]
    known = {table.feature_type.qualified: table for table in tables if table.feature_type in schema.feature_types}
    fresh = {dataset.id: Freshness(dataset=dataset.id, peildatum=TODAY) for dataset in schema.datasets}
    return Content(schema, known, tuple({**fresh, **withdrawn}.values()))


class NoFiles:
    """A suite without download files: PostGIS takes the columns."""

    version = "no files"
    encoders = (GeoJson(),)

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        return ()

    def documents(
        self, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None]
    ) -> Iterator[tuple[str, bytes]]:
        yield from ()


@dataclass
class Database:
    """A PostGIS database into which releases are loaded, and a role of someone who may only read."""

    url: str
    root: Path
    reader: str = field(default_factory=lambda: f"reader_{uuid.uuid4().hex}")

    def publish(self, what: Content, day: date = SEALED) -> None:
        candidate = Writer(self.root, NoFiles(), Ed25519PrivateKey.from_private_bytes(bytes(32))).seal(what, day)
        load(Release.open(candidate.folder), self.url, day)

    def ask(self, query: str, role: str | None = None) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            if role is not None:
                connection.execute(f"SET ROLE {role}")
            return connection.execute(query).fetchall()

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            connection.execute(statement)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_postgis() as url:
        database = Database(url, tmp_path)
        database.tell(f"CREATE ROLE {database.reader}")
        yield database
        database.tell(f"DROP OWNED BY {database.reader}; DROP ROLE {database.reader}")


def ids(database: Database, view: str = "poi") -> list[int]:
    return [oidn for (oidn,) in database.ask(f"SELECT oidn FROM vlok.{view} ORDER BY oidn")]


def test_a_view_gives_the_rows_of_today_in_brussels_and_no_others(database: Database) -> None:
    database.publish(content())
    assert ids(database) == [1, 2, 3, 4]
    assert ids(database, "attests") == [1, 3, 4]
    assert ids(database, "claims") == [2]


def test_a_release_that_was_sealed_for_a_later_day_gives_the_rows_of_that_day(database: Database) -> None:
    database.publish(content(), TODAY + timedelta(days=1))
    assert ids(database) == [1, 2, 3, 6]


def test_what_ended_before_the_sealed_day_is_not_even_in_the_rows(database: Database) -> None:
    database.publish(content(), TODAY)
    assert database.ask("SELECT _id FROM vlok_rows.poi ORDER BY _id") == [(1,), (2,), (3,), (4,), (6,)]


def test_values_positions_and_shapes_arrive_as_they_are(database: Database) -> None:
    database.publish(content())
    found = database.ask("SELECT oidn, product, straat, busnr, adresid, ST_AsEWKT(shape) FROM vlok.poi WHERE oidn < 4 ORDER BY oidn")
    address = "https://data.vlaanderen.be/id/adres/"
    assert found == [
        (1, "Attests", "Kerkstraat", None, f"{address}1", "SRID=31370;POINT(104000.25 194000.5)"),
        (2, "Claims", 'Rue "l\'Église", 1\nβ', "", f"{address}2", "SRID=31370;POINT(104000.25 194000.5)"),
        (3, "Attests", "Kerkstraat", None, f"{address}3", None),
    ]
    found = database.ask("SELECT niscode, caverplvan, cavergoed::text, ST_Area(shape), ST_SRID(shape) FROM vlok.beleid ORDER BY niscode")
    assert found == [("11002", None, None, None, None), ("44021", date(2024, 1, 1), "62.50", 100_005_000.0, 31370)]
    assert database.ask("SELECT oidn, straat FROM vlok.claims_adressen ORDER BY straat") == [(2, "Een"), (2, "Twee")]


def test_views_have_public_columns_only(database: Database) -> None:
    database.publish(content())
    columns = database.ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'vlok' ORDER BY 1, ordinal_position"
    )
    found: dict[str, list[str]] = {}
    for view, column in columns:
        found.setdefault(view, []).append(column)
    point = [name.lower() for name in ("OIDN", "PRODUCT", "STRAAT", "BUSNR", "ADRESID", "SHAPE")]
    assert found == {
        "poi": point,
        "attests": point,
        "claims": point,
        "claims_adressen": ["oidn", "straat"],
        "beleid": ["niscode", "caverplvan", "cavergoed", "shape"],
    }


def test_rows_have_a_primary_key_and_points_a_spatial_index_that_the_view_uses(database: Database) -> None:
    for _ in range(2):  # a second load finds the names of the indexes free
        database.publish(content())
    indexes = {name for (name,) in database.ask("SELECT indexname FROM pg_indexes WHERE schemaname = 'vlok_rows'")}
    assert {"poi_pkey", "poi_shape_idx", "poi__id_idx", "beleid_shape_idx", "claims_adressen_pkey"} <= indexes
    assert not [name for name in indexes if "next" in name]
    with psycopg.connect(database.url.replace("+psycopg", "")) as connection:
        connection.execute("SET enable_seqscan = off")
        query = "EXPLAIN SELECT * FROM vlok.attests WHERE shape && ST_MakeEnvelope(104000, 194000, 104001, 194001, 31370)"
        plan = "\n".join(line for (line,) in connection.execute(query))
    assert "poi_shape_idx" in plan and "One-Time Filter" in plan


def test_a_new_release_replaces_the_old_one_and_nothing_of_it_is_left(database: Database) -> None:
    database.publish(content())
    database.publish(content([Row(7), Row(8)]))
    assert ids(database) == [7, 8]
    tables = database.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'vlok_rows' ORDER BY 1")
    assert tables == [("beleid",), ("claims_adressen",), ("poi",)]


def test_grants_stay_and_readers_see_views_alone(database: Database) -> None:
    database.publish(content())
    database.tell(f"GRANT USAGE ON SCHEMA vlok TO {database.reader}; GRANT SELECT ON vlok.attests TO {database.reader}")
    database.publish(content([Row(7)]))
    assert database.ask("SELECT oidn FROM vlok.attests", database.reader) == [(7,)]
    for forbidden in ("vlok.poi", "vlok_rows.poi"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.ask(f"SELECT * FROM {forbidden}", database.reader)


def test_grants_stay_when_the_columns_change(database: Database) -> None:
    database.publish(content())
    database.tell(f"GRANT USAGE ON SCHEMA vlok TO {database.reader}; GRANT SELECT ON vlok.attests TO {database.reader} WITH GRANT OPTION")
    fewer = POI.model_copy(update={"fields": tuple(known for known in POI.fields if known.name != "BUSNR")})
    database.publish(content([Row(7)], SCHEMA.model_copy(update={"feature_types": (fewer, ADDRESSES, POLICY)})))
    assert database.ask("SELECT * FROM vlok.attests", database.reader)[0][:3] == (7, "Attests", "Kerkstraat")
    options = database.ask(f"SELECT has_table_privilege('{database.reader}', 'vlok.attests', 'SELECT WITH GRANT OPTION')")
    assert options == [(True,)]


def test_a_product_that_is_no_longer_published_is_gone(database: Database) -> None:
    database.publish(content())
    fewer = SCHEMA.model_copy(update={"feature_types": (POI, ADDRESSES), "products": SCHEMA.products[:2]})
    database.publish(content(schema=fewer))
    views = {name for (name,) in database.ask("SELECT viewname FROM pg_views WHERE schemaname = 'vlok'")}
    assert views == {"poi", "attests", "claims_adressen"}
    assert database.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'vlok_rows' AND tablename = 'beleid'") == [(0,)]


@pytest.mark.parametrize(
    ("fresh", "words"),
    [
        (Freshness(dataset="claims", peildatum=TODAY - timedelta(days=4)), "te oud"),
        (Freshness(dataset="claims", peildatum=TODAY, withdrawn=True), "ingetrokken"),
    ],
    ids=["too old", "by hand"],
)
def test_a_withdrawn_dataset_is_an_error_that_says_why_and_never_an_empty_answer(database: Database, fresh: Freshness, words: str) -> None:
    database.publish(content(claims=fresh))
    for view in ("claims", "poi", "claims_adressen"):
        for query in (f"SELECT * FROM vlok.{view}", f"SELECT count(*) FROM vlok.{view} WHERE oidn = 999"):
            with pytest.raises(psycopg.errors.RaiseException, match=words):
                database.ask(query)
    assert ids(database, "attests") == [1, 3, 4]


def test_a_dataset_is_public_until_the_last_day_of_its_age(database: Database) -> None:
    database.publish(content(claims=Freshness(dataset="claims", peildatum=TODAY - timedelta(days=3))))
    assert ids(database, "claims") == [2]


def test_a_view_says_whose_data_it_is_and_of_which_day(database: Database) -> None:
    database.publish(content())
    ((comment,),) = database.ask("SELECT obj_description('vlok.attests'::regclass)")
    assert comment == f"Bron: Zin, toestand {SEALED.isoformat()} S R L"


def test_a_load_that_fails_leaves_the_release_before(database: Database) -> None:
    database.publish(content())
    database.tell("DROP VIEW vlok.beleid; CREATE TABLE vlok.beleid (x text)")
    with pytest.raises(LoadFailed, match="WrongObjectType"):
        database.publish(content([Row(7)]))
    assert ids(database) == [1, 2, 3, 4]


def test_readers_see_one_release_or_the_other(database: Database) -> None:
    first, second = content([Row(number) for number in range(50)]), content([Row(number) for number in range(70)])
    database.publish(first)
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(len(ids(database)))

    thread = threading.Thread(target=read)
    thread.start()
    for what in (second, first, second):
        database.publish(what)
    done.set()
    thread.join(30)
    assert seen <= {50, 70} and seen


def test_many_rows_are_copied_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schedules.postgis.BATCH", 7)
    rows = [replace(ROWS[0], id=number, xy=None if number % 3 else (float(number), 1.0)) for number in range(40)]
    database.publish(content(rows))
    assert ids(database) == list(range(40))
    assert database.ask("SELECT max(_row), count(shape) FROM vlok_rows.poi") == [(39, 14)]


def test_an_error_names_no_values_and_no_password(tmp_path: Path) -> None:
    candidate = Writer(tmp_path, NoFiles(), Ed25519PrivateKey.from_private_bytes(bytes(32))).seal(content(), SEALED)
    for url in ("postgresql://vlok:hunter2@127.0.0.1:1/x", "nothing like hunter2"):
        with pytest.raises(LoadFailed) as caught:
            load(Release.open(candidate.folder), url, SEALED)
        assert "hunter2" not in str(caught.value)
