"""A small release for the WFS tests: 60 points of three products, two municipalities, an attribute table, and what the calendar hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.csv_table import Csv
from exports.geojson import GeoJson
from exports.gml import Gml32
from release.content import Content
from release.fragments import Encoder
from release.manifest import FileEntry, ProductEntry
from release.pointer import Pointer
from release.schema import Dataset, FeatureType, Field, FieldType, Freshness, Geometry, Product, Schema, Text, Words
from release.table import OPEN_END, PublicTable, arrow_schema, to_day
from release.writer import Writer

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 11, tzinfo=UTC)
CERTIFICATE = "Conformiteitsattest"
INVENTORY = "VlaamseInventarisOngeschikteOnbewoonbareWoningen"
CLAIM = "RegisterHerstelvorderingen"
PRODUCTS = (CERTIFICATE, INVENTORY, CLAIM)
ROWS = 60
GOLDEN = (140_252.76, 198_794.27)
"""Position of the first feature: one of the official pairs (DOMAIN 6.2)."""
FIRST = 2**45 + 1
"""Its OIDN."""
STREETS = ("Kerkstraat", "Rue de l'Église <oost> & west", "Sint-Pietersplein")


def _text(words: str) -> Text:
    return Text(nl=words, en=f"{words} (en)")


def _field(name: str, type_: FieldType = FieldType.TEXT, length: int | None = None, required: bool = False) -> Field:
    return Field(name=name, type=type_, title=_text(name), ground="art. 3.57 §1 VCW", length=length, required=required)


POI = FeatureType(
    prefix="POI",
    name="POI",
    namespace="https://geo.api.vlaanderen.be/POI",
    title=_text("Woningkwaliteit"),
    abstract=_text("Punten"),
    geometry=Geometry.POINT,
    fields=(
        _field("UIDN", FieldType.INTEGER, required=True),
        _field("OIDN", FieldType.INTEGER, required=True),
        _field("CATEGORIE", length=30),
        _field("PRODUCT", length=60, required=True),
        _field("NAAM", length=200),
        _field("STRAAT", length=80),
        _field("BUSNR", length=35),
        _field("POSTCODE", length=4),
        _field("LINK1", FieldType.URI, 254),
    ),
)
LWKB = FeatureType(
    prefix="LWKB",
    name="Woningkwaliteitsbeleid",
    namespace="https://geo.api.vlaanderen.be/LWKB",
    title=_text("Lokaal woningkwaliteitsbeleid"),
    abstract=_text("Parameters"),
    geometry=Geometry.MULTIPOLYGON,
    fields=(
        _field("NISCODE", length=5, required=True),
        _field("NAAM", length=40),
        _field("CAVERPLVAN", FieldType.DATE),
        _field("CAVERGOED", FieldType.NUMBER),
    ),
)
ADDRESSES = FeatureType(
    prefix="POI",
    name="RegisterHerstelvorderingen_Adressen",
    namespace="https://geo.api.vlaanderen.be/POI",
    title=_text("Adressen"),
    abstract=_text("Adressen"),
    fields=(_field("OIDN", FieldType.INTEGER),),
)
DATASETS = ("conformiteitsattesten", "besluiten", "herstelvorderingen", "parameters")


def _product(number: int, name: str, kind: FeatureType, datasets: tuple[str, ...], value: str | None = None) -> Product:
    return Product(
        id=name,
        title=_text(name),
        abstract=_text(name),
        feature_type=kind.qualified,
        datasets=datasets,
        uuid=f"00000000-0000-4000-8000-{number:012}",
        keywords=("Woningkwaliteit",),
        value=value,
    )


SCHEMA = Schema(
    feature_types=(POI, LWKB, ADDRESSES),
    products=(
        _product(0, "POI", POI, DATASETS[:3]),
        *(_product(number + 1, value, POI, (DATASETS[number],), value) for number, value in enumerate(PRODUCTS)),
        _product(4, "Woningkwaliteitsbeleid", LWKB, DATASETS[3:]),
    ),
    datasets=tuple(
        Dataset(id=name, title=_text(name), cadence="daily", withdraw_after_days=3, legal_ground="art. 3.57 §1 VCW") for name in DATASETS
    ),
    words=Words(
        attribution="Bron: Wonen in Vlaanderen – {dataset}, toestand {datum}",
        state="Toestand op {datum}. Staat een adres er niet op, dan bewijst dat niets.",
        reuse="Adresgegevens kunnen persoonsgegevens zijn.",
        licence="https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0",
        publisher="Wonen in Vlaanderen",
        contact="https://www.vlaanderen.be/wonen-in-vlaanderen",
    ),
)


def poi_table(rows: int = ROWS) -> PublicTable:
    """`rows` points of today, each tenth without a position; before them one that ended yesterday, after them one of tomorrow."""
    n = np.arange(rows + 2)
    start = np.where(n == rows + 1, to_day(DAY) + 1, to_day(DAY) - 9).astype(np.int32)
    end = np.where(n == 0, to_day(DAY) - 1, OPEN_END).astype(np.int32)
    columns: dict[str, object] = {
        "_id": 2**45 + n,
        "_from": start,
        "_until": end,
        "UIDN": 2**46 + n,
        "OIDN": 2**45 + n,
        "CATEGORIE": ["Woningkwaliteit"] * len(n),
        "PRODUCT": pa.array([PRODUCTS[i % 3] for i in n]).dictionary_encode(),
        "NAAM": [f"{PRODUCTS[i % 3]} {STREETS[i % 3]} {i}" for i in n],
        "STRAAT": [STREETS[i % 3] for i in n],
        "BUSNR": [None if i % 4 == 0 else f"{i % 7}" for i in n],
        "POSTCODE": [("2000", "9120", "1570")[i % 3] for i in n],
        "LINK1": ["https://www.vlaanderen.be/conformiteitsattest?a=1&b=2"] * len(n),
        "_x": pa.array(np.where(n == 1, GOLDEN[0], 140_000.25 + 1_000 * (n % 10)), mask=n % 10 == 9),
        "_y": pa.array(np.where(n == 1, GOLDEN[1], 198_000.5 + 1_000 * (n // 10)), mask=n % 10 == 9),
    }
    table = pa.table({name: columns[name] for name in arrow_schema(POI).names})
    return PublicTable(POI, table)


def policy_table() -> PublicTable:
    """Two municipalities, one without a shape."""
    holed = shapely.Polygon(
        [(150000, 210000), (152000, 210000), (152000, 212000), (150000, 210000)],
        [[(151500, 210500), (151800, 210500), (151800, 210900), (151500, 210500)]],
    )
    columns: dict[str, object] = {
        "_id": [11002, 23106],
        "_from": [0, 0],
        "_until": [OPEN_END] * 2,
        "NISCODE": ["11002", "23106"],
        "NAAM": ["Antwerpen", "Pajottegem"],
        "CAVERPLVAN": [date(2024, 1, 1), None],
        "CAVERGOED": pa.array([62.5, None]).cast(pa.decimal128(12, 2)),
        "_wkb": [shapely.to_wkb(shapely.MultiPolygon([holed, shapely.box(153000, 210000, 154000.25, 211000.5)])), None],
    }
    return PublicTable(LWKB, pa.table(columns, schema=arrow_schema(LWKB)))


class FeedSuite:
    """The encoders that the feeds copy from, without download files."""

    version = "feeds"
    encoders: tuple[Encoder, ...] = (Gml32(), GeoJson(), Csv())

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        """No files."""
        return ()

    def documents(
        self, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None]
    ) -> Iterator[tuple[str, bytes]]:
        """No catalogue."""
        yield from ()


def content(rows: int = ROWS, withdrawn: str | None = None, schema: Schema = SCHEMA, *more: PublicTable) -> Content:
    """Every table, delivered on `DAY`; `withdrawn` names a dataset that the operator took back."""
    addresses = pa.table({"_id": [1], "_from": [0], "_until": [OPEN_END], "OIDN": [1]}, schema=arrow_schema(ADDRESSES))
    tables = (poi_table(rows), policy_table(), PublicTable(ADDRESSES, addresses), *more)
    fresh = tuple(Freshness(dataset=item.id, peildatum=DAY, withdrawn=item.id == withdrawn) for item in schema.datasets)
    return Content(schema, {table.feature_type.qualified: table for table in tables}, fresh)


def publish(folder: Path, made: Content) -> Path:
    """Seal `made` for `DAY` and make it current since the morning; gives the folder of releases."""
    seal(folder, made, NOON - timedelta(hours=9))
    return folder


def seal(folder: Path, made: Content, moved: datetime) -> None:
    """Seal `made` for `DAY` and make it current at a time."""
    writer = Writer(folder, FeedSuite(), Ed25519PrivateKey.from_private_bytes(bytes(32)))
    Pointer(folder).move(writer.seal(made, DAY).seal, moved)
