"""HTTP/1.1 as plainly as it can be spoken: answers are counted and not kept, so that the time is the server's."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

import click

HOST = "127.0.0.1"
_PATIENCE = 60.0
_ROOM = 1 << 20
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_HTTP_OK = 200


@dataclass(frozen=True, slots=True)
class Transfer:
    """An answer from the first byte of the request to the last of the answer; `bytes` with its head."""

    bytes: int
    seconds: float


class Reading:
    """One answer as it arrives on a connection that stays open."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.status: int | None = None
        self.size = 0
        self._head = self._tail = b""
        self._length: int | None = None

    def feed(self, piece: bytes) -> bool:
        """Whether the answer is complete with this piece. RFC 9112 §6.3: by Content-Length, else by the last chunk."""
        self.size += len(piece)
        if self.status is None:
            self._head += piece
            head, found, piece = self._head.partition(b"\r\n\r\n")
            if not found:
                return False
            self._begin(head)
        if self._length is not None:
            return self.size >= self._length
        # No encoding of ours has this in its text; a piece that ends with it ends the answer.
        self._tail = (self._tail + piece)[-len(_LAST_CHUNK) :]
        return self._tail == _LAST_CHUNK

    def _begin(self, head: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        self.status = int(first.split(b" ", 2)[1])
        fields = {name.lower(): value for name, _, value in (line.partition(b":") for line in lines)}
        if b"content-length" in fields:
            self._length = len(head) + 4 + int(fields[b"content-length"])


def request(path: str, *headers: str) -> bytes:
    """A GET; `headers` are whole lines."""
    return "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {HOST}", *headers, "", "")).encode("ascii")


def connect(port: int) -> socket.socket:
    """A connection without delays of its own."""
    connection = socket.create_connection((HOST, port), timeout=_PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def check(status: int | None, asked: bytes) -> None:
    """Raises `click.ClickException` for any answer but 200."""
    if status != _HTTP_OK:
        raise click.ClickException(f"the server answered {status} to {asked.partition(b' HTTP')[0].decode()[:300]}")


def ask(connection: socket.socket, asked: bytes) -> Transfer:
    """One request on a connection that stays open."""
    reading, began = Reading(), time.perf_counter()
    connection.sendall(asked)
    while True:
        piece = connection.recv(_ROOM)
        if not piece:
            raise click.ClickException("the server closed the connection within an answer")
        if reading.feed(piece):
            break
    check(reading.status, asked)
    return Transfer(reading.size, time.perf_counter() - began)


def fetch(port: int, path: str, *headers: str) -> Transfer:
    """One request on a connection of its own, read until the server closes it: nothing is looked at but the status."""
    asked, room = request(path, "Connection: close", *headers), bytearray(_ROOM)
    with connect(port) as connection:
        began = time.perf_counter()
        connection.sendall(asked)
        size = connection.recv_into(room)
        check(int(bytes(room[9:12]) or b"0"), asked)
        while got := connection.recv_into(room):
            size += got
        return Transfer(size, time.perf_counter() - began)
