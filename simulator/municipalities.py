"""The 285 municipalities of 2025: facts (code, name, main postcode, rough centre, codes from before the mergers)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("municipalities.csv")


@dataclass(frozen=True, slots=True)
class Municipality:
    """`x`, `y` in EPSG:31370; within `radius` metres everything is inside; `before` are codes and names that merged into it."""

    niscode: str
    name: str
    postcode: str
    x: int
    y: int
    radius: int
    before: tuple[tuple[str, str], ...]


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All of them, by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_municipality(row) for row in csv.DictReader(file))


def _municipality(row: dict[str, str]) -> Municipality:
    merged = [entry.partition(" ") for entry in row["voorheen"].split("|") if entry]
    before = tuple((code, name) for code, _, name in merged)
    return Municipality(row["niscode"], row["naam"], row["postcode"], int(row["x"]), int(row["y"]), int(row["straal"]), before)
