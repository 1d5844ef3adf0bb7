"""Example deliveries with one fault each, and what the check answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from etl.definitions import DatasetDefinition
from etl.pages.samples import Draft, Sample, most, put
from etl.source_api import Json

# A national number with the fictitious birth date 00.00.01: nobody has it.
_INSZ = "00000100166"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a delivery of two records: what it shows in Dutch, and the verdict and the code of the answer."""

    name: str
    dataset: str
    shows: str
    code: str
    verdict: str


@dataclass(frozen=True, slots=True)
class RecordFault(Fault):
    """The second record has another value in one field."""

    path: str
    value: Json

    def files(self, draft: Draft) -> Mapping[str, bytes]:
        """The delivery with the fault."""
        put(draft.records[1], self.path, self.value)
        return draft.files()


@dataclass(frozen=True, slots=True)
class StatementFault(Fault):
    """`levering.json` says something that is not so."""

    key: str
    value: Json

    def files(self, draft: Draft) -> Mapping[str, bytes]:
        """The delivery with the fault."""
        return draft.files(otherwise={self.key: self.value})


@dataclass(frozen=True, slots=True)
class BytesFault(Fault):
    """The file of records is damaged, absent or empty."""

    def files(self, draft: Draft) -> Mapping[str, bytes]:
        """The delivery with the fault."""
        match self.name:
            case "geen-json":
                return draft.files(data=draft.data()[:-40] + b"\n")
            case "afgebroken-gzip":
                packed = Draft(draft.definition, draft.records, ending=".jsonl.gz")
                return packed.files(data=_cut_off(packed.data()))
            case "ontbrekend-bestand":
                return {"levering.json": draft.files()["levering.json"]}
            case _:
                return Draft(draft.definition, ()).files()


def _cut_off(data: bytes) -> bytes:
    """Half of a gzip file (RFC 1952), stored without compression so that its bytes do not depend on the library."""
    size = len(data)
    stored = b"\x01" + size.to_bytes(2, "little") + (0xFFFF - size).to_bytes(2, "little") + data
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + stored[: size // 2]


REFUSED, HELD, ACCEPTED = "refuse", "hold", "publish"

FAULTS: tuple[RecordFault | StatementFault | BytesFault, ...] = (
    StatementFault(
        "verkeerde-sha256", "besluiten", "De SHA-256 is niet die van het bestand.", "delivery.sha256", REFUSED, "sha256", "0" * 64
    ),
    BytesFault("geen-json", "besluiten", "De tweede regel breekt af en is geen JSON.", "delivery.json", REFUSED),
    RecordFault(
        "onbekend-veld", "besluiten", "Een record heeft een veld dat het contract niet kent.", "field.unknown", HELD, "eigenaarstype", "x"
    ),
    RecordFault("onbekende-code", "besluiten", "`aard` is geen code van de lijst.", "schema.code", ACCEPTED, "aard", "onveilig"),
    RecordFault(
        "naam-in-busnummer",
        "besluiten",
        "In het busnummer staat een naam.",
        "address.unknown-word",
        ACCEPTED,
        "adres.busnummer",
        "bij Voorbeeldnaam",
    ),
    StatementFault(
        "verkeerd-aantal", "conformiteitsattesten", "`aantal` zegt drie, er zijn er twee.", "delivery.count", REFUSED, "aantal", 3
    ),
    BytesFault("afgebroken-gzip", "conformiteitsattesten", "Het gzip-bestand is maar half aangekomen.", "delivery.gzip", REFUSED),
    BytesFault("lege-levering", "conformiteitsattesten", "Het bestand heeft geen enkel record.", "count.none", HELD),
    RecordFault(
        "rijksregisternummer",
        "conformiteitsattesten",
        "In het huisnummer staat een INSZ.",
        "personal.insz",
        ACCEPTED,
        "adres.huisnummer",
        _INSZ,
    ),
    RecordFault(
        "geen-datum",
        "conformiteitsattesten",
        "`afgiftedatum` heeft een andere vorm.",
        "schema.date",
        ACCEPTED,
        "afgiftedatum",
        "03/05/2024",
    ),
    StatementFault(
        "andere-peildatum",
        "herstelvorderingen",
        "`peildatum` is niet de dag van de map.",
        "delivery.day",
        REFUSED,
        "peildatum",
        "2026-11-20",
    ),
    BytesFault("ontbrekend-bestand", "herstelvorderingen", "Het bestand dat `levering.json` noemt, is er niet.", "delivery.file", REFUSED),
    RecordFault("verplicht-veld-leeg", "herstelvorderingen", "`opgemaaktOp` is null.", "schema.required", ACCEPTED, "opgemaaktOp", None),
    RecordFault("geen-adres", "herstelvorderingen", "De lijst van adressen is leeg.", "address.missing", ACCEPTED, "adressen", []),
    RecordFault(
        "omgewisselde-coordinaten",
        "herstelvorderingen",
        "x en y zijn omgewisseld; ze worden teruggewisseld.",
        "position.swapped",
        ACCEPTED,
        "positie",
        {"crs": "EPSG:31370", "x": 193500.34, "y": 104800.12},
    ),
    StatementFault(
        "ander-register",
        "parameters",
        "`dataset` noemt een ander register dan de map.",
        "delivery.dataset",
        REFUSED,
        "dataset",
        "besluiten",
    ),
    StatementFault(
        "onbekende-sleutel",
        "parameters",
        "`levering.json` heeft een sleutel die het contract niet kent.",
        "delivery.header",
        REFUSED,
        "bron",
        "x",
    ),
    RecordFault("onbekende-gemeente", "parameters", "De NIS-code is geen gemeente.", "municipality.unknown", ACCEPTED, "niscode", "99999"),
    RecordFault(
        "e-mailadres-in-regel",
        "parameters",
        "In de tekst van een regel staat een e-mailadres: de regel blijft weg, de gemeente niet.",
        "personal.email",
        ACCEPTED,
        "regels[].toepassing",
        {"tekst": "vraag na bij wonen@voorbeeld.be"},
    ),
    RecordFault(
        "slechte-link",
        "parameters",
        "In de link staat tekst: de link blijft weg, de regel niet.",
        "link.characters",
        ACCEPTED,
        "regels[].publicatie",
        "www.voorbeeld.be (besluit 12)",
    ),
)
"""Each kind of fault once, spread over the datasets."""


def faulty_samples(definitions: Iterable[DatasetDefinition]) -> Iterator[Sample]:
    """The examples with a fault."""
    known = {definition.id: definition for definition in definitions}
    for fault in FAULTS:
        definition = known[fault.dataset]
        draft = Draft(definition, (most(definition, 1), most(definition, 2)))
        yield Sample(f"ongeldig/{fault.name}", fault.dataset, fault.shows, fault.files(draft), fault.verdict, fault.code)
