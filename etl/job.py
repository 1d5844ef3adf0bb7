"""What a run works with: definitions, sources, state, keys, places and the writer. Everything is passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from etl.addresses import AddressFile, AddressRegister
from etl.definitions import DatasetDefinition
from etl.delivery import Source
from etl.entries import EntryMaker
from etl.intake import Reception
from etl.keys import Keys
from etl.locate import Locator
from etl.municipalities import Boundaries
from etl.records import RecordReader
from etl.rules import Rule
from etl.rules.address import address_rules
from etl.rules.policy import PolicyLink, PolicyMunicipality, PolicyText
from etl.store import Store
from etl.survey import Surveyor
from release.content import Candidate, Content
from release.schema import Schema
from release.table import to_day


@dataclass(frozen=True)
class Options:
    """Settings of the private side that change what is published."""

    keep_unmatched: bool = True  # an address that the register does not know is published
    approval_needed: bool = True  # an obligation counts as in force only with ministerial approval


@dataclass(frozen=True)
class Job:
    """One run's collaborators."""

    definitions: tuple[DatasetDefinition, ...]
    schema: Schema
    sources: Mapping[str, Source]
    store: Store
    keys: Keys
    seal: Callable[[Content, date], Candidate]
    clock: Callable[[], datetime]
    boundaries: Boundaries | None = None
    register: AddressRegister | None = None
    options: Options = Options()

    def of(self, cadence: str) -> tuple[DatasetDefinition, ...]:
        """The datasets of a cadence, `daily` or `monthly`."""
        return tuple(definition for definition in self.definitions if definition.cadence == cadence)

    def reception(self, definition: DatasetDefinition) -> Reception:
        """Takes in deliveries of a dataset."""
        return Reception(definition, self.store, self.keys, lambda day: surveyor(self, definition, day), self.clock)


def surveyor(job: Job, definition: DatasetDefinition, day: date) -> Surveyor:
    """Reads deliveries of a dataset for a day."""
    return make_surveyor(definition, job.keys, day, Locator(job.boundaries), job.register, job.options)


def make_surveyor(
    definition: DatasetDefinition, keys: Keys, day: date, locator: Locator, register: AddressRegister | None, options: Options
) -> Surveyor:
    """Reads deliveries of a dataset for a day, with these places and this register."""
    return Surveyor(
        dataset=definition.id,
        key_path=definition.record.key,
        reader=RecordReader(definition),
        rules=_rules(definition, day, register),
        maker=EntryMaker(definition, keys, to_day(day), locator, register, options.keep_unmatched),
    )


def _rules(definition: DatasetDefinition, day: date, register: AddressRegister | None) -> tuple[Rule, ...]:
    if definition.projection == "policy":
        return (PolicyMunicipality(day), PolicyText(), PolicyLink())
    return address_rules(definition, day, register if isinstance(register, AddressFile) else None)
