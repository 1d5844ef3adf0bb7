"""Deliveries in a folder: `PATH/<day>/<dataset>/levering.json` with its `.jsonl` and `.jsonl.gz` files (CONTRACT A)."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.definitions import DatasetDefinition
from etl.delivery import Header
from etl.errors import DeliveryRefused, NoDelivery, SourceError
from etl.sources.json_text import parse
from etl.sources.levering import DeliveredFile, Levering, check_statement, read_statement

STATEMENT = "levering.json"
LONGEST_LINE = 1 << 20
MOST_BYTES = 30_000_000_000
_LONGEST_STATEMENT = 1 << 20


@dataclass(frozen=True, slots=True)
class FolderDelivery:
    """One delivery as it lies in its folder; the folder is the source's and is never written to."""

    folder: Path
    header: Header
    reference: str
    files: tuple[DeliveredFile, ...]
    most_bytes: int = MOST_BYTES  # unpacked, over all files

    def records(self) -> Iterator[tuple[int, object]]:
        """Line number from 1 over all files, and the JSON of the line; memory does not grow with the delivery.

        Every file's SHA-256 is checked before the first record is given out. Raises `DeliveryRefused` with
        `delivery.file`, `.sha256`, `.gzip`, `.line`, `.size`, `.encoding`, `.json` or `.count`, and `SourceError`
        for a disk that cannot be read. A line that is JSON but not an object is given out: that is a fault of one record.
        """
        with ExitStack() as stack:
            opened = [(file, stack.enter_context(_open(self.folder, file.naam))) for file in self.files]
            for file, handle in opened:
                _check_digest(file, handle)
            before, left = 0, self.most_bytes
            for file, handle in opened:
                number = 0
                for number, text in _lines(file, handle, left):
                    left -= len(text)
                    yield before + number, parse(text, file=file.naam, line=number)
                before += number

    def discard(self) -> None:
        """Nothing: a folder delivery is not ours."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """`VLOK_SOURCE=folder:PATH`."""

    path: Path
    most_bytes: int = MOST_BYTES

    def pull(self, definition: DatasetDefinition, day: date) -> FolderDelivery:
        """The delivery of this day; raises `NoDelivery` naming the folder, or `DeliveryRefused`."""
        return open_folder(self._folder(definition, day), definition, day, most_bytes=self.most_bytes)

    def missed(self, definition: DatasetDefinition, after: date, before: date) -> tuple[date, ...]:
        """Days between the two, both left out, that have a delivery of this dataset; oldest first."""
        days = (_as_day(folder.name) for folder in self.path.glob("????-??-??"))
        between = sorted(day for day in days if day is not None and after < day < before)
        return tuple(day for day in between if (self._folder(definition, day) / STATEMENT).is_file())

    def reopen(self, definition: DatasetDefinition, reference: str) -> FolderDelivery:
        """A delivery kept by reference (`folder:<day>/<dataset>#<digest>`); `NoDelivery` when another stands in its place."""
        name, _, digest = reference.removeprefix("folder:").partition("#")
        day = _as_day(name.partition("/")[0])
        if day is None or name != f"{day}/{definition.id}":
            raise NoDelivery(f"no delivery of {definition.id} in a folder has this reference")
        delivery = self.pull(definition, day)
        if delivery.header.digest != digest:
            raise NoDelivery(f"the delivery that was kept is gone: {delivery.folder / STATEMENT} has changed since")
        return delivery

    def _folder(self, definition: DatasetDefinition, day: date) -> Path:
        return self.path / day.isoformat() / definition.id


def open_folder(folder: Path, definition: DatasetDefinition, day: date | None, *, most_bytes: int = MOST_BYTES) -> FolderDelivery:
    """The delivery in this one folder (`day` null: of whatever day it states); raises `NoDelivery`, `DeliveryRefused`."""
    text = _read_statement_file(folder / STATEMENT, definition, day)
    levering = read_statement(Levering, parse(text, file=STATEMENT), place=STATEMENT)
    check_statement(levering, definition.id, day, place=STATEMENT)
    names = [file.naam for file in levering.bestanden]
    if len(set(names)) != len(names):
        raise DeliveryRefused("delivery.header", "bestanden names a file twice", file=STATEMENT)
    for name in names:
        _open(folder, name).close()
    digest = hashlib.sha256("".join(file.sha256 for file in levering.bestanden).encode("ascii")).hexdigest()
    header = Header(levering.dataset, levering.soort, levering.peildatum, levering.volgnummer, digest)
    reference = f"folder:{levering.peildatum}/{definition.id}#{digest}"
    return FolderDelivery(folder, header, reference, levering.bestanden, most_bytes)


def _read_statement_file(path: Path, definition: DatasetDefinition, day: date | None) -> bytes:
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_STATEMENT + 1)
    except (FileNotFoundError, NotADirectoryError):
        wanted = definition.id if day is None else f"{definition.id} for {day}"
        raise NoDelivery(f"no delivery of {wanted}: {path} does not exist") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if len(text) > _LONGEST_STATEMENT:
        raise DeliveryRefused("delivery.header", "longer than 1 MiB", file=STATEMENT)
    return text


def _open(folder: Path, name: str) -> io.BufferedReader:
    """A file of the delivery; one that lies elsewhere (a symbolic link) is no file of the delivery."""
    path = folder / name
    if not path.is_file():
        raise DeliveryRefused("delivery.file", "levering.json names it, but it is not there", file=name)
    if path.resolve().parent != folder.resolve():
        raise DeliveryRefused("delivery.file", "points outside the delivery's folder", file=name)
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error


def _check_digest(file: DeliveredFile, handle: io.BufferedReader) -> None:
    try:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
    except OSError as error:
        raise SourceError(f"{file.naam} cannot be read: {error.strerror}") from error
    if digest != file.sha256:
        raise DeliveryRefused("delivery.sha256", "its bytes have another SHA-256 than levering.json says", file=file.naam)


def _lines(file: DeliveredFile, handle: io.BufferedReader, most_bytes: int) -> Iterator[tuple[int, bytes]]:
    """The lines that are records, numbered from 1, exactly as many as stated.

    One blank line may end a file; any other blank line is a line that is no JSON.
    """
    number, blank = 0, False
    for text in _raw_lines(file, handle):
        if blank:
            raise DeliveryRefused("delivery.json", "a blank line", file=file.naam, line=number + 1)
        if text.isspace():
            blank = True
            continue
        number += 1
        most_bytes -= len(text)
        _check_line(file, number, text, most_bytes)
        yield number, text
    if number != file.aantal:
        raise DeliveryRefused("delivery.count", f"{number} records, levering.json says {file.aantal}", file=file.naam)


def _check_line(file: DeliveredFile, number: int, text: bytes, left: int) -> None:
    if number > file.aantal:
        raise DeliveryRefused("delivery.count", f"more records than the {file.aantal} of levering.json", file=file.naam)
    if len(text) > LONGEST_LINE:
        raise DeliveryRefused("delivery.line", "longer than 1 MiB", file=file.naam, line=number)
    if left < 0:
        raise DeliveryRefused("delivery.size", "the delivery unpacks to more bytes than allowed", file=file.naam, line=number)


def _raw_lines(file: DeliveredFile, handle: io.BufferedReader) -> Iterator[bytes]:
    """Lines of at most 1 MiB and a little; unpacking stops where reading stops, so that a bomb never goes off."""
    stream = gzip.GzipFile(fileobj=handle) if file.naam.endswith(".gz") else handle
    try:
        while text := stream.readline(LONGEST_LINE + 2):
            yield text
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DeliveryRefused("delivery.gzip", "the gzip file is damaged or cut off", file=file.naam) from None
    except OSError as error:
        raise SourceError(f"{file.naam} cannot be read: {error.strerror}") from error


def _as_day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
