"""Runs a suite in a Java of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from conformance.archives import archives
from conformance.artefacts import Artefact
from conformance.packing import mend

NEEDED = 17
"""The Java that the suites of today are compiled for."""

_RESULTS = re.compile(r"Test results: (file:\S+)")


class Failed(Exception):
    """A suite ended without results; the message says how."""


def missing() -> str | None:
    """Why Java cannot run a suite here, None when it can."""
    if shutil.which("java") is None:
        return "Java is not there"
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < NEEDED:
        return f"it needs Java {NEEDED}, and this one says: {told.splitlines()[0] if told else 'nothing'}"
    return None


@dataclass(frozen=True)
class Place:
    """Where a suite runs: an empty folder, the port of its network, and how many seconds it may take."""

    folder: Path
    proxy: int
    limit: int


def run(artefact: Artefact, main: str, arguments: Mapping[str, str], place: Place) -> Path:
    """Run a suite, and give the file of its results; raises `Failed`."""
    before, given = place.folder / "before", place.folder / "arguments.xml"
    mend(tuple(archives(artefact.path)), before)
    _write(arguments, given)
    class_path = os.pathsep.join((str(before), *artefact.class_path))
    command = ["java", *_properties(place), "-cp", class_path, main, str(given)]
    output = place.folder / "output.log"
    with output.open("wb") as log:
        try:
            # The exit code is 0 whatever the result.
            subprocess.run(command, cwd=place.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=place.limit, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"it did not end within {place.limit} seconds") from error
    return _results(output.read_text("utf-8", "replace"))


def _properties(place: Place) -> Iterator[str]:
    # A suite writes its results, and what it downloads, into the home of its user and into the place for temporary files.
    yield f"-Duser.home={place.folder}"
    yield f"-Djava.io.tmpdir={place.folder}"
    yield f"-DTE_BASE={place.folder / 'te'}"
    for kind in ("http", "https"):
        yield f"-D{kind}.proxyHost=127.0.0.1"
        yield f"-D{kind}.proxyPort={place.proxy}"
    yield "-Dhttp.nonProxyHosts=127.0.0.1"


def _results(output: str) -> Path:
    named = _RESULTS.findall(output)
    path = Path(unquote(urlsplit(named[-1]).path)) if named else None
    if path is None or not path.exists():
        raise Failed("it ended without results")
    return path


def _write(arguments: Mapping[str, str], file: Path) -> None:
    # Without the DOCTYPE that Java's own files have: a suite would fetch it from the network.
    properties = ElementTree.Element("properties", version="1.0")
    for key, value in arguments.items():
        ElementTree.SubElement(properties, "entry", key=key).text = value
    ElementTree.ElementTree(properties).write(file, encoding="utf-8", xml_declaration=True)
