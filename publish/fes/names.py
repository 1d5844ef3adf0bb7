"""Names of properties as clients write them: prefixed or not, with prefixes of their own, as short paths; and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial

from publish.fes.documents import GML31, GML32
from publish.filters.errors import Unfit
from publish.filters.targets import AbsentTarget, GeometryTarget, IdTarget, Target, field_target
from release.schema import FeatureType

Namespaces = Mapping[str, str]
"""URI by prefix, as the request binds them."""


class Kind(Enum):
    """What a reference refers to."""

    FIELD = "field"
    GEOMETRY = "geometry"
    ID = "gml:id"
    BOUNDS = "gml:boundedBy"
    NOTHING = "a property of gml:AbstractFeature that our features never have"


@dataclass(frozen=True, slots=True)
class Reference:
    """A property of a feature type; `name` is the field or the geometry."""

    kind: Kind
    name: str


_STANDARD = {"name", "description", "descriptionReference", "identifier", "metaDataProperty", "location"}
_STEP = re.compile(r"([^\[\]/]+)(?:\[1\])?")


def number_of(feature_id: str, kind: FeatureType) -> int | None:
    """The `_id` in a gml:id of this feature type, `POI.123`; null for any other text."""
    match = re.fullmatch(re.escape(kind.name) + r"\.(0|[1-9][0-9]{0,17})", feature_id)
    return int(match[1]) if match else None


def target_of(text: str, kind: FeatureType, namespaces: Namespaces, locator: str) -> Target:
    """What a name of a property refers to in a filter; raises `Unfit` at the locator when there is none."""
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


def reference(text: str, kind: FeatureType, namespaces: Namespaces, locator: str) -> Reference:
    """A property by an XPath of the minimal kind (FES 2.0 §7.4.4): `POI:POI/POI:NAAM[1]`, `NAAM`, `@gml:id`.

    Raises `Unfit` at the locator, with the name, when there is no such property.
    """
    steps = text.strip().removeprefix("/").split("/")
    if len(steps) == 2 and _is_type(steps[0], kind, namespaces):
        steps = steps[1:]
    match = _STEP.fullmatch(steps[0])
    if len(steps) != 1 or match is None:
        raise _unknown(text, kind, locator)
    prefix, _, name = match[1].strip().rpartition(":")
    if (prefix, name) == ("", "@id") or (name == "id" and namespaces.get(prefix[1:], GML32) in (GML31, GML32) and prefix[:1] == "@"):
        return Reference(Kind.ID, name)
    if prefix and namespaces.get(prefix, GML32 if prefix == "gml" else "") in (GML31, GML32):
        return _standard(name, text, kind, locator)
    if not is_bound(prefix, kind, namespaces):
        raise _unknown(text, kind, locator)
    if kind.geometry is not None and name == kind.geometry_name:
        return Reference(Kind.GEOMETRY, name)
    if any(field.name == name for field in kind.fields):
        return Reference(Kind.FIELD, name)
    raise _unknown(text, kind, locator)


def is_bound(prefix: str, kind: FeatureType, namespaces: Namespaces) -> bool:
    """Whether a prefix stands for the namespace of the feature type: as the request binds it, else as we do."""
    return not prefix or namespaces.get(prefix, kind.namespace if prefix == kind.prefix else None) == kind.namespace


def _standard(name: str, text: str, kind: FeatureType, locator: str) -> Reference:
    if name == "boundedBy":
        return Reference(Kind.BOUNDS, name)
    if name in _STANDARD:
        return Reference(Kind.NOTHING, name)
    raise _unknown(text, kind, locator)


def _is_type(step: str, kind: FeatureType, namespaces: Namespaces) -> bool:
    prefix, _, name = step.rpartition(":")
    return name in (kind.name, "*") and is_bound(prefix, kind, namespaces)


def _unknown(text: str, kind: FeatureType, locator: str) -> Unfit:
    fields = ", ".join([field.name for field in kind.fields] + ([kind.geometry_name] if kind.geometry else []))
    return Unfit(f"{kind.qualified} has no property {text[:60]!r}; it has {fields}", locator)
