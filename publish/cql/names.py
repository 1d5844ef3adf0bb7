"""What a service tells the reader of CQL about its own names, CRSs and dialect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from publish.filters.targets import Target
from release.crs import CrsRef


@dataclass(frozen=True)
class Names:
    """`target` resolves a property, `crs_of` a CRS that the filter names; both raise errors of the service or a `QueryError`.

    `crs` is that of geometries without one; `ecql` adds the operators of ECQL to those of CQL2.
    """

    target: Callable[[str], Target]
    crs_of: Callable[[str], CrsRef]
    crs: CrsRef
    ecql: bool = False
