"""Signed notices that something changed, to the addresses of a setting: counts and the address of the feed, no ids.

Form and signature are those of Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`: `v1,` and the base64 of
HMAC-SHA256 over `id.timestamp.body`). Each address is told of the newest change only: who follows the feed finds the others there.
What fails is tried again by later runs, some times; it never keeps a job from its end.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from release import journal
from release.journal import Change, Journal
from release.pointer import write_durably
from schedules.errors import BadSecret, NoticeFailed
from schedules.notices import Courier

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""How long after each failure the next attempt comes; after the last one this change is given up."""

_PREFIX = "whsec_"
_log = logging.getLogger("vlok.webhooks")


class Told(BaseModel):
    """How far an address is: told of everything up to `sequence`; `failed` attempts at the one after, not `again` before then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    trying: int = 0
    failed: int = 0
    again: datetime | None = None

    def due(self, sequence: int, now: datetime) -> bool:
        """Whether the change of this number is to be told now."""
        return sequence > self.sequence and (sequence != self.trying or self.again is None or now >= self.again)

    def after_failure(self, sequence: int, now: datetime) -> Told:
        """One more attempt has failed."""
        failed = self.failed + 1 if sequence == self.trying else 1
        if failed > len(PAUSES):
            return Told(sequence=sequence)
        return Told(sequence=self.sequence, trying=sequence, failed=failed, again=now + PAUSES[failed - 1])


_OUTBOX = TypeAdapter(dict[str, Told])


@dataclass(frozen=True)
class Webhooks:
    """The addresses, and how far each of them is; `home` is the folder of the state, `releases` that of the journal."""

    urls: tuple[str, ...]
    secret_file: Path
    home: Path
    releases: Path
    public_url: str
    production: bool
    courier: Courier = field(default_factory=Courier)

    def announce(self, now: datetime) -> tuple[str, ...]:
        """Tell every address that is due of the newest change; what failed, by host only (an address may hold a password)."""
        known = journal.read(self.releases)
        if known is None or not known.changes:
            return ()
        told = self._outbox()
        due = [url for url in self.urls if told.get(_key(url), Told(sequence=0)).due(known.sequence, now)]
        if not due:
            return ()
        notice = Notice(known.changes[-1], self.public_url, self.production)
        secret = read_secret(self.secret_file)
        problems = asyncio.run(self._tell(due, notice, secret, now))
        write_durably(self._file, _OUTBOX.dump_json({**told, **self._after(due, problems, told, known, now)}))
        self._file.chmod(0o600)
        failures = tuple(f"webhook {urlsplit(url).hostname}: {problem}" for url, problem in problems.items())
        for failure in failures:
            _log.warning("%s", failure)
        return failures

    async def _tell(self, urls: list[str], notice: Notice, secret: bytes, now: datetime) -> dict[str, str]:
        """All of them at once; what went wrong, by address."""
        body = notice.body()
        headers = notice.headers(secret, now)
        results = await asyncio.gather(*(self._tell_one(url, body, headers) for url in urls))
        return {url: problem for url, problem in zip(urls, results, strict=True) if problem is not None}

    async def _tell_one(self, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        try:
            await self.courier.bring(url, body, headers)
        except NoticeFailed as error:
            return str(error)
        return None

    def _after(
        self, due: list[str], problems: Mapping[str, str], told: Mapping[str, Told], known: Journal, now: datetime
    ) -> dict[str, Told]:
        before = {url: told.get(_key(url), Told(sequence=0)) for url in due}
        return {
            _key(url): state.after_failure(known.sequence, now) if url in problems else Told(sequence=known.sequence)
            for url, state in before.items()
        }

    @property
    def _file(self) -> Path:
        return self.home / "webhooks.json"

    def _outbox(self) -> dict[str, Told]:
        """What is known of the addresses of the setting; an outbox that cannot be read begins anew."""
        try:
            known = _OUTBOX.validate_json(self._file.read_bytes())
        except (FileNotFoundError, ValidationError):
            return {}
        return {key: known[key] for url in self.urls if (key := _key(url)) in known}


@dataclass(frozen=True)
class Notice:
    """What is told of a change."""

    change: Change
    public_url: str
    production: bool

    def body(self) -> bytes:
        """The entry of the feed with counts instead of ids."""
        products = {
            name: {"withdrawn": product.public is None, "public": product.public, "came": product.came, "went": len(product.gone)}
            for name, product in self.change.products.items()
        }
        data = {
            "sequence": self.change.sequence,
            "release": self.change.release,
            "test": not self.production,
            "products": products,
            "feed": f"{self.public_url}/wijzigingen.json",
        }
        return json.dumps({"type": "release.changed", "timestamp": self.change.time.isoformat(), "data": data}).encode()

    def headers(self, secret: bytes, now: datetime) -> dict[str, str]:
        """Standard Webhooks: the id is the same at each attempt, the time that of this one."""
        identifier, moment = f"msg_{self.change.sequence}", str(int(now.timestamp()))
        signed = hmac.digest(secret, f"{identifier}.{moment}.".encode() + self.body(), "sha256")
        return {
            "Content-Type": "application/json",
            "webhook-id": identifier,
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }


def read_secret(path: Path) -> bytes:
    """The secret of a file, `whsec_` and the base64 of 24 to 64 bytes; raises `BadSecret`."""
    try:
        text = path.read_text("ascii").strip()
        secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error):
        text, secret = "", b""
    if not text.startswith(_PREFIX) or not 24 <= len(secret) <= 64:
        raise BadSecret("VLOK_WEBHOOK_SECRET_FILE: expected is whsec_ and the base64 of 24 to 64 bytes; see docs/changes.md")
    return secret


def _key(url: str) -> str:
    """The name of an address in the outbox, which tells nothing of it."""
    return hashlib.sha256(url.encode()).hexdigest()
