"""Lines and deliveries for the tests of the state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from etl.delivery import Header, Kind
from etl.register import NEVER, RegisterEntry
from etl.store import Intake, Store
from release.table import to_day

DAY = date(2026, 11, 21)
TODAY = to_day(DAY)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DATASET = "conformiteitsattesten"


def digest(text: object) -> bytes:
    """16 bytes that stand for an HMAC."""
    return hashlib.blake2b(str(text).encode(), digest_size=16).digest()


def line(key: object, dwelling: int | None = None, start: int = TODAY - 100, until: int = TODAY + 100, **values: Any) -> RegisterEntry:
    """A record `key` of a dwelling (of its own unless given), public from 100 days ago to 100 days ahead unless told."""
    number = dwelling if dwelling is not None else int.from_bytes(digest(key)[:6], "big")
    return RegisterEntry(
        key=digest(key),
        oidn=number,
        subject=digest(f"dwelling {number}"),
        changed=1_700_000_000_000_000,
        start=start,
        until=until,
        position=(104_000.25, 194_000.5),
        values={"STRAAT": "Kerkstraat", "HUISNR": "1", **values},
    )


def never(key: object) -> RegisterEntry:
    """A record that B.1 makes public on no day."""
    return line(key, start=NEVER)


def intake(number: int, kind: Kind = Kind.FULL, dataset: str = DATASET, day: date = DAY, **other: Any) -> Intake:
    """A delivery by its number."""
    known = {"digest": digest(f"delivery {number}"), "delivered": 10, "publishable": 9, "at": NOON}
    return Intake(header=Header(dataset, kind, day, number, "unused"), **{**known, **other})


def accepted(store: Store, number: int, items: Iterable[Any], kind: Kind = Kind.FULL, dataset: str = DATASET) -> int:
    """Stage and accept a delivery."""
    store.stage(dataset, [list(items)])
    return store.accept(intake(number, kind, dataset))


def register(store: Store, dataset: str = DATASET) -> dict[bytes, RegisterEntry]:
    """The register by key."""
    return {entry.key: entry for batch in store.entries(dataset) for entry in batch.entries()}


def keys(store: Store, dataset: str = DATASET) -> set[bytes]:
    """The keys of the register."""
    return set(register(store, dataset))
