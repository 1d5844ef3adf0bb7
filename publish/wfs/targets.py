"""Names of the WFS, as clients write them, as the targets of filters."""

from __future__ import annotations

from functools import partial

from publish.filters.targets import AbsentTarget, GeometryTarget, IdTarget, Target, field_target
from publish.wfs.names import Kind, Namespaces, number_of, reference
from release.schema import FeatureType


def target_of(text: str, kind: FeatureType, namespaces: Namespaces, locator: str) -> Target:
    """What a name of a property refers to; raises `InvalidParameter` when there is none."""
    found = reference(text, kind, namespaces, locator)
    match found.kind:
        case Kind.FIELD:
            return field_target(kind.field(found.name))
        case Kind.GEOMETRY:
            return GeometryTarget(found.name)
        case Kind.ID:
            return IdTarget(found.name, partial(number_of, kind=kind))
        case Kind.NOTHING | Kind.BOUNDS:
            return AbsentTarget(found.name)
