"""A small release for the WMS tests: one point of each product, alone; a crowd of one product; three municipalities, one with a hole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from release.content import Content
from release.crs import Crs
from release.pointer import Pointer
from release.schema import Code, Freshness, Shape, Symbol, Text
from release.table import OPEN_END, PublicTable, arrow_schema, to_day
from release.transform import transform_points
from release.writer import Writer
from tests.publish.wfs import example
from tests.publish.wfs.example import CERTIFICATE, CLAIM, DAY, INVENTORY, NOON, PRODUCTS, FeedSuite

COLOURS = {CERTIFICATE: (0, 105, 92), INVENTORY: (198, 40, 40), CLAIM: (69, 39, 160)}
SHAPES = {CERTIFICATE: Shape.CIRCLE, INVENTORY: Shape.TRIANGLE, CLAIM: Shape.DIAMOND}
ALONE = {CERTIFICATE: (140_252.76, 198_794.27), INVENTORY: (150_000.0, 200_000.0), CLAIM: (160_000.0, 202_000.0)}
"""Where the only point of each product is, apart from the crowd."""
PRODUCTS_IN_ORDER = list(PRODUCTS)
ENDED, COMING = (145_000.0, 205_000.0), (146_000.0, 205_000.0)
CROWD = 100_000.0, 180_000.0
"""South-west corner of 10 x 10 km with 400 certificates."""
HOLED = shapely.Polygon(
    [(200_000, 180_000), (210_000, 180_000), (210_000, 190_000), (200_000, 190_000)],
    [[(204_000, 184_000), (206_000, 184_000), (206_000, 186_000), (204_000, 186_000)]],
)
HOSTILE = "<script>alert(1)</script> & Rue de l'Église"

FLAGS = (Code(value="J", title=Text(nl="ja", en="yes")), Code(value="N", title=Text(nl="nee", en="no")))


def _schema():
    old = example.SCHEMA
    products = tuple(
        product if product.value is None else product.model_copy(update={"symbol": _symbol(product.id)}) for product in old.products
    )
    poi, policy, addresses = old.feature_types
    flag = policy.field("NAAM").model_copy(
        update={"name": "CAVERPL", "codes": FLAGS, "title": Text(nl="verplicht bij verhuur (J: ja)", en="x")}
    )
    fields = (policy.field("NISCODE"), policy.field("NAAM"), flag, policy.field("CAVERPLVAN"))
    policy = policy.model_copy(update={"fields": (*fields, policy.field("CAVERGOED").model_copy(update={"classes": (50.0, 100.0)}))})
    return old.model_copy(update={"products": products, "feature_types": (poi, policy, addresses)})


def _symbol(product: str) -> Symbol:
    return Symbol(colour="#" + bytes(COLOURS[product]).hex(), shape=SHAPES[product])


SCHEMA = _schema()
POI, LWKB, ADDRESSES = SCHEMA.feature_types


def xy(position: tuple[float, float], crs: Crs) -> tuple[float, float]:
    """A position of EPSG:31370 in another CRS, x first."""
    x, y = transform_points(np.array([position]), crs)[0].tolist()
    return x, y


def poi_table() -> PublicTable:
    grid = [(CROWD[0] + 500.0 * (n % 20), CROWD[1] + 500.0 * (n // 20)) for n in range(400)]
    points = [*ALONE.values(), ENDED, COMING, *grid]
    n = np.arange(len(points) + 1)  # the last one has no position
    product = [*ALONE, CERTIFICATE, CERTIFICATE, *[CERTIFICATE] * (len(grid) + 1)]
    columns: dict[str, object] = {
        "_id": 2**45 + n,
        "_from": np.where(n == 4, to_day(DAY) + 1, to_day(DAY) - 9).astype(np.int32),
        "_until": np.where(n == 3, to_day(DAY) - 1, OPEN_END).astype(np.int32),
        "UIDN": 2**46 + n,
        "OIDN": 2**45 + n,
        "CATEGORIE": ["Woningkwaliteit"] * len(n),
        "PRODUCT": product,
        "NAAM": [f"{name} {number}" for number, name in enumerate(product)],
        "STRAAT": [HOSTILE if number == 0 else "Kerkstraat" for number in n],
        "BUSNR": [None] * len(n),
        "POSTCODE": [("2000", "9120")[number % 2] for number in n],
        "LINK1": ["https://www.vlaanderen.be/?a=1&b=2"] * len(n),
        "_x": [*(x for x, _ in points), None],
        "_y": [*(y for _, y in points), None],
    }
    return PublicTable(POI, pa.table({name: columns[name] for name in arrow_schema(POI).names}, schema=arrow_schema(POI)))


def policy_table() -> PublicTable:
    shapes = [HOLED, shapely.box(204_000, 184_000, 206_000, 186_000), shapely.box(210_000, 180_000, 220_000, 190_000)]
    columns: dict[str, object] = {
        "_id": [1, 2, 3],
        "_from": [0, 0, 0],
        "_until": [OPEN_END] * 3,
        "NISCODE": ["00001", "00002", "00003"],
        "NAAM": ["Ring", "Eiland", "Buur"],
        "CAVERPL": ["J", "N", None],
        "CAVERPLVAN": [DAY - timedelta(days=9), None, None],
        "CAVERGOED": pa.array([None, 62.5, 120.0]).cast(pa.decimal128(12, 2)),
        "_wkb": [shapely.to_wkb(shapely.MultiPolygon([shape])) for shape in shapes],
    }
    return PublicTable(LWKB, pa.table({name: columns[name] for name in arrow_schema(LWKB).names}, schema=arrow_schema(LWKB)))


def content(withdrawn: str | None = None) -> Content:
    addresses = pa.table({"_id": [1], "_from": [0], "_until": [OPEN_END], "OIDN": [1]}, schema=arrow_schema(ADDRESSES))
    tables = (poi_table(), policy_table(), PublicTable(ADDRESSES, addresses))
    fresh = tuple(Freshness(dataset=item.id, peildatum=DAY, withdrawn=item.id == withdrawn) for item in SCHEMA.datasets)
    return Content(SCHEMA, {table.feature_type.qualified: table for table in tables}, fresh)


def publish(folder: Path, made: Content) -> Path:
    """Seal and make current; gives the folder of releases."""
    writer = Writer(folder, FeedSuite(), Ed25519PrivateKey.from_private_bytes(bytes(32)))
    Pointer(folder).move(writer.seal(made, DAY).seal, NOON)
    return folder


assert set(PRODUCTS) == set(COLOURS)
