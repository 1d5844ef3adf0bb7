"""From a checked record to what may be kept of it: the first half of disclosure. The allow-list is the definition's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from etl.addresses import Address, AddressRegister, Match, Miss
from etl.definitions import DatasetDefinition, Derived, PositionSpec, PublicField
from etl.findings import Effect, Finding
from etl.keys import Keys
from etl.locate import Locator, Position
from etl.municipalities import name, today_code
from etl.policy import stored
from etl.register import PublicValue, PublicValues, RegisterEntry
from etl.rules.address import addresses, to_address
from etl.table import Scalar, SourceRecord
from etl.validity import public_days
from release.table import from_day

_KEPT = (Derived.STREET, Derived.HOUSE, Derived.BOX, Derived.POSTCODE, Derived.MUNICIPALITY, Derived.NISCODE, Derived.ADDRESS_ID)


@dataclass(frozen=True, slots=True)
class _Place:
    """An address as it is published, and where the register puts it."""

    values: Mapping[Derived, PublicValue]
    position: tuple[float, float] | None
    miss: Miss | None


class EntryMaker:
    """Makes register entries of one dataset for a run of one day (day number `day`)."""

    def __init__(
        self, definition: DatasetDefinition, keys: Keys, day: int, locator: Locator, register: AddressRegister | None, keep_unmatched: bool
    ) -> None:
        """`keep_unmatched`: whether an address that the register does not know is published."""
        self._definition, self._keys, self._day = definition, keys, day
        self._locator, self._register, self._keep_unmatched = locator, register, keep_unmatched

    def make(self, record: SourceRecord) -> tuple[RegisterEntry | None, tuple[Finding, ...]]:
        """The entry; null when a finding keeps the record out. An entry that has ended carries no public values."""
        start, until = public_days(record, self._definition.validity)
        if until < max(self._day, start):
            return self._entry(record, 0, -1, {}, None), ()
        if self._definition.projection == "policy":
            code = today_code(record.text("niscode") or "", from_day(self._day)) or ""
            return self._entry(record, start, until, stored(record, code, name(code)), None), ()
        return self._dwelling(record, start, until)

    def key(self, key: str) -> bytes:
        """HMAC of a source key."""
        return self._keys.source_key(self._definition.id, key)

    def _dwelling(self, record: SourceRecord, start: int, until: int) -> tuple[RegisterEntry | None, tuple[Finding, ...]]:
        spec = self._definition.address
        assert spec is not None
        places = [self._place(to_address(values, spec)) for values in addresses(record, spec)]
        findings: list[Finding] = []
        findings += [
            Finding(miss.value, spec.many or spec.street, record.number, self._effect(miss)) for place in places if (miss := place.miss)
        ]
        if any(finding.effect is Effect.KEEP_OUT for finding in findings):
            return None, tuple(findings)
        position = self._position(record, str(places[0].values[Derived.NISCODE]))
        if (finding := position.finding(self._position_field, record.number)) is not None:
            findings.append(finding)
        origin, point = ("geleverd", position.point) if position.point else ("adresregister", places[0].position)
        values = self._values(record, places, "geen" if point is None else origin)
        return self._entry(record, start, until, values, point), tuple(findings)

    def _effect(self, miss: Miss) -> Effect:
        """A setting keeps unmatched addresses out; a register that does not answer never does."""
        return Effect.KEEP_OUT if miss is Miss.UNMATCHED and not self._keep_unmatched else Effect.NOTE

    @property
    def _position_field(self) -> str:
        spec = self._definition.position
        return spec.x.rpartition(".")[0] or spec.x if spec is not None else ""

    def _position(self, record: SourceRecord, code: str) -> Position:
        spec = self._definition.position or PositionSpec(x="", y="")
        return self._locator.position(record.text(spec.crs) or spec.default_crs, record.get(spec.x), record.get(spec.y), code)

    def _place(self, address: Address) -> _Place:
        code = today_code(address.niscode or "", from_day(self._day)) or ""
        found = self._register.find(address) if self._register is not None else None
        match = found if isinstance(found, Match) else None
        values: dict[Derived, PublicValue] = {
            Derived.STREET: match.street if match else address.street,
            Derived.HOUSE: address.house,
            Derived.BOX: address.box,
            Derived.POSTCODE: address.postcode,
            Derived.MUNICIPALITY: name(code),
            Derived.NISCODE: code,
            Derived.ADDRESS_ID: address.address_id,
        }
        point = self._locator.position(None, *match.position, code).point if match and match.position else None
        return _Place(values, point, found if isinstance(found, Miss) else None)

    def _values(self, record: SourceRecord, places: list[_Place], origin: str) -> PublicValues:
        derived: dict[Derived, PublicValue] = dict(places[0].values)
        derived |= {Derived.ADDRESS_COUNT: len(places), Derived.POSITION_SOURCE: origin}
        values: dict[str, PublicValue | tuple[Mapping[str, PublicValue], ...]] = {}
        for field in self._definition.public:
            if (field.derived in derived or field.path is not None) and (value := _public(field, record, derived)) is not None:
                values[field.name] = value
        for table in self._definition.tables:
            rows = tuple(
                {f.name: value for f in table.fields if (value := _public(f, record, place.values)) is not None} for place in places
            )
            values[table.kind] = rows
        return values

    def _entry(
        self, record: SourceRecord, start: int, until: int, values: PublicValues, point: tuple[float, float] | None
    ) -> RegisterEntry:
        definition = self._definition
        subject = str(record.get(definition.record.object))
        oidn = self._keys.oidn(definition.product.id, subject)
        changed = record.get(definition.record.changed)
        if values and definition.projection == "dwelling":
            values = {
                **values,
                "UIDN": self._keys.uidn(oidn, orjson.dumps([self._identifying(values), point], option=orjson.OPT_SORT_KEYS)),
            }
        return RegisterEntry(
            key=self.key(str(record.get(definition.record.key))),
            oidn=oidn,
            subject=self._keys.subject(subject),
            changed=changed if isinstance(changed, int) else 0,
            start=start,
            until=until,
            position=point,
            values=values,
        )

    def _identifying(self, values: PublicValues) -> dict[str, object]:
        """What UIDN depends on: address, identifiers and position, and only those (CONTRACT B.2)."""
        names = {field.name for field in self._definition.public if field.identifies} | {table.kind for table in self._definition.tables}
        return {name: value for name, value in values.items() if name in names}


def _public(field: PublicField, record: SourceRecord, derived: Mapping[Derived, PublicValue]) -> PublicValue:
    value: Scalar = derived.get(field.derived) if field.derived is not None else record.get(field.path)
    if value is None or value == "":
        return None
    return f"{field.prefix}{value}" if field.prefix else value
