"""How much work a filter makes: what many comparisons of one field share is done once, and the rest has a limit."""

from __future__ import annotations

from collections.abc import Iterator

import shapely

from publish.filters.errors import Unsupported
from publish.filters.shapes import MAX_VERTICES
from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    Distance,
    In,
    Like,
    Literal,
    Not,
    Operator,
    Or,
    Predicate,
    Spatial,
)

MAX_PASSES = 60
"""Comparisons, each over the distinct values of a column: half a second for 300,000 texts that are all different (measured)."""

MAX_GEOMETRIES = 10
"""Geometries, boxes apart."""


def bounded(predicate: Predicate) -> Predicate:
    """The same predicate, cheaper where that is possible; raises `Unsupported` when it still needs too much work."""
    cheaper = _together(predicate)
    leaves = list(_leaves(cheaper))
    if sum(map(_weight, leaves)) > MAX_PASSES:
        raise Unsupported(
            f"a filter makes at most {MAX_PASSES} comparisons; equalities of one property under Or are one, wildcards count extra"
        )
    geometries = [leaf.geometry for leaf in leaves if isinstance(leaf, Spatial | Distance)]
    if len(geometries) > MAX_GEOMETRIES:
        raise Unsupported(f"a filter holds at most {MAX_GEOMETRIES} geometries; make one multi-geometry of them")
    if sum(int(shapely.get_num_coordinates(geometry)) for geometry in geometries) > MAX_VERTICES:
        raise Unsupported(f"the geometries of a filter have at most {MAX_VERTICES} positions; simplify them first")
    return cheaper


def passes(predicate: Predicate | None) -> int:
    """What a filter costs, in comparisons."""
    return 0 if predicate is None else sum(map(_weight, _leaves(predicate)))


def positions(predicate: Predicate | None) -> int:
    """Positions of the geometries of a filter, boxes apart."""
    leaves = () if predicate is None else _leaves(predicate)
    return sum(int(shapely.get_num_coordinates(leaf.geometry)) for leaf in leaves if isinstance(leaf, Spatial | Distance))


def _weight(leaf: Predicate) -> int:
    """A pattern costs more the more wildcards it has: one of 64 single characters takes thirty times what one of none does (measured)."""
    if isinstance(leaf, Like):
        return 1 + (leaf.pattern.count(".") - leaf.pattern.count("\\.")) // 2
    return 1


def _together(predicate: Predicate) -> Predicate:
    """Equalities of one field under an `Or` as one `In` (a choice of municipalities): true, false and unknown stay as they were."""
    match predicate:
        case And(parts):
            return And(tuple(map(_together, parts)))
        case Not(part):
            return Not(_together(part))
        case Or(parts):
            return _union(tuple(map(_together, parts)))
        case _:
            return predicate


def _union(parts: tuple[Predicate, ...]) -> Predicate:
    choices: dict[str, list[Literal]] = {}
    others: list[Predicate] = []
    for part in parts:
        match part:
            case Compare(field, Operator.EQUAL, literal, True):
                choices.setdefault(field, []).append(literal)
            case In(field, literals):
                choices.setdefault(field, []).extend(literals)
            case _:
                others.append(part)
    merged = (*(In(field, tuple(literals)) for field, literals in choices.items()), *others)
    return merged[0] if len(merged) == 1 else Or(merged)


def _leaves(predicate: Predicate) -> Iterator[Predicate]:
    """What is computed row by row; looking up identifiers and absent values costs nothing to speak of."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case Compare() | CompareFields() | In() | Between() | Like() | BBox() | Spatial() | Distance():
            yield predicate
        case _:
            return
