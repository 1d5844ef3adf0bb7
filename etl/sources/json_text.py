"""JSON as sources write it: everything that is JSON by the grammar is read, nothing else (CONTRACT A.4)."""

from __future__ import annotations

import json
import re
from typing import NoReturn

import orjson

from etl.errors import DeliveryRefused

_DEPTH = 64
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


def parse(text: bytes, *, file: str | None = None, line: int | None = None) -> object:
    """One JSON text; raises `DeliveryRefused` (`delivery.encoding`, `delivery.json`), never with a value of it.

    What the fast parser cannot hold (a lone surrogate, a number beyond a double, deep nesting) is read all the same, because
    it may stand in a personal field, and CONTRACT A.1 says that a fault inside one never keeps a record out. Integers
    beyond 64 bits come out as floats and numbers beyond a double as infinity, by both parsers alike; structures deeper
    than 64 levels come out as null when the parsers refuse them.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _parse_slowly(text, file, line)


def canonical(record: object) -> bytes:
    """The same bytes for the same record, however it was written: sorted keys, ASCII, no blanks. Read again by `restore`."""
    try:
        return _dump(record)
    except RecursionError:
        return _dump(_cut(record))


def restore(text: bytes) -> object:
    """A record from its canonical bytes."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text, parse_int=_integer)


def _dump(record: object) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode("ascii")


def _cut(value: object, depth: int = 0) -> object:
    if depth == _DEPTH and isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        return {name: _cut(part, depth + 1) for name, part in value.items()}
    return [_cut(part, depth + 1) for part in value] if isinstance(value, list) else value


def _parse_slowly(text: bytes, file: str | None, line: int | None) -> object:
    decoded = _decode(text, file, line)
    try:
        return _loads(decoded, file, line)
    except RecursionError:
        return _loads(_prune(decoded), file, line)


def _decode(text: bytes, file: str | None, line: int | None) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start + 1}"
        raise DeliveryRefused("delivery.encoding", reason, file=file, line=line) from None


def _loads(text: str, file: str | None, line: int | None) -> object:
    try:
        return json.loads(text, parse_int=_integer, parse_constant=_not_json)
    except json.JSONDecodeError as error:
        raise DeliveryRefused("delivery.json", f"no JSON at character {error.pos + 1}", file=file, line=line) from None
    except ValueError:
        raise DeliveryRefused("delivery.json", "NaN and Infinity are no JSON", file=file, line=line) from None


def _integer(digits: str) -> int | float:
    """As the fast parser does: beyond 64 bits a float."""
    if len(digits) > 20:
        return float(digits)
    value = int(digits)
    return value if -(2**63) <= value < 2**64 else float(value)


def _not_json(_: str) -> NoReturn:
    raise ValueError  # RFC 8259 §6: NaN and Infinity are not permitted


def _prune(text: str) -> str:
    """The text with every structure below the permitted depth as `null`; of what is cut out, only the balance is checked."""
    kept: list[str] = []
    depth = start = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == _DEPTH + 1:
                kept.append(text[start : token.start()] + "null")
        elif token[0] in "]}":
            if depth == _DEPTH + 1:
                start = token.end()
            depth -= 1
    return "".join(kept) + text[start:] if depth == 0 else ""
