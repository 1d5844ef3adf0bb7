"""`CQL_FILTER` for one feature type: CQL2 text, and ECQL as GeoServer's users write it.

`POI:PRODUCT='Conformiteitsattest' AND BBOX(SHAPE,150000,210000,151000,211000)`
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from publish.cql import reader
from publish.cql.names import Names
from publish.cql.text import parse_text
from publish.cql.tree import Node
from publish.fes.names import Namespaces, target_of
from publish.filters.targets import Target
from publish.wfs.envelopes import DEFAULT, crs_of
from publish.wfs.filter_errors import told
from release.crs import CrsRef
from release.predicate import Predicate
from release.schema import FeatureType

LOCATOR = "cql_filter"


_SHORT = 300
"""Characters of a text whose tree is kept: programs ask for the same product, with another box each time."""


def parse(text: str) -> Node:
    """The tree of a text; raises `WfsError`."""
    with told(LOCATOR):
        return _known(text) if len(text) <= _SHORT else parse_text(text, ecql=True)


@lru_cache(maxsize=128)
def _known(text: str) -> Node:
    return parse_text(text, ecql=True)


@dataclass(frozen=True)
class CqlReader:
    """Reads trees for one feature type; `namespaces` are the bindings of the request, `default` the CRS of geometries without one."""

    kind: FeatureType
    namespaces: Namespaces
    legacy_order: bool = False
    default: CrsRef = DEFAULT

    def read(self, node: Node) -> Predicate:
        """The predicate; raises `WfsError` for whatever this service does not offer."""
        with told(LOCATOR):
            return reader.CqlReader(Names(self._target, self._crs, self.default, ecql=True)).read(node)

    def _target(self, name: str) -> Target:
        return target_of(name, self.kind, self.namespaces, LOCATOR)

    def _crs(self, text: str) -> CrsRef:
        return crs_of(text, LOCATOR, legacy_order=self.legacy_order)
