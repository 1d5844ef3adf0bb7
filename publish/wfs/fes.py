"""Filter Encoding 2.0 (also as 1.1 and 1.0 write it, and without any namespace) as a `Predicate`.

::

    <fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>POI:PRODUCT</fes:ValueReference>
    <fes:Literal>Conformiteitsattest</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>

What is not supported is refused by its exception code, never left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from publish.like import like_pattern
from publish.wfs.documents import FES, GML31, GML32, OGC, Element, children, local, namespace, text_of
from publish.wfs.envelopes import box
from publish.wfs.errors import InvalidParameter, OptionNotSupported, ParsingFailed, ProcessingFailed
from publish.wfs.names import Kind, Namespaces, Reference, number_of, reference
from release.predicate import And, Between, Compare, Ids, IsNull, Like, Not, Operator, Or, Predicate
from release.schema import FeatureType

EVERYTHING: Predicate = Not(Ids(()))
NOTHING: Predicate = Ids(())

MAX_OPERATORS = 1000

COMPARISONS: dict[str, Operator] = {
    "PropertyIsEqualTo": Operator.EQUAL,
    "PropertyIsNotEqualTo": Operator.NOT_EQUAL,
    "PropertyIsLessThan": Operator.LESS,
    "PropertyIsGreaterThan": Operator.GREATER,
    "PropertyIsLessThanOrEqualTo": Operator.LESS_OR_EQUAL,
    "PropertyIsGreaterThanOrEqualTo": Operator.GREATER_OR_EQUAL,
}
_MIRRORED = {
    Operator.LESS: Operator.GREATER,
    Operator.GREATER: Operator.LESS,
    Operator.LESS_OR_EQUAL: Operator.GREATER_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS_OR_EQUAL,
}
_REFERENCES = ("ValueReference", "PropertyName")
_IDS = {"ResourceId": "rid", "FeatureId": "fid", "GmlObjectId": f"{{{GML31}}}id"}
_NAMESPACES = (None, FES, OGC, GML31, GML32)


@dataclass(frozen=True)
class FilterReader:
    """Reads filters for one feature type; `namespaces` are the bindings of the request around the filter."""

    kind: FeatureType
    namespaces: Namespaces

    def read(self, root: Element) -> Predicate:
        """The predicate of a `Filter`; raises `WfsError`."""
        if local(root) != "Filter":
            raise ParsingFailed("the root element of a filter is Filter", "filter")
        if sum(1 for _ in root.iter()) > 4 * MAX_OPERATORS:
            raise ParsingFailed(f"a filter has at most {4 * MAX_OPERATORS} elements", "filter")
        parts = children(root)
        if not parts:
            raise ParsingFailed("the filter is empty", "filter")
        if all(local(part) in _IDS for part in parts):
            return self._ids(parts)
        if len(parts) > 1:
            raise ParsingFailed("a filter holds one operator, or identifiers", "filter")
        return self._predicate(parts[0])

    def _predicate(self, element: Element) -> Predicate:
        if namespace(element) not in _NAMESPACES:
            raise ParsingFailed(f"the element {local(element)!r} is of a namespace that is no filter's", "filter")
        name = local(element)
        if name in COMPARISONS:
            return self._comparison(element, COMPARISONS[name])
        if name in _IDS:
            return self._ids([element])
        reader = _READERS.get(name)
        if reader is None:
            # FES 2.0 §7.6: operators are those of the capabilities document
            raise ProcessingFailed(f"the operator {name[:40]!r} is not offered; see Filter_Capabilities", name[:40])
        return reader(self, element)

    def _and(self, element: Element) -> Predicate:
        return And(self._parts(element))

    def _or(self, element: Element) -> Predicate:
        return Or(self._parts(element))

    def _not(self, element: Element) -> Predicate:
        parts = self._parts(element)
        if len(parts) != 1:
            raise ParsingFailed("Not holds one operator", "Not")
        return Not(parts[0])

    def _parts(self, element: Element) -> tuple[Predicate, ...]:
        parts = tuple(self._predicate(part) for part in children(element))
        if not parts:
            raise ParsingFailed(f"{local(element)} holds no operator", local(element))
        return parts

    def _ids(self, elements: list[Element]) -> Predicate:
        ids = []
        for element in elements:
            name = local(element)
            if any(element.get(key) is not None for key in ("version", "startDate", "endDate", "previousRid")):
                raise OptionNotSupported("versions of features are not kept", name)
            text = element.get(_IDS[name]) or element.get(f"{{{GML32}}}id")
            if text is None:
                raise ParsingFailed(f"{name} has no identifier", name)
            ids.append(number_of(text, self.kind))
        # WFS 2.0 table 8: an identifier that is not there selects nothing
        return Ids(tuple(number for number in ids if number is not None))

    def _comparison(self, element: Element, operator: Operator) -> Predicate:
        _match_action(element)
        first, second = self._operands(element, 2)
        # FES 2.0 §7.7.3.2: expressions in either order; the suite of the OGC sends the literal first
        if isinstance(first, str):
            first, second, operator = second, first, _MIRRORED.get(operator, operator)
        if isinstance(first, str) or not isinstance(second, str):
            raise ProcessingFailed("a comparison is of one property with one literal", local(element))
        return Compare(self._field(first, element), operator, second, _match_case(element))

    def _between(self, element: Element) -> Predicate:
        _match_action(element)
        parts = children(element)
        if [local(part) for part in parts[1:]] != ["LowerBoundary", "UpperBoundary"]:
            raise ParsingFailed("PropertyIsBetween holds a property, LowerBoundary and UpperBoundary", "PropertyIsBetween")
        bounds = [self._literal(boundary) for part in parts[1:] for boundary in children(part)]
        if len(bounds) != 2:
            raise ParsingFailed("each boundary holds one literal", "PropertyIsBetween")
        return Between(self._field(self._reference(parts[0]), element), bounds[0], bounds[1])

    def _like(self, element: Element) -> Predicate:
        first, second = self._operands(element, 2)
        if isinstance(first, str) or not isinstance(second, str):
            raise ParsingFailed("PropertyIsLike holds a property, then a literal", "PropertyIsLike")
        escape = element.get("escapeChar", element.get("escape", "\\"))
        pattern = like_pattern(second, element.get("wildCard", "*"), element.get("singleChar", "?"), escape)
        return Like(self._field(first, element), pattern, _match_case(element))

    def _null(self, element: Element) -> Predicate:
        (operand,) = self._operands(element, 1)
        if isinstance(operand, str):
            raise ParsingFailed("PropertyIsNull holds a property", "PropertyIsNull")
        match operand.kind:
            case Kind.FIELD | Kind.GEOMETRY:
                return IsNull(operand.name)
            case Kind.NOTHING | Kind.BOUNDS:
                return EVERYTHING
            case Kind.ID:
                return NOTHING

    def _nil(self, element: Element) -> Predicate:
        """FES 2.0 §7.7.3.6: no property is ever present with xsi:nil."""
        self._operands(element, 1)
        return NOTHING

    def _bbox(self, element: Element) -> Predicate:
        parts = children(element)
        if parts and local(parts[0]) in _REFERENCES:
            operand = self._reference(parts.pop(0))
            if operand.kind is not Kind.GEOMETRY:
                raise InvalidParameter(f"{operand.name} is no geometry", "BBOX")
        if len(parts) != 1:
            raise ParsingFailed("BBOX holds an Envelope, after the name of the geometry if that is given", "BBOX")
        return box(parts[0])

    def _operands(self, element: Element, count: int) -> list[Reference | str]:
        parts = children(element)
        if len(parts) != count:
            raise ParsingFailed(f"{local(element)} holds {count} expression{'s' if count > 1 else ''}", local(element))
        return [self._reference(part) if local(part) in _REFERENCES else self._literal(part) for part in parts]

    def _reference(self, element: Element) -> Reference:
        if local(element) not in _REFERENCES:
            raise ParsingFailed(f"a property is named by ValueReference, not by {local(element)[:40]!r}", "filter")
        bindings = {**self.namespaces, **{prefix or "": uri for prefix, uri in element.nsmap.items()}}
        return reference(text_of(element), self.kind, bindings, "filter")

    def _literal(self, element: Element) -> str:
        if local(element) != "Literal":
            raise ProcessingFailed(f"the expression {local(element)[:40]!r} is not offered; functions are not", local(element)[:40])
        if len(element):
            raise ProcessingFailed("a literal is a text, a number or a date here", "Literal")
        return text_of(element)

    def _field(self, operand: Reference, element: Element) -> str:
        if operand.kind is not Kind.FIELD:
            raise ProcessingFailed(f"{operand.name} cannot be compared with {local(element)}", local(element))
        return operand.name


_READERS: dict[str, Callable[[FilterReader, Element], Predicate]] = {
    "And": FilterReader._and,
    "Or": FilterReader._or,
    "Not": FilterReader._not,
    "PropertyIsBetween": FilterReader._between,
    "PropertyIsLike": FilterReader._like,
    "PropertyIsNull": FilterReader._null,
    "PropertyIsNil": FilterReader._nil,
    "BBOX": FilterReader._bbox,
}

OPERATORS = (*COMPARISONS, *(name for name in _READERS if name.startswith("Property")))
"""Comparison operators, for the capabilities document."""


def _match_case(element: Element) -> bool:
    match element.get("matchCase", "true").strip():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            raise InvalidParameter("matchCase is true or false", "matchCase")


def _match_action(element: Element) -> None:
    """FES 2.0 §7.7.3.3: every property has one value, so that Any, All and One say the same."""
    if element.get("matchAction", "Any") not in ("Any", "All", "One"):
        raise InvalidParameter("matchAction is Any, All or One", "matchAction")
