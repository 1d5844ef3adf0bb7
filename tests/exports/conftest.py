"""Small public tables of every kind: points with and without a position, multipolygons with holes, attribute tables."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from lxml import etree

from release.content import Content
from release.schema import Dataset, FeatureType, Field, FieldType, Freshness, Geometry, Product, Schema, Text, Words
from release.table import PublicTable, arrow_schema
from tests import ogc_schemas

SINCE = date(2026, 11, 21)
PRODUCTS = ("Conformiteitsattest", "VlaamseInventarisOngeschikteOnbewoonbareWoningen", "RegisterHerstelvorderingen")
STREETS = (
    "Kerkstraat",
    "Sint-Pieterʼs & Paulusplein",
    'Place "Général" Ruquoy',
    "Rue de l'Église <oost>",
    "Café-au-lait, dreef",
    "Ruelle \\ Żółta €",
)
MUNICIPALITIES = (("11002", "Antwerpen", "2000"), ("46030", "Beveren-Kruibeke-Zwijndrecht", "9120"), ("23106", "Pajottegem", "1570"))


def _text(nl: str) -> Text:
    return Text(nl=nl, en=f"{nl} (en)")


def _field(name: str, type_: FieldType = FieldType.TEXT, length: int | None = None, required: bool = False) -> Field:
    return Field(
        name=name, type=type_, title=_text(f"Betekenis van {name} & meer"), ground="VCW art. 3.57 §1, 1°", length=length, required=required
    )


ADDRESS_FIELDS = (
    _field("STRAAT", length=80),
    _field("HUISNR", length=11),
    _field("BUSNR", length=35),
    _field("POSTCODE", length=4),
    _field("GEMEENTE", length=40),
    _field("NISCODE", length=5),
)

POI = FeatureType(
    prefix="POI",
    name="POI",
    namespace="https://geo.api.vlaanderen.be/POI",
    title=_text("Woningkwaliteit"),
    abstract=_text("Punten van woningkwaliteit"),
    geometry=Geometry.POINT,
    fields=(
        _field("UIDN", FieldType.INTEGER, required=True),
        _field("OIDN", FieldType.INTEGER, required=True),
        _field("THEMA", length=30),
        _field("CATEGORIE", length=30),
        _field("PRODUCT", length=60, required=True),
        _field("POITYPE", length=80),
        _field("NAAM", length=200),
        _field("OMSCHR", length=254),
        *ADDRESS_FIELDS,
        _field("ADRESID", FieldType.URI, 60),
        _field("GEBEENHID", FieldType.URI, 60),
        _field("GEBOUWID", FieldType.URI, 60),
        _field("AANTADRES", FieldType.INTEGER),
        _field("POSHERK", length=12),
        _field("LINK1", FieldType.URI, 200),
        _field("LINKOMSCH1", length=60),
    ),
)

LWKB = FeatureType(
    prefix="LWKB",
    name="Woningkwaliteitsbeleid",
    namespace="https://geo.api.vlaanderen.be/LWKB",
    title=_text("Lokaal woningkwaliteitsbeleid"),
    abstract=_text("Parameters per gemeente"),
    geometry=Geometry.MULTIPOLYGON,
    fields=(
        _field("NISCODE", length=5, required=True),
        _field("NAAM", length=40),
        _field("CAVERPL", length=1),
        _field("CAVERPLVAN", FieldType.DATE),
        _field("CABOUWJR", FieldType.INTEGER),
        _field("CAVERGOED", FieldType.NUMBER),
        _field("LINK1", FieldType.URI, 254),
        _field("PEILDATUM", FieldType.DATE),
    ),
)

ADDRESSES = FeatureType(
    prefix="POI",
    name="RegisterHerstelvorderingen_Adressen",
    namespace="https://geo.api.vlaanderen.be/POI",
    title=_text("Adressen van een pand"),
    abstract=_text("Alle adressen van panden met een herstelvordering"),
    fields=(_field("OIDN", FieldType.INTEGER, required=True), *ADDRESS_FIELDS),
)

RULES = FeatureType(
    prefix="LWKB",
    name="WoningkwaliteitsbeleidRegels",
    namespace="https://geo.api.vlaanderen.be/LWKB",
    title=_text("Regels"),
    abstract=_text("Regels van een gemeente"),
    fields=(
        _field("NISCODE", length=5),
        _field("NAAM", length=40),
        _field("SOORT", length=40),
        _field("WAARDE"),
        _field("VANAF", FieldType.DATE),
    ),
)

WORDS = Words(
    attribution="Bron: Wonen in Vlaanderen – {dataset}, toestand {datum}",
    state="Toestand op {datum}. Staat een adres er niet op, dan bewijst dat niets. Dit is geen attest of uittreksel. "
    "Een herstelvordering kleeft aan het pand en zegt niets over de huidige eigenaar of bewoner.",
    reuse="Adresgegevens kunnen persoonsgegevens zijn; wie ze hergebruikt, is zelf verantwoordelijk en verwijdert wat hier verdwijnt.",
    licence="https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0",
    publisher="Wonen in Vlaanderen",
    contact="opendata@example.org",
)


def _product(
    name: str, feature_type: FeatureType, datasets: tuple[str, ...], value: str | None = None, tables: tuple[str, ...] = ()
) -> Product:
    uuid = f"00000000-0000-4000-8000-{abs(hash_of(name)) % 10**12:012d}"
    return Product(
        id=name,
        title=_text(name),
        abstract=_text(f"Alles over {name}"),
        feature_type=feature_type.qualified,
        datasets=datasets,
        uuid=uuid,
        keywords=("Woningkwaliteit",),
        value=value,
        tables=tables,
    )


def hash_of(name: str) -> int:
    """The same number on every run."""
    return int.from_bytes(name.encode()[:6].ljust(6, b"."), "big")


DATASETS = ("conformiteitsattesten", "besluiten", "herstelvorderingen")
SCHEMA = Schema(
    feature_types=(POI, LWKB, ADDRESSES, RULES),
    products=(
        _product("POI", POI, DATASETS, tables=(ADDRESSES.qualified,)),
        _product(PRODUCTS[0], POI, DATASETS[:1], PRODUCTS[0]),
        _product(PRODUCTS[1], POI, DATASETS[1:2], PRODUCTS[1]),
        _product(PRODUCTS[2], POI, DATASETS[2:], PRODUCTS[2], (ADDRESSES.qualified,)),
        _product("Woningkwaliteitsbeleid", LWKB, ("parameters",), tables=(RULES.qualified,)),
    ),
    datasets=tuple(
        Dataset(
            id=name,
            title=_text(name),
            cadence="monthly" if name == "parameters" else "daily",
            withdraw_after_days=7,
            legal_ground="art. 3.57 §1 VCW",
        )
        for name in (*DATASETS, "parameters")
    ),
    words=WORDS,
)


def poi_table(rows: int, encoded: bool = True) -> PublicTable:
    """Points over Flanders; every ninth row has no position, every fourth no box number. `encoded`: texts as dictionaries."""
    n = np.arange(rows)
    street, place, product = n % len(STREETS), n % len(MUNICIPALITIES), n % len(PRODUCTS)
    ids = (n * 2_654_435_761 + 97) % 2**47
    located = n % 9 != 8
    columns: dict[str, object] = {
        "_id": ids,
        "_from": np.full(rows, 20000, np.int32),
        "_until": np.full(rows, 30000, np.int32),
        "UIDN": ids + 1,
        "OIDN": ids,
        "THEMA": ["Bouwen en wonen"] * rows,
        "CATEGORIE": ["Woningkwaliteit"] * rows,
        "PRODUCT": [PRODUCTS[i] for i in product],
        "POITYPE": [f"Soort {PRODUCTS[i]}" for i in product],
        "NAAM": [f"{PRODUCTS[p]}: {STREETS[s]} {i}" for i, s, p in zip(n.tolist(), street, product, strict=True)],
        "OMSCHR": ["Deze woning heeft een geldig conformiteitsattest."] * rows,
        "STRAAT": [STREETS[i] for i in street],
        "HUISNR": [f"{i % 300 + 1}{'A' if i % 7 == 0 else ''}" for i in n],
        "BUSNR": [None if i % 4 == 0 else f"0{i % 40}" for i in n],
        "POSTCODE": [MUNICIPALITIES[i][2] for i in place],
        "GEMEENTE": [MUNICIPALITIES[i][1] for i in place],
        "NISCODE": [MUNICIPALITIES[i][0] for i in place],
        "ADRESID": [f"https://data.vlaanderen.be/id/adres/{i}" for i in n],
        "GEBEENHID": [None if i % 5 == 0 else f"https://data.vlaanderen.be/id/gebouweenheid/{i}" for i in n],
        "GEBOUWID": [None] * rows,
        "AANTADRES": np.ones(rows, np.int64),
        "POSHERK": ["geleverd" if i else "geen" for i in located],
        "LINK1": ["https://www.vlaanderen.be/conformiteitsattest?a=1&b=2"] * rows,
        "LINKOMSCH1": ["Meer over het attest"] * rows,
        "_x": pa.array(np.round(25_000 + (n * 7919 % 230_000) + 0.12, 2), mask=~located),
        "_y": pa.array(np.round(153_000 + (n * 104_729 % 90_000) + 0.5, 2), mask=~located),
    }
    return _table(POI, columns, encoded)


def policy_table() -> PublicTable:
    """Two municipalities: one of two polygons, of which one has a hole, and one without a known shape."""
    holed = shapely.Polygon(
        [(150000, 210000), (152000, 210000), (152000, 212000), (150000, 210000)],
        [[(151500, 210500), (151800, 210500), (151800, 210900), (151500, 210500)]],
    )
    shape = shapely.MultiPolygon([holed, shapely.box(153000, 210000, 154000.25, 211000.5)])
    columns: dict[str, object] = {
        "_id": [11002, 23106],
        "_from": [20000, 20000],
        "_until": [30000, 30000],
        "NISCODE": ["11002", "23106"],
        "NAAM": ["Antwerpen", "Pajottegem"],
        "CAVERPL": ["J", None],
        "CAVERPLVAN": [date(2024, 1, 1), None],
        "CABOUWJR": [1970, None],
        "CAVERGOED": pa.array([62.5, None]).cast(pa.decimal128(12, 2)),
        "LINK1": ["https://www.example.org/reglement?x=1&y=<2>", None],
        "PEILDATUM": [SINCE, SINCE],
        "_wkb": [shapely.to_wkb(shape), None],
    }
    return _table(LWKB, columns, encoded=False)


def address_table(rows: int = 3) -> PublicTable:
    """Addresses of panden, in a table without geometry."""
    columns: dict[str, object] = {
        "_id": list(range(rows)),
        "_from": [20000] * rows,
        "_until": [30000] * rows,
        "OIDN": [2**40 + i for i in range(rows)],
        "STRAAT": ['Place "Général" Ruquoy'] * rows,
        "HUISNR": ["1-3"] * rows,
        "BUSNR": [None] * rows,
        "POSTCODE": ["2000"] * rows,
        "GEMEENTE": ["Antwerpen"] * rows,
        "NISCODE": ["11002"] * rows,
    }
    return _table(ADDRESSES, columns, encoded=True)


def rules_table() -> PublicTable:
    """One rule of one municipality."""
    columns: dict[str, object] = {
        "_id": [1],
        "_from": [20000],
        "_until": [30000],
        "NISCODE": ["11002"],
        "NAAM": ["Antwerpen"],
        "SOORT": ["geldigheidsduur"],
        "WAARDE": ['5 jaar; zie "reglement"\nartikel 2'],
        "VANAF": [date(2024, 1, 1)],
    }
    return _table(RULES, columns, encoded=False)


def _table(kind: FeatureType, columns: dict[str, object], encoded: bool) -> PublicTable:
    table = pa.table(columns, schema=arrow_schema(kind))
    if encoded:
        for position, column in enumerate(table.schema):
            if column.type == pa.string():
                table = table.set_column(position, column.name, table[column.name].dictionary_encode())
    return PublicTable(kind, table)


def content(rows: int = 30, encoded: bool = True) -> Content:
    """Every table of the schema, fresh."""
    tables = (poi_table(rows, encoded), policy_table(), address_table(), rules_table())
    fresh = tuple(Freshness(dataset=dataset.id, peildatum=SINCE) for dataset in SCHEMA.datasets)
    return Content(SCHEMA, {table.feature_type.qualified: table for table in tables}, fresh)


@pytest.fixture(scope="session")
def schema() -> Schema:
    return SCHEMA


@pytest.fixture(scope="session")
def since() -> date:
    return SINCE


@pytest.fixture(params=["dictionaries", "plain texts"])
def poi(request: pytest.FixtureRequest) -> PublicTable:
    return poi_table(30, encoded=request.param == "dictionaries")


TABLES: dict[str, Callable[[], PublicTable]] = {
    "points": lambda: poi_table(30),
    "points without dictionaries": lambda: poi_table(30, encoded=False),
    "multipolygons": policy_table,
    "attributes": address_table,
}


@pytest.fixture(params=list(TABLES))
def table(request: pytest.FixtureRequest) -> PublicTable:
    return TABLES[request.param]()


@pytest.fixture(scope="session")
def make_poi() -> Callable[..., PublicTable]:
    return poi_table


@pytest.fixture
def policy() -> PublicTable:
    return policy_table()


@pytest.fixture
def addresses() -> PublicTable:
    return address_table()


@pytest.fixture(scope="session")
def make_content() -> Callable[..., Content]:
    return content


@pytest.fixture
def compile_schema() -> Callable[[bytes], etree.XMLSchema]:
    """Compiles an XSD; what it imports from OGC and W3C comes from the copies in the wheel of pycsw, nothing from a network."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(OfficialSchemas())
    return lambda schema: etree.XMLSchema(etree.fromstring(schema, parser))


@pytest.fixture(scope="session")
def wfs_schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the official schemas of WFS 1.0 and 1.1; skips where they have not been fetched."""
    return ogc_schemas.unpacked(tmp_path_factory.mktemp("schemas"))


@pytest.fixture
def compile_collection(wfs_schemas: Path, tmp_path: Path) -> Callable[[str, bytes], etree.XMLSchema]:
    """Compiles the official schema of a WFS (`wfs/1.1.0/wfs.xsd`) together with an application schema."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(OfficialSchemas())

    def compiled(official: str, application: bytes) -> etree.XMLSchema:
        place = tmp_path / "application.xsd"
        place.write_bytes(ogc_schemas.located(application, wfs_schemas))
        imports = {"http://www.opengis.net/wfs": wfs_schemas / official, etree.fromstring(application).get("targetNamespace"): place}
        elements = "".join(f'<xs:import namespace="{uri}" schemaLocation="{path.as_uri()}"/>' for uri, path in imports.items())
        return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{elements}</xs:schema>', parser))

    return compiled


class OfficialSchemas(etree.Resolver):
    """Official addresses of schemas, as files of pycsw (only its files: importing it is not needed)."""

    PLACES = (
        ("http://schemas.opengis.net/iso/19139/", "plugins/profiles/apiso/schemas/ogc/iso/19139/"),
        ("http://schemas.opengis.net/", "core/schemas/ogc/"),
        ("http://www.w3.org/", "core/schemas/w3c/"),
    )

    SMIL = """<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2001/SMIL20/">
        <element name="animate"/><element name="animateMotion"/><element name="animateColor"/><element name="set"/>
    </schema>"""  # what the styles of GML 3.1.1 name of SMIL; pycsw leaves that schema out, and no feature has a style

    def resolve(self, url, public_id, context):
        if url.endswith("/smil/smil20.xsd"):
            return self.resolve_string(self.SMIL, context)
        spec = importlib.util.find_spec("pycsw")
        assert spec is not None and spec.origin is not None, "the tests need the wheel of pycsw"
        for address, folder in self.PLACES:
            if url.startswith(address):
                return self.resolve_filename(str(Path(spec.origin).parent / folder / url.removeprefix(address)), context)
        return None
