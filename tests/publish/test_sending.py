"""How a reply goes out: piece by piece, no further than the client wants, and never whole when it is not."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Iterator

import pytest

from publish.codings import GZIP, IDENTITY, Coding
from publish.sending import Reply, Source, Stream, Whole
from release.fragments import Chunk

Message = dict[str, object]
ENDING = b"<truncated/>"


async def patient() -> Message:
    """A client that stays."""
    await asyncio.sleep(60)
    return {"type": "http.disconnect"}


def sent_by(reply: Reply, receive: Callable[[], Awaitable[Message]] = patient) -> tuple[list[Message], Exception | None]:
    """What goes over ASGI, and what the reply raises."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def run() -> Exception | None:
        try:
            await reply({"type": "http"}, receive, send)
        except OSError as error:
            return error
        return None

    return messages, asyncio.run(run())


def failing(truncated: bytes, coding: Coding = IDENTITY) -> Reply:
    """A reply that breaks off after its first piece."""

    def chunks() -> Iterator[Chunk]:
        yield b"<member/>" * 10_000
        raise OSError("the disk is gone")

    source = Source(chunks(), truncated)
    return Reply(200, [], Stream(coding.encode(source), source, made=True))


def body(messages: list[Message]) -> bytes:
    return b"".join(bytes(message["body"]) for message in messages[1:])  # type: ignore[call-overload]


def finished(messages: list[Message]) -> bool:
    return not messages[-1].get("more_body", False)


def test_a_body_in_one_piece_is_one_message() -> None:
    messages, error = sent_by(Reply(200, [(b"etag", b'"x"')], Whole(b"all")))
    assert error is None
    assert messages == [
        {"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"x"')]},
        {"type": "http.response.body", "body": b"all"},
    ]


@pytest.mark.parametrize("made", [True, False])
def test_pieces_go_out_in_order_and_then_the_end(made: bool) -> None:
    source = Source([b"a" * 100_000, b"b" * 100_000])
    messages, error = sent_by(Reply(200, [], Stream(IDENTITY.encode(source), source, made)))
    assert (error, body(messages), finished(messages)) == (None, b"a" * 100_000 + b"b" * 100_000, True)
    assert [len(message["body"]) for message in messages[1:]] == [100_000, 100_000, 0]  # type: ignore[arg-type]


def test_a_failure_leaves_the_answer_unfinished() -> None:
    messages, error = sent_by(failing(b""))
    assert isinstance(error, OSError)
    assert not finished(messages)
    assert body(messages) == b"<member/>" * 10_000


@pytest.mark.parametrize("coding", [IDENTITY, GZIP], ids=lambda coding: coding.name)
def test_a_failure_that_a_document_can_tell_is_in_it_and_the_answer_is_unfinished_all_the_same(coding: Coding) -> None:
    messages, error = sent_by(failing(ENDING, coding))
    assert isinstance(error, OSError)
    assert not finished(messages)
    plain = gzip.decompress(body(messages)) if coding is GZIP else body(messages)
    assert plain == b"<member/>" * 10_000 + ENDING


@pytest.mark.parametrize("made", [True, False])
def test_a_client_that_goes_away_stops_the_work(made: bool) -> None:
    asked = 0

    def endless() -> Iterator[Chunk]:
        nonlocal asked
        while asked < 1_000:
            asked += 1
            yield b"x" * 100_000

    async def leaving() -> Message:
        while asked < 3:
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    source = Source(endless())
    messages, error = sent_by(Reply(200, [], Stream(IDENTITY.encode(source), source, made)), leaving)
    assert error is None
    assert 3 <= asked < 10
    assert not finished(messages)


def test_others_get_their_turn_while_a_large_copy_goes_out() -> None:
    turns = 0

    async def run() -> None:
        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async def send(message: Message) -> None:
            return None  # a client that is faster than we are

        other = asyncio.create_task(count())
        source = Source([b"x" * 100_000] * 50)
        await Reply(200, [], Stream(IDENTITY.encode(source), source, made=False))({"type": "http"}, patient, send)
        other.cancel()

    asyncio.run(run())
    assert turns >= 50
