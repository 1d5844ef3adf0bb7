"""Filter Encoding 2.0 (also as 1.1 and 1.0 write it, and without any namespace) as a `Predicate`.

::

    <fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>POI:PRODUCT</fes:ValueReference>
    <fes:Literal>Conformiteitsattest</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>

    reader ─► comparisons · spatial · temporal ─► expressions · publish.wfs.geometries · times

What is not supported is refused by its exception code, never left out.
"""

from publish.filters.comparisons import NOTHING
from publish.wfs.fes.comparisons import OPERATORS
from publish.wfs.fes.reader import FilterReader

__all__ = ["NOTHING", "OPERATORS", "FilterReader"]
