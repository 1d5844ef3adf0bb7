"""Objects that fit a search, and clusters of those that are too many to show."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publish.like import like_pattern
from publish.poi.kinds import Kind, chosen, door, kinds
from publish.poi.parameters import Search
from publish.shelf import View
from release.predicate import Compare, Ids, In, IsNull, Like, Not, Operator, Predicate, both
from release.query import Query
from release.reader import ReleaseTable, Rows
from release.schema import Schema

_POSITIVE = 2**31 - 1
"""Both plugins put ids in 32 bits with a sign; an OIDN has 48."""


@dataclass(frozen=True)
class Cluster:
    """So many objects, around this place."""

    count: int
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class Found:
    """The rows to show, the clusters of the others, how many fit in all, and the kinds that were looked among."""

    rows: Rows
    clusters: tuple[Cluster, ...]
    matched: int
    among: tuple[Kind, ...]


def short_id(oidn: int) -> int:
    """The number of an object in the door: the last 31 bits of its OIDN, as stable as that and telling no more.

    One in a few thousand objects of a full register shares it with another one; the OIDN goes with it, which none share.
    """
    return oidn & _POSITIVE


def find(view: View, search: Search) -> Found:
    """The objects that have a place and fit; raises `QueryError`, and `Withdrawn` when a product that is asked for is."""
    among = chosen(kinds(view.release), search.theme, search.category, search.type)
    feature_type = door(view.release)
    if not among or feature_type is None:
        return Found(np.empty(0, dtype=np.int64), (), 0, ())
    table = view.release.table(feature_type.qualified)
    predicate = both(
        In("PRODUCT", tuple(str(kind.product.value) for kind in among)),
        Not(IsNull(feature_type.geometry_name)),
        *_asked(search, table, view.release.schema),
    )
    wanted = view.release.select(Query(feature_type.qualified, predicate, count=None if search.clustered else search.count), view.day)
    if not search.clustered or wanted.matched <= search.count:
        return Found(wanted.rows, (), wanted.matched, among)
    points = table.coordinates(search.crs)[wanted.rows]
    shown, clusters = _clustered(wanted.rows, points, search.count, search.crs.decimals)
    return Found(shown, clusters, wanted.matched, among)


def _asked(search: Search, table: ReleaseTable, schema: Schema) -> Iterator[Predicate]:
    for word in search.words:
        begun = f" {word}" if word[0].isdigit() else word  # a house number is not sought inside another number
        yield Like("NAAM", like_pattern(f"\0{begun}\0", many="\0", one="", escape=""), match_case=False)
    if search.region:
        # DOMAIN 4.4: the QGIS plugin ships a list from before 2019; a merged municipality is then the whole new one.
        yield Compare("NISCODE", Operator.EQUAL, schema.today_code(search.region))
    if search.box is not None:
        yield search.box
    if search.id is not None:
        ids = table.table.ids
        same = ids[(ids == search.id) | (short_id_of(ids) == search.id)]
        yield Ids(tuple(same.tolist()))


def short_id_of(oidns: NDArray[np.int64]) -> NDArray[np.int64]:
    """`short_id` of each."""
    return np.bitwise_and(oidns, _POSITIVE)


def _clustered(rows: Rows, points: NDArray[np.float64], count: int, decimals: int) -> tuple[Rows, tuple[Cluster, ...]]:
    """At most `count` rows and clusters: the cells of a square grid over the points; an object alone in its cell is shown itself."""
    side = math.isqrt(count)
    low = points.min(axis=0)
    size = np.maximum((points.max(axis=0) - low) / side, np.finfo(np.float64).tiny)
    column, line = np.minimum((points - low) // size, side - 1).astype(np.int64).T
    _, first, cell, counts = np.unique(column * side + line, return_index=True, return_inverse=True, return_counts=True)
    x, y = (np.round(np.bincount(cell, weights=points[:, axis]) / counts, decimals) for axis in (0, 1))
    many = np.flatnonzero(counts > 1).tolist()
    return np.sort(rows[first[counts == 1]]), tuple(Cluster(int(counts[n]), float(x[n]), float(y[n])) for n in many)
