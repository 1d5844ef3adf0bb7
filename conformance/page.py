"""docs/conformance.md, from the results that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from conformance.results import Result, Skip, kept
from conformance.suite import Suite
from conformance.suites import SUITES

DOCUMENT = Path(__file__).parents[1] / "docs" / "conformance.md"

_UNKNOWN = "**no reason known**"

_INTRODUCTION = """# Conformance

What the OGC's own suites say of this server. `make conformance` writes this page from `conformance/results/`; a suite that does not run
leaves its section as it was.

```sh
make conformance                   # fetches the suites with Maven; needs Java 17
make conformance SUITES=../suites  # takes those that lie in a folder from there
.venv/bin/python -m conformance --only wfs20
```

The program's own jobs publish the example registers into a temporary home, `vlok serve` serves them on a free port of 127.0.0.1, and each
suite runs against `/wfs` there, or reads what `/wfs` and `/downloads` give. A failure ends with exit status 1, and so does a skip for a
reason that is not in `conformance/suites.py`. Without Java, Maven or a suite it says *not run* and why, and ends with 0. What the suites
wrote is in `build/conformance/`.

The folder of `SUITES` holds all-in-one jars (`ets-wfs20-1.43-aio.jar`), or folders (`ets-wfs20-1.43`) with the classes of a suite and the
jars that these need.

Two things are done for a suite, and nothing to it. Its network is a local one that gives the suite's own copies of the official schemas and
nothing else, so that a run gives the same with and without a network. And a folder stands before its jar on the class path, because an
all-in-one jar has lost, by being packed, which projections and formats its libraries know, and TEAM Engine cannot open scripts in a jar.

The checks that matter most are tests of ours too, without Java: `tests/publish/wfs/test_conformance_*.py`.
"""


def text(results: Sequence[Result | None], suites: Sequence[Suite]) -> str:
    """The page, a section per suite."""
    return "\n".join((_INTRODUCTION, *(_section(suite, result) for suite, result in zip(suites, results, strict=True)))).rstrip() + "\n"


def current(folder: Path) -> str:
    """The page that belongs to the results in a folder."""
    return text([kept(suite, folder) for suite in SUITES], SUITES)


def _section(suite: Suite, result: Result | None) -> str:
    lines = [f"## {suite.title}", ""] + ([suite.note, ""] if suite.note else [])
    lines += [f"`{suite.artefact}` has not run yet."] if result is None else _told(result)
    return "\n".join(lines) + "\n"


def _told(result: Result) -> Iterator[str]:
    yield f"`{result.artefact}` {result.version} ({result.had}), run on {result.date}: **{counts(result)}**."
    yield ""
    rows = [(group.name, f"{group.passed}", f"{group.failed}", f"{group.skipped}") for group in result.groups]
    yield from _table(("group", "passed", "failed", "skipped"), rows)
    if result.untested:
        yield from ("", f"Nothing passed in: {', '.join(map(_cell, result.untested))}.")
    if result.failures:
        yield from ("", "Failed:", "")
        yield from _table(("group", "test", "what the suite says"), [(one.group, one.test, one.message) for one in result.failures])
    if result.skips:
        yield from ("", "Skipped:", "")
        yield from _table(("group", "tests (times)", "what the suite says", "why"), list(_skipped(result.skips)))


def _skipped(skips: Sequence[Skip]) -> Iterator[tuple[str, ...]]:
    """A row for the tests of a group that were skipped for the same reason."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for skip in skips:
        rows.setdefault((skip.group, skip.message, skip.why or _UNKNOWN), []).append(f"{skip.test} ({skip.times})")
    for (group, message, why), tests in rows.items():
        yield group, ", ".join(tests), message, why


def counts(result: Result) -> str:
    """In one line."""
    return f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(value: str) -> str:
    """Text that Markdown shows as it is."""
    return value if value == _UNKNOWN else "".join(f"\\{sign}" if sign in "|<>*_[]`" else sign for sign in value)
