import itertools
import os

import click
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from benchmarks import memory, wire
from benchmarks.load import drive
from tests.running import running

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\n0\r\n\r\n0\r\n\r\n"


@pytest.mark.parametrize("answer", [PLAIN, PLAIN.replace(b"5\r\n\r\nhello", b"0\r\n\r\n"), CHUNKED])
@pytest.mark.parametrize("size", [4, 7, 23, 1000])
def test_an_answer_is_complete_with_its_last_byte_however_it_is_cut(answer, size):
    reading, pieces = wire.Reading(), [answer[start : start + size] for start in range(0, len(answer), size)]
    assert [reading.feed(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert (reading.status, reading.size) == (200, len(answer))


@pytest.fixture(scope="module")
def port():
    async def plain(request):
        return PlainTextResponse("x" * int(request.query_params["size"]))

    async def stream(request):
        return StreamingResponse(iter([b"x" * 300_000] * 3))

    async def broken(request):
        return Response(status_code=503)

    with running(lambda _: Starlette(routes=[Route("/plain", plain), Route("/stream", stream), Route("/broken", broken)])) as url:
        yield int(url.rpartition(":")[2])


def test_one_connection_asks_again_and_again(port):
    with wire.connect(port) as connection:
        for path, least in (("/plain?size=10", 10), ("/stream", 900_000), ("/plain?size=0", 0), ("/stream", 900_000)):
            transfer = wire.ask(connection, wire.request(path))
            assert least < transfer.bytes < least + 500 and transfer.seconds > 0
        with pytest.raises(click.ClickException, match=r"503 to GET /broken"):
            wire.ask(connection, wire.request("/broken"))


def test_a_connection_of_its_own_is_read_to_its_end(port):
    assert 900_000 < wire.fetch(port, "/stream").bytes < 900_500
    with pytest.raises(click.ClickException, match="503"):
        wire.fetch(port, "/broken")


def test_a_load_keeps_every_connection_busy_and_counts_what_was_answered(port):
    asked = itertools.count(1000)
    load = drive(port, (wire.request(f"/plain?size={next(asked)}") for _ in itertools.repeat(None)), connections=4, seconds=1)
    answered = len(load.latencies)
    assert load.seconds >= 1 and answered > 0
    assert answered <= next(asked) - 1000 <= answered + 5  # what is under way at the end is not counted
    assert load.bytes > 1000 * answered and all(0 < latency <= load.seconds for latency in load.latencies)


def test_a_load_that_gets_errors_says_so(port):
    with pytest.raises(click.ClickException, match="503"):
        drive(port, itertools.repeat(wire.request("/broken")), connections=2, seconds=1)


def test_memory_is_what_the_system_says_and_the_most_of_it_while_watched():
    before = memory.of(os.getpid())
    assert 0 < before.anonymous <= before.resident and before.proportional <= before.resident
    with memory.watched([os.getpid()]) as seen:
        held = bytearray(b"x" * 60_000_000)
        wanted = memory.of(os.getpid()).anonymous
        del held
    assert seen[0].anonymous >= before.anonymous
    assert wanted > before.anonymous + 50_000_000
