"""Files as memory: read where they are, without a copy, and without counting as memory of ours for longer than needed."""

from __future__ import annotations

import mmap
from pathlib import Path

_KEPT_BYTES = 1 << 26
"""Bytes that may be read before their pages are given back: copying all fragments would else make a worker look as large as they are."""


class Mapped(mmap.mmap):
    """A file that is mapped for reading; its pages stay in the cache of the operating system when they are given back."""

    _read_bytes = 0

    def used(self, count: int) -> None:
        """Count bytes that were read, and give back all pages when there are many. A view that is still in use reads them again."""
        self._read_bytes += count
        if self._read_bytes >= _KEPT_BYTES:
            self._read_bytes = 0
            if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows, which trims by itself
                self.madvise(mmap.MADV_DONTNEED)


def mapped(path: Path) -> memoryview:
    """The bytes of a file; raises `OSError`."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return memoryview(b"")  # nothing can be mapped of an empty file
        return memoryview(Mapped(file.fileno(), 0, access=mmap.ACCESS_READ))


def used(view: memoryview, count: int) -> None:
    """Tell that so many bytes of a file were read; nothing for other memory."""
    if isinstance(view.obj, Mapped):
        view.obj.used(count)
