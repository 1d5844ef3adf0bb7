"""Reads `testng-results.xml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from conformance.outcome import Outcome, Status

_STATUS = {"PASS": Status.PASSED, "FAIL": Status.FAILED, "SKIP": Status.SKIPPED}
_LONGEST = 60
_OBJECT = re.compile(r"\b([\w.$]+)@[0-9a-f]{5,8}\b")


def read(file: Path) -> Iterator[Outcome]:
    """Every test in the order of the suite; methods that only set up (`is-config`) are none, but they tell why others were skipped."""
    for test in ElementTree.parse(file).getroot().iter("test"):
        for cls in test.iter("class"):
            for method in cls.iter("test-method"):
                if method.get("is-config") != "true":
                    yield _outcome(test, cls, method)


def _outcome(test: Element, cls: Element, method: Element) -> Outcome:
    status = _STATUS[method.attrib["status"]]
    message = _message(method)
    if status is Status.SKIPPED and not message:
        message = _set_up(cls) or _set_up(test)
    parameters = tuple(_parameter((value.text or "").strip()) for value in method.iterfind("params/param/value"))
    name = f"{cls.attrib['name'].rpartition('.')[2]}.{method.attrib['name']}"
    return Outcome(test.attrib["name"], name, parameters, status, message)


def _parameter(text: str) -> str:
    """Without the address of an object in memory, and no more than tells which one it is: some are whole documents."""
    shown = _OBJECT.sub(r"\1", text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _set_up(part: Element) -> str:
    """What the first method said that could not set a part of the suite up."""
    methods = (method for method in part.iter("test-method") if method.get("is-config") == "true" and method.get("status") != "PASS")
    return next((message for method in methods if (message := _message(method))), "")


def _message(method: Element) -> str:
    return " ".join((method.findtext("exception/message") or "").split())
