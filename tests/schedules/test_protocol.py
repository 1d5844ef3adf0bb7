"""HTTP as the server speaks it: long questions come in, headers without an end do not, and small answers go out at once."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from schedules.protocol import MOST_HEAD_BYTES, BoundedProtocol


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the lengths of query and body."""
    size, more = 0, scope["method"] == "POST"
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    body = f"{len(scope['query_string'])} {size}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


class Watched(BoundedProtocol):
    """Tells of each connection whether what is sent goes out at once."""

    at_once: ClassVar[list[int]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self.at_once.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


@pytest.fixture(scope="module", params=["auto", "asyncio"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Of a server with either event loop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(echo, http=Watched, loop=request.param, log_level="critical", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def asked(port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET" if body is None else "POST", path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("size", [1, 65_000, 65_533, 65_534, 65_536, 100_000, 200_000])
def test_a_query_of_any_length_reaches_the_service_which_says_what_it_takes(port: int, size: int) -> None:
    assert asked(port, "/?" + "a" * size) == (200, b"%d 0" % size)


def test_a_path_that_is_too_long_reaches_the_service_without_its_end(port: int) -> None:
    assert asked(port, "/" + "a" * 100_000) == (200, b"0 0")


@pytest.mark.parametrize("nonsense", [b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * (MOST_HEAD_BYTES + 1)])
def test_what_is_no_request_is_refused_with_the_headers_of_every_answer(port: int, nonsense: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(nonsense)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        body = answer.read()
    assert (answer.status, len(body)) == (400, int(answer.headers["Content-Length"]))
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")


def test_a_body_may_be_longer_than_headers(port: int) -> None:
    size = 4 * MOST_HEAD_BYTES
    assert asked(port, "/", b"x" * size) == (200, b"0 %d" % size)


def test_one_connection_serves_many_requests_that_are_long_together(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(6):
        connection.request("GET", "/?" + "a" * 60_000)
        assert connection.getresponse().read() == b"60000 0"
    connection.close()


@pytest.mark.parametrize(
    "line", [b"GET /?" + b"a" * 1_000, b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 1_000 + b"\r\n", b"GET / HTTP/1.1\r\nX: "]
)
def test_headers_that_do_not_end_end_the_connection(port: int, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(line)
        sent = 0
        with pytest.raises(OSError):
            while sent < 100 * MOST_HEAD_BYTES:
                client.sendall(b"b" * 10_000)
                sent += 10_000
        assert MOST_HEAD_BYTES // 2 < sent < 40 * MOST_HEAD_BYTES  # what the sockets hold is sent too


def test_small_answers_do_not_wait_for_each_other(port: int) -> None:
    Watched.at_once.clear()
    asked(port, "/")
    assert [bool(each) for each in Watched.at_once] == [True]  # with Nagle's algorithm each waits 40 ms for an acknowledgement
