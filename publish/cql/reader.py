"""The tree of a CQL filter as a `Predicate`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from publish.cql.names import Names
from publish.cql.operands import folded_pair, read_operand, read_span, unfold
from publish.cql.shapes import corners, is_shape, read_shape
from publish.cql.tree import Call, Items, Name, Node, Value
from publish.filters import comparisons, shapes
from publish.filters.comparisons import EVERYTHING, NOTHING, Operand
from publish.filters.errors import Unfit, Unreadable, Unsupported
from publish.filters.lengths import metres
from publish.filters.periods import Temporal, lies
from publish.filters.relations import between_shapes, distant, related, with_itself
from publish.filters.targets import GeometryTarget, Target
from publish.like import like_pattern
from release import texts
from release.predicate import And, BBox, Not, Operator, Or, Predicate, Relation

Nodes = tuple[Node, ...]

SPATIAL: dict[str, Relation] = {f"s_{relation}": relation for relation in Relation}
"""OGC 21-065r2 §7.7, table 8."""

TEMPORAL: dict[str, Temporal] = {
    "t_after": Temporal.AFTER,
    "t_before": Temporal.BEFORE,
    "t_contains": Temporal.CONTAINS,
    "t_during": Temporal.DURING,
    "t_equals": Temporal.EQUALS,
    "t_finishedby": Temporal.ENDED_BY,
    "t_finishes": Temporal.ENDS,
    "t_intersects": Temporal.INTERACTS,
    "t_meets": Temporal.MEETS,
    "t_metby": Temporal.MET_BY,
    "t_overlappedby": Temporal.OVERLAPPED_BY,
    "t_overlaps": Temporal.OVERLAPS,
    "t_startedby": Temporal.BEGUN_BY,
    "t_starts": Temporal.BEGINS,
}
"""OGC 21-065r2 §7.8, table 10; `t_disjoint` is what does not intersect."""

_OPERATORS = {operator.value: operator for operator in Operator}


@dataclass(frozen=True)
class CqlReader:
    """Reads filters on one feature type."""

    names: Names

    def read(self, node: Node) -> Predicate:
        """The predicate of a condition; raises `FilterError`, and what `names` raise."""
        match node:
            case Value(bool(value)):
                return EVERYTHING if value else NOTHING
            case Call(name, arguments):
                return self._call(name, arguments)
        raise Unsupported("a condition is missing where the filter has a bare value; texts stand in single quotes")

    def _call(self, spelled: str, arguments: Nodes) -> Predicate:
        name = spelled.lower()
        if name in _OPERATORS:
            return self._comparison(_OPERATORS[name], *_two(arguments))
        if name in SPATIAL or (self.names.ecql and f"s_{name}" in SPATIAL):
            return self._spatial(SPATIAL[name if name in SPATIAL else f"s_{name}"], arguments)
        if name in TEMPORAL or name == "t_disjoint":
            return self._temporal(name, arguments)
        reader = _READERS.get(name) or (_ECQL_READERS.get(name) if self.names.ecql else None)
        if reader is None:
            raise Unsupported(f"{spelled[:40]!r} is not offered here")
        return reader(self, arguments)

    def _comparison(self, operator: Operator, first: Node, second: Node) -> Predicate:
        """OGC 21-065r2 §7.6 /req/property-property: in CQL2 either side may be a property or a literal."""
        match first, second:
            case Value(bool(one)), Value(bool(other)) if not self.names.ecql:
                return comparisons.literals(one, operator, other)
        left, right, match_case = folded_pair(first, second, self.names)
        return self._compared(left, operator, right, match_case)

    def _compared(self, left: Operand, operator: Operator, right: Operand, match_case: bool = True) -> Predicate:
        if isinstance(left, Target) or isinstance(right, Target) or self.names.ecql:
            return comparisons.compare(left, operator, right, match_case)
        return comparisons.literals(left, operator, right, match_case)

    def _and(self, arguments: Nodes) -> Predicate:
        return And(self._parts(arguments))

    def _or(self, arguments: Nodes) -> Predicate:
        return Or(self._parts(arguments))

    def _parts(self, arguments: Nodes) -> tuple[Predicate, ...]:
        if len(arguments) < 2:
            raise Unreadable("AND and OR stand between conditions")
        return tuple(map(self.read, arguments))

    def _not(self, arguments: Nodes) -> Predicate:
        if len(arguments) != 1:
            raise Unreadable("NOT stands before one condition")
        return Not(self.read(arguments[0]))

    def _in(self, arguments: Nodes) -> Predicate:
        match arguments:
            case value, Items(choices):
                asked = read_operand(unfold(value)[0], self.names)
                pairs = [folded_pair(value, choice, self.names) for choice in choices]
                if all(match_case for _, _, match_case in pairs) and (isinstance(asked, Target) or not pairs):
                    return comparisons.one_of(asked, [choice for _, choice, _ in pairs])
                return Or(tuple(self._compared(left, Operator.EQUAL, right, match_case) for left, right, match_case in pairs))
        raise Unreadable("IN is followed by a list of literals")

    def _between(self, arguments: Nodes) -> Predicate:
        if len(arguments) != 3:
            raise Unreadable("BETWEEN has two bounds")
        value, lower, upper = (read_operand(node, self.names) for node in arguments)
        if isinstance(value, Target) or self.names.ecql:
            return comparisons.between(value, lower, upper)
        return And((self._compared(value, Operator.GREATER_OR_EQUAL, lower), self._compared(value, Operator.LESS_OR_EQUAL, upper)))

    def _like(self, arguments: Nodes) -> Predicate:
        value, pattern, match_case = folded_pair(*_two(arguments), self.names)
        if not isinstance(pattern, str):
            raise Unfit("LIKE needs a text in single quotes")
        if isinstance(value, str) and not self.names.ecql:
            return comparisons.always(bool(texts.like(pa.array([value]), like_pattern(pattern), match_case)[0]))
        return comparisons.like(value, like_pattern(pattern), match_case)

    def _null(self, arguments: Nodes) -> Predicate:
        match arguments:
            case (Name(text),):
                return comparisons.is_null(self.names.target(text))
        raise Unsupported("IS NULL comes after a property")

    def _spatial(self, relation: Relation, arguments: Nodes) -> Predicate:
        left, right = _two(arguments)
        if is_shape(left) == is_shape(right) and not self.names.ecql:
            return self._spatial_alike(relation, left, right)
        shape, shape_first = self._shape(left, right)
        return related(relation, shape, shape_first)

    def _spatial_alike(self, relation: Relation, left: Node, right: Node) -> Predicate:
        """Two geometries of the filter, or that of the feature twice."""
        if is_shape(left):
            return comparisons.always(between_shapes(relation, read_shape(left, self.names), read_shape(right, self.names)))
        for node in (left, right):
            self._require_geometry(node)
        return with_itself(relation)

    def _shape(self, left: Node, right: Node) -> tuple[shapes.Shape | BBox, bool]:
        """The geometry that the filter gives, and whether it comes before that of the feature."""
        match is_shape(left), is_shape(right):
            case False, True:
                self._require_geometry(left)
                return read_shape(right, self.names), False
            case True, False:
                self._require_geometry(right)
                return read_shape(left, self.names), True
        raise Unsupported("a spatial operator has one geometry of the feature type and one that the filter gives")

    def _require_geometry(self, node: Node) -> None:
        target = read_operand(node, self.names)
        if not isinstance(target, GeometryTarget):
            raise Unfit(f"{target.name if isinstance(target, Target) else str(target)[:40]!r} is no geometry")

    def _temporal(self, name: str, arguments: Nodes) -> Predicate:
        left, right = (read_span(node, self.names) for node in _two(arguments))
        found = lies(TEMPORAL.get(name, Temporal.INTERACTS), left, right)
        return Not(found) if name == "t_disjoint" else found

    def _bbox(self, arguments: Nodes) -> Predicate:
        """ECQL: `BBOX(SHAPE, minx, miny, maxx, maxy[, 'EPSG:31370'])`."""
        match arguments:
            case first, *numbers, Value(str(crs)):
                found = shapes.box(corners(tuple(numbers)), self.names.crs_of(crs))
            case first, *numbers:
                found = shapes.box(corners(tuple(numbers)), self.names.crs)
            case _:
                raise Unreadable("BBOX holds the geometry, four numbers, and perhaps a CRS")
        self._require_geometry(first)
        return related(Relation.INTERSECTS, found)

    def _within(self, arguments: Nodes) -> Predicate:
        return self._distance(arguments, beyond=False)

    def _beyond(self, arguments: Nodes) -> Predicate:
        return self._distance(arguments, beyond=True)

    def _distance(self, arguments: Nodes, beyond: bool) -> Predicate:
        """ECQL: `DWITHIN(SHAPE, POINT(150000 210000), 100, meters)`."""
        match arguments:
            case left, right, Value(int() | float() as number), (Name(str(unit)) | Value(str(unit))):
                shape, _ = self._shape(left, right)
                return distant(shape, metres(number, unit), beyond)
        raise Unreadable("a distance is written DWITHIN(SHAPE, POINT(150000 210000), 100, meters)")


_READERS: dict[str, Callable[[CqlReader, Nodes], Predicate]] = {
    "and": CqlReader._and,
    "or": CqlReader._or,
    "not": CqlReader._not,
    "in": CqlReader._in,
    "between": CqlReader._between,
    "like": CqlReader._like,
    "isnull": CqlReader._null,
}
_ECQL_READERS: dict[str, Callable[[CqlReader, Nodes], Predicate]] = {
    "bbox": CqlReader._bbox,
    "dwithin": CqlReader._within,
    "beyond": CqlReader._beyond,
}


def _two(arguments: Nodes) -> tuple[Node, Node]:
    if len(arguments) != 2:
        raise Unreadable("this operator has two operands")
    return arguments[0], arguments[1]
