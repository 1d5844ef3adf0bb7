"""Collections: every feature type, every product that is part of one, and every attribute table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from release.crs import CRS84, SERVED, Crs
from release.predicate import Compare, Operator
from release.schema import FeatureType, Product, Schema, Text

_PRODUCT = "PRODUCT"


@dataclass(frozen=True, eq=False)
class Collection:
    """A collection; `only` limits the feature type to one PRODUCT, `product` is what the download is called.

    `pageless` are the values of PRODUCT whose objects have no page of their own.
    """

    id: str
    title: Text
    abstract: Text
    feature_type: FeatureType
    product: Product
    only: Compare | None = None
    pageless: frozenset[str] = frozenset()

    @cached_property
    def crs(self) -> tuple[Crs, ...]:
        """OGC API Features Part 2 §6.2: CRS84 is in the list and comes first; without geometry it is all of it."""
        return (CRS84, *(crs for crs in SERVED if crs != CRS84)) if self.feature_type.geometry is not None else (CRS84,)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the fields."""
        return tuple(field.name for field in self.feature_type.fields)

    def has_page(self, product: object) -> bool:
        """Whether an object with this value of PRODUCT may have a page of its own."""
        return self.product.item_pages and product not in self.pageless

    @property
    def is_table(self) -> bool:
        """Whether it is an attribute table of its product."""
        return self.feature_type.qualified in self.product.tables


def collections(schema: Schema) -> dict[str, Collection]:
    """The collections of a schema by id, in order: feature types before their parts and tables."""
    found: dict[str, Collection] = {}
    for collection in _all(schema):
        found.setdefault(collection.id, collection)
    return found


def _all(schema: Schema) -> Iterator[Collection]:
    for kind in schema.feature_types:
        products = schema.products_of(kind)
        pageless = frozenset(product.value for product in products if product.value is not None and not product.item_pages)
        for product in sorted(products, key=lambda product: product.value is not None):
            only = None if product.value is None else Compare(_PRODUCT, Operator.EQUAL, product.value)
            name = kind.name if only is None else product.id
            yield Collection(name, product.title, product.abstract, kind, product, only, pageless)
    for kind in schema.feature_types:
        owners = [product for product in schema.products if kind.qualified in product.tables]
        if owners:
            owner = min(owners, key=lambda product: len(product.datasets))
            yield Collection(kind.name, kind.title, kind.abstract, kind, owner)
