"""Search for what must never leave in every byte that there is: members of archives, pages of Parquet, cells and free pages of SQLite."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from stdnum.be import bis, nn

_HEAD = 8
_SLOTS = 22
_MIX = np.uint64(0x9E3779B97F4A7C15)


def search(haystack: Iterable[tuple[str, bytes]], needles: Iterable[str]) -> list[str]:
    """Where any of the needles is, unpacked as far as it goes; of each place one needle is shown."""
    wanted = _Needles(needles)
    seen: set[bytes] = set()
    found = []
    for name, data in haystack:
        digest = hashlib.sha256(data).digest()
        if digest in seen:  # editions share files
            continue
        seen.add(digest)
        for place, part in unpacked(name, data):
            if (needle := wanted.in_(part)) is not None:
                found.append(f"{place}: {needle.decode()}")
    return found


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder; its name is looked at too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder))
            yield f"name of {name}", name.encode()
            yield name, path.read_bytes()


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes as they are, and everything that is packed in them."""
    yield name, data
    if data[:2] == b"\x1f\x8b":
        yield from unpacked(f"{name}>gzip", gzip.decompress(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield f"{name}>{member.filename} (its name)", member.filename.encode()
                yield from unpacked(f"{name}>{member.filename}", archive.read(member))
    elif data[:4] == b"PAR1":
        yield from _columns(name, pq.read_table(pa.BufferReader(data)))
    elif data[:15] == b"SQLite format 3":
        yield from _cells(name, data)


def _columns(name: str, table: pa.Table) -> Iterator[tuple[str, bytes]]:
    for column in table.column_names:
        values = (value if isinstance(value, bytes) else str(value).encode() for value in table[column].to_pylist())
        yield f"{name}>{column}", b"\n".join(values)


def _cells(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Long values lie in pieces over pages, so cells are read besides the raw bytes (which hold the free pages)."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(_without_log(data))
    connection.text_factory = bytes
    tables = [row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        cells = (
            cell if isinstance(cell, bytes) else str(cell).encode()
            for row in connection.execute(f'SELECT * FROM "{table}"')
            for cell in row
        )
        yield f"{name}>{table}", b"\n".join(cells)
    connection.close()


def _without_log(data: bytes) -> bytes:
    """A database in memory cannot have a write-ahead log: bytes 18 and 19 of the header say whether there is one."""
    return data[:18] + b"\x01\x01" + data[20:]


class _Needles:
    """Many needles in many megabytes: the first eight bytes of each are looked up at every position at once."""

    def __init__(self, needles: Iterable[str]) -> None:
        encoded = {needle.encode() for needle in needles if needle}
        self._short = [needle for needle in encoded if len(needle) < _HEAD]
        self._by_head: dict[int, list[bytes]] = defaultdict(list)
        for needle in encoded:
            if len(needle) >= _HEAD:
                self._by_head[int.from_bytes(needle[:_HEAD], "little")].append(needle)
        self._heads = np.array(sorted(self._by_head), dtype="<u8")
        self._slots = np.zeros(1 << _SLOTS, dtype=np.bool_)
        self._slots[self._slot(self._heads)] = True

    @staticmethod
    def _slot(heads: np.ndarray) -> np.ndarray:
        return (heads * _MIX) >> np.uint64(64 - _SLOTS)

    def in_(self, data: bytes) -> bytes | None:
        """The first needle that is found."""
        for needle in self._short:
            if needle in data:
                return needle
        for shift in range(0 if not len(self._heads) else min(_HEAD, max(0, len(data) - _HEAD + 1))):
            heads = np.frombuffer(data, dtype="<u8", offset=shift, count=(len(data) - shift) // _HEAD)
            places = np.flatnonzero(self._slots[self._slot(heads)])
            nearest = np.minimum(np.searchsorted(self._heads, heads[places]), len(self._heads) - 1)
            for place in places[self._heads[nearest] == heads[places]].tolist():
                for needle in self._by_head[int(heads[place])]:
                    if data.startswith(needle, shift + _HEAD * place):
                        return needle
        return None


# What must never leave

KEYS = frozenset({"attestId", "besluitId", "vorderingId", "entiteitId", "pandId", "dossiernummer", "notitienummer"})
_INSZ = re.compile(r"(?<!\d)\d{11}(?!\d)")
_IBAN = re.compile(r"BE\s?\d{2}(?:\s?\d{4}){3}(?!\d)")
_EMAIL = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r'"publicatie": "[^"]*"')
_PHONE = re.compile(r"\+32(?:\s?\d){8,9}(?!\d)")


def secrets(records: Iterable[Mapping[str, object]]) -> set[str]:
    """INSZ, e-mail, phone and account numbers wherever they stand, names of persons, source keys and case numbers, in every spelling."""
    found: set[str] = set()
    for record in records:
        text = _LINK.sub(_numbers_of_persons, json.dumps(record, ensure_ascii=False))
        for number in _INSZ.findall(text):
            found |= {number, f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"}
        for account in _IBAN.findall(text):
            bare = "".join(account.split())
            found |= {account, bare, " ".join(bare[start : start + 4] for start in range(0, 16, 4))}
        for phone in _PHONE.findall(text):
            bare = "".join(phone.split())
            found |= {phone, bare, "0" + bare.removeprefix("+32"), phone.replace("+32 ", "0"), phone.replace("+32 ", "0032 ")}
        for email in _EMAIL.findall(text):
            found |= {email, email.lower(), email.replace("@", "%40")}
        found |= set(_named(record))
    return found


def _numbers_of_persons(link: re.Match[str]) -> str:
    """CONTRACT A.4: in a link only checksum-valid numbers and e-mail addresses count."""
    return " ".join(
        [*(number for number in _INSZ.findall(link[0]) if nn.is_valid(number) or bis.is_valid(number)), *_EMAIL.findall(link[0])]
    )


def _named(value: object) -> Iterator[str]:
    """Keys, case numbers and names, at any depth."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name in KEYS and isinstance(part, str):
                yield part
                yield re.sub(r"[^A-Za-z0-9]", "", part)
            yield from _named(part)
        first, last = value.get("voornaam"), value.get("achternaam")
        if isinstance(first, str) and isinstance(last, str):
            for pair in (f"{first} {last}", f"{last} {first}", f"{last}, {first}"):
                yield from (pair, pair.lower(), pair.upper(), json.dumps(pair)[1:-1])
    elif isinstance(value, list):
        for part in value:
            yield from _named(part)
