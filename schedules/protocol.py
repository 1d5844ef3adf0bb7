"""HTTP/1.1 as uvicorn and httptools speak it, with a bound on what a client may send before it has asked anything."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 1 << 18
"""Request line and headers, four times the longest address."""

MOST_ADDRESS_BYTES = 65_535
"""What httptools can take apart."""


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
        """Refuse; when the address is the reason, with the remedy."""
        too_long = len(getattr(self, "url", b"")) > MOST_ADDRESS_BYTES
        super().send_400_response("The address is too long: send the question by POST." if too_long else msg)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head_bytes, self._in_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its headers have come in."""
        self._in_head = False
        super().on_headers_complete()
