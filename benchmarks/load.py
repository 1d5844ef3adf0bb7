"""Many requests at once over a fixed number of connections: one thread that sends the next as soon as an answer is complete.

A load generator of our own, so that every machine has the same one: `ab` cannot vary its addresses, and `wrk` is not everywhere. Beside
`wrk` it sees the same figures and takes a little more of a core: 0.09 ms a request where `wrk` takes 0.06.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import click

from benchmarks import wire

_ROOM = 1 << 18


@dataclass(frozen=True)
class Load:
    """What was answered in `seconds`: bytes with heads, and the seconds that each answer took."""

    seconds: float
    bytes: int
    latencies: tuple[float, ...]


class _Client:
    """One connection, with the request that is under way."""

    def __init__(self, port: int) -> None:
        self.socket = wire.connect(port)
        self.asked, self.began, self.reading = b"", 0.0, wire.Reading()

    def ask(self, asked: bytes) -> None:
        self.asked, self.reading = asked, wire.Reading()
        self.began = time.perf_counter()
        self.socket.sendall(asked)

    def read(self) -> bool:
        """Whether the answer is complete."""
        piece = self.socket.recv(_ROOM)
        if not piece:
            raise click.ClickException("the server closed a connection under load")
        return self.reading.feed(piece)


def drive(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """Keep every connection busy for this long; raises `click.ClickException` for any answer but 200."""
    clients = [_Client(port) for _ in range(connections)]
    try:
        return _drive(clients, requests, seconds)
    finally:
        for client in clients:
            client.socket.close()


def _drive(clients: list[_Client], requests: Iterator[bytes], seconds: float) -> Load:
    latencies: list[float] = []
    size, began = 0, time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.ask(next(requests))
        while (now := time.perf_counter()) < began + seconds:
            for client in _ready(selector):
                if client.read():
                    wire.check(client.reading.status, client.asked)
                    latencies.append(time.perf_counter() - client.began)
                    size += client.reading.size
                    client.ask(next(requests))
    return Load(now - began, size, tuple(latencies))


def _ready(selector: selectors.BaseSelector) -> Iterator[_Client]:
    for key, _ in selector.select(timeout=1):
        assert isinstance(key.fileobj, socket.socket)
        client: _Client = key.data
        yield client
