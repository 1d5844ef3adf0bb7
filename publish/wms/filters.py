"""FILTER and CQL_FILTER of a map, one for each layer or one for all, as predicates.

`FILTER=(<Filter>…</Filter>)()`, `CQL_FILTER=GEMEENTE='Gent';INCLUDE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from exports.symbology import Layer
from publish.cql import reader
from publish.cql.names import Names
from publish.cql.text import parse_text
from publish.fes import DEFAULT, FilterReader
from publish.fes.documents import parse_keyword
from publish.fes.geometries import crs_of
from publish.fes.names import target_of
from publish.filters import effort
from publish.filters.effort import MAX_PASSES
from publish.filters.errors import FilterError
from publish.filters.parts import cql_parts, groups
from publish.filters.targets import Target
from publish.wms.errors import InvalidParameter
from publish.wms.requests import Map
from release.crs import CrsRef
from release.errors import QueryError
from release.predicate import Predicate, both
from release.schema import FeatureType

_MAX_MORE_POSITIONS = 500
"""Positions of geometries in all filters but the one that has most: the work of each is bounded by the release, not of all together."""


def predicates(asked: Map, layers: Sequence[Layer], crs: CrsRef) -> list[Predicate | None]:
    """The filter of each layer; geometries of FES without a CRS are in that of the map, those of CQL in EPSG:31370, as in the WFS.

    Raises `InvalidParameter`.
    """
    fes = _each(groups(asked.filter) if asked.filter else ("",), len(layers), "filter")
    cql = _each(cql_parts(asked.cql) if asked.cql else ("",), len(layers), "cql_filter")
    found = []
    for layer, document, text in zip(layers, fes, cql, strict=True):
        found.append(_bounded(both(_fes(document, layer.feature_type, crs), _cql(text, layer.feature_type))))
    _require_modest(found)
    return found


@contextmanager
def told(locator: str) -> Iterator[None]:
    """Raises a `QueryError` from inside as the exception that it is to a client."""
    try:
        yield
    except FilterError as error:
        raise InvalidParameter(str(error), error.locator or locator) from error
    except QueryError as error:
        raise InvalidParameter(str(error), locator) from error


def _each(parts: tuple[str, ...], number: int, name: str) -> tuple[str, ...]:
    if len(parts) == 1:
        return parts * number
    if len(parts) != number:
        raise InvalidParameter(f"{name} has {len(parts)} parts for {number} layers; give one for each, or one for all", name)
    return parts


def _fes(document: str, kind: FeatureType, crs: CrsRef) -> Predicate | None:
    if not document:
        return None
    with told("filter"):
        return FilterReader(kind, {}, default=crs).read(parse_keyword(document, "filter"))


@dataclass(frozen=True)
class _Cql:
    """The names of a feature type in CQL."""

    kind: FeatureType

    def target(self, name: str) -> Target:
        return target_of(name, self.kind, {}, "cql_filter")

    def crs(self, text: str) -> CrsRef:
        return crs_of(text, "cql_filter")


def _cql(text: str, kind: FeatureType) -> Predicate | None:
    if not text:
        return None
    names = _Cql(kind)
    with told("cql_filter"):
        return reader.CqlReader(Names(names.target, names.crs, DEFAULT, ecql=True)).read(parse_text(text, ecql=True))


def _bounded(predicate: Predicate | None) -> Predicate | None:
    with told("filter"):
        return None if predicate is None else effort.bounded(predicate)


def _require_modest(found: Sequence[Predicate | None]) -> None:
    """All filters of a map together stay near the work of one."""
    positions = [effort.positions(predicate) for predicate in found]
    too_long = sum(map(effort.passes, found)) > 2 * MAX_PASSES
    if too_long or sum(positions) - max(positions, default=0) > _MAX_MORE_POSITIONS:
        raise InvalidParameter("the filters of this map are too much work together; ask for fewer layers at a time", "filter")
