"""Filters of FES for one feature type, in the errors of the WFS."""

from __future__ import annotations

from dataclasses import dataclass

from publish import fes
from publish.fes import DEFAULT, Element, Namespaces
from publish.wfs.filter_errors import told
from release.crs import CrsRef
from release.predicate import Predicate
from release.schema import FeatureType


@dataclass(frozen=True)
class FilterReader:
    """Reads filters for one feature type; `namespaces` are the bindings of the request, `default` the CRS of geometries without one."""

    kind: FeatureType
    namespaces: Namespaces
    legacy_order: bool = False
    default: CrsRef = DEFAULT

    def read(self, root: Element) -> Predicate:
        """The predicate of a `Filter`; raises `WfsError`."""
        with told("filter"):
            return fes.FilterReader(self.kind, self.namespaces, self.legacy_order, self.default).read(root)
