"""A release for tiles and styles: the real schema, points in a dense town and thinly around it, and a grid of municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from etl.definitions import load_all
from etl.schema import schema
from release.content import Content
from release.pointer import Pointer
from release.reader import Release
from release.schema import Freshness, Schema
from release.table import OPEN_END, PublicTable, arrow_schema, to_day
from release.writer import Writer
from tests.release.samples import KEY, Files

DAY = date(2026, 11, 21)
NEXT = DAY + timedelta(days=1)
PUBLIC_URL = "https://data.example.org/vlok"
ATTEST, INVENTORY, CLAIMS = "Conformiteitsattest", "VlaamseInventarisOngeschikteOnbewoonbareWoningen", "RegisterHerstelvorderingen"
PRODUCTS = (ATTEST, INVENTORY, CLAIMS)
SCHEMA: Schema = schema(load_all(), publisher="Wonen in Vlaanderen", contact="https://example.org", withdraw_after={})
COUNT = 800
"""Points of a release that is not said to have another number."""
TOWN = (104_000.0, 193_000.0)
ENDING, NOWHERE = 7, 11
"""Every seventh point ends on the day, every eleventh has no position."""

_FIRST = 2**45 + 1
_SIDE, _ACROSS = 12_000.0, 5


def points(count: int, crowd: Sequence[tuple[float, float]] = ()) -> PublicTable:
    """So many points of three products: half of them in one town, the others over Flanders; and more at the places of `crowd`."""
    kind, chance = SCHEMA.feature_type("POI"), np.random.default_rng(5)
    near = TOWN + chance.normal(0, 600, (count // 2, 2))
    far = np.column_stack([chance.uniform(30_000, 250_000, count - count // 2), chance.uniform(160_000, 240_000, count - count // 2)])
    places = np.vstack([near, far, *([np.asarray(crowd)] if len(crowd) else [])]).round(2)
    numbers = range(len(places))
    located = [number % NOWHERE != 0 or number >= count for number in numbers]
    columns: dict[str, object] = {
        "_id": [_FIRST + number * 1001 for number in numbers],
        "_from": [to_day(DAY) - 100] * len(places),
        "_until": [to_day(DAY) if number % ENDING == 0 and number < count else OPEN_END for number in numbers],
        "OIDN": [_FIRST + number * 1001 for number in numbers],
        "UIDN": [2**46 + number for number in numbers],
        "PRODUCT": [PRODUCTS[number % 3] for number in numbers],
        "NAAM": [f"Woning – Kerkstraat {number}" for number in numbers],
        "NISCODE": [("44021", "11002")[number % 2] for number in numbers],
        "_x": [place[0] if known else None for place, known in zip(places.tolist(), located, strict=True)],
        "_y": [place[1] if known else None for place, known in zip(places.tolist(), located, strict=True)],
    }
    wanted = arrow_schema(kind)
    arrays = [pa.array(columns.get(column.name, [None] * len(places)), column.type) for column in wanted]
    coded = [array.dictionary_encode() if pa.types.is_string(array.type) else array for array in arrays]
    return PublicTable(kind, pa.table(coded, names=wanted.names))


def areas() -> PublicTable:
    """Municipalities as squares with ragged borders that neighbours share; one that has none, and one that begins tomorrow."""
    kind = SCHEMA.feature_type("Woningkwaliteitsbeleid")
    shapes: list[bytes | None] = [shapely.to_wkb(shapely.MultiPolygon([shape])) for shape in _ragged()]
    count = len(shapes) + 1
    columns: dict[str, object] = {
        "_id": [11001 + number for number in range(count)] + [11001],
        "_from": [0] * count + [to_day(NEXT)],
        "_until": [to_day(DAY)] + [OPEN_END] * count,
        "NISCODE": [str(11001 + number) for number in range(count)] + ["11001"],
        "NAAM": [f"Gemeente {number}" for number in range(count)] + ["Gemeente 0"],
        "CAVERPL": [("J", "D", "N", None)[number % 4] for number in range(count + 1)],
        "CAVERGOED": pa.array([(None, "62.50", "0.00")[number % 3] for number in range(count + 1)]).cast(pa.decimal128(12, 2)),
        "AANTREGELS": list(range(count + 1)),
        "PEILDATUM": [DAY] * (count + 1),
        "_wkb": [*shapes, None, shapes[0]],
    }
    wanted = arrow_schema(kind)
    return PublicTable(kind, pa.table({c.name: pa.array(columns.get(c.name, [None] * (count + 1)), c.type) for c in wanted}))


@cache
def _ragged() -> list[shapely.Polygon]:
    """Squares of a grid; each side has many corners, the same for both that share it."""
    chance = np.random.default_rng(6)

    def line(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
        steps = np.linspace(0, 1, 60)[1:-1, None]
        bent = np.asarray(start) + steps * (np.asarray(end) - np.asarray(start)) + chance.uniform(-150, 150, (58, 2))
        return [start, *map(tuple, bent.tolist()), end]

    corners = {(x, y): (90_000 + x * _SIDE, 180_000 + y * _SIDE) for x in range(_ACROSS + 1) for y in range(_ACROSS + 1)}
    flat = {(x, y): line(corners[x, y], corners[x + 1, y]) for x in range(_ACROSS) for y in range(_ACROSS + 1)}
    steep = {(x, y): line(corners[x, y], corners[x, y + 1]) for x in range(_ACROSS + 1) for y in range(_ACROSS)}
    return [
        shapely.Polygon([*flat[x, y], *steep[x + 1, y], *reversed(flat[x, y + 1]), *reversed(steep[x, y])])
        for x in range(_ACROSS)
        for y in range(_ACROSS)
    ]


def content(count: int = COUNT, crowd: Sequence[tuple[float, float]] = (), withdrawn: str | None = None) -> Content:
    """Everything, with nothing in the attribute tables."""
    tables = {kind.qualified: PublicTable(kind, arrow_schema(kind).empty_table()) for kind in SCHEMA.feature_types}
    for table in (points(count, crowd), areas()):
        tables[table.feature_type.qualified] = table
    fresh = (Freshness(dataset=known.id, peildatum=DAY, withdrawn=known.id == withdrawn) for known in SCHEMA.datasets)
    return Content(SCHEMA, tables, tuple(fresh))


def publish(root: Path, what: Content) -> Release:
    """Seal for `DAY`, make current, and open."""
    candidate = Writer(root, Files(), KEY).seal(what, DAY)
    Pointer(root).move(candidate.seal, datetime.now(UTC))
    return Release.open(candidate.folder)
