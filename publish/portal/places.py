"""Municipalities, as the policy parameters name them, and what is public of one.

::

    LWKB:Woningkwaliteitsbeleid ─► Place (NIS code, name, extent) ─► choice on the map, /gemeente/<nis>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from publish.pages import Language, spelled
from publish.shelf import View
from release.crs import WEB_MERCATOR
from release.errors import Withdrawn
from release.predicate import Compare, Operator, both
from release.query import Query
from release.reader import ReleaseTable
from release.schema import FeatureType, Field, Geometry, Product, Schema

NIS, NAME = "NISCODE", "NAAM"

_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
"""A value of a code list without titles, e.g. a kind of rule: `verplicht_conformiteitsattest`."""

Extent = tuple[float, float, float, float]
"""West, south, east, north in EPSG:3857."""
Value = str | int | float | date | None


@dataclass(frozen=True)
class Place:
    """A municipality; `extent` null when its area is not known."""

    nis: str
    name: str
    extent: Extent | None


@dataclass(frozen=True)
class Fact:
    """A field and its value in words; `link` says that the value is an address."""

    label: str
    value: str
    link: bool = False


@dataclass(frozen=True)
class Count:
    """How many objects of a product a municipality has; null while the product is withdrawn."""

    product: Product
    public: int | None


def areas(schema: Schema) -> FeatureType | None:
    """The feature type whose features are municipalities."""
    return next((kind for kind in schema.feature_types if kind.geometry is Geometry.MULTIPOLYGON and _has(kind, NIS)), None)


def point_products(schema: Schema) -> tuple[Product, ...]:
    """The products that are points with a municipality, each on its own."""
    kinds = {kind.qualified for kind in schema.feature_types if kind.geometry is Geometry.POINT and _has(kind, NIS)}
    return tuple(product for product in schema.products if product.feature_type in kinds and product.value is not None)


def places(view: View) -> tuple[Place, ...]:
    """Every municipality by name; none while the policy parameters are withdrawn."""
    kind = areas(view.release.schema)
    if kind is None:
        return ()
    try:
        rows = view.release.select(Query(kind.qualified), view.day).rows
    except Withdrawn:
        return ()
    table = view.release.table(kind.qualified)
    extents = table.coordinates(WEB_MERCATOR)[rows]
    named = table.table.arrow.select([NIS, NAME]).take(rows).to_pylist()
    found = [Place(row[NIS], row[NAME], _extent(box)) for row, box in zip(named, extents, strict=True)]
    return tuple(sorted(found, key=lambda place: place.name))


def around(found: tuple[Place, ...]) -> Extent | None:
    """The extent of all of them; null when none is known."""
    boxes = np.array([place.extent for place in found if place.extent is not None])
    return _extent(np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])) if len(boxes) else None


def count(view: View, product: Product, nis: str | None = None) -> int | None:
    """The public objects of a product, of one municipality or of all, with or without a position; null while it is withdrawn."""
    of_product = None if product.value is None else Compare("PRODUCT", Operator.EQUAL, product.value)
    of_place = None if nis is None else Compare(NIS, Operator.EQUAL, nis)
    try:
        return view.release.select(Query(product.feature_type, both(of_product, of_place), count=0), view.day).matched
    except Withdrawn:
        return None


def counts(view: View, nis: str) -> Iterator[Count]:
    """The objects of each product in a municipality."""
    for product in point_products(view.release.schema):
        yield Count(product, count(view, product, nis))


def policy(view: View, nis: str, language: Language) -> tuple[Fact, ...]:
    """The parameters of a municipality in words, what is not stated left out; raises `Withdrawn`."""
    kind = areas(view.release.schema)
    assert kind is not None
    (row,) = _rows(view, kind, nis)
    fields = [field for field in kind.fields if field.name not in (NIS, NAME) and not field.name.startswith("LINK")]
    return tuple(_fact(field, row[field.name], language) for field in fields if row[field.name] is not None)


def rules(view: View, nis: str, language: Language) -> tuple[tuple[Fact, ...], ...]:
    """The rules of a municipality, from the tables that go with the policy parameters; raises `Withdrawn`."""
    schema, kind = view.release.schema, areas(view.release.schema)
    names = [name for product in schema.products if kind and product.feature_type == kind.qualified for name in product.tables]
    found = []
    for table in (schema.feature_type(name) for name in names if _has(schema.feature_type(name), NIS)):
        fields = [field for field in table.fields if field.name not in (NIS, NAME)]
        for row in _rows(view, table, nis):
            found.append(tuple(_fact(field, row[field.name], language) for field in fields if row[field.name] is not None))
    return tuple(found)


def label(field: Field, language: Language) -> str:
    """`Kamerreglement`: the title of a field without its explanation."""
    title = field.title.en if language == "en" else field.title.nl
    short = title.partition(" (")[0].partition(":")[0].partition(";")[0].partition(", ")[0].strip()
    return short[:1].upper() + short[1:]


def _rows(view: View, kind: FeatureType, nis: str) -> list[dict[str, Value]]:
    table: ReleaseTable = view.release.table(kind.qualified)
    rows = view.release.select(Query(kind.qualified, Compare(NIS, Operator.EQUAL, nis)), view.day).rows
    values: list[dict[str, Value]] = table.table.arrow.select([field.name for field in kind.fields]).take(rows).to_pylist()
    return values


def _fact(field: Field, value: Value, language: Language) -> Fact:
    codes = {code.value: code.title for code in field.codes}
    if isinstance(value, str) and value in codes:
        title = codes[value]
        return Fact(label(field, language), title.en if language == "en" else title.nl)
    return Fact(label(field, language), _spelled(value, language), isinstance(value, str) and value.startswith(("http://", "https://")))


def _spelled(value: Value, language: Language) -> str:
    if isinstance(value, date):
        return spelled(value, language)
    if isinstance(value, str):
        return value.replace("_", " ") if _CODE.fullmatch(value) else value
    return str(value).replace(".", ",") if language == "nl" else str(value)


def _extent(box: NDArray[np.float64]) -> Extent | None:
    if not np.isfinite(box).all():
        return None
    west, south, east, north = (round(float(number), 1) for number in box)
    return west, south, east, north


def _has(kind: FeatureType, name: str) -> bool:
    return any(field.name == name for field in kind.fields)
