"""HTTP/1.1 as uvicorn and httptools speak it, with a bound on what a client may send before it has asked anything."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from publish.headers import SECURITY
from publish.replies import ROBOTS

MOST_HEAD_BYTES = 1 << 18
"""Request line and headers, four times the longest address."""

MOST_ADDRESS_BYTES = 65_535
"""What httptools can take apart."""

_REFUSAL = (
    *((name.lower().encode(), value.encode()) for name, value in SECURITY.items()),
    *((name.lower().encode(), value.encode()) for name, value in ROBOTS.items()),
    (b"cache-control", b"no-store"),
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"connection", b"close"),
)


class BoundedProtocol(HttpToolsProtocol):
    """Closes the connection of a client whose headers do not end; the parser itself has no limit."""

    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        """Send small answers at once: asyncio does so only for sockets that it has made itself, and uvicorn makes those of workers."""
        super().connection_made(transport)
        known = transport.get_extra_info("socket")
        if known is not None and known.family in (socket.AF_INET, socket.AF_INET6):
            known.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the headers are not too long."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The headers are too long.")

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with the headers of every answer; what can be read is refused by the application, in its own form."""
        head = b"\r\n".join(b"%s: %s" % header for header in (*_REFUSAL, (b"content-length", b"%d" % len(msg))))
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n\r\n" + msg.encode("ascii"))
        self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head_bytes, self._in_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its headers have come in. Of a longer address than httptools takes apart, the application gets the query nevertheless."""
        self._in_head = False
        path, _, query = self.url.partition(b"?")
        if len(self.url) <= MOST_ADDRESS_BYTES:
            super().on_headers_complete()
            return
        self.url = path[:MOST_ADDRESS_BYTES]  # nothing is at the address that is left of one that long
        super().on_headers_complete()
        self.scope["query_string"] = query  # the application has not begun yet: it is a task of the event loop
