"""Themes, categories and types of the points, as the rows themselves name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from release.reader import Release
from release.schema import FeatureType, Geometry, Product


@dataclass(frozen=True)
class Term:
    """What a client shows, and what it sends."""

    value: str
    term: str

    def named(self, text: str) -> bool:
        """Whether a client means this one: the ArcGIS plugin sends now the one, now the other."""
        return text.casefold() in (self.value.casefold(), self.term.casefold())


@dataclass(frozen=True)
class Kind:
    """One product: its theme, its category and its type."""

    product: Product
    theme: Term
    category: Term
    type: Term


def opens(kind: FeatureType) -> bool:
    """Whether the door is for a feature type: for points that have a theme."""
    return kind.geometry is Geometry.POINT and {"THEMA", "CATEGORIE", "PRODUCT", "POITYPE"} <= {field.name for field in kind.fields}


def door(release: Release) -> FeatureType | None:
    """The feature type of the door; null when the schema has none."""
    return next(filter(opens, release.schema.feature_types), None)


def kinds(release: Release) -> tuple[Kind, ...]:
    """Every product of the points of which the release has a row; theme, category and type are the same in all its rows."""
    feature_type = door(release)
    if feature_type is None:
        return ()
    rows = release.table(feature_type.qualified).table.arrow
    found = []
    for product in release.schema.products_of(feature_type):
        first = None if product.value is None else np.flatnonzero(np.asarray(pc.equal(rows["PRODUCT"], product.value)))[:1]
        if first is None or not len(first):
            continue
        theme, category, label = (str(rows[name][int(first[0])].as_py()) for name in ("THEMA", "CATEGORIE", "POITYPE"))
        found.append(Kind(product, Term(theme, camel(theme)), Term(category, camel(category)), Term(label, str(product.value))))
    return tuple(found)


def chosen(known: Iterable[Kind], theme: str = "", category: str = "", type_: str = "") -> tuple[Kind, ...]:
    """The kinds that a client means; an empty text means any."""
    return tuple(
        kind
        for kind in known
        if (not theme or kind.theme.named(theme))
        and (not category or kind.category.named(category))
        and (not type_ or kind.type.named(type_))
    )


def camel(label: str) -> str:
    """`Bouwen en wonen` as `BouwenEnWonen`, the form of the codes of Geopunt (DOMAIN 1.4)."""
    return "".join(word[:1].upper() + word[1:] for word in label.split())
