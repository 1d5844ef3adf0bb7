"""Names of feature types as clients write them: prefixed or not, with prefixes of their own; those of properties are in `publish.fes`."""

from __future__ import annotations

from dataclasses import dataclass

from publish.fes import names
from publish.fes.names import Kind, Namespaces, Reference, is_bound, number_of
from publish.wfs.errors import InvalidParameter
from publish.wfs.filter_errors import told
from release.schema import FeatureType

__all__ = ["Kind", "Names", "Namespaces", "Reference", "number_of", "reference"]


@dataclass(frozen=True)
class Names:
    """The feature types that a service offers, by every name."""

    feature_types: tuple[FeatureType, ...]

    def feature_type(self, text: str, namespaces: Namespaces, locator: str = "typeNames") -> FeatureType:
        """`POI:POI`, `POI`, `app:POI` with its binding; raises `InvalidParameter`."""
        prefix, _, name = text.rpartition(":")
        for kind in self.feature_types:
            if name == kind.name and is_bound(prefix, kind, namespaces):
                return kind
        offered = ", ".join(kind.qualified for kind in self.feature_types)
        raise InvalidParameter(f"no feature type {text[:60]!r}; offered are {offered}", locator)

    def type_of(self, feature_id: str) -> FeatureType | None:
        """The feature type that a gml:id belongs to."""
        name, _, number = feature_id.rpartition(".")
        return next((kind for kind in self.feature_types if kind.name == name and number.isdecimal() and number.isascii()), None)


def reference(text: str, kind: FeatureType, namespaces: Namespaces, locator: str) -> Reference:
    """A property by an XPath of the minimal kind; raises `InvalidParameter` with the name when there is no such property."""
    with told(locator):
        return names.reference(text, kind, namespaces, locator)
