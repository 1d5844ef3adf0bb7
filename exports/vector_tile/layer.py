"""A layer of a vector tile: features with ids and attributes, whose values are written once (Mapbox Vector Tile 2.1 §4)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from exports.vector_tile.geometry import Geometries
from exports.vector_tile.ragged import Ragged, delimited, varint

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
EXTENT = 4096
"""Units along a side of a tile."""
NO_ID = -1

_FEW = 100
"""Features up to which they are written one by one: 5 µs each. In columns a tile takes 800 µs at least, but 1.5 µs each (measured)."""

Value = str | int | float

# Tags of Protocol Buffers: number of the field, type of what follows.
_VARINT, _DOUBLE, _DELIMITED = 0, 1, 2
_LAYERS = 3 << 3 | _DELIMITED
_NAME, _FEATURES, _KEYS, _VALUES = (number << 3 | _DELIMITED for number in (1, 2, 3, 4))
_EXTENT, _VERSION = 5 << 3 | _VARINT, 15 << 3 | _VARINT
_ID, _TYPE = 1 << 3 | _VARINT, 3 << 3 | _VARINT
_TAGS, _GEOMETRY = 2 << 3 | _DELIMITED, 4 << 3 | _DELIMITED
_TEXT_VALUE, _DOUBLE_VALUE, _SIGNED_VALUE = 1 << 3 | _DELIMITED, 3 << 3 | _DOUBLE, 6 << 3 | _VARINT


@dataclass(frozen=True, eq=False)
class Attribute:
    """An attribute: its distinct values, and the place of each feature's value among them; -1 where it has none."""

    name: str
    values: Sequence[Value]
    codes: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Features:
    """What a layer holds, one a row; an id of -1 is none (`NO_ID`)."""

    ids: NDArray[np.int64]
    geometries: Geometries
    attributes: tuple[Attribute, ...]

    def __len__(self) -> int:
        return len(self.ids)


def tile(name: str, features: Features) -> bytes:
    """A tile of one layer; empty when it has no features (MVT 2.1 §4.1: a layer should have at least one)."""
    return _field(_LAYERS, b"".join(_layer(name, features))) if len(features) else b""


def _layer(name: str, features: Features) -> Iterator[bytes]:
    yield _number(_VERSION, 2)
    yield _field(_NAME, name.encode())
    yield _one_by_one(features) if len(features) <= _FEW else _features(features).data.tobytes()
    for attribute in features.attributes:
        yield _field(_KEYS, attribute.name.encode())
    for attribute in features.attributes:
        yield _values(attribute.values)
    yield _number(_EXTENT, EXTENT)


def _one_by_one(features: Features) -> bytes:
    """The bytes of `_features`: of a few rows, columns take ten times as long to set up as rows to write."""
    kind, written = bytes([_TYPE, features.geometries.kind]), []
    tags = zip(*_numbers_of(features.attributes), strict=True) if features.attributes else repeat(())
    for identifier, numbers, commands in zip(features.ids.tolist(), tags, features.geometries.commands.rows(), strict=False):
        numbered = b"" if identifier == NO_ID else _number(_ID, identifier)
        written.append(_field(_FEATURES, b"".join((numbered, _field(_TAGS, b"".join(numbers)), kind, _field(_GEOMETRY, commands)))))
    return b"".join(written)


def _numbers_of(attributes: Sequence[Attribute]) -> Iterator[list[bytes]]:
    """Of each attribute the numbers of key and value for every row, as `_tags` has them."""
    before = 0
    for key, attribute in enumerate(attributes):
        start = varint(key)
        yield [b"" if code < 0 else start + varint(code + before) for code in attribute.codes.tolist()]
        before += len(attribute.values)


def _features(features: Features) -> Ragged:
    rows, has_id = len(features), features.ids != NO_ID
    numbered = (Ragged.constant(rows, bytes([_ID])).only(has_id), Ragged.varints(np.maximum(features.ids, 0)).only(has_id))
    tags = delimited(_TAGS, *_tags(features.attributes, rows))
    kind = Ragged.constant(rows, bytes([_TYPE, features.geometries.kind]))
    commands = delimited(_GEOMETRY, features.geometries.commands)
    return Ragged.joined(*delimited(_FEATURES, *numbered, *tags, kind, *commands))


def _tags(attributes: Sequence[Attribute], rows: int) -> Iterator[Ragged]:
    """MVT 2.1 §4.2: number of the key, number of the value, and so on; an attribute without a value is left out."""
    yield Ragged.constant(rows, b"")
    before = 0
    for key, attribute in enumerate(attributes):
        present = attribute.codes >= 0
        yield Ragged.varints(np.full(rows, key, np.int64)).only(present)
        yield Ragged.varints(np.maximum(attribute.codes, 0) + before).only(present)
        before += len(attribute.values)


def _values(values: Sequence[Value]) -> bytes:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values) > _FEW:  # names: as many as there are features
        return Ragged.joined(*delimited(_VALUES, *delimited(_TEXT_VALUE, Ragged.texts(texts)))).data.tobytes()
    return b"".join(_field(_VALUES, _value(value)) for value in values)


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return _field(_TEXT_VALUE, value.encode())
    if isinstance(value, float):
        return bytes([_DOUBLE_VALUE]) + struct.pack("<d", value)
    return _number(_SIGNED_VALUE, value * 2 if value >= 0 else -value * 2 - 1)


def _number(tag: int, value: int) -> bytes:
    return bytes((tag,)) + varint(value)


def _field(tag: int, data: bytes) -> bytes:
    return _number(tag, len(data)) + data
