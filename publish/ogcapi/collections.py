"""Collections: every feature type, every product that is part of one, and every attribute table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from release.crs import CRS84, SERVED, Crs
from release.predicate import Compare, Operator
from release.schema import FeatureType, Product, Schema, Text


@dataclass(frozen=True)
class Collection:
    """A collection; `only` limits the feature type to one PRODUCT, `product` is what the download is called."""

    id: str
    title: Text
    abstract: Text
    feature_type: FeatureType
    product: Product
    only: Compare | None = None

    @property
    def crs(self) -> tuple[Crs, ...]:
        """OGC API Features Part 2 §6.2: CRS84 is in the list and comes first; empty without geometry."""
        return (CRS84, *(crs for crs in SERVED if crs != CRS84)) if self.feature_type.geometry is not None else ()


def collections(schema: Schema) -> dict[str, Collection]:
    """The collections of a schema by id, in order: feature types before their parts and tables."""
    found: dict[str, Collection] = {}
    for collection in _all(schema):
        found.setdefault(collection.id, collection)
    return found


def _all(schema: Schema) -> Iterator[Collection]:
    for kind in schema.feature_types:
        for product in sorted(schema.products_of(kind), key=lambda product: product.value is not None):
            only = None if product.value is None else Compare("PRODUCT", Operator.EQUAL, product.value)
            name = kind.name if only is None else product.id
            yield Collection(name, product.title, product.abstract, kind, product, only)
    for kind in schema.feature_types:
        owners = [product for product in schema.products if kind.qualified in product.tables]
        if owners:
            owner = min(owners, key=lambda product: len(product.datasets))
            yield Collection(kind.name, kind.title, kind.abstract, kind, owner)
