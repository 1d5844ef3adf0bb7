"""Spatial operators of FES (§7.8); `Intersect` is how Filter 1.0 spells one of them."""

from __future__ import annotations

from collections.abc import Sequence

from publish.fes.coordinates import numbers
from publish.fes.documents import Element, children, local, text_of
from publish.fes.expressions import REFERENCES, Expressions, refuse_computed, unwrapped
from publish.fes.geometries import ENVELOPES
from publish.filters.errors import Unfit, Unreadable, Unsupported
from publish.filters.lengths import metres
from publish.filters.relations import distant, related
from publish.filters.shapes import Shape
from publish.filters.targets import GeometryTarget, Target
from release.predicate import BBox, Predicate, Relation

RELATIONS: dict[str, Relation] = {relation.capitalize(): relation for relation in Relation}
DISTANCES: dict[str, bool] = {"DWithin": False, "Beyond": True}
"""Distance operators, and whether the geometry lies beyond the distance."""

_BBOX = "BBOX"
OPERATORS = (_BBOX, *RELATIONS, *DISTANCES)
"""Spatial operators, for the capabilities document."""

SPELLINGS = {"Intersect": "Intersects"}


def read_spatial(element: Element, expressions: Expressions) -> Predicate:
    """The predicate of a spatial operator; raises `FilterError`."""
    name = SPELLINGS.get(local(element), local(element))
    parts = children(element)
    if name == _BBOX:
        return _bbox(parts, expressions)
    if name in DISTANCES:
        length = _length(parts.pop()) if parts else None
        if length is None:
            raise Unreadable(f"{name} holds a property, a geometry and a Distance")
        return distant(_operands(parts, expressions)[0], length, DISTANCES[name])
    shape, shape_first = _operands(parts, expressions)
    return related(RELATIONS[name], shape, shape_first)


def _bbox(parts: Sequence[Element], expressions: Expressions) -> Predicate:
    """FES 2.0 §7.8.3.2: without a property, every geometry of the feature is meant; ours have one."""
    if len(parts) > 1:
        _require_geometry(parts[0], expressions)
    if len(parts) not in (1, 2):
        raise Unreadable("BBOX holds an Envelope, after the name of the geometry if that is given")
    found = unwrapped(parts[-1])
    if local(found) not in ENVELOPES:
        raise Unfit(f"BBOX holds an Envelope, not {local(found)[:40]!r}")
    return related(Relation.INTERSECTS, expressions.gml.read(found))


def _operands(parts: Sequence[Element], expressions: Expressions) -> tuple[Shape | BBox, bool]:
    """The geometry that the filter gives, and whether it comes before that of the feature."""
    for part in parts:
        refuse_computed(part)
    if len(parts) != 2:
        raise Unreadable("a spatial operator holds a property and a geometry")
    named = [local(part) in REFERENCES for part in parts]
    if named == [True, True]:
        raise Unsupported("a spatial operator has one property; joins are not offered")
    if named == [False, False]:
        raise Unsupported("a spatial operator has one geometry of the feature type, named by a ValueReference")
    shape_first = named[1]
    _require_geometry(parts[1 if shape_first else 0], expressions)
    found = unwrapped(parts[0 if shape_first else 1])
    if local(found) == "Literal":
        raise Unsupported("the literal of a spatial operator is a geometry")
    return expressions.gml.read(found), shape_first


def _require_geometry(element: Element, expressions: Expressions) -> None:
    refuse_computed(element)
    target: Target = expressions.reference(element)
    if not isinstance(target, GeometryTarget):
        raise Unfit(f"{target.name} is no geometry")


def _length(element: Element) -> float | None:
    """`<fes:Distance uom="m">100</fes:Distance>`, with `units` in Filter 1.1 and 1.0."""
    if local(element) != "Distance":
        return None
    unit = element.get("uom", element.get("units"))
    if not unit:
        raise Unreadable("Distance has its unit in uom (units in Filter 1.1), such as m")
    found = numbers(text_of(element))
    if len(found) != 1:
        raise Unfit("Distance is a number")
    return metres(found[0], unit)
