"""One test of a suite, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Outcome:
    """One test with one set of parameters; `message` is the suite's own text, empty where it has none."""

    group: str
    test: str
    parameters: tuple[str, ...]
    status: Status
    message: str
