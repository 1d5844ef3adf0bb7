"""Two releases that ought to be one: what is sealed, and what a channel gives that differs in one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.bundle import DownloadSuite
from release.content import Content
from release.manifest import Part
from release.reader import Release
from release.table import PublicTable
from release.writer import Writer
from schedules.parity import Site
from schedules.parity.asking import opened
from schedules.parity.channels import Place
from schedules.parity.known import library
from tests.exports.conftest import SINCE as DAY
from tests.exports.conftest import content

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
ROWS = 18
WHOLE, ATTEST, POLICY = "POI", "Conformiteitsattest", "Woningkwaliteitsbeleid"
PRODUCTS = (WHOLE, ATTEST, POLICY)
SITE = Site()

POINTS, AREAS, TABLES = (
    ("POI:POI",),
    ("LWKB:Woningkwaliteitsbeleid",),
    ("POI:RegisterHerstelvorderingen_Adressen", "LWKB:WoningkwaliteitsbeleidRegels"),
)


def seal(root: Path, what: Content, *, successor: bool = False) -> Release:
    """A sealed release with every file."""
    return Release.open(Writer(root, DownloadSuite(SITE.public_url), KEY).seal(what, DAY, successor=successor).folder)


def changed(what: Content, change: Callable[[PublicTable], PublicTable], names: tuple[str, ...]) -> Content:
    """The content with other tables of these names."""
    return replace(what, tables={name: change(table) if name in names else table for name, table in what.tables.items()})


def with_column(table: PublicTable, name: str, value: Callable[[object], object]) -> PublicTable:
    """The table with another value of a column in its first row."""
    column = table.arrow[name]
    first, *rest = column.to_pylist()
    plain = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    position = table.arrow.schema.get_field_index(name)
    return replace(table, arrow=table.arrow.set_column(position, name, pa.array([value(first), *rest], plain)))


def another_text(table: PublicTable) -> PublicTable:
    names = table.arrow.column_names
    return with_column(table, "STRAAT" if "STRAAT" in names else "NAAM", lambda text: f"{text}x")


def one_row_less(table: PublicTable) -> PublicTable:
    return table.take(np.arange(len(table)) > 0)


def moved(table: PublicTable) -> PublicTable:
    """By 2 cm."""
    if "_x" in table.arrow.column_names:
        return with_column(table, "_x", lambda x: round(float(str(x)) + 0.02, 2))
    return with_column(
        table, "_wkb", lambda data: shapely.to_wkb(shapely.transform(shapely.from_wkb(data), lambda xy: np.add(xy, [0.02, 0])))
    )


def another_id(table: PublicTable) -> PublicTable:
    """The object and its row have another number, in the columns as in the ids of features."""
    both = with_column(table, "_id", lambda number: int(str(number)) + 1)
    name = "OIDN" if "OIDN" in table.arrow.column_names else "NISCODE"
    return with_column(both, name, lambda value: value + 1 if isinstance(value, int) else str(int(str(value)) + 1))


@dataclass(frozen=True)
class Difference:
    """What is changed, in which tables, and which parts of a product show it."""

    change: Callable[[PublicTable], PublicTable]
    tables: tuple[str, ...]
    hidden: frozenset[Part]


IDS = frozenset({Part.IDS, Part.LOCATED_IDS, Part.SAMPLE_IDS})
DIFFERENCES: Mapping[str, Difference] = {
    "another text": Difference(another_text, (*POINTS, *AREAS), IDS),
    "one row less": Difference(one_row_less, (*POINTS, *AREAS), frozenset()),
    "moved by 0.02 m": Difference(moved, (*POINTS, *AREAS), IDS | {Part.ATTRIBUTES}),
    "another id": Difference(another_id, (*POINTS, *AREAS), frozenset()),
    "another text in a table": Difference(another_text, TABLES, frozenset(Part)),
}


@contextmanager
def mixed(sealed: Release, given: Release) -> Iterator[Place]:
    """The sealed table of one release, and the application over another one."""
    with library(sealed) as known, opened(given, SITE, [DAY]) as places:
        yield Place(sealed, DAY, places[DAY].served, known)


def small(rows: int = ROWS) -> Content:
    """All rows of every table, and the products of `PRODUCTS`."""
    whole = content(rows)
    kept = tuple(product for product in whole.schema.products if product.id in PRODUCTS)
    return replace(whole, schema=whole.schema.model_copy(update={"products": kept}))
