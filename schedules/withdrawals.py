"""The datasets that a person has withdrawn, in a file of the home, so that an emergency stop needs nothing else.

Not in the state, which may be in a database that does not answer or that a command was not told of; and not in a release alone, which
may be damaged: either would let a dataset come back that nobody let back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from release.errors import ReleaseError
from release.pointer import Pointer, write_durably
from release.reader import Release
from schedules.errors import WithdrawalsLost

_DAYS = TypeAdapter(dict[str, date | None])

FILE = "withdrawn.json"
"""`{"besluiten": "2026-11-21"}`: dataset, and the day of its withdrawal; null for one of before the day was written down."""


@dataclass(frozen=True)
class Withdrawals:
    """The file in `home`. Where there is none, or it cannot be read, the release that is current below `releases` tells."""

    home: Path
    releases: Path

    def read(self) -> dict[str, date | None]:
        """What is withdrawn by hand, and since when; raises `WithdrawalsLost` when nothing tells it any more."""
        path = self.home / FILE
        try:
            return _DAYS.validate_json(path.read_bytes())
        except FileNotFoundError:
            lost = False  # whoever never withdrew anything has no file
        except ValidationError:
            lost = True
        try:
            release = Release.open(Pointer(self.releases).folder())
        except ReleaseError as error:
            if lost:
                remedy = 'write into it what is withdrawn, as {"besluiten": null}, or {}'
                raise WithdrawalsLost(f"{path} cannot be read: {remedy}") from error
            return {}
        told = {entry.dataset: entry.withdrawn_on for entry in release.freshness if entry.withdrawn}
        return self.put(told) if told or lost else {}

    def add(self, dataset: str, day: date) -> dict[str, date | None]:
        """Withdraw a dataset; one that is withdrawn already stays so since when it was. Gives all of them."""
        return self.put({dataset: day} | self.read())

    def lift(self, dataset: str) -> dict[str, date | None]:
        """Take a withdrawal back. Gives those that are left."""
        return self.put({name: day for name, day in self.read().items() if name != dataset})

    def put(self, decided: Mapping[str, date | None]) -> dict[str, date | None]:
        """Write down what is withdrawn."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(self.home / FILE, _DAYS.dump_json(dict(sorted(decided.items())), indent=1))
        return dict(decided)
