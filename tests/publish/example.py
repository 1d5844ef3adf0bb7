"""A small release for serving: six points, one of which ends on the sealed day, two municipalities, rules and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.bundle import DownloadSuite
from publish.shelf import BRUSSELS
from release.content import Content
from release.pointer import Pointer
from release.schema import Dataset, FeatureType, Field, FieldType, Freshness, Geometry, Product, Schema, Text, Words
from release.table import OPEN_END, PublicTable, arrow_schema, to_day
from release.writer import Writer

DAY = date(2026, 11, 21)
ATTEST, INVENTORY, CLAIMS = "Conformiteitsattest", "VlaamseInventarisOngeschikteOnbewoonbareWoningen", "RegisterHerstelvorderingen"
PUBLIC_URL = "https://data.example.org/vlok"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def text(nl: str) -> Text:
    return Text(nl=nl, en=f"{nl} in English")


def field(name: str, type_: FieldType = FieldType.TEXT, length: int | None = None) -> Field:
    return Field(name=name, type=type_, title=text(f"Betekenis van {name}"), ground="VCW art. 3.57 §1, 1°", length=length)


POI = FeatureType(
    prefix="POI",
    name="POI",
    namespace="https://geo.api.vlaanderen.be/POI",
    title=text("Woningkwaliteit"),
    abstract=text("De drie registers samen"),
    geometry=Geometry.POINT,
    fields=(
        field("UIDN", FieldType.INTEGER),
        field("OIDN", FieldType.INTEGER),
        field("PRODUCT", length=60),
        field("NAAM", length=200),
        field("STRAAT", length=80),
        field("HUISNR", length=11),
        field("BUSNR", length=35),
        field("GEMEENTE", length=40),
        field("AANTADRES", FieldType.INTEGER),
        field("ADRESID", FieldType.URI, 60),
    ),
)
POLICY = FeatureType(
    prefix="LWKB",
    name="Woningkwaliteitsbeleid",
    namespace="https://geo.api.vlaanderen.be/LWKB",
    title=text("Lokaal woningkwaliteitsbeleid"),
    abstract=text("Parameters per gemeente"),
    geometry=Geometry.MULTIPOLYGON,
    fields=(
        field("NISCODE", length=5),
        field("NAAM", length=40),
        field("CAVERPLVAN", FieldType.DATE),
        field("CAVERGOED", FieldType.NUMBER),
    ),
)
RULES = FeatureType(
    prefix="LWKB",
    name="WoningkwaliteitsbeleidRegels",
    namespace="https://geo.api.vlaanderen.be/LWKB",
    title=text("Regels van het beleid"),
    abstract=text("Elke regel van elke gemeente"),
    fields=(field("NISCODE", length=5), field("SOORT", length=40), field("WAARDE", length=200)),
)


def product(
    name: str,
    kind: FeatureType,
    datasets: tuple[str, ...],
    value: str | None = None,
    tables: tuple[str, ...] = (),
    *,
    item_pages: bool = True,
) -> Product:
    uuid = str(uuid5(NAMESPACE_URL, name))
    return Product(
        id=name,
        title=text(f"Titel van {name}"),
        abstract=text(f"Alles over {name}"),
        feature_type=kind.qualified,
        datasets=datasets,
        uuid=uuid,
        keywords=("Woningkwaliteit",),
        value=value,
        tables=tables,
        item_pages=item_pages,
    )


def dataset(name: str, cadence: str = "daily", withdraw_after_days: int = 3) -> Dataset:
    return Dataset(
        id=name,
        title=text(f"Register {name}"),
        cadence=cadence,
        withdraw_after_days=withdraw_after_days,
        legal_ground="VCW art. 3.57 §1",
    )


DATASETS = (dataset("conformiteitsattesten", withdraw_after_days=7), dataset("besluiten"), dataset("herstelvorderingen"))

SCHEMA = Schema(
    feature_types=(POI, POLICY, RULES),
    products=(
        product(ATTEST, POI, ("conformiteitsattesten",), ATTEST),
        product(INVENTORY, POI, ("besluiten",), INVENTORY),
        product(CLAIMS, POI, ("herstelvorderingen",), CLAIMS, item_pages=False),
        product("Woningkwaliteitsbeleid", POLICY, ("parameters",), tables=(RULES.qualified,)),
        product("POI", POI, ("conformiteitsattesten", "besluiten", "herstelvorderingen")),
    ),
    datasets=(*DATASETS, dataset("parameters", "monthly", 62)),
    words=Words(
        attribution="Bron: Wonen in Vlaanderen – {dataset}, toestand {datum}",
        state="Toestand op {datum}. Staat een adres er niet op, dan bewijst dat niets.",
        reuse="Adresgegevens kunnen persoonsgegevens zijn.",
        licence="https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0",
        publisher="Wonen in Vlaanderen",
        contact="opendata@example.org",
    ),
)


@dataclass(frozen=True)
class Dwelling:
    """One point; `until` is the last day on which it is public."""

    id: int
    product: str
    street: str
    house: str
    town: str
    xy: tuple[float, float] | None
    box: str | None = None
    until: date | None = None


DWELLINGS = (
    Dwelling(101, ATTEST, "Kerkstraat", "1", "Gent", (104_000.25, 193_000.5)),
    Dwelling(102, ATTEST, "Kerkstraat", "12A", "Gent", (104_100.0, 193_100.0), box="0201"),
    Dwelling(103, ATTEST, 'Place "Général" <Ruquoy>', "3", "Antwerpen", (152_000.0, 212_000.0), until=DAY),
    Dwelling(104, INVENTORY, "Dorpsstraat", "7", "Antwerpen", (152_500.0, 212_500.0)),
    Dwelling(105, INVENTORY, "Dorpsstraat", "9", "Pajottegem", None),
    Dwelling(106, CLAIMS, "Molenweg", "5", "Pajottegem", (128_000.0, 162_000.0)),
)


def poi_table(dwellings: Sequence[Dwelling] = DWELLINGS) -> PublicTable:
    columns: dict[str, object] = {
        "_id": [d.id for d in dwellings],
        "_from": [to_day(DAY - timedelta(days=300))] * len(dwellings),
        "_until": [OPEN_END if d.until is None else to_day(d.until) for d in dwellings],
        "UIDN": [d.id * 1000 for d in dwellings],
        "OIDN": [d.id for d in dwellings],
        "PRODUCT": [d.product for d in dwellings],
        "NAAM": [f"{d.product}: {d.street} {d.house}" for d in dwellings],
        "STRAAT": [d.street for d in dwellings],
        "HUISNR": [d.house for d in dwellings],
        "BUSNR": [d.box for d in dwellings],
        "GEMEENTE": [d.town for d in dwellings],
        "AANTADRES": [1] * len(dwellings),
        "ADRESID": [None] * len(dwellings),
        "_x": [None if d.xy is None else d.xy[0] for d in dwellings],
        "_y": [None if d.xy is None else d.xy[1] for d in dwellings],
    }
    return PublicTable(POI, pa.table(columns, schema=arrow_schema(POI)))


def policy_table() -> PublicTable:
    shape = shapely.MultiPolygon([shapely.box(100_000, 190_000, 110_000, 200_000)])
    columns: dict[str, object] = {
        "_id": [11002, 44021],
        "_from": [0, 0],
        "_until": [OPEN_END, OPEN_END],
        "NISCODE": ["11002", "44021"],
        "NAAM": ["Antwerpen", "Gent"],
        "CAVERPLVAN": [None, date(2024, 1, 1)],
        "CAVERGOED": pa.array([None, 62.5]).cast(pa.decimal128(12, 2)),
        "_wkb": [None, shapely.to_wkb(shape)],
    }
    return PublicTable(POLICY, pa.table(columns, schema=arrow_schema(POLICY)))


def rules_table() -> PublicTable:
    columns: dict[str, object] = {
        "_id": [1, 2],
        "_from": [0, 0],
        "_until": [OPEN_END, OPEN_END],
        "NISCODE": ["44021", "44021"],
        "SOORT": ["geldigheidsduur", "vergoeding"],
        "WAARDE": ["5 jaar", "62,50 euro"],
    }
    return PublicTable(RULES, pa.table(columns, schema=arrow_schema(RULES)))


def content(peildatum: date = DAY, withdrawn: str | None = None) -> Content:
    tables = (poi_table(), policy_table(), rules_table())
    fresh = (Freshness(dataset=known.id, peildatum=peildatum, withdrawn=known.id == withdrawn) for known in SCHEMA.datasets)
    return Content(SCHEMA, {table.feature_type.qualified: table for table in tables}, tuple(fresh))


def publish(root: Path, what: Content, day: date = DAY) -> None:
    """Seal and make current."""
    candidate = Writer(root, DownloadSuite(PUBLIC_URL), KEY).seal(what, day)
    Pointer(root).move(candidate.seal, datetime.now(UTC))


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = datetime(2026, 11, 21, 14, 0, tzinfo=BRUSSELS)

    def __call__(self) -> datetime:
        return self.now
