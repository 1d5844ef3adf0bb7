"""What lies on a class path: folders of files, and jars."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Archive:
    """A jar, or a folder that is laid out like one."""

    path: Path

    @cached_property
    def names(self) -> frozenset[str]:
        """The files in it, with `/`; jars that lie in a folder are archives of their own."""
        if self.path.is_dir():
            files = (file for file in self.path.rglob("*") if file.is_file() and file.suffix != ".jar")
            return frozenset(file.relative_to(self.path).as_posix() for file in files)
        with zipfile.ZipFile(self.path) as jar:
            return frozenset(name for name in jar.namelist() if not name.endswith("/"))

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        if self.path.is_dir():
            return (self.path / name).read_bytes()
        with zipfile.ZipFile(self.path) as jar:
            return jar.read(name)

    def unpack(self, names: Sequence[str], folder: Path) -> None:
        """Copy files to a folder, under their own names."""
        for name in names:
            if ".." in PurePosixPath(name).parts:
                raise ValueError(f"{self.path.name}: {name} would lie outside")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.read(name))


def archives(path: Path) -> Iterator[Archive]:
    """A jar; or a folder of classes, and the jars in it."""
    yield Archive(path)
    if path.is_dir():
        yield from (Archive(jar) for jar in sorted(path.glob("*.jar")))
