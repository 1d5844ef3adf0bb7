"""Filter Encoding 2.0 (also as 1.1 and 1.0 write it, and without any namespace) as a `Predicate`.

::

    <fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>POI:PRODUCT</fes:ValueReference>
    <fes:Literal>Conformiteitsattest</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>

    documents ─► reader ─► comparisons · spatial · temporal ─► expressions (names) · geometries (coordinates) · times ─► Predicate

What is not supported is refused with a `FilterError`, never left out; its `locator` is the operator or the name at fault.
"""

from publish.fes.comparisons import OPERATORS
from publish.fes.documents import Element
from publish.fes.geometries import DEFAULT
from publish.fes.names import Namespaces
from publish.fes.reader import FilterReader
from publish.filters.comparisons import NOTHING

__all__ = ["DEFAULT", "NOTHING", "OPERATORS", "Element", "FilterReader", "Namespaces"]
