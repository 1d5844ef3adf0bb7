"""Deliveries of the four registers with sensible records, so that a test can break exactly one thing, and a place to run them."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from etl.definitions import DatasetDefinition, load_all
from exports.csv_table import Csv
from exports.geojson import GeoJson
from exports.gml import Gml32
from release.content import Content, Suite
from release.fragments import Encoder
from release.manifest import FileEntry, ProductEntry
from release.predicate import Compare, Operator
from release.query import Query
from release.reader import Release
from release.schema import Product, Schema
from schedules import jobs
from schedules.cadence import BRUSSELS
from schedules.installation import Installation
from schedules.jobs import JobReport
from schedules.parity import Proof
from schedules.publication import Publication
from settings import Settings

DAY = date(2026, 11, 20)
NEXT = DAY + timedelta(days=1)
ATTESTS, DECISIONS, CLAIMS, PARAMETERS = "conformiteitsattesten", "besluiten", "herstelvorderingen", "parameters"
PRODUCTS = {
    ATTESTS: "Conformiteitsattest",
    DECISIONS: "VlaamseInventarisOngeschikteOnbewoonbareWoningen",
    CLAIMS: "RegisterHerstelvorderingen",
}
KEYS = {ATTESTS: "attestId", DECISIONS: "besluitId", CLAIMS: "vorderingId", PARAMETERS: "niscode"}
SIZE = 20
"""Records of each daily register, of which the last one ends on `DAY` by its own date; one more may go before a tenth is missing."""
SECRET = b"a secret for tests, not for you!"

Record = dict[str, Any]
GONE = object()
"""As the value of a path: the field is left out."""

# A fictional person; the numbers pass every check digit and belong to nobody.
PERSON: Record = {
    "voornaam": "Xanthippa-Qq",
    "achternaam": "Vrxkboermans",
    "insz": "85073003328",
    "geboortedatum": "1985-07-30",
    "email": "xanthippa.vrxkboermans@example.org",
    "telefoon": "+32 470 12 34 56",
    "rekeningnummer": "BE71 0961 2345 6769",
}


def changed(record: Mapping[str, Any], changes: Mapping[str, object]) -> Record:
    """The record with other values at some paths (`adres.busnummer`, `adressen.0.huisnummer`)."""
    copy: Record = json.loads(json.dumps(record))
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = copy
        for name in way:
            place = place[int(name) if name.isdigit() else name]
        key: Any = int(last) if last.isdigit() and isinstance(place, list) else last
        if value is GONE:
            place.pop(key, None)
        else:
            place[key] = value
    return copy


def address(street: str, house: int) -> Record:
    return {
        "adresId": 2_000_000 + house,
        "straatnaam": street,
        "huisnummer": str(house),
        "busnummer": None,
        "postcode": "9000",
        "gemeentenaam": "Gent",
        "niscode": "44021",
    }


def entity(number: int) -> Record:
    return {"entiteitId": f"E{number:07d}", "gebouwId": 800_000 + number, "gebouweenheidId": None, "aard": "kamer"}


def position(number: int) -> Record:
    return {"crs": "EPSG:31370", "x": 104_000.5 + 10 * number, "y": 193_500.25}


def certificate(number: int, changes: Mapping[str, object] | None = None) -> Record:
    """A valid certificate of dwelling `number`, at Attestlaan `number`."""
    record: Record = {
        "attestId": f"CA-2024-{number:07d}",
        "entiteit": entity(number),
        "adres": address("Attestlaan", number),
        "positie": position(number),
        "afgiftedatum": "2024-03-01",
        "geldigTot": "2034-03-01",
        "vervallenOp": None,
        "vervalreden": None,
        "maxBewoners": 3,
        "houder": PERSON,
        "controleur": PERSON,
        "opmerking": f"Contact via {PERSON['voornaam']} {PERSON['achternaam']}, {PERSON['email']}",
        "gewijzigdOp": "2026-11-01T02:00:00+01:00",
    }
    return changed(record, changes or {})


def decision(number: int, changes: Mapping[str, object] | None = None) -> Record:
    """A current decision on dwelling 5000 + `number`, at Besluitplein `number`."""
    record: Record = {
        "besluitId": f"BO-2025-{number:07d}",
        "dossiernummer": f"D{74_000_000 + number}",
        "entiteit": entity(5000 + number),
        "adres": address("Besluitplein", number),
        "positie": position(1000 + number),
        "aard": "ongeschikt",
        "rechtsgrond": "VCW",
        "besluitdatum": "2025-05-01",
        "inventarisatiedatum": "2025-05-02",
        "opgehevenOp": None,
        "schrappingsreden": None,
        "beroep": None,
        "gebreken": [{"categorie": "II", "omschrijving": f"vocht bij {PERSON['voornaam']} {PERSON['achternaam']}"}],
        "eigenaars": [PERSON],
        "bewoners": [],
        "technischVerslag": f"In aanwezigheid van {PERSON['insz']}",
        "opmerking": f"Bel {PERSON['telefoon']}",
        "gewijzigdOp": "2026-11-02T02:00:00+01:00",
    }
    return changed(record, changes or {})


def claim(number: int, changes: Mapping[str, object] | None = None) -> Record:
    """A claim on pand `number`, at Vorderingsweg `number`."""
    record: Record = {
        "vorderingId": f"HV-2023-{number:07d}",
        "notitienummer": f"GE.66.W1.{100_000 + number}/2023",
        "pand": {"pandId": f"P{number:07d}", "gebouwId": 900_000 + number},
        "adressen": [address("Vorderingsweg", number)],
        "positie": position(2000 + number),
        "opgemaaktOp": "2023-06-01",
        "status": "vonnis",
        "uitvoeringVastgesteldOp": None,
        "overtreders": [PERSON],
        "parket": f"t.a.v. {PERSON['voornaam']} {PERSON['achternaam']}",
        "opmerking": f"Betaling via {PERSON['rekeningnummer']}",
        "gewijzigdOp": "2026-11-03T02:00:00+01:00",
    }
    return changed(record, changes or {})


_MUNICIPALITIES = {
    "44021": "Gent",
    "11002": "Antwerpen",
    "24062": "Leuven",
    "31005": "Brugge",
    "34022": "Kortrijk",
    "12025": "Mechelen",
    "41002": "Aalst",
    "71016": "Genk",
    "13040": "Turnhout",
    "35013": "Oostende",
    "36015": "Roeselare",
    "46021": "Sint-Niklaas",
}


def rule(number: int, changes: Mapping[str, object] | None = None) -> Record:
    """A rule of a municipality that is in force and holds for all."""
    record: Record = {
        "regelId": f"R-{number}",
        "soort": "kamerreglement",
        "toepassing": {"huurwoning": "kamer"},
        "waarde": {"ja": True},
        "vanaf": "2020-01-01",
        "tot": None,
        "publicatie": "https://www.stad.example/reglement",
    }
    return changed(record, changes or {})


def municipality(code: str, *rules: Record) -> Record:
    return {
        "niscode": code,
        "gemeentenaam": _MUNICIPALITIES[code],
        "regels": list(rules or (rule(1),)),
        "contact": PERSON,
        "gewijzigdOp": "2026-11-04T02:00:00+01:00",
    }


_MAKERS = {ATTESTS: certificate, DECISIONS: decision, CLAIMS: claim}
_ENDING = {
    ATTESTS: {"geldigTot": DAY.isoformat()},
    DECISIONS: {"opgehevenOp": NEXT.isoformat()},
    CLAIMS: {"uitvoeringVastgesteldOp": NEXT.isoformat()},
}


def record(dataset: str, number: int, changes: Mapping[str, object] | None = None) -> Record:
    """Record `number` of a daily register."""
    return _MAKERS[dataset](number, changes)


def register(dataset: str, *others: Record, size: int = SIZE) -> list[Record]:
    """A whole register, with `others` in place of the records that have the same key, or after them."""
    if dataset == PARAMETERS:
        known = [municipality(code) for code in _MUNICIPALITIES]
    else:
        known = [*(record(dataset, n) for n in range(1, size)), record(dataset, size, _ENDING[dataset])]
    key = KEYS[dataset]
    return list(({item[key]: item for item in known} | {item[key]: item for item in others}).values())


def number_of(day: date) -> int:
    """The volgnummer that a delivery of this day has unless a test says another."""
    return (day - date(2026, 11, 1)).days


def restate(folder: Path, **changes: object) -> None:
    """Change what `levering.json` says; `aantal`, `sha256` and `naam` are those of its only file."""
    path = folder / "levering.json"
    statement = json.loads(path.read_text("utf-8"))
    for name, value in changes.items():
        (statement["bestanden"][0] if name in ("aantal", "sha256", "naam") else statement)[name] = value
    path.write_text(json.dumps(statement), "utf-8")


def write(
    place: Path,
    dataset: str,
    day: date,
    records: Iterable[object],
    *,
    number: int | None = None,
    kind: str = "volledig",
    packed: bool = False,
) -> Path:
    """Write `<place>/<day>/<dataset>/`; gives the folder. A record that is bytes is written as it is."""
    lines = [item if isinstance(item, bytes) else json.dumps(item, ensure_ascii=False).encode() for item in records]
    data = b"".join(line + b"\n" for line in lines)
    if packed:
        data = gzip.compress(data, mtime=0)
    folder = place / day.isoformat() / dataset
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    name = f"{dataset}.jsonl{'.gz' if packed else ''}"
    (folder / name).write_bytes(data)
    statement = {
        "dataset": dataset,
        "soort": kind,
        "peildatum": day.isoformat(),
        "volgnummer": number_of(day) if number is None else number,
        "bestanden": [{"naam": name, "aantal": len(lines), "sha256": hashlib.sha256(data).hexdigest()}],
    }
    (folder / "levering.json").write_text(json.dumps(statement), "utf-8")
    return folder


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), BRUSSELS)


class _NoFiles:
    """A suite without download files: what most tests look at is in the columns."""

    version = "no files"
    encoders: tuple[Encoder, ...] = (Gml32(), GeoJson(), Csv())

    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        return ()

    def documents(
        self, schema: Schema, products: Mapping[str, ProductEntry], withdrawn: Mapping[str, date | None]
    ) -> Iterator[tuple[str, bytes]]:
        yield from ()


class _QuickPublication(Publication):
    """Seals without download files and skips the proof of them; the pointer moves as it always does."""

    @property
    def suite(self) -> Suite:
        return _NoFiles()

    def _prove(self, release: Release) -> Proof:
        return Proof((), {})


@cache
def _definitions() -> tuple[DatasetDefinition, ...]:
    return load_all()


class _QuickInstallation(Installation):
    @cached_property
    def definitions(self) -> tuple[DatasetDefinition, ...]:
        return super().definitions if self.settings.definitions else _definitions()

    @property
    def publication(self) -> Publication:
        whole = super().publication
        return _QuickPublication(whole.root, whole.clock, whole.public_url, whole.environment)


@dataclass(frozen=True)
class World:
    """A folder of deliveries and an installation beside it. `whole` makes the download files too, and proves them."""

    folder: Path
    whole: bool = False
    settings: Mapping[str, object] | None = None

    @property
    def deliveries(self) -> Path:
        return self.folder / "deliveries"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def installation(self, day: date) -> Installation:
        """The installation at noon of a day."""
        secret = self.folder / "secret"
        if not secret.exists():
            secret.write_bytes(SECRET)
        chosen: dict[str, object] = {"home": self.home, "source": f"folder:{self.deliveries}", "secret_file": secret}
        settings = Settings.model_validate(chosen | dict(self.settings or {}))
        return (Installation if self.whole else _QuickInstallation)(settings, lambda: noon(day))

    def deliver(
        self, dataset: str, day: date, records: Iterable[object], *, number: int | None = None, kind: str = "volledig", packed: bool = False
    ) -> Path:
        return write(self.deliveries, dataset, day, records, number=number, kind=kind, packed=packed)

    def deliver_all(self, day: date, *but: str) -> None:
        """Every register as it always is, except those named."""
        for dataset in (*PRODUCTS, PARAMETERS):
            if dataset not in but:
                self.deliver(dataset, day, register(dataset))

    def run(self, day: date, job: str = "daily") -> JobReport:
        """Run a job as `vlok run` does."""
        installation = self.installation(day)
        try:
            return jobs.run(installation, job, day)
        finally:
            installation.store.close()

    def release(self) -> Release:
        """What is current."""
        current = self.installation(DAY).current()
        assert current is not None
        return current

    def public(self, dataset: str, day: date) -> set[str]:
        """The house numbers that are public in a daily product, on a day."""
        return {str(row["HUISNR"]) for row in self.rows(dataset, day)}

    def rows(self, dataset: str, day: date) -> list[Record]:
        """The public rows of a dataset on a day; raises `Withdrawn`."""
        if dataset in PRODUCTS:
            query = Query("POI:POI", Compare("PRODUCT", Operator.EQUAL, PRODUCTS[dataset]))
        else:
            query = Query("Woningkwaliteitsbeleid" if dataset == PARAMETERS else dataset)
        release = self.release()
        rows: list[Record] = release.table(query.feature_type).table.arrow.take(release.select(query, day).rows).to_pylist()
        return rows


def houses(last: int, *without: int) -> set[str]:
    """House numbers from 1 to `last`, as `World.public` gives them."""
    return {str(number) for number in range(1, last + 1) if number not in without}


def start(folder: Path) -> World:
    """A world in which everything was delivered and published on `DAY`."""
    world = World(folder)
    world.deliver_all(DAY)
    for job in ("daily", "monthly"):
        report = world.run(DAY, job)
        assert report.exit == jobs.Exit.DONE, report.outcomes
    return world
