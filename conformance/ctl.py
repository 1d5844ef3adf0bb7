"""Reads the logs of TEAM Engine: a folder per test, those of the tests that it calls below it."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from conformance.outcome import Outcome, Status

# TECore: 0 best practice, 1 pass, 2 not tested, 3 skipped, 4 warning, 5 failed because a test within it failed, 6 failed.
_STATUS = {
    "0": Status.PASSED,
    "1": Status.PASSED,
    "2": Status.SKIPPED,
    "3": Status.SKIPPED,
    "4": Status.PASSED,
    "5": Status.FAILED,
    "6": Status.FAILED,
}
_UNENDED = "6"
_OWN_OF_ENGINE = "ctl"
"""The prefix of tests that are no tests but assertions within them."""


def read(file: Path) -> Iterator[Outcome]:
    """Every test that calls no other one, in the order of their folders; `file` is any file in the folder of the whole."""
    yield from _within(file.parent, "")


def _within(folder: Path, group: str) -> Iterator[Outcome]:
    log = ElementTree.parse(folder / "log.xml").getroot()
    called = [child for child in sorted(folder.iterdir()) if (child / "log.xml").exists()]
    tests = [child for child in called if _start(child).get("prefix") != _OWN_OF_ENGINE]
    name = _start(folder).attrib["local-name"]
    for child in tests:
        yield from _within(child, name)
    if not tests or log.find("exception") is not None:
        status = _STATUS[_result(log)]
        yield Outcome(group or name, name, (), status, "" if status is Status.PASSED else _message(folder))


def _start(folder: Path) -> Element:
    start = ElementTree.parse(folder / "log.xml").getroot().find("starttest")
    if start is None:
        raise ValueError(f"{folder} does not say which test it is of")
    return start


def _result(log: Element) -> str:
    """A test that the engine gave up has no end."""
    end = log.find("endtest")
    return _UNENDED if end is None else end.attrib["result"]


def _message(folder: Path) -> str:
    """What was said, or else what was asserted."""
    return " ".join(_messages(folder)) or unescape(" ".join((_start(folder).findtext("assertion") or "").split()))


def _messages(folder: Path) -> Iterator[str]:
    """What a test and the assertions within it said."""
    log = ElementTree.parse(folder / "log.xml").getroot()
    for child in log:
        if child.tag in ("message", "exception"):
            yield " ".join("".join(child.itertext()).split())
    for below in sorted(folder.iterdir()):
        if (below / "log.xml").exists():
            yield from _messages(below)
