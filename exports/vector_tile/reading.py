"""Which features a vector tile has: read from its bytes, for the proof of a release."""

from __future__ import annotations

from collections.abc import Iterator

from exports.errors import BrokenTile

_LAYERS, _FEATURES, _ID = 3, 2, 1
_VARINT, _EIGHT_BYTES, _DELIMITED, _FOUR_BYTES = 0, 1, 2, 5
_NUMBERED = _ID << 3 | _VARINT
_MORE = 0x80  # the highest bit of a byte says that more follow


def identifiers(tile: bytes) -> list[int | None]:
    """The id of every feature of every layer, in order; null for one that has none (a cluster). Raises `BrokenTile`."""
    view = memoryview(tile)
    try:
        return [
            _identifier(feature)
            for _, _, layer in (field for field in _fields(view) if field[0] == _LAYERS)
            for number, _, feature in _fields(layer)
            if number == _FEATURES
        ]
    except IndexError as error:
        raise BrokenTile("the tile ends within a field") from error


def _identifier(feature: memoryview) -> int | None:
    """Usually what a feature begins with."""
    if feature and feature[0] == _NUMBERED:
        return _varint(feature, 1)[0]
    return next((value for number, value, _ in _fields(feature) if number == _ID), None)


def _fields(message: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """The fields of a message of Protocol Buffers: number, value of a varint (else 0), bytes (else empty)."""
    place, end = 0, len(message)
    while place < end:
        tag, place = (message[place], place + 1) if message[place] < _MORE else _varint(message, place)
        kind, value, size = tag & 7, 0, 0
        if kind == _DELIMITED:
            size, place = (message[place], place + 1) if message[place] < _MORE else _varint(message, place)
        elif kind == _VARINT:
            value, place = _varint(message, place)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise BrokenTile(f"a field has type {kind}")
        if place + size > end:
            raise BrokenTile("the tile ends within a field")
        yield tag >> 3, value, message[place : place + size]
        place += size


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < _MORE:
            return value, place
