"""What a name in a filter refers to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from release.schema import Field


@dataclass(frozen=True, slots=True)
class Target:
    """Something of a feature that a name refers to."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldTarget(Target):
    """A field of the feature type."""

    field: Field


@dataclass(frozen=True, slots=True)
class GeometryTarget(Target):
    """The geometry of the feature type."""


@dataclass(frozen=True, slots=True)
class IdTarget(Target):
    """The identifier; `number` gives the `_id` in its text, null where it is no feature's of this type."""

    number: Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class AbsentTarget(Target):
    """A property of every feature by the standard (`gml:name`) that ours never have."""


def field_target(field: Field) -> FieldTarget:
    """A field under its own name."""
    return FieldTarget(field.name, field)
