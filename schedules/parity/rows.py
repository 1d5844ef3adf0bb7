"""Rows as every channel must give them, and what they hash to.

A row is the texts of its fields in the order of the schema (absent is empty) and 16 bytes for its place. Each row is hashed
when it is read, so that memory does not grow with its width; the hashes are put in the order of the key (UIDN), whatever the
order of the channel, and hashed together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from release.manifest import PartDigest
from release.schema import FeatureType
from schedules.parity.errors import Undecodable

NOWHERE = b"\xff" * 16
"""The place of a row without geometry."""

SEPARATOR = "\x1f"
"""Between the texts of a row; in none of them: no channel can hold it, and the check of deliveries keeps it out."""

_BETWEEN = SEPARATOR.encode()
_KEYS = ("UIDN", "OIDN", "NISCODE")
_IDS = ("OIDN", "NISCODE")
_KEY, _TEXTS, _WIDTH = 8, 24, 40  # bytes of a hash: 8 of the key, 16 of the texts, 16 of the place
_DIGITS = 19  # of a key, at most
BATCH = 2_000
"""Rows that are hashed at a time."""

Row = tuple[bytes, bytes]
"""One row: its texts in UTF-8 with separators, and its place (`schedules.parity.places`). A plain tuple: there are millions."""


Find = Callable[[Sequence[bytes], int], NDArray[np.uint8] | None]
"""The hashes of the texts of rows that follow so many others, shape (n, 24); null when they are not known (`schedules.parity.known`)."""


def id_rows(ids: Iterable[object]) -> Iterator[Row]:
    """Ids alone, as rows of one text."""
    return ((str(number).encode(), NOWHERE) for number in ids)


@dataclass(frozen=True)
class Shape:
    """What the rows of a table look like: positions of the fields that are the key of a row and the id of its object; -1 is none."""

    kind: FeatureType

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.kind.fields)

    @cached_property
    def key(self) -> int:
        """Position of UIDN, else of OIDN, else of NISCODE; a table without geometry has no key."""
        return -1 if self.kind.geometry is None else self._first(_KEYS)

    @cached_property
    def id(self) -> int:
        """Position of the field that ids of features are made of (OIDN, NISCODE)."""
        return -1 if self.kind.geometry is None else self._first(_IDS)

    @property
    def product(self) -> int:
        """Position of the field that tells products apart."""
        return self._first(("PRODUCT",))

    def _first(self, wanted: Sequence[str]) -> int:
        return next((self.names.index(name) for name in wanted if name in self.names), -1)


def field_of(texts: bytes, position: int) -> bytes:
    """One text of a row."""
    return texts.split(_BETWEEN, position + 1)[position]


@dataclass(frozen=True, eq=False)
class Rows:
    """Hashes of rows in the order of their keys, shape (n, 40), uint8."""

    hashes: NDArray[np.uint8]

    @classmethod
    def of(cls, rows: Iterable[Row], key: int = -1, find: Find | None = None) -> Rows:
        """Hash rows; `key` is the position of the key among their texts. Raises `Undecodable` for a key that is no number."""
        return cls._sorted(_table([hashed for _, hashed in _hashed(rows, key, find)]))

    @classmethod
    def apart(cls, rows: Iterable[Row], shape: Shape, products: Sequence[str], find: Find | None = None) -> list[Rows]:
        """All rows, and after them those of each of these products; raises as `of`."""
        known = {name.encode(): code for code, name in enumerate(products, 1)}
        found, codes = [], bytearray()
        for texts, hashed in _hashed(rows, shape.key, find):
            found.append(hashed)
            codes += bytes([known.get(name, 0) for name in _fields_of(texts, shape.product)])
        table, owner = _table(found), np.frombuffer(codes, dtype=np.uint8)
        return [cls._sorted(table), *(cls._sorted(table[owner == code]) for code in known.values())]

    @classmethod
    def _sorted(cls, table: NDArray[np.uint8]) -> Rows:
        words = table.view(">u8")
        keys = words[:, 0].astype(np.uint64)
        order = np.argsort(keys, kind="stable")
        if (keys[order[1:]] == keys[order[:-1]]).any():
            order = np.lexsort((words[:, 2], words[:, 1], keys))
        return cls(table[order])

    def __len__(self) -> int:
        return len(self.hashes)

    @property
    def located(self) -> Rows:
        """Those that have a place."""
        return Rows(self.hashes[(self.hashes[:, _TEXTS:] != NOWHERE[0]).any(axis=1)])

    def digest(self, *, places: bool) -> PartDigest:
        """How many there are, and one hash of all: with their places, or of their texts alone."""
        return PartDigest(rows=len(self), sha256=sha256(self._columns(places).tobytes()).hexdigest())

    def lacking(self, other: Rows, *, places: bool) -> int:
        """How many rows of `other` are not among these."""
        mine, theirs = (set(map(bytes, each._columns(places))) for each in (self, other))
        return len(theirs - mine)

    def _columns(self, places: bool) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.hashes if places else self.hashes[:, :_TEXTS])


def _table(hashed: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return np.concatenate([np.empty((0, _WIDTH), np.uint8), *hashed])


def _hashed(rows: Iterable[Row], key: int, find: Find | None) -> Iterator[tuple[Sequence[bytes], NDArray[np.uint8]]]:
    """The texts of some rows, and their hashes, shape (n, 40)."""
    waiting, start = iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        texts, places = zip(*batch, strict=True)
        known = None if find is None else find(texts, start)
        start += len(batch)
        placed = np.frombuffer(b"".join(places), np.uint8).reshape(len(batch), -1)
        yield texts, np.hstack([heads(texts, key) if known is None else known, placed])


def heads(texts: Sequence[bytes], key: int) -> NDArray[np.uint8]:
    """Key and hash of the texts of rows, shape (n, 24); raises `Undecodable` as `Rows.of` does."""
    numbers = _numbers(_fields_of(texts, key)) if key >= 0 else [0] * len(texts)
    digests = b"".join([blake2b(text, digest_size=_TEXTS - _KEY).digest() for text in _composed(texts)])
    columns = np.array(numbers, ">u8").view(np.uint8), np.frombuffer(digests, np.uint8)
    return np.hstack([columns[0].reshape(-1, _KEY), columns[1].reshape(-1, _TEXTS - _KEY)])


def _composed(texts: Sequence[bytes]) -> Sequence[bytes]:
    """The texts in Unicode NFC; raises `Undecodable`."""
    try:
        return [text if text.isascii() else unicodedata.normalize("NFC", text.decode()).encode() for text in texts]
    except UnicodeDecodeError as error:
        raise Undecodable("a text is no UTF-8") from error


def _fields_of(texts: Sequence[bytes], position: int) -> list[bytes]:
    """One text of each row."""
    return [text.split(_BETWEEN, position + 1)[position] for text in texts]


def _numbers(texts: Sequence[bytes]) -> list[int]:
    if not all(map(bytes.isdigit, texts)) or max(map(len, texts), default=0) > _DIGITS:
        raise Undecodable("a key is no number")
    return list(map(int, texts))


def same_ids(identifiers: Sequence[bytes], texts: Sequence[bytes], position: int) -> None:
    """Raise `Undecodable` when the id of a feature is not that of its object (a NIS code loses a zero at its start).

    `position` -1 is where there is no field to compare with.
    """
    fields = _fields_of(texts, position) if position >= 0 else identifiers
    if any(mine not in (field, field.lstrip(b"0")) for mine, field in zip(identifiers, fields, strict=True) if mine != field):
        raise Undecodable("the id of a feature is not that of its object")
