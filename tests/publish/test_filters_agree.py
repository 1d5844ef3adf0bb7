"""The same 200 filters find the same objects through FES 2.0, Filter 1.1, CQL2 text, CQL2 JSON, and plain Python over the CSV.

The evaluator below knows nothing of ours but the names of the operators: it reads the CSV that the service gives, row by row. A distance
is not among the filters, because CQL2 has none.
"""

from __future__ import annotations

import asyncio
import csv
import io
import operator
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pyarrow as pa
import pytest
import shapely
from starlette.applications import Starlette

from publish.app import ServeSettings, create_app
from release.content import Content
from release.crs import LAMBERT72
from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    In,
    IsNull,
    Like,
    Literal,
    Not,
    Operator,
    Or,
    Predicate,
    Relation,
    Spatial,
)
from release.table import OPEN_END, PublicTable, arrow_schema
from tests.publish.example import ATTEST, CLAIMS, INVENTORY, POI, POLICY, PUBLIC_URL, Clock, content, publish, rules_table
from tests.publish.filters.languages import WRITERS

FILTERS = 200
LAMBERT = LAMBERT72.url
STREETS = ("Kerkstraat", "kerkstraat", "KERKSTRAAT", "Rue de l'Église & Cie", 'Kleine "Put" <oost>', "100%_Laan*?", "Ünterweg", "A\\B")
TOWNS = ("Gent", "Antwerpen", "Sint-Niklaas", "Pajottegem", "’s-Gravenvoeren")
NUMBERS = ("1", "2", "10", "12A", "12a", "100")
Value = str | int | Decimal | date | None
Row = dict[str, Value]


@dataclass(frozen=True)
class Layer:
    """A feature type, how its values are read from the CSV, and which of its fields may be compared with each other."""

    collection: str
    type_name: str
    key: str
    types: dict[str, Callable[[str], Value]]
    pairs: tuple[tuple[str, str], ...]


POINTS = Layer(
    "POI",
    "POI:POI",
    "OIDN",
    {"OIDN": int, "UIDN": int, "AANTADRES": int} | dict.fromkeys(("PRODUCT", "NAAM", "STRAAT", "HUISNR", "BUSNR", "GEMEENTE"), str),
    (("NAAM", "STRAAT"), ("HUISNR", "BUSNR"), ("OIDN", "UIDN"), ("AANTADRES", "OIDN")),
)
POLICIES = Layer(
    "Woningkwaliteitsbeleid",
    "LWKB:Woningkwaliteitsbeleid",
    "NISCODE",
    {"NISCODE": str, "NAAM": str, "CAVERPLVAN": date.fromisoformat, "CAVERGOED": Decimal},
    (("NISCODE", "NAAM"),),
)


def points(random: random.Random, count: int = 300) -> PublicTable:
    """Points of every kind: some without a position, without a box number, or named after their street."""
    streets = random.choices(STREETS, k=count)
    located = [random.random() > 0.1 for _ in range(count)]
    columns: dict[str, object] = {
        "_id": list(range(1, count + 1)),
        "_from": [0] * count,
        "_until": [OPEN_END] * count,
        "UIDN": random.choices(range(1, 2 * count), k=count),
        "OIDN": list(range(1, count + 1)),
        "PRODUCT": random.choices((ATTEST, INVENTORY, CLAIMS), k=count),
        "NAAM": [street if random.random() < 0.4 else f"Woning {street}" for street in streets],
        "STRAAT": streets,
        "HUISNR": random.choices(NUMBERS, k=count),
        "BUSNR": random.choices((None, None, *NUMBERS), k=count),
        "GEMEENTE": random.choices(TOWNS, k=count),
        "AANTADRES": random.choices((1, 1, 1, 2, 17), k=count),
        "ADRESID": [None] * count,
        "_x": [random.randrange(100_000_00, 110_000_00) / 100 if here else None for here in located],
        "_y": [random.randrange(190_000_00, 200_000_00) / 100 if here else None for here in located],
    }
    return PublicTable(POI, pa.table(columns, schema=arrow_schema(POI)))


def policies(random: random.Random, count: int = 60) -> PublicTable:
    """Municipalities with dates and amounts, of which some are not stated."""
    days = [date(2020, 1, 1) + timedelta(days=31 * number) for number in range(20)]
    amounts = [Decimal("62.50"), Decimal("100.00"), Decimal("0.01"), None]
    columns: dict[str, object] = {
        "_id": list(range(11_001, 11_001 + count)),
        "_from": [0] * count,
        "_until": [OPEN_END] * count,
        "NISCODE": [str(number) for number in range(11_001, 11_001 + count)],
        "NAAM": [f"{random.choice(TOWNS)} {number}" for number in range(count)],
        "CAVERPLVAN": random.choices((None, None, None, *days), k=count),
        "CAVERGOED": pa.array(random.choices(amounts, k=count), pa.decimal128(12, 2)),
        "_wkb": [None] * count,
    }
    return PublicTable(POLICY, pa.table(columns, schema=arrow_schema(POLICY)))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    """The whole application over a release of these."""
    folder: Path = tmp_path_factory.mktemp("agree")
    made, chance = content(), random.Random(1)
    tables = {table.feature_type.qualified: table for table in (points(chance), policies(chance), rules_table())}
    publish(folder, Content(made.schema, tables, made.freshness))
    return create_app(ServeSettings(folder, PUBLIC_URL, production=True), Clock())


@pytest.fixture(scope="module")
def rows(app: Starlette) -> dict[str, list[Row]]:
    """What the CSV says, by collection; an empty cell is no value."""

    async def text(layer: Layer) -> str:
        async with client(app) as service:
            return (await service.get(f"/ogc/features/v1/collections/{layer.collection}/items?f=csv&limit=10000")).text

    return {layer.collection: list(read(layer, asyncio.run(text(layer)))) for layer in (POINTS, POLICIES)}


def read(layer: Layer, text: str) -> Iterator[Row]:
    for line in csv.DictReader(io.StringIO(text, newline="")):
        row: Row = {name: kind(line[name]) if line[name] else None for name, kind in layer.types.items()}
        yield row | {"X": Decimal(line["X_L72"]) if line.get("X_L72") else None, "Y": Decimal(line["Y_L72"]) if line.get("Y_L72") else None}


def client(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://elsewhere.invalid")


class Chance:
    """Filters that come by chance, the same ones each time; their literals are mostly values that occur."""

    def __init__(self, seed: int, layer: Layer, rows: list[Row]) -> None:
        self._random, self._layer, self._rows = random.Random(seed), layer, rows

    def filter(self, depth: int = 2) -> Predicate:
        kind = self._random.choice(("and", "or", "not", "leaf", "leaf")) if depth else "leaf"
        match kind:
            case "and":
                return And((self.filter(depth - 1), self.filter(depth - 1)))
            case "or":
                return Or(tuple(self.filter(depth - 1) for _ in range(self._random.choice((2, 3)))))
            case "not":
                return Not(self.filter(depth - 1))
        return self._random.choice(self._leaves())()

    def _leaves(self) -> list[Callable[[], Predicate]]:
        always = [self._compare, self._compare, self._folded, self._between, self._in, self._like, self._null, self._fields]
        return [*always, self._box, self._shape] if self._layer is POINTS else always

    def _field(self, *kinds: Callable[[str], Value]) -> str:
        return self._random.choice([name for name, kind in self._layer.types.items() if not kinds or kind in kinds])

    def _literal(self, field: str) -> Literal:
        value = self._random.choice([row[field] for row in self._rows if row[field] is not None])
        if isinstance(value, Decimal):
            return float(value) if self._random.random() < 0.8 else 50
        assert isinstance(value, str | int | date)
        return value

    def _operator(self) -> Operator:
        return self._random.choice(list(Operator))

    def _compare(self) -> Predicate:
        field = self._field()
        return Compare(field, self._operator(), self._literal(field))

    def _folded(self) -> Predicate:
        field = self._field(str)
        text = str(self._literal(field))
        return Compare(field, self._operator(), self._random.choice((text.upper(), text.lower(), text)), match_case=False)

    def _between(self) -> Predicate:
        field = self._field()
        return Between(field, self._literal(field), self._literal(field))

    def _in(self) -> Predicate:
        field = self._field()
        return In(field, tuple(self._literal(field) for _ in range(self._random.choice((2, 3, 5)))))

    def _like(self) -> Predicate:
        field = self._field(str)
        text = re.sub(r"([%_\\])", r"\\\1", str(self._literal(field)))
        cut = self._random.randrange(len(text) + 1)
        while text[:cut].endswith("\\") or text[cut:].startswith(("%", "_", "\\")):  # not within what is escaped
            cut = self._random.randrange(len(text) + 1)
        pattern = self._random.choice((f"{text[:cut]}%", f"%{text[cut:]}", f"{text[:cut]}%{text[cut:]}", f"_{text[1:]}", text))
        return Like(field, "%" if text[:1] == "\\" and pattern.startswith("_") else pattern, match_case=self._random.random() < 0.6)

    def _null(self) -> Predicate:
        return IsNull(self._random.choice([*self._layer.types, *(["SHAPE"] if self._layer is POINTS else [])]))

    def _fields(self) -> Predicate:
        left, right = self._random.choice(self._layer.pairs)
        textual = self._layer.types[left] is str
        return CompareFields(left, self._operator(), right, match_case=not textual or self._random.random() < 0.5)

    def _corners(self) -> tuple[float, float, float, float]:
        """Around a point, which is often a corner itself."""
        row = self._random.choice([row for row in self._rows if row["X"] is not None])
        x, y = float(str(row["X"])), float(str(row["Y"]))
        return x, y, round(x + self._random.randrange(1, 5_000), 2), round(y + self._random.randrange(1, 5_000), 2)

    def _box(self) -> Predicate:
        return BBox(LAMBERT72, *self._corners())

    def _shape(self) -> Predicate:
        x, y, right, top = self._corners()
        shapes = (
            shapely.box(x, y, right, top),
            shapely.Polygon([(x - 1, y - 1), (right, y), (x, top)]),
            shapely.MultiPolygon([shapely.box(x, y, right, top), shapely.box(99_000, 189_000, 99_500, 189_500)]),
        )
        relation = self._random.choice((Relation.INTERSECTS, Relation.INTERSECTS, Relation.WITHIN, Relation.DISJOINT))
        return Spatial(relation, LAMBERT72, self._random.choice(shapes))


OPERATORS: dict[Operator, Callable[[object, object], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def fits(predicate: Predicate, row: Row) -> bool | None:
    """Whether a row fits, in the logic of SQL: with an absent value it is not known."""
    match predicate:
        case And(parts):
            answers = [fits(part, row) for part in parts]
            return False if False in answers else None if None in answers else True
        case Or(parts):
            answers = [fits(part, row) for part in parts]
            return True if True in answers else None if None in answers else False
        case Not(part):
            answer = fits(part, row)
            return None if answer is None else not answer
        case IsNull(name):
            return row["X" if name == "SHAPE" else name] is None
        case BBox() | Spatial():
            return None if row["X"] is None else placed(predicate, shapely.Point(float(str(row["X"])), float(str(row["Y"]))))
        case CompareFields(left, how, right, match_case):
            return compared(row[left], how, row[right], match_case)
    return described(predicate, row)


def described(predicate: Predicate, row: Row) -> bool | None:
    match predicate:
        case Compare(name, how, literal, match_case):
            return compared(row[name], how, exact(literal), match_case)
        case In(name, literals):
            return None if row[name] is None else row[name] in [exact(literal) for literal in literals]
        case Between(name, lower, upper):
            return fits(And((Compare(name, Operator.GREATER_OR_EQUAL, lower), Compare(name, Operator.LESS_OR_EQUAL, upper))), row)
        case Like(name, pattern, match_case):
            value = row[name]
            return None if value is None else liked(str(value), pattern, match_case)
    raise AssertionError(predicate)


def exact(literal: Literal) -> Value:
    return Decimal(repr(literal)) if isinstance(literal, float) else literal


def compared(left: Value, how: Operator, right: Value, match_case: bool) -> bool | None:
    if left is None or right is None:
        return None
    if not match_case:
        left, right = str(left).casefold(), str(right).casefold()
    return OPERATORS[how](left, right)


def liked(text: str, pattern: str, match_case: bool) -> bool:
    """OGC 21-065r2 §7.3: % is any number of characters, _ is one, and a backslash takes the meaning away."""
    parts = re.findall(r"\\(.)|(%)|(_)|(.)", pattern, re.DOTALL)
    expression = "".join(".*" if many else "." if one else re.escape(escaped or plain) for escaped, many, one, plain in parts)
    return re.fullmatch(expression, text, re.DOTALL | (re.NOFLAG if match_case else re.IGNORECASE)) is not None


def placed(predicate: BBox | Spatial, point: shapely.Point) -> bool:
    if isinstance(predicate, BBox):
        return predicate.min_x <= point.x <= predicate.max_x and predicate.min_y <= point.y <= predicate.max_y
    return bool(getattr(point, str(predicate.relation))(predicate.geometry))


def generated(number: int, rows: dict[str, list[Row]]) -> tuple[Layer, Predicate]:
    layer = POLICIES if number % 4 == 3 else POINTS
    return layer, Chance(number, layer, rows[layer.collection]).filter(number % 4)


async def answers(app: Starlette, layer: Layer, predicate: Predicate, posted: bool) -> dict[str, httpx.Response]:
    """The answer in every language; FES 2.0 as keywords or as XML."""
    texts = {language: write(predicate) for language, write in WRITERS.items()}
    prefix = layer.type_name.partition(":")[0]
    fes = {version: texts[version].replace("POI:", f"{prefix}:") for version in ("FES 2.0", "Filter 1.1")}
    wfs = {"SERVICE": "WFS", "REQUEST": "GetFeature", "OUTPUTFORMAT": "application/json"}
    newer = wfs | {"VERSION": "2.0.0", "TYPENAMES": layer.type_name, "FILTER": fes["FES 2.0"]}
    older = wfs | {"VERSION": "1.1.0", "TYPENAME": layer.type_name, "FILTER": fes["Filter 1.1"]}
    items, cql = f"/ogc/features/v1/collections/{layer.collection}/items", {"limit": 10_000, "filter-crs": LAMBERT}
    async with client(app) as service:
        return {
            "FES 2.0": await service.post("/wfs", content=document(layer, fes["FES 2.0"]), headers={"Content-Type": "text/xml"})
            if posted
            else await service.get("/wfs", params=newer),
            "Filter 1.1": await service.get("/wfs", params=older),
            "CQL2 text": await service.get(items, params=cql | {"filter": texts["CQL2 text"], "filter-lang": "cql2-text"}),
            "CQL2 JSON": await service.get(items, params=cql | {"filter": texts["CQL2 JSON"], "filter-lang": "cql2-json"}),
        }


def document(layer: Layer, filter_: str) -> str:
    prefix = layer.type_name.partition(":")[0]
    space = {kind.prefix: kind.namespace for kind in (POI, POLICY)}[prefix]
    return (
        '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" outputFormat="application/json">'
        f'<wfs:Query typeNames="{layer.type_name}" xmlns:{prefix}="{space}">{filter_}</wfs:Query></wfs:GetFeature>'
    )


@pytest.mark.parametrize("number", range(FILTERS))
def test_a_filter_finds_the_same_objects_in_every_language(app: Starlette, rows: dict[str, list[Row]], number: int) -> None:
    layer, predicate = generated(number, rows)
    wanted = {str(row[layer.key]) for row in rows[layer.collection] if fits(predicate, row)}
    for language, answer in asyncio.run(answers(app, layer, predicate, posted=number % 2 == 0)).items():
        assert answer.status_code == 200, (language, answer.text)
        found = [str(feature["properties"][layer.key]) for feature in answer.json()["features"]]
        assert len(found) == len(set(found)) == answer.json()["numberMatched"]
        assert set(found) == wanted, (language, WRITERS[language](predicate))


def test_the_filters_tell_objects_apart_and_are_of_every_kind(rows: dict[str, list[Row]]) -> None:
    every = [generated(number, rows) for number in range(FILTERS)]
    counts = [sum(fits(predicate, row) is True for row in rows[layer.collection]) for layer, predicate in every]
    telling = [0 < count < len(rows[layer.collection]) for (layer, _), count in zip(every, counts, strict=True)]
    assert sum(telling) > 0.75 * FILTERS
    kinds = (And, Or, Not, Compare, CompareFields, In, Between, Like, IsNull, BBox, Spatial)
    assert all(sum(f"{kind.__name__}(" in repr(predicate) for _, predicate in every) >= 5 for kind in kinds)
