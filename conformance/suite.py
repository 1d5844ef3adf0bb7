"""What there is to know of a suite before it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from conformance.example import Example
from conformance.outcome import Outcome


@dataclass(frozen=True)
class Subject:
    """What one run of a suite looks at; `name` is empty where there is only one."""

    name: str
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Excuse:
    """Why tests may be skipped whose `group/test` fits `where` and of which the suite says what fits `told` (`*` is any text)."""

    where: str
    why: str
    told: str = "*"


def _the_example(example: Example, suite: Path) -> AbstractContextManager[Example]:
    return nullcontext(example)


@dataclass(frozen=True)
class Suite:
    """A suite of the OGC: `org.opengis.cite:<artefact>`, the first of `versions` that can be had.

    In each of `groups` (patterns) something has to pass. `schemas` says whether it looks at documents whose schemas it does not carry.
    `host` serves what it wants to find, from the example and the place of the suite. `note` is for the page: what it does not look at.
    """

    code: str
    title: str
    artefact: str
    versions: tuple[str, ...]
    main: str
    read: Callable[[Path], Iterable[Outcome]]
    subjects: Callable[[Example], Sequence[Subject]]
    groups: tuple[str, ...]
    excuses: tuple[Excuse, ...] = ()
    schemas: bool = False
    host: Callable[[Example, Path], AbstractContextManager[Example]] = _the_example
    note: str = ""

    def why(self, outcome: Outcome) -> str | None:
        """Our reason for a test that was skipped, None where we know of none."""
        place = f"{outcome.group}/{outcome.test}"
        fitting = (excuse.why for excuse in self.excuses if fnmatchcase(place, excuse.where) and fnmatchcase(outcome.message, excuse.told))
        return next(fitting, None)


def only(arguments: Callable[[str], Mapping[str, str]]) -> Callable[[Example], Sequence[Subject]]:
    """The one subject of most suites, from the address of the server."""
    return lambda example: (Subject("", arguments(example.url)),)
