"""Spatial operators: the geometry of a feature and a geometry of the filter, in either order."""

from __future__ import annotations

import shapely

from publish.filters.shapes import Shape, shape_of
from release.crs import LAMBERT72
from release.predicate import BBox, Distance, Not, Predicate, Relation, Spatial

_ANYWHERE = BBox(LAMBERT72, -1e9, -1e9, 1e9, 1e9)
_REFLEXIVE = frozenset({Relation.INTERSECTS, Relation.EQUALS, Relation.WITHIN, Relation.CONTAINS})
_CONVERSE = {Relation.WITHIN: Relation.CONTAINS, Relation.CONTAINS: Relation.WITHIN}


def related(relation: Relation, shape: Shape | BBox, shape_first: bool = False) -> Predicate:
    """Whether the feature's geometry has the relation to the shape (`shape_first`: the shape to the geometry)."""
    match relation, shape:
        case Relation.INTERSECTS, BBox():
            return shape
        case Relation.DISJOINT, BBox():
            return Not(shape)
    if shape_first:
        relation = _CONVERSE.get(relation, relation)
    found = shape_of(shape) if isinstance(shape, BBox) else shape
    return Spatial(relation, found.crs, found.geometry)


def with_itself(relation: Relation) -> Predicate:
    """The relation of the feature's geometry to itself; not known where there is none."""
    return _ANYWHERE if relation in _REFLEXIVE else Not(_ANYWHERE)


def between_shapes(relation: Relation, first: Shape | BBox, second: Shape | BBox) -> bool:
    """Whether one geometry of the filter has the relation to another; both are in the CRS of the filter."""
    left, right = (shape_of(shape) if isinstance(shape, BBox) else shape for shape in (first, second))
    return bool(getattr(shapely, relation)(left.geometry, right.geometry))


def distant(shape: Shape | BBox, metres: float, beyond: bool) -> Predicate:
    """Whether the feature's geometry is at most so far from the shape (`beyond`: farther)."""
    found = shape_of(shape) if isinstance(shape, BBox) else shape
    return Distance(found.crs, found.geometry, metres, beyond)
