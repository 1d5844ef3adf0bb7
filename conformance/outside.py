"""The network as a suite sees it: the copies of the official schemas that the suite carries, and nothing else.

The suites know where their copies are, but not always: wfs20 forgets its catalogue after the first of the tests that validate an
answer, and asks the network. With this in place of the network a run needs none, and gives the same on every machine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from xml.etree import ElementTree

from conformance.archives import Archive

_SYSTEM = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}system"
_POLL = 0.05  # seconds
_ROOTS = ("xsd/ogc", "xsd", "ogc")
"""Where suites, and the jar of the official schemas, keep them under the path of their address."""

# The DTD of Java's properties files: java.util.Properties writes its address into every file that a suite makes of its arguments.
_PROPERTIES = "http://java.sun.com/dtd/properties.dtd"
_PROPERTIES_DTD = b"""<!ELEMENT properties (comment?, entry*)><!ATTLIST properties version CDATA #FIXED "1.0">
<!ELEMENT comment (#PCDATA)><!ELEMENT entry (#PCDATA)><!ATTLIST entry key CDATA #REQUIRED>
"""


class Copies:
    """The documents of a suite by their official addresses."""

    def __init__(self, archives: Sequence[Archive]) -> None:
        self._archives = archives
        self._catalogued = dict(reversed([entry for archive in archives for entry in _catalogued(archive)]))

    def find(self, address: str) -> bytes | None:
        """The document at an address, None where the suite carries none."""
        if address == _PROPERTIES:
            return _PROPERTIES_DTD
        if (place := self._catalogued.get(address)) is not None:
            archive, name = place
            return archive.read(name)
        path = _inside(urlsplit(address).path)
        places = ((archive, f"{root}/{path}") for archive in self._archives for root in _ROOTS)
        return next((archive.read(name) for archive, name in places if name in archive.names), None)


class Outside:
    """Answers in place of the network; `missed` are the addresses that it could not answer."""

    def __init__(self, copies: Copies) -> None:
        self.missed: set[str] = set()
        self._copies = copies

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Its port on 127.0.0.1, for as long as it listens."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                document = outside._copies.find(self.path)
                if document is None:
                    outside.missed.add(self.path)
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(document)))
                self.end_headers()
                self.wfile.write(document)

            def do_CONNECT(self) -> None:
                outside.missed.add(self.path)
                self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def _catalogued(archive: Archive) -> Iterator[tuple[str, tuple[Archive, str]]]:
    for name in sorted(archive.names):
        if PurePosixPath(name).match("schema-catalog*.xml"):
            for entry in ElementTree.fromstring(archive.read(name)).iter(_SYSTEM):
                copy = str(PurePosixPath(name).parent / entry.attrib["uri"])
                if copy in archive.names:
                    yield entry.attrib["systemId"], (archive, copy)


def _inside(path: str) -> str:
    """A path without the steps that lead out of it: the schemas of wfs11 import each other by `../../../..`."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
