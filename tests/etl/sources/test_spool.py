"""Fetched deliveries lie encrypted in folders of 0700, in files of 0600, and nobody can cut or mix them unseen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from etl.delivery import Kind
from etl.errors import DeliveryRefused, NoDelivery, SourceError
from etl.sources.spool import Draft, Spool, SpooledDelivery

DRAFT = Draft("besluiten", Kind.FULL, date(2026, 11, 21), 3)
MARKER = "Qwrtzmans4821"
RECORDS = [{"naam": MARKER, "nummer": number, "vulling": "x" * 3000} for number in range(1000)]  # three chunks


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", b"k" * 32)


@pytest.fixture
def delivery(spool: Spool) -> SpooledDelivery:
    return spool.write(DRAFT, RECORDS)


def test_what_was_written_is_read(spool: Spool, delivery: SpooledDelivery) -> None:
    assert list(delivery.records()) == list(enumerate(RECORDS, start=1))
    again = spool.open("besluiten", delivery.reference)
    assert again.header == delivery.header
    assert list(again.records()) == list(delivery.records())


def test_nothing_is_readable_on_disk(delivery: SpooledDelivery, tmp_path: Path) -> None:
    assert MARKER.encode() not in delivery.path.read_bytes()
    assert MARKER not in repr(delivery)
    assert delivery.path.name.startswith("2026-11-21-3-")
    assert delivery.path.suffix == ".spool"
    assert delivery.path.stat().st_mode & 0o777 == 0o600
    for folder in (tmp_path / "spool", delivery.path.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_every_fetch_has_its_own_file(spool: Spool, delivery: SpooledDelivery) -> None:
    other = spool.write(DRAFT, RECORDS)
    assert other.path != delivery.path
    assert other.path.read_bytes() != delivery.path.read_bytes()
    assert other.header == delivery.header
    other.discard()
    assert delivery.path.exists()


def test_another_key_opens_nothing(delivery: SpooledDelivery, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="another key"):
        Spool(tmp_path / "spool", b"x" * 32).open("besluiten", delivery.reference)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "the end": lambda data: data[:-1],
    "the last chunk": lambda data: data[: 26 + 4 + int.from_bytes(data[26:30], "big")],
    "all but the start": lambda data: data[:26],
    "everything": lambda _: b"",
    "the magic": lambda data: b"x" + data[1:],
    "chunks swapped": lambda data: data[:26] + b"".join(reversed(chunks(data)[:2])) + b"".join(chunks(data)[2:]) + data[-8:],
    "a chunk left out": lambda data: data[:26] + b"".join(chunks(data)[1:]) + data[-8:],
    "a length": lambda data: data[:26] + b"\xff\xff\xff\xff" + data[30:],
}


def chunks(data: bytes) -> list[bytes]:
    found, at = [], 26
    while at < len(data) - 8:
        length = 4 + int.from_bytes(data[at : at + 4], "big")
        found.append(data[at : at + length])
        at += length
    return found


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_file_that_was_touched_is_not_believed(spool: Spool, delivery: SpooledDelivery, damage: Callable[[bytes], bytes]) -> None:
    delivery.path.write_bytes(damage(delivery.path.read_bytes()))
    with pytest.raises(SourceError, match="damaged"):
        list(spool.open("besluiten", delivery.reference).records())


@pytest.mark.parametrize("count", [999, 1001])
def test_a_wrong_count_leaves_nothing(spool: Spool, tmp_path: Path, count: int) -> None:
    with pytest.raises(DeliveryRefused, match=r"delivery\.count"):
        spool.write(Draft("besluiten", Kind.FULL, date(2026, 11, 21), 3, count), RECORDS)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_fetch_that_breaks_off_leaves_nothing(spool: Spool, tmp_path: Path) -> None:
    def broken() -> Iterator[object]:
        yield from RECORDS
        raise SourceError("broken off")

    with pytest.raises(SourceError, match="broken off"):
        spool.write(DRAFT, broken())
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_an_empty_delivery_is_kept_too(spool: Spool) -> None:
    assert list(spool.write(DRAFT, []).records()) == []


@pytest.mark.parametrize(
    "reference", ["", "spool:parameters/2026-11-21-3-00000000", "spool:besluiten/../../x", "folder:2026-11-21/besluiten#x"]
)
def test_a_foreign_reference_opens_nothing(spool: Spool, reference: str) -> None:
    with pytest.raises(NoDelivery):
        spool.open("besluiten", reference)


def test_what_is_gone_is_no_delivery(spool: Spool, delivery: SpooledDelivery) -> None:
    delivery.discard()
    delivery.discard()
    with pytest.raises(NoDelivery, match="gone"):
        spool.open("besluiten", delivery.reference)
    with pytest.raises(SourceError, match="gone"):
        list(delivery.records())


def test_the_sweep_takes_what_is_older_than_seven_days_and_what_a_killed_job_left(spool: Spool, delivery: SpooledDelivery) -> None:
    now = datetime.now(UTC)
    part = delivery.path.with_suffix(".part")
    part.write_bytes(b"half")
    fresh = spool.write(DRAFT, [])
    for path in (delivery.path, part):
        old = (now - timedelta(days=7, minutes=1)).timestamp()
        os.utime(path, (old, old))
    assert spool.sweep(now) == 2
    assert list(delivery.path.parent.iterdir()) == [fresh.path]
    assert spool.sweep(now) == 0


def test_the_key_is_checked(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="32 bytes"):
        Spool(tmp_path, b"short")
