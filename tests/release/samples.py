"""A small release: points with every type of field, a product in two, municipalities with polygons, and a table without geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.geojson import GeoJson
from release.content import Candidate, Content
from release.fragments import Encoder
from release.manifest import FileEntry, ProductEntry, digest
from release.reader import Release
from release.schema import Dataset, FeatureType, Field, FieldType, Freshness, Geometry, Product, Schema, Text, Words
from release.table import FROM, ID, OPEN_END, UNTIL, WKB, PublicTable, X, Y, arrow_schema, to_day
from release.writer import Writer

DAY = date(2026, 11, 21)
NEXT = DAY + timedelta(days=1)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
GOLDEN = (140_252.76, 198_794.27)

Row = Mapping[str, object]


def text(words: str) -> Text:
    return Text(nl=words, en=words)


def field(name: str, type_: FieldType = FieldType.TEXT) -> Field:
    return Field(name=name, type=type_, title=text(name), ground="VCW art. 3.57")


POINTS = FeatureType(
    prefix="T",
    name="Punten",
    namespace="https://example.org/t",
    title=text("Punten"),
    abstract=text("Punten"),
    geometry=Geometry.POINT,
    fields=(
        field("PRODUCT"),
        field("NAAM"),
        field("AANTAL", FieldType.INTEGER),
        field("BEDRAG", FieldType.NUMBER),
        field("DATUM", FieldType.DATE),
        field("LINK", FieldType.URI),
    ),
)
AREAS = FeatureType(
    prefix="T",
    name="Gebieden",
    namespace="https://example.org/t",
    title=text("Gebieden"),
    abstract=text("Gebieden"),
    geometry=Geometry.MULTIPOLYGON,
    fields=(field("NAAM"),),
)
LINES = FeatureType(
    prefix="T", name="Regels", namespace="https://example.org/t", title=text("Regels"), abstract=text("Regels"), fields=(field("WAARDE"),)
)


def product(name: str, kind: FeatureType, datasets: Sequence[str], value: str | None = None, tables: Sequence[FeatureType] = ()) -> Product:
    return Product(
        id=name,
        title=text(name),
        abstract=text(name),
        feature_type=kind.qualified,
        datasets=tuple(datasets),
        uuid="00000000-0000-4000-8000-000000000000",
        value=value,
        tables=tuple(table.qualified for table in tables),
    )


def dataset(name: str, cadence: str = "daily", days: int = 3) -> Dataset:
    return Dataset(id=name, title=text(name), cadence=cadence, withdraw_after_days=days, legal_ground="VCW")


SCHEMA = Schema(
    feature_types=(POINTS, AREAS, LINES),
    products=(
        product("Een", POINTS, ["een"], "Een"),
        product("Twee", POINTS, ["twee"], "Twee"),
        product("Alles", POINTS, ["een", "twee"]),
        product("Gebieden", AREAS, ["gebieden"], tables=[LINES]),
    ),
    datasets=(dataset("een"), dataset("twee", days=5), dataset("gebieden", "monthly", 62)),
    words=Words(attribution="Bron", state="Toestand", reuse="Hergebruik", licence="https://example.org", publisher="Wij", contact="hier"),
)
FRESH = tuple(Freshness(dataset=name, peildatum=DAY) for name in ("een", "twee", "gebieden"))


def point(number: int, **values: object) -> Row:
    """A row that is public on `DAY` and after it, unless `_until` says otherwise."""
    return {ID: number, FROM: to_day(DAY), UNTIL: OPEN_END, "PRODUCT": "Een", X: GOLDEN[0] + number, Y: GOLDEN[1], **values}


def area(number: int, west: float, south: float, **values: object) -> Row:
    shape = shapely.MultiPolygon([shapely.box(west, south, west + 1000, south + 1000)])
    return {ID: number, FROM: to_day(DAY), UNTIL: OPEN_END, "NAAM": f"gebied {number}", WKB: shapely.to_wkb(shape), **values}


ROWS: tuple[Row, ...] = (
    point(1, NAAM="Kerkstraat", AANTAL=3, BEDRAG=Decimal("62.50"), DATUM=date(2026, 1, 1), LINK="https://example.org/a"),
    point(2, NAAM="kerkstraat", AANTAL=1, BEDRAG=Decimal("0.10"), DATUM=date(2025, 12, 31)),
    point(3, NAAM="Ödestraat %_.", AANTAL=2, PRODUCT="Twee"),
    point(4, PRODUCT="Twee", _x=None, _y=None),
    point(5, NAAM="Kerkstraat", AANTAL=-5, BEDRAG=Decimal("62.50"), _until=to_day(DAY)),
    point(6, NAAM="", AANTAL=2**47, DATUM=date(9999, 12, 31), PRODUCT="Twee"),
)


def table(kind: FeatureType, rows: Sequence[Row], *, dictionary: bool = True) -> PublicTable:
    """The rows as a public table; text columns dictionary-encoded or plain."""
    schema = arrow_schema(kind)
    columns = {}
    for column in schema:
        array = pa.array([row.get(column.name) for row in rows], column.type)
        columns[column.name] = array.dictionary_encode() if dictionary and pa.types.is_string(column.type) else array
    return PublicTable(kind, pa.table(columns))


def content(rows: Sequence[Row] = ROWS, *, dictionary: bool = True, freshness: Sequence[Freshness] = FRESH) -> Content:
    tables = {
        POINTS.qualified: table(POINTS, rows, dictionary=dictionary),
        AREAS.qualified: table(AREAS, [area(11, 100_000, 180_000), area(12, 150_000, 200_000), area(13, 0, 0, _wkb=None)]),
        LINES.qualified: table(LINES, [{ID: 1, FROM: to_day(DAY), UNTIL: OPEN_END, "WAARDE": "5 jaar"}]),
    }
    return Content(SCHEMA, tables, tuple(freshness))


class Files:
    """One text file for each product, so that lending and linking can be seen."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.written: list[tuple[str, date]] = []

    encoders: tuple[Encoder, ...] = (GeoJson(),)

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        self.written.append((product.id, entry.since))
        rows = content.table(product.feature_type).of(product)
        path = folder / product.id / "rows.txt"
        path.parent.mkdir()
        path.write_text(f"{entry.since}\n{entry.state}\n{rows.arrow.to_pylist()}")
        return (
            FileEntry(path=f"{product.id}/rows.txt", format="TXT", bytes=path.stat().st_size, sha256=digest(path)),
            FileEntry(path=f"{product.id}/none.txt", format="NONE", bytes=0, sha256="", note="left out"),
        )

    def documents(
        self, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None]
    ) -> Iterator[tuple[str, bytes]]:
        yield from ()


def seal(root: Path, made: Content, day: date = DAY, *, suite: Files | None = None, previous: Release | None = None) -> Candidate:
    return Writer(root, suite or Files(), KEY, previous).seal(made, day)


def opened(root: Path, made: Content | None = None, day: date = DAY) -> Release:
    """A sealed release, open."""
    return Release.open(seal(root, made or content(), day).folder)
