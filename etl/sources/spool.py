"""Deliveries that we fetched, kept encrypted on disk for seven days at most (CONTRACT C)."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import TypeAdapter

from etl.delivery import Header, Kind
from etl.errors import DeliveryRefused, NoDelivery, SourceError
from etl.sources.json_text import canonical, restore

KEEP = timedelta(days=7)
_MAGIC = b"VLOKspool1"
_SALT = 16
_START = len(_MAGIC) + _SALT
_CHUNK = 1 << 20
_LARGEST = 64 << 20  # no record is larger than an answer may be
_REFERENCE = re.compile(r"spool:([a-z][a-z0-9_]*)/(\d{4}-\d{2}-\d{2}-\d{1,16}-[0-9a-f]{8})")
_HEADER = TypeAdapter(Header)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a delivery before its records are read; `count` is null when the source does not state it."""

    dataset: str
    kind: Kind
    day: date
    number: int
    count: int | None = None


@dataclass(frozen=True, slots=True)
class SpooledDelivery:
    """A fetched delivery; its records come from the encrypted copy."""

    header: Header
    reference: str
    path: Path
    _spool: Spool

    def records(self) -> Iterator[tuple[int, object]]:
        """Number from 1 and JSON of every record; raises `SourceError` when the copy is gone or not ours."""
        return self._spool.read(self.path)

    def discard(self) -> None:
        """Delete the copy."""
        self.path.unlink(missing_ok=True)


class Spool:
    """A folder (0700) of files (0600) `<dataset>/<day>-<number>-<mark>.spool`; every fetch makes its own file.

    A file is magic, salt, then chunks of `length, AES-256-GCM ciphertext` under a key of its own (HKDF of the installation's
    key and the salt). The nonce is the chunk's number and whether it is the last, so that chunks cannot be cut off, moved or
    mixed; the last one is the header, and its number and length end the file.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        if len(key) != 32:
            raise SourceError("the spool's key must be 32 bytes")
        self._folder, self._key = folder, key

    def write(self, draft: Draft, records: Iterable[object]) -> SpooledDelivery:
        """Keep the records; raises `DeliveryRefused` (`delivery.count`) and whatever reading them raises, leaving nothing."""
        folder = self._folder / draft.dataset
        for made in (self._folder, folder):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{draft.day}-{draft.number}-{secrets.token_hex(4)}"
        path, part = folder / f"{name}.spool", folder / f"{name}.part"
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                header = _write(_Writer(file, self._key), draft, records)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            raise SourceError(f"{folder} cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        return SpooledDelivery(header, f"spool:{draft.dataset}/{name}", path, self)

    def open(self, dataset: str, reference: str) -> SpooledDelivery:
        """A kept delivery by its reference; raises `NoDelivery` when it is gone, `SourceError` when it is not ours."""
        match = _REFERENCE.fullmatch(reference)
        if match is None or match[1] != dataset:
            raise NoDelivery(f"no fetched delivery of {dataset} has this reference")
        path = self._folder / dataset / f"{match[2]}.spool"
        try:
            with path.open("rb") as file:
                header = _Reader(file, self._key).header
        except FileNotFoundError:
            raise NoDelivery(f"the delivery that was kept is gone: {path} does not exist") from None
        except (OSError, ValueError, InvalidTag):
            raise SourceError(f"{path} is damaged, or was written with another key") from None
        return SpooledDelivery(header, reference, path, self)

    def read(self, path: Path) -> Iterator[tuple[int, object]]:
        """Number from 1 and JSON of every record of a file of this spool; raises `SourceError`."""
        try:
            with path.open("rb") as file:
                for number, line in enumerate(_Reader(file, self._key).lines(), start=1):
                    yield number, restore(line)
        except (OSError, ValueError, InvalidTag):
            raise SourceError(f"{path} is gone or damaged, or was written with another key") from None

    def sweep(self, now: datetime, older_than: timedelta = KEEP) -> int:
        """Delete every copy (and what a killed job left) that is older; the number deleted."""
        limit, deleted = (now - older_than).timestamp(), 0
        for path in [*self._folder.glob("*/*.spool"), *self._folder.glob("*/*.part")]:
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()
                    deleted += 1
        return deleted


def _write(writer: _Writer, draft: Draft, records: Iterable[object]) -> Header:
    digest, count = hashlib.sha256(), 0
    for count, record in enumerate(records, start=1):
        if draft.count is not None and count > draft.count:
            raise DeliveryRefused("delivery.count", f"more records than the {draft.count} that it states")
        line = canonical(record) + b"\n"
        digest.update(line)
        writer.line(line)
    if draft.count is not None and count != draft.count:
        raise DeliveryRefused("delivery.count", f"{count} records, it states {draft.count}")
    header = Header(draft.dataset, draft.kind, draft.day, draft.number, digest.hexdigest())
    writer.finish(_HEADER.dump_json(header))
    return header


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, _MAGIC).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class _Writer:
    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(_SALT)
        self._file, self._cipher, self._number = file, _cipher(key, salt), 0
        self._waiting = bytearray()
        file.write(_MAGIC + salt)

    def line(self, line: bytes) -> None:
        self._waiting += line
        if len(self._waiting) >= _CHUNK:
            self._chunk(bytes(self._waiting), last=False)
            self._waiting.clear()

    def finish(self, header: bytes) -> None:
        if self._waiting:
            self._chunk(bytes(self._waiting), last=False)
        number = self._number
        length = self._chunk(header, last=True)
        self._file.write(number.to_bytes(4, "big") + length.to_bytes(4, "big"))

    def _chunk(self, text: bytes, *, last: bool) -> int:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), text, None)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1
        return len(sealed)


class _Reader:
    """Reads the end first: the last chunk proves how many chunks there are."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        start = file.read(_START)
        if len(start) != _START or not start.startswith(_MAGIC):
            raise ValueError("no spool file")
        self._file, self._cipher = file, _cipher(key, start[len(_MAGIC) :])
        file.seek(-8, os.SEEK_END)
        self._number = self._integer()
        length = self._integer()
        file.seek(-8 - 4 - length, os.SEEK_END)
        self.header: Header = _HEADER.validate_json(self._chunk(self._number, last=True))

    def lines(self) -> Iterator[bytes]:
        self._file.seek(_START)
        for number in range(self._number):
            yield from self._chunk(number, last=False).splitlines()

    def _chunk(self, number: int, *, last: bool) -> bytes:
        length = self._integer()
        if length > _LARGEST:
            raise ValueError("no spool file")
        return self._cipher.decrypt(_nonce(number, last=last), self._file.read(length), None)

    def _integer(self) -> int:
        return int.from_bytes(self._file.read(4), "big")
