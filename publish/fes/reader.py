"""`Filter` elements: logical operators and identifiers here, every other operator in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from publish.fes import comparisons, spatial, temporal
from publish.fes.coordinates import is_coordinates
from publish.fes.documents import FES, GML31, GML32, OGC, Element, children, local, namespace, text_of
from publish.fes.errors import Versioned, located
from publish.fes.expressions import Expressions, refuse_computed
from publish.fes.geometries import DEFAULT, GmlReader, is_geometry
from publish.fes.names import Namespaces, number_of
from publish.filters.errors import Unreadable, Unsupported
from publish.filters.shapes import MAX_VERTICES
from release.crs import CrsRef
from release.predicate import And, Ids, Not, Or, Predicate
from release.schema import FeatureType

MAX_ELEMENTS = 4000
"""Elements of a filter, without those inside geometries."""

_IDS = {"ResourceId": "rid", "FeatureId": "fid", "GmlObjectId": f"{{{GML31}}}id"}
_VERSIONS = ("version", "startDate", "endDate", "previousRid")
_NAMESPACES = (None, FES, OGC, GML31, GML32)


@dataclass(frozen=True)
class FilterReader:
    """Reads filters for one feature type; `namespaces` are the bindings of the request around the filter.

    `legacy_order` (WFS 1.0.0) makes coordinates x, y in every spelling of a CRS; `default` is the CRS of geometries without one.
    """

    kind: FeatureType
    namespaces: Namespaces
    legacy_order: bool = False
    default: CrsRef = DEFAULT

    def read(self, root: Element) -> Predicate:
        """The predicate of a `Filter`; raises `FilterError`."""
        if local(root) != "Filter":
            raise Unreadable("the root element of a filter is Filter", "filter")
        if _size(root) > MAX_ELEMENTS:
            raise Unreadable(f"a filter has at most {MAX_ELEMENTS} elements", "filter")
        if _numbers(root) > 2 * MAX_VERTICES:
            raise Unreadable(f"the geometries of a filter have at most {MAX_VERTICES} positions; simplify them first", "filter")
        parts = children(root)
        if not parts:
            raise Unreadable("the filter is empty", "filter")
        if all(local(part) in _IDS for part in parts):
            return self._ids(parts)
        if len(parts) > 1:
            # FES 2.0 §7.2: one operator, or identifiers; both together go inside And or Or
            raise Unreadable("a filter holds one operator, or identifiers; put And or Or around them", "filter")
        expressions = Expressions(self.kind, self.namespaces, GmlReader(self.legacy_order, self.default))
        return self._predicate(parts[0], expressions)

    def _predicate(self, element: Element, expressions: Expressions) -> Predicate:
        if namespace(element) not in _NAMESPACES:
            raise Unreadable(f"the element {local(element)[:40]!r} is of a namespace that is no filter's", "filter")
        name = local(element)
        if name in _LOGICAL:
            return _LOGICAL[name](self._parts(element, expressions))
        if name in _IDS:
            return self._ids([element])
        with located(name[:40]):
            refuse_computed(element)
            for names, read in _OPERATORS:
                if name in names:
                    return read(element, expressions)
        # FES 2.0 §7.6: operators are those of the capabilities document
        raise Unsupported(f"the operator {name[:40]!r} is not offered; see Filter_Capabilities", name[:40])

    def _parts(self, element: Element, expressions: Expressions) -> tuple[Predicate, ...]:
        parts = tuple(self._predicate(part, expressions) for part in children(element))
        if not parts:
            raise Unreadable(f"{local(element)} holds no operator", local(element))
        return parts

    def _ids(self, elements: Sequence[Element]) -> Predicate:
        ids = []
        for element in elements:
            name = local(element)
            if any(element.get(key) is not None for key in _VERSIONS):
                raise Versioned("versions of features are not kept", name)
            text = element.get(_IDS[name]) or element.get(f"{{{GML32}}}id") or element.get("id")  # GDAL writes the last for WFS 1.1
            if text is None:
                raise Unreadable(f"{name} has no identifier", name)
            ids.append(number_of(text, self.kind))
        # WFS 2.0 table 8: an identifier that is not there selects nothing
        return Ids(tuple(number for number in ids if number is not None))


def _not(parts: tuple[Predicate, ...]) -> Predicate:
    if len(parts) != 1:
        raise Unreadable("Not holds one operator", "Not")
    return Not(parts[0])


_LOGICAL: dict[str, Callable[[tuple[Predicate, ...]], Predicate]] = {"And": And, "Or": Or, "Not": _not}

_Reader = Callable[[Element, Expressions], Predicate]
_OPERATORS: tuple[tuple[Sequence[str], _Reader], ...] = (
    (comparisons.OPERATORS, comparisons.read_comparison),
    ((*spatial.OPERATORS, *spatial.SPELLINGS), spatial.read_spatial),
    (tuple(temporal.OPERATORS), temporal.read_temporal),
)


def _size(element: Element) -> int:
    """Elements, a geometry counted as one: its positions have a limit of their own."""
    return 1 + (0 if is_geometry(element) else sum(map(_size, children(element))))


def _numbers(root: Element) -> int:
    """At most how many numbers its geometries hold, counted before any of them is made."""
    found = (element for element in root.iter() if isinstance(element.tag, str) and is_coordinates(element))
    return sum(len(text_of(element).replace(",", " ").split()) for element in found)
