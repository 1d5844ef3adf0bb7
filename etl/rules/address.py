"""Rules on the address of a dwelling or pand: it is public text, so nothing personal may stand in it (CONTRACT A.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from etl.addresses import Address, AddressFile, Match
from etl.definitions import AddressSpec, DatasetDefinition
from etl.findings import Effect, Finding
from etl.municipalities import today_code
from etl.rules import Rule
from etl.rules.personal import CODES, personal, unknown_words
from etl.table import Scalar, SourceRecord


def addresses(record: SourceRecord, spec: AddressSpec) -> tuple[Mapping[str, Scalar], ...]:
    """The addresses of a record, with the paths of the definition as keys."""
    return record.items(spec.many) if spec.many else (record.values,)  # type: ignore[return-value] # a record's own address is scalars


def to_address(values: Mapping[str, Scalar], spec: AddressSpec) -> Address:
    """An address as text fields, without white space around them; absent is null."""

    return Address(
        street=_text(values, spec.street) or "",
        house=_text(values, spec.house) or "",
        box=_text(values, spec.box),
        postcode=_text(values, spec.postcode) or "",
        municipality=_text(values, spec.municipality),
        niscode=niscode(values, spec),
        address_id=_text(values, spec.id),
    )


def niscode(values: Mapping[str, Scalar], spec: AddressSpec) -> str | None:
    """The NIS code as delivered, or the one that the definition fixes."""
    return spec.niscode_constant or _text(values, spec.niscode)


def _text(values: Mapping[str, Scalar], path: str | None) -> str | None:
    value = values.get(path) if path is not None else None
    if isinstance(value, str):
        return value.strip() or None
    return None if value is None else str(value)


def _filled(value: Scalar) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


@dataclass(frozen=True)
class AddressPresent:
    """There is at least one address, and each has what is published as required."""

    spec: AddressSpec
    codes: tuple[str, ...] = ("address.missing",)

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """A record without an address identifies no dwelling."""
        found = addresses(record, self.spec)
        needed = (self.spec.street, self.spec.house, self.spec.postcode)
        if not found or not all(_filled(values.get(path)) for values in found for path in needed):
            yield Finding("address.missing", self.spec.many or self.spec.street, record.number, Effect.KEEP_OUT)


@dataclass(frozen=True)
class AddressPersonal:
    """No public text of a record looks personal: INSZ, BIS, KBO, IBAN, e-mail, phone, an 11-digit run, a formula."""

    spec: AddressSpec
    paths: tuple[str, ...]  # of other public values: identifiers
    codes: tuple[str, ...] = CODES

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """Look at every text that would be published."""
        spec = self.spec
        prefix = f"{spec.many}[]." if spec.many else ""
        for values in addresses(record, spec):
            for path in (spec.street, spec.house, spec.box, spec.postcode, spec.municipality, spec.id):
                if path is not None and (code := _strikes(values.get(path))):
                    yield Finding(code, prefix + path, record.number, Effect.KEEP_OUT)
        for path in self.paths:
            if code := _strikes(record.get(path)):
                yield Finding(code, path, record.number, Effect.KEEP_OUT)


@dataclass(frozen=True)
class AddressWords:
    """Every word in a house or box number is known to the definition's neutral words or to the address register."""

    spec: AddressSpec
    register: AddressFile | None = None  # a local one only: a word that may be a name is not sent to a service
    codes: tuple[str, ...] = ("address.unknown-word",)

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """A word that nobody knows may be a name."""
        prefix = f"{self.spec.many}[]." if self.spec.many else ""
        for values in addresses(record, self.spec):
            for path in (self.spec.house, self.spec.box):
                value = values.get(path) if path is not None else None
                if isinstance(value, str) and unknown_words(value, self._neutral) and self._unregistered(value, values):
                    yield Finding("address.unknown-word", f"{prefix}{path}", record.number, Effect.KEEP_OUT)

    @cached_property
    def _neutral(self) -> frozenset[str]:
        return frozenset(self.spec.neutral_words)

    def _unregistered(self, value: str, values: Mapping[str, Scalar]) -> bool:
        found = self.register.find(to_address(values, self.spec)) if self.register is not None else None
        return not isinstance(found, Match) or unknown_words(value, self._neutral | found.words)


@dataclass(frozen=True)
class MunicipalityCode:
    """The NIS code is, or has become, one of today's 285 (CONTRACT A.2)."""

    spec: AddressSpec
    day: date
    codes: tuple[str, ...] = ("municipality.unknown",)

    def check(self, record: SourceRecord) -> Iterator[Finding]:
        """A code that is none of them breaks the code list."""
        prefix = f"{self.spec.many}[]." if self.spec.many else ""
        for values in addresses(record, self.spec):
            if today_code(niscode(values, self.spec) or "", self.day) is None:
                yield Finding("municipality.unknown", f"{prefix}{self.spec.niscode}", record.number, Effect.KEEP_OUT)


def address_rules(definition: DatasetDefinition, day: date, register: AddressFile | None) -> tuple[Rule, ...]:
    """The rules for a dataset of dwellings or panden."""
    if definition.address is None:
        return ()
    spec = definition.address
    paths = tuple(field.path for field in definition.public if field.path is not None)
    return (AddressPresent(spec), AddressPersonal(spec, paths), AddressWords(spec, register), MunicipalityCode(spec, day))


def _strikes(value: Scalar) -> str | None:
    return None if value is None else personal(str(value))
