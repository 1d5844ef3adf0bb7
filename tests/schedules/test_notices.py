"""A notice goes to public https addresses alone: what was looked up is checked, and what was checked is called."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from schedules.errors import NoticeFailed
from schedules.notices import Courier, is_public
from tests.schedules.listening import HOST, Receiver, listening


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with listening(tmp_path) as found:
        yield found


def resolving(*addresses: str) -> Courier:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return Courier(resolve=resolve)


@pytest.fixture
def courier(receiver: Receiver) -> Courier:
    """One that may go to this machine."""
    return replace(resolving("127.0.0.1"), allowed=lambda address: address == "127.0.0.1", authorities=receiver.authorities)


def bring(courier: Courier, url: str) -> None:
    asyncio.run(courier.bring(url, b"{}", {"webhook-id": "msg_1"}))


@pytest.mark.parametrize("address", ["8.8.8.8", "193.190.0.1", "2a02:1800:100::1", "2606:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "2001:db8::1",
        "2001:0:a00:1::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "no address",
    ],
)
def test_addresses_inside_and_their_disguises_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("::ffff:127.0.0.1",), ()])
def test_a_host_with_an_address_that_is_not_public_is_not_called(receiver: Receiver, addresses: tuple[str, ...]) -> None:
    with pytest.raises(NoticeFailed, match="its host is not a public one"):
        bring(replace(resolving(*addresses), authorities=receiver.authorities), receiver.url)
    assert receiver.requests == []


def test_the_address_that_was_checked_is_called_by_the_name_of_its_host(receiver: Receiver, courier: Courier) -> None:
    bring(courier, receiver.url)
    ((path, headers, body),) = receiver.requests
    assert (path, body) == ("/told?key=hidden", b"{}")
    assert headers["host"] == f"{HOST}:{receiver.port}"
    assert headers["webhook-id"] == "msg_1"


def test_a_host_is_looked_up_once(receiver: Receiver, courier: Courier) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    bring(replace(courier, resolve=rebinding), receiver.url)
    assert len(receiver.requests) == 1
    assert next(answers) == ["127.0.0.2"]


def test_the_next_address_is_tried_when_one_cannot_be_reached(receiver: Receiver, courier: Courier) -> None:
    both = replace(resolving("127.0.0.9", "127.0.0.1"), allowed=lambda address: True, authorities=receiver.authorities)
    bring(both, receiver.url)
    assert len(receiver.requests) == 1


def test_a_certificate_of_another_host_is_refused(receiver: Receiver, courier: Courier) -> None:
    with pytest.raises(NoticeFailed):
        bring(courier, receiver.url.replace(HOST, "other.example.org"))
    assert receiver.requests == []


def test_a_certificate_of_an_unknown_authority_is_refused(receiver: Receiver, courier: Courier) -> None:
    with pytest.raises(NoticeFailed):
        bring(replace(courier, authorities=None), receiver.url)
    assert receiver.requests == []


def test_a_redirect_is_not_followed(receiver: Receiver, courier: Courier) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url + "&again"}
    with pytest.raises(NoticeFailed, match="answered 307"):
        bring(courier, receiver.url)
    assert len(receiver.requests) == 1


def test_an_address_without_tls_is_not_called() -> None:
    with pytest.raises(NoticeFailed, match="no https"):
        bring(resolving("8.8.8.8"), "http://hooks.example.org/")


def test_a_receiver_that_does_not_answer_is_left(receiver: Receiver, courier: Courier) -> None:
    receiver.status = 0
    with pytest.raises(NoticeFailed, match="no answer within 1 seconds"):
        bring(replace(courier, seconds=1), receiver.url)
    assert len(receiver.requests) == 1


def test_a_failure_names_no_address(receiver: Receiver, courier: Courier, caplog: pytest.LogCaptureFixture) -> None:
    receiver.status = 500
    with caplog.at_level(logging.INFO), pytest.raises(NoticeFailed) as failure:
        bring(courier, receiver.url)
    assert str(failure.value) == "answered 500"
    assert "hidden" not in caplog.text


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, courier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    bring(courier, receiver.url)
    assert len(receiver.requests) == 1
