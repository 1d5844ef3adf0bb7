"""HTTP as the server speaks it: long questions come in, headers without an end do not, and small answers go out at once."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator

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


@pytest.fixture(scope="module", params=["auto", "asyncio"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Of a server with either event loop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(echo, http=BoundedProtocol, loop=request.param, log_level="critical", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def asked(port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET" if body is None else "POST", path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_a_long_query_reaches_the_service_and_a_longer_one_is_told_to_come_by_post(port: int) -> None:
    assert asked(port, "/?" + "a" * 65_000) == (200, b"65000 0")
    assert asked(port, "/?" + "a" * 100_000) == (400, b"The address is too long: send the question by POST.")


def test_a_body_may_be_longer_than_headers(port: int) -> None:
    size = 4 * MOST_HEAD_BYTES
    assert asked(port, "/", b"x" * size) == (200, b"0 %d" % size)


def test_one_connection_serves_many_requests_that_are_long_together(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(6):
        connection.request("GET", "/?" + "a" * 60_000)
        assert connection.getresponse().read() == b"60000 0"
    connection.close()


@pytest.mark.parametrize(
    "line", [b"GET /?" + b"a" * 1_000, b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 1_000 + b"\r\n", b"GET / HTTP/1.1\r\nX: "]
)
def test_headers_that_do_not_end_end_the_connection(port: int, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(line)
        sent = 0
        with pytest.raises(OSError):
            while sent < 100 * MOST_HEAD_BYTES:
                client.sendall(b"b" * 10_000)
                sent += 10_000
        assert MOST_HEAD_BYTES // 2 < sent < 40 * MOST_HEAD_BYTES  # what the sockets hold is sent too


def test_small_answers_do_not_wait_for_each_other(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    durations = []
    for _ in range(20):
        started = time.perf_counter()
        connection.request("GET", "/")
        connection.getresponse().read()
        durations.append(time.perf_counter() - started)
    connection.close()
    assert sorted(durations)[10] < 0.03  # with Nagle's algorithm each waits 40 ms for an acknowledgement
