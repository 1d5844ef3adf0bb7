"""Expressions in FES: references to properties and literals; functions and arithmetic are refused."""

from __future__ import annotations

from dataclasses import dataclass

from publish.fes.documents import Element, children, local, text_of
from publish.fes.geometries import GmlReader
from publish.fes.names import Namespaces, target_of
from publish.filters.errors import Unreadable, Unsupported
from publish.filters.targets import Target
from release.schema import FeatureType

REFERENCES = ("ValueReference", "PropertyName")
_ARITHMETIC = ("Add", "Sub", "Mul", "Div")


@dataclass(frozen=True)
class Expressions:
    """Reads expressions on one feature type; `namespaces` are the bindings of the request around the filter."""

    kind: FeatureType
    namespaces: Namespaces
    gml: GmlReader

    def operands(self, element: Element, count: int) -> list[Target | str]:
        """The expressions in an operator; raises `FilterError`."""
        parts = children(element)
        if len(parts) != count:
            raise Unreadable(f"{local(element)} holds {count} expression{'s' if count > 1 else ''}")
        return [self.operand(part) for part in parts]

    def operand(self, element: Element) -> Target | str:
        """A property or a literal; raises `FilterError`."""
        return self.reference(element) if local(element) in REFERENCES else self.literal(element)

    def reference(self, element: Element) -> Target:
        """What a ValueReference names; raises `Unreadable`, `Unfit`."""
        if local(element) not in REFERENCES:
            raise Unreadable(f"a property is named by ValueReference, not by {local(element)[:40]!r}")
        bindings = {**self.namespaces, **{prefix or "": uri for prefix, uri in element.nsmap.items()}}
        return target_of(text_of(element), self.kind, bindings, "filter")

    def literal(self, element: Element) -> str:
        """The text of a literal; raises `FilterError`."""
        refuse_computed(element)
        if local(element) != "Literal":
            raise Unsupported(f"the expression {local(element)[:40]!r} is not offered here")
        if children(element):
            raise Unsupported("a literal is a text, a number or a date here")
        return text_of(element)


def unwrapped(element: Element) -> Element:
    """The object in a literal that holds one (`<fes:Literal><gml:Point>`), else the element itself."""
    inner = children(element)
    return inner[0] if local(element) == "Literal" and len(inner) == 1 else element


def refuse_computed(element: Element) -> None:
    """Raises `Unsupported` for a function, which is named, and for arithmetic."""
    if local(element) == "Function":
        raise Unsupported(f"the function {element.get('name', '')[:40]!r} is not offered; this service has no functions")
    if local(element) in _ARITHMETIC:
        raise Unsupported(f"{local(element)}: arithmetic is not offered; write the number that comes out of it")
