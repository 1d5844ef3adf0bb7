"""The CSW over the records that the OGC's suite wants to find in a catalogue: its tests ask for them by title, date and place."""

from __future__ import annotations

import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from conformance.example import Example, free_port
from publish.catalogue import csw
from publish.catalogue.current import Catalogue
from publish.catalogue.holdings import Box, Entry, Holdings
from publish.headers import Headers
from publish.shelf import Shelf

_NAMES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dct",
}
_BOX = "{http://www.opengis.net/ows}BoundingBox"
_PATIENCE = 30.0


def sample_records(suite: Path) -> Holdings:
    """The records in a folder of the suite, or in its jar: every `data/Record_*.xml`."""
    return Holdings(tuple(_entry(ElementTree.fromstring(text)) for text in _texts(suite)))


def _texts(suite: Path) -> Iterator[bytes]:
    if suite.is_dir():
        yield from (path.read_bytes() for path in sorted(suite.glob("data/Record_*.xml")))
        return
    with zipfile.ZipFile(suite) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("data/Record_") and name.endswith(".xml"))
        yield from (archive.read(name) for name in names)


def _entry(record: Element) -> Entry:
    properties = []
    for child in record:
        namespace, _, local = child.tag[1:].partition("}")
        if namespace in _NAMES:
            properties.append((f"{_NAMES[namespace]}:{local}", child.text or ""))
    identifier = next(text for name, text in properties if name == "dc:identifier")
    box = record.find(_BOX)
    return Entry(identifier, tuple(properties), None if box is None else _box(box))


def _box(element: Element) -> Box:
    (south, west), (north, east) = ((float(number) for number in (corner.text or "").split()) for corner in element)
    return west, south, east, north


@contextmanager
def serving_records(example: Example, suite: Path) -> Iterator[Example]:
    """Serve the records of the suite on a free port of 127.0.0.1, beside the release of the example."""
    port = free_port()
    url, holdings = f"http://127.0.0.1:{port}", sample_records(suite)
    shelf = Shelf(example.releases, lambda: datetime.now(UTC))
    catalogue = Catalogue(shelf, url, production=True)
    app = Starlette(routes=csw.routes(catalogue, lambda _: holdings), middleware=[Middleware(Headers, shelf=shelf, production=True)])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + _PATIENCE
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.05)
        yield replace(example, url=url)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
