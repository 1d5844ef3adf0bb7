"""Rows as every channel must give them, and what they hash to.

A row is the texts of its fields in the order of the schema (absent is empty) and 16 bytes for its place. Each row is hashed
when it is read, so that memory does not grow with its width; the hashes are put in the order of the key (UIDN), whatever the
order of the channel, and hashed together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256

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
_TEXTS, _WIDTH = 24, 40  # bytes of a hash: 8 of the key, 16 of the texts, 16 of the place

Row = tuple[bytes, bytes]
"""One row: its texts in UTF-8 with separators, and its place (`schedules.parity.places`). A plain tuple: there are millions."""


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
    def of(cls, rows: Iterable[Row], key: int = -1) -> Rows:
        """Hash rows; `key` is the position of the key among their texts. Raises `Undecodable` for a key that is no number."""
        data = bytearray()
        for _, hashed in _hashed(rows, key):
            data += hashed
        return cls._sorted(_table(data))

    @classmethod
    def apart(cls, rows: Iterable[Row], shape: Shape, products: Sequence[str]) -> list[Rows]:
        """All rows, and after them those of each of these products; raises as `of`."""
        known = {name.encode(): code for code, name in enumerate(products, 1)}
        data, codes, own = bytearray(), bytearray(), shape.product
        for texts, hashed in _hashed(rows, shape.key):
            data += hashed
            codes.append(known.get(field_of(texts, own), 0))
        table, owner = _table(data), np.frombuffer(codes, dtype=np.uint8)
        return [cls._sorted(table), *(cls._sorted(table[owner == code]) for code in known.values())]

    @classmethod
    def _sorted(cls, table: NDArray[np.uint8]) -> Rows:
        words = table.view(">u8")
        return cls(table[np.lexsort((words[:, 2], words[:, 1], words[:, 0]))])

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


def _table(data: bytearray) -> NDArray[np.uint8]:
    return np.frombuffer(data, dtype=np.uint8).reshape(-1, _WIDTH)


def _hashed(rows: Iterable[Row], key: int) -> Iterator[tuple[bytes, bytes]]:
    for texts, place in rows:
        whole = texts if texts.isascii() else unicodedata.normalize("NFC", texts.decode()).encode()
        number = 0 if key < 0 else _number(field_of(texts, key))
        yield texts, number.to_bytes(8, "big") + blake2b(whole, digest_size=16).digest() + place


def _number(text: bytes) -> int:
    if not text.isdigit() or len(text) > 19:
        raise Undecodable("a key is no number")
    return int(text)


def same_id(identifier: bytes, texts: bytes, position: int) -> None:
    """Raise `Undecodable` when the id of a feature is not that of its object (a NIS code loses a zero at its start).

    `position` -1 is where there is no field to compare with.
    """
    if position >= 0:
        text = field_of(texts, position)
        if identifier != text and identifier != text.lstrip(b"0"):
            raise Undecodable("the id of a feature is not that of its object")
