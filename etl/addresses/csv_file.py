"""An address register in a CSV file, kept in a few arrays: 2.4 million addresses in some 70 MB.

Columns, in any case and order: PKANCODE, COMMUNE_NL, STREET_NL, HUISNR, and X_L72 and Y_L72 (EPSG:31370) or LON and LAT (WGS 84);
BUSNR when there are box numbers. Commas, a header, UTF-8 or ISO-8859-1, plain, `.gz` or `.xz`. Municipalities may have their
names of any time.
"""

from __future__ import annotations

import gzip
import lzma
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from etl.addresses.address import Address, Match, Miss, agreed, number_key, street_key, street_spelling, words
from etl.errors import SourceError
from etl.locate import FLANDERS
from etl.municipalities import code_of, codes, name, today_code
from release.crs import WGS84
from release.transform import to_lambert72

POSTCODE, MUNICIPALITY, STREET, HOUSE, BOX = "PKANCODE", "COMMUNE_NL", "STREET_NL", "HUISNR", "BUSNR"
LAMBERT, LONLAT = ("X_L72", "Y_L72"), ("LON", "LAT")

_ABSENT = -1
_STREET, _POSTCODE, _PLACE = 20, 40, 54  # bits below the street, the postcode and the municipality in a key of 63 bits

Integers = NDArray[np.int64]
Number = TypeVar("Number", int, Integers)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rows:
    """Columns of the register: `key` packs municipality, postcode, street and house number, `x` and `y` are centimetres."""

    key: Integers
    street: NDArray[np.int32]  # number of the spelling
    box: NDArray[np.int32]  # number of the spelling, or absent
    x: NDArray[np.int32]
    y: NDArray[np.int32]

    @classmethod
    def together(cls, parts: list[Rows]) -> Rows:
        """All parts in order of key, rows of one key in the order of the file."""
        order = np.argsort(np.concatenate([part.key for part in parts]), kind="stable")
        return cls(*(np.concatenate([getattr(part, column) for part in parts])[order] for column in cls.__slots__))


class Texts:
    """The different texts of the register, each with its number."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.places = {code: number for number, code in enumerate(codes(on))}
        self.streets: dict[str, int] = {}  # by street_key
        self.houses: dict[str, int] = {}  # by number_key
        self.spellings: dict[str, int] = {}
        self.boxes: dict[str, int] = {}

    def rows(self, batch: pa.RecordBatch) -> Rows:
        """The usable rows of a batch: in a Flemish municipality, with a postcode, a street and a house number."""
        place = _numbers(batch[MUNICIPALITY], lambda text: self.places.get(code_of(text, self.on) or "", _ABSENT))
        postcode = _numbers(batch[POSTCODE], _postcode)
        street = _numbers(batch[STREET], lambda text: _number(self.streets, street_key(text)))
        house = _numbers(batch[HOUSE], lambda text: _number(self.houses, number_key(text)))
        spelling = _numbers(batch[STREET], lambda text: _number(self.spellings, street_spelling(text)))
        box = _numbers(batch[BOX], lambda text: _number(self.boxes, text)) if BOX in batch.schema.names else np.full(len(batch), _ABSENT)
        x, y = _centimetres(batch)
        usable = (place >= 0) & (postcode >= 0) & (street >= 0) & (house >= 0)
        narrow = [column[usable].astype(np.int32) for column in (spelling, box, x, y)]
        return Rows(_pack(place, postcode, street, house)[usable], *narrow)

    def key(self, address: Address) -> int | None:
        """The key of an address; null when the register has no such street or house number at all."""
        code = today_code(address.niscode, self.on) if address.niscode else code_of(address.municipality or "", self.on)
        numbers = (
            self.places.get(code or "", _ABSENT),
            _postcode(address.postcode),
            self.streets.get(street_key(address.street), _ABSENT),
            self.houses.get(number_key(address.house), _ABSENT),
        )
        return None if min(numbers) < 0 else int(_pack(*numbers))


class AddressFile:
    """The register of one file. `skipped` counts rows without a Flemish municipality, a postcode, a street or a house number."""

    def __init__(self, texts: Texts, rows: Rows, skipped: int = 0) -> None:
        self._texts, self.skipped = texts, skipped
        self._spellings, self._boxes, self._codes = tuple(texts.spellings), tuple(texts.boxes), tuple(texts.places)
        # One element of a memory view costs a fifth of one of an array.
        self._key, self._street, self._box, self._x, self._y = rows.key.data, rows.street.data, rows.box.data, rows.x.data, rows.y.data

    def __len__(self) -> int:
        return len(self._key)

    @classmethod
    def read(cls, path: Path, on: date) -> AddressFile:
        """Read a file, for the municipalities of a day; raises `SourceError` naming the file."""
        try:
            try:
                return cls._read(path, on, "utf8")
            except pa.ArrowInvalid as error:
                if "UTF8" not in str(error):
                    raise
                return cls._read(path, on, "iso8859-1")
        except (OSError, EOFError, lzma.LZMAError, zlib.error, pa.ArrowException) as error:
            raise SourceError(f"address register {path.name}: cannot be read as CSV ({type(error).__name__})") from None

    @classmethod
    def _read(cls, path: Path, on: date, encoding: str) -> AddressFile:
        texts, total = Texts(on), 0
        parts = []
        for batch in _batches(path, encoding):
            parts.append(texts.rows(batch))
            total += len(batch)
        if max(len(texts.streets), len(texts.houses)) >= 1 << _STREET:
            raise SourceError(f"address register {path.name}: has more streets or house numbers than Flanders; is it the right file?")
        rows = Rows.together(parts)
        if not len(rows.key):
            raise SourceError(f"address register {path.name}: has no address in Flanders")
        return cls(texts, rows, total - len(rows.key))

    def find(self, address: Address) -> Match | Miss:
        """The address, when municipality, postcode, street and house number agree."""
        key = self._texts.key(address)
        if key is None:
            return Miss.UNMATCHED
        first, end = bisect_left(self._key, key), bisect_right(self._key, key)
        if first == end:
            return Miss.UNMATCHED
        boxes = [self._boxes[number] if number >= 0 else "" for number in self._box[first:end]]
        wanted = number_key(address.box or "")
        same_box = [row for row, box in enumerate(boxes, first) if number_key(box) == wanted]
        return Match(
            self._spellings[self._street[first]],
            name(self._codes[key >> _PLACE]),
            agreed([(self._x[row] / 100.0, self._y[row] / 100.0) for row in same_box or range(first, end) if self._x[row] != _ABSENT]),
            words(address.house, *boxes),
        )


def _batches(path: Path, encoding: str) -> Iterator[pa.RecordBatch]:
    with _opened(path) as file:
        header = file.readline(10_000).decode("utf-8-sig", "replace")
        columns = [column.strip().strip('"').upper() for column in header.split(",")]
        position = LAMBERT if set(LAMBERT) <= set(columns) else LONLAT
        needed = (POSTCODE, MUNICIPALITY, STREET, HOUSE, *position)
        if missing := [column for column in needed if column not in columns]:
            raise SourceError(f"address register {path.name}: has no column {', '.join(missing)}")
        kept = [*needed, BOX] if BOX in columns else list(needed)
        types = {column: pa.float64() if column in position else pa.string() for column in kept}
        yield from csv.open_csv(
            pa.PythonFile(file, mode="r"),
            # CRAB writes quotes unescaped inside a field; a row that this breaks up is left out, not the whole register.
            parse_options=csv.ParseOptions(invalid_row_handler=lambda row: "skip"),
            read_options=csv.ReadOptions(column_names=columns, encoding=encoding, block_size=4 << 20),
            convert_options=csv.ConvertOptions(include_columns=kept, column_types=types),
        )


def _opened(path: Path) -> BinaryIO:
    """The unpacked bytes of a file."""
    if path.suffix == ".xz":
        return cast(BinaryIO, lzma.open(path))
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _numbers(column: pa.Array, number: Callable[[str], int]) -> Integers:
    """The number of every text of a column, worked out once for each different text; absent where there is none."""
    encoded = column.dictionary_encode()
    numbers = [number(text) if text else _ABSENT for text in encoded.dictionary.to_pylist()]
    places = np.asarray(encoded.indices.fill_null(len(numbers)), dtype=np.int64)
    return np.array([*numbers, _ABSENT], dtype=np.int64)[places]


def _number(texts: dict[str, int], text: str) -> int:
    return texts.setdefault(text, len(texts)) if text else _ABSENT


def _postcode(text: str) -> int:
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else _ABSENT


def _pack(place: Number, postcode: Number, street: Number, house: Number) -> Number:
    return place << _PLACE | postcode << _POSTCODE | street << _STREET | house


def _centimetres(batch: pa.RecordBatch) -> tuple[Integers, Integers]:
    """Positions in centimetres of EPSG:31370, absent outside Flanders: the register of 2013 has points in France."""
    names = LAMBERT if LAMBERT[0] in batch.schema.names else LONLAT
    points = np.column_stack([np.asarray(batch[column].fill_null(np.nan), dtype=np.float64) for column in names])
    if names == LONLAT:
        points = to_lambert72(points, WGS84)
    x, y = points.T
    inside = (FLANDERS.left <= x) & (x <= FLANDERS.right) & (FLANDERS.bottom <= y) & (y <= FLANDERS.top)
    centimetres = np.where(inside[:, None], np.floor(points * 100.0 + 0.500001), _ABSENT)
    return centimetres[:, 0].astype(np.int64), centimetres[:, 1].astype(np.int64)
