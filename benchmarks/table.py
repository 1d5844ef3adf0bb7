"""A table of figures, for a terminal and for documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A heading, names of columns and rows; every column but the first is a number."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """For a terminal."""
        widths = [max(len(row[position]) for row in (self.heads, *self.rows)) for position in range(len(self.heads))]
        lines = [self.title, *(_line(row, widths, "  ") for row in (self.heads, *self.rows))]
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """For the documentation."""
        rule = ("---", *("---:" for _ in self.heads[1:]))
        return "\n".join((f"### {self.title}", "", *(f"| {' | '.join(row)} |" for row in (self.heads, rule, *self.rows)))) + "\n"


def _line(row: Sequence[str], widths: Sequence[int], gap: str) -> str:
    first, *others = (
        cell.ljust(width) if not position else cell.rjust(width) for position, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return gap.join((first, *others)).rstrip()
