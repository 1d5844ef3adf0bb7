"""What is kept of a run: counts by group, each failure, each skip with its reason; no address, no path of a machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from conformance.outcome import Outcome, Status
from conformance.suite import Suite

_LONGEST = 400
_UNTOLD = "the suite gives no reason"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Frozen):
    """Counts of tests, each with each of its sets of parameters."""

    name: str
    passed: int
    failed: int
    skipped: int


class Failure(_Frozen):
    """A test that failed, with its parameters and what the suite said."""

    group: str
    test: str
    message: str


class Skip(_Frozen):
    """A test that was skipped so many `times`: what the suite said, and why that is right; `why` is null where we know no reason."""

    group: str
    test: str
    times: int
    message: str
    why: str | None


class Result(_Frozen):
    """What a suite said of us on a day; `untested` are groups in which nothing passed although something had to."""

    suite: str
    title: str
    artefact: str
    version: str
    had: str
    date: date
    groups: tuple[Group, ...]
    untested: tuple[str, ...]
    failures: tuple[Failure, ...]
    skips: tuple[Skip, ...]

    @property
    def passed(self) -> int:
        """Tests that passed."""
        return sum(group.passed for group in self.groups)

    @property
    def failed(self) -> int:
        """Tests that failed."""
        return sum(group.failed for group in self.groups)

    @property
    def skipped(self) -> int:
        """Tests that were skipped."""
        return sum(group.skipped for group in self.groups)

    @property
    def good(self) -> bool:
        """What had to be tested was, nothing failed, and every skip has a reason that we know."""
        return not self.untested and not self.failures and all(skip.why is not None for skip in self.skips)


def summary(suite: Suite, version: str, had: str, day: date, outcomes: Iterable[Outcome], hidden: Mapping[str, str]) -> Result:
    """Count, and put the replacement of each hidden text (an address, a path) in its place."""
    given = tuple(outcomes)
    names = list(dict.fromkeys(outcome.group for outcome in given))
    # A suite runs the tests of a group in any order.
    told = sorted(given, key=lambda outcome: (names.index(outcome.group), outcome.test, outcome.parameters, outcome.message))
    counts = Counter((outcome.group, outcome.status) for outcome in told)
    groups = tuple(Group(name=name, **{status.value: counts[name, status] for status in Status}) for name in names)
    failures = (outcome for outcome in told if outcome.status is Status.FAILED)
    skips = Counter(_skip(suite, outcome, hidden) for outcome in told if outcome.status is Status.SKIPPED)
    return Result(
        suite=suite.code,
        title=suite.title,
        artefact=suite.artefact,
        version=version,
        had=had,
        date=day,
        groups=groups,
        untested=tuple(name for name in suite.groups if not any(fnmatchcase(group.name, name) and group.passed for group in groups)),
        failures=tuple(
            Failure(group=one.group, test=" ".join((one.test, *one.parameters)), message=_shown(one.message, hidden)) for one in failures
        ),
        skips=tuple(skip.model_copy(update={"times": times}) for skip, times in skips.items()),
    )


def _skip(suite: Suite, outcome: Outcome, hidden: Mapping[str, str]) -> Skip:
    return Skip(group=outcome.group, test=outcome.test, times=1, message=_shown(outcome.message, hidden) or _UNTOLD, why=suite.why(outcome))


def _shown(message: str, hidden: Mapping[str, str]) -> str:
    for text, replacement in hidden.items():
        message = message.replace(text, replacement)
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


def keep(result: Result, folder: Path) -> None:
    """Put a result in the place of the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{result.suite}.json").write_text(result.model_dump_json(indent=1) + "\n", "utf-8")


def kept(suite: Suite, folder: Path) -> Result | None:
    """The last result of a suite, None when it never ran."""
    file = folder / f"{suite.code}.json"
    return Result.model_validate_json(file.read_bytes()) if file.exists() else None
