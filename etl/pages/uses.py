"""What becomes of each field that may be delivered: published, used to decide, checked only, or dropped unparsed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from etl.definitions import AddressSpec, DatasetDefinition, Derived, PublicField, RecordField, RecordType
from etl.policy_rule import KEPT

GEOMETRY = "SHAPE"


class Use(Enum):
    """One of these holds for every field; the first that fits."""

    DROPPED = "dropped"
    PUBLISHED = "published"
    DECIDES = "decides"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field of a record, what becomes of it, and the public fields that show it (none where `etl.policy` works them out)."""

    field: RecordField
    use: Use
    shown_as: tuple[str, ...] = ()


def uses(definition: DatasetDefinition) -> tuple[FieldUse, ...]:
    """Every field that holds a value, in the order of the definition; objects and lists are only their parts."""
    shown, deciding = _shown(definition), _deciding(definition)
    leaves = (field for field in definition.record.fields if field.personal or field.type not in (RecordType.OBJECT, RecordType.LIST))
    return tuple(_use(field, shown, deciding) for field in leaves if not (field.used and field.type is RecordType.OBJECT))


def _use(field: RecordField, shown: dict[str, list[str]], deciding: frozenset[str]) -> FieldUse:
    if field.personal and not field.used:
        return FieldUse(field, Use.DROPPED)
    if field.path in shown:
        return FieldUse(field, Use.PUBLISHED, tuple(dict.fromkeys(shown[field.path])))
    return FieldUse(field, Use.DECIDES if field.path in deciding else Use.CHECKED)


def _deciding(definition: DatasetDefinition) -> frozenset[str]:
    """Keys, change time and the fields of the validity rule."""
    record, validity = definition.record, definition.validity
    paths = (record.key, record.object, record.changed, validity.start, *validity.last, *validity.ended, *validity.never)
    return frozenset(path for path in paths if path is not None)


def _shown(definition: DatasetDefinition) -> dict[str, list[str]]:
    """Public fields by the path of the record that they show."""
    shown: dict[str, list[str]] = defaultdict(list)
    for path, name in _pairs(definition):
        shown[path].append(name)
    return shown


def _pairs(definition: DatasetDefinition) -> Iterator[tuple[str, str]]:
    if definition.projection == "policy":
        yield from _policy_pairs(definition)
        return
    fields = [*definition.public, *(field for table in definition.tables for field in table.fields)]
    for field in fields:
        for path in _origins(field, definition.address):
            yield path, field.name
    if definition.position is not None:
        yield from ((path, GEOMETRY) for path in (definition.position.crs, definition.position.x, definition.position.y) if path)


def _origins(field: PublicField, address: AddressSpec | None) -> tuple[str, ...]:
    """The paths that a public field shows; the name of the municipality is looked up by its code."""
    if field.path is not None:
        return (field.path,)
    if address is None or field.derived is None:
        return ()
    prefix = f"{address.many}[]." if address.many else ""
    parts: dict[Derived, tuple[str | None, ...]] = {
        Derived.STREET: (address.street,),
        Derived.HOUSE: (address.house,),
        Derived.BOX: (address.box,),
        Derived.POSTCODE: (address.postcode,),
        Derived.NISCODE: (address.niscode,),
        Derived.MUNICIPALITY: (address.niscode,),
        Derived.ADDRESS_ID: (address.id,),
        Derived.TITLE: (address.street, address.house, address.box, address.postcode, address.niscode),
    }
    return tuple(prefix + path for path in parts.get(field.derived, ()) if path is not None)


def _policy_pairs(definition: DatasetDefinition) -> Iterator[tuple[str, str]]:
    """The municipality by its code; of a rule what `etl.policy_rule` keeps, shown in the row and in the table of rules."""
    rows, rules = definition.feature_type.name, [table.name for table in definition.tables]
    yield definition.record.key, "NISCODE"
    yield definition.record.key, "NAAM"
    for path in KEPT:
        for name in (rows, *rules):
            yield f"regels[].{path}", name
