"""A delivery (levering) of one dataset, as every source gives it: a header and its records (CONTRACT A)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from etl.definitions import DatasetDefinition


class Kind(StrEnum):
    """`volledig` replaces the register, `mutaties` changes it."""

    FULL = "volledig"
    MUTATIONS = "mutaties"


@dataclass(frozen=True, slots=True)
class Header:
    """`levering.json`: `number` is the volgnummer, `day` the peildatum; `digest` is the sha256 over the files' sha256s in order."""

    dataset: str
    kind: Kind
    day: date
    number: int
    digest: str


class Delivery(Protocol):
    """A delivery that can be read more than once. Counting and digests are checked while it is read."""

    @property
    def header(self) -> Header:
        """What the source says it is."""

    @property
    def reference(self) -> str:
        """Where it can be read again (a path, or the name of an encrypted copy); kept for a held delivery."""

    def records(self) -> Iterator[tuple[int, object]]:
        """Line number from 1 (over all files) and parsed JSON of every record; raises `DeliveryRefused`."""

    def discard(self) -> None:
        """Delete what was fetched for it (a folder delivery is not ours and stays)."""


class Source(Protocol):
    """Where deliveries come from."""

    def pull(self, definition: DatasetDefinition, day: date) -> Delivery:
        """The delivery for this day; raises `NoDelivery`, `SourceError`, `DeliveryRefused`."""

    def missed(self, definition: DatasetDefinition, after: date, before: date) -> tuple[date, ...]:
        """Days strictly between the two for which there is a delivery to catch up, oldest first (none over HTTP)."""

    def reopen(self, definition: DatasetDefinition, reference: str) -> Delivery:
        """A held or queued delivery again, by its reference; raises `NoDelivery` when it is gone."""
