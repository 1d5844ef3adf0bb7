"""Checks the documentation: links resolve, `make` targets and `vlok` commands that it names exist, generated pages are current."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*make((?: [a-z]+)+)", re.MULTILINE)
VLOK = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?vlok((?: [a-z][a-z-]*)+)", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path
    text: str

    @property
    def prose(self) -> str:
        """The text without its code."""
        return INLINE.sub("", FENCE.sub("", self.text))

    def code(self) -> str:
        """Code blocks and inline code, each piece on lines of its own."""
        return "\n".join([*FENCE.findall(self.text), *INLINE.findall(FENCE.sub("", self.text))])

    def anchors(self) -> set[str]:
        """The fragment of every heading, as GitHub makes it."""
        headings = re.findall(r"^#+ (.+)$", FENCE.sub("", self.text), re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@dataclass
class Outcome:
    """What was looked at, and what is wrong."""

    counts: dict[str, int] = field(default_factory=lambda: {"links": 0, "make targets": 0, "vlok commands": 0})
    faults: list[str] = field(default_factory=list)

    def look(self, kind: str, right: bool, fault: str) -> None:
        """Count one thing that was looked at."""
        self.counts[kind] += 1
        if not right:
            self.faults.append(fault)


def pages(root: Path) -> Mapping[Path, Page]:
    """Every page of the documentation by its path."""
    paths = [*root.glob("*.md"), *sorted((root / "docs").rglob("*.md")), *sorted((root / "changelog.d").glob("*.md"))]
    return {path: Page(path, path.read_text("utf-8")) for path in paths}


def targets(makefile: str) -> set[str]:
    """The targets of a Makefile that a person calls."""
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def resolves(page: Page, link: str, known: Mapping[Path, Page]) -> bool:
    """Whether a link within the documentation leads somewhere."""
    name, _, anchor = link.partition("#")
    target = (page.path.parent / name).resolve() if name else page.path
    return target.exists() and (not anchor or target not in known or anchor in known[target].anchors())


def named(pattern: re.Pattern[str], page: Page) -> Iterator[tuple[str, ...]]:
    """The words after `make` or `vlok`, once each."""
    yield from sorted({tuple(words.split()) for words in pattern.findall(page.code())})


def exists(command: click.Command, words: tuple[str, ...]) -> bool:
    """Whether a command has help under these words."""
    return CliRunner().invoke(command, [*words, "--help"]).exit_code == 0


def check(root: Path, command: click.Group) -> Outcome:
    """Look at every page."""
    outcome, known = Outcome(), pages(root)
    makeable = targets((root / "Makefile").read_text("utf-8"))
    for page in known.values():
        where = page.path.relative_to(root)
        for link in LINK.findall(page.prose):
            if not re.match(r"[a-z]+:", link):
                outcome.look("links", resolves(page, link, known), f"{where}: {link} leads nowhere")
        for names in named(MAKE, page):
            outcome.look("make targets", makeable.issuperset(names), f"{where}: make {' '.join(names)} does not exist")
        for words in named(VLOK, page):
            outcome.look("vlok commands", exists(command, words), f"{where}: vlok {' '.join(words)} does not exist")
    if "docs" in command.commands and (stale := CliRunner().invoke(command, ["docs", "--check"])).exit_code:
        outcome.faults.append(stale.output.strip())
    return outcome


def main() -> int:
    """Check this repository; 1 when something is wrong."""
    from cli import main as vlok  # noqa: PLC0415  # only here, so that the checks can be tested without it

    outcome = check(ROOT, vlok)
    print("\n".join(outcome.faults), file=sys.stderr, end="\n" if outcome.faults else "")
    counted = ", ".join(f"{number} {kind}" for kind, number in outcome.counts.items())
    print(f"docs: {counted}, {len(outcome.faults)} wrong")
    return int(bool(outcome.faults))


if __name__ == "__main__":
    sys.exit(main())
