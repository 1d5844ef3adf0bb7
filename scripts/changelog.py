"""The changelog: one fragment a change in `changelog.d/NNN.kind.md`, assembled into CHANGELOG.md on release."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER, CHANGELOG = "changelog.d", "CHANGELOG.md"
KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed", "security": "Security"}
NAME = re.compile(rf"(?P<number>\d{{3}})\.(?P<kind>{'|'.join(KINDS)})\.md")
LONGEST = 500


class BadFragment(Exception):
    """A fragment is not well-formed; the message lists every fault."""


@dataclass(frozen=True)
class Fragment:
    """One change: `text` is one paragraph that ends with a full stop."""

    number: int
    kind: str
    text: str


def faults(path: Path) -> list[str]:
    """What is wrong with a fragment."""
    text = path.read_text("utf-8")
    wrong = {
        f"the name is NNN.kind.md, kind one of {', '.join(KINDS)}": not NAME.fullmatch(path.name),
        "it is one paragraph that ends with a full stop and a newline": not re.fullmatch(r"\w(?:.|\n(?!\n))*\.\n", text),
        f"it has at most {LONGEST} characters": len(text) > LONGEST,
    }
    return [f"{path.name}: {rule}" for rule, broken in wrong.items() if broken]


def read(folder: Path) -> tuple[Fragment, ...]:
    """Every fragment, by kind and number; raises `BadFragment`."""
    paths = sorted(path for path in folder.iterdir() if path.name != "README.md")
    numbers = [path.name[:3] for path in paths]
    twice = [f"{path.name}: its number is used twice" for path in paths if numbers.count(path.name[:3]) > 1]
    if wrong := [fault for path in paths for fault in faults(path)] + twice:
        raise BadFragment("\n".join(wrong))
    fragments = [_fragment(path) for path in paths]
    return tuple(sorted(fragments, key=lambda fragment: (list(KINDS).index(fragment.kind), fragment.number)))


def _fragment(path: Path) -> Fragment:
    number, kind, _ = path.name.split(".")
    return Fragment(int(number), kind, " ".join(path.read_text("utf-8").split()))


def section(version: str, day: date, fragments: Sequence[Fragment]) -> str:
    """The part of CHANGELOG.md for one release."""
    lines = [f"## {version} ({day})"]
    for kind, title in KINDS.items():
        entries = [f"- {fragment.text}" for fragment in fragments if fragment.kind == kind]
        lines += ["", f"### {title}", "", *entries] if entries else []
    return "\n".join(lines) + "\n"


def release(root: Path, version: str, day: date) -> int:
    """Move every fragment into CHANGELOG.md, newest release first; gives back their number. Raises `BadFragment`."""
    fragments = read(root / FOLDER)
    if not fragments:
        raise BadFragment(f"{FOLDER} has no fragment: nothing to release")
    head, mark, older = (root / CHANGELOG).read_text("utf-8").partition("\n## ")
    (root / CHANGELOG).write_text(f"{head.rstrip()}\n\n{section(version, day, fragments)}{mark}{older}", "utf-8")
    for path in (root / FOLDER).iterdir():
        if NAME.fullmatch(path.name):
            path.unlink()
    return len(fragments)


def main(arguments: Sequence[str] | None = None) -> int:
    """`check`, or `release VERSION [DATE]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="are the fragments well-formed?")
    releasing = commands.add_parser("release", help="assemble CHANGELOG.md, for example: release 1.0.0")
    releasing.add_argument("version")
    releasing.add_argument("day", nargs="?", type=date.fromisoformat, default=date.today())
    options = parser.parse_args(arguments)
    try:
        if options.command == "check":
            print(f"changelog: {len(read(ROOT / FOLDER))} fragments, all right")
        else:
            print(f"changelog: {release(ROOT, options.version, options.day)} changes in {options.version}")
    except BadFragment as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
