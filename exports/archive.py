"""Zip files with the same bytes for the same content: fixed order, dates and attributes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO

LEVEL = 3
"""Deflate level: of the text of 300,000 points, level 1 is 10 % faster and 15 % larger, level 6 takes twice the time for 15 % less."""

_EARLIEST = date(1980, 1, 1)  # APPNOTE.TXT §4.4.6: MS-DOS dates begin there
_FILE_MODE = 0o100644 << 16
_CHUNK = 1 << 20


class Archive:
    """A zip file in the making; every member carries the date `since`."""

    def __init__(self, target: Path | IO[bytes], since: date) -> None:
        """Creates the file, or writes into an open one that is empty."""
        self._zip = zipfile.ZipFile(target, "w")
        self._date = max(since, _EARLIEST)

    def __enter__(self) -> Archive:
        """The archive itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write the directory of the zip."""
        self._zip.close()

    def add(self, name: str, chunks: Iterable[bytes], stored: bool = False) -> None:
        """A member from pieces of bytes; `stored` for what is compressed already."""
        info = zipfile.ZipInfo(name, (self._date.year, self._date.month, self._date.day, 0, 0, 0))
        # The archive's own level does not reach a member that has a date; this attribute is public only from Python 3.13 on.
        info._compresslevel = LEVEL  # type: ignore[attr-defined] # absent from the type stubs
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = 3, _FILE_MODE  # as from Unix, wherever it is made
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)


def chunks(path: Path) -> Iterator[bytes]:
    """A file in pieces of 1 MB."""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
