"""Counts the tests of JUnit reports: the last line that it prints is `N passed, N failed, N skipped`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree

FAILED = {"failure", "error"}


def count(reports: Iterable[Path]) -> Counter[str]:
    """Test cases by outcome: passed, failed, skipped."""
    outcomes: Counter[str] = Counter()
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            marks = {child.tag for child in case}
            outcomes["failed" if marks & FAILED else "skipped" if "skipped" in marks else "passed"] += 1
    return outcomes


def main(arguments: Sequence[str] = sys.argv[1:]) -> int:
    """Count the reports of a folder, one line each and then the sum; 1 when a test failed or none passed."""
    reports = sorted(Path(arguments[0]).glob("*.xml"))
    for report in reports:
        print(f"{report.stem}: {line(count([report]))}")
    total = count(reports)
    print(line(total))
    return int(total["failed"] > 0 or total["passed"] == 0)


def line(outcomes: Counter[str]) -> str:
    """`N passed, N failed, N skipped`."""
    return ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped"))


if __name__ == "__main__":
    sys.exit(main())
