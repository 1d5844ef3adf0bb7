"""The pointer: one rename, so that readers see the old release or the new one and never anything between."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from release.errors import BrokenRelease, NoRelease
from release.pointer import Pointed, Pointer, write_durably

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_before_anything_is_published_there_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="nothing has been published yet; run: vlok run daily"):
        Pointer(tmp_path).folder()


def test_the_pointer_knows_the_release_before(tmp_path: Path) -> None:
    pointer = Pointer(tmp_path)
    pointer.move("one", NOW)
    assert pointer.read() == Pointed(seal="one", moved=NOW, previous=None)
    pointer.move("two", NOW + timedelta(hours=1))
    assert pointer.read() == Pointed(seal="two", moved=NOW + timedelta(hours=1), previous="one")
    assert pointer.folder() == tmp_path / "two"


def test_publishing_what_is_current_does_not_bring_back_the_one_before(tmp_path: Path) -> None:
    pointer = Pointer(tmp_path)
    pointer.move("one", NOW)
    pointer.move("two", NOW)
    pointer.move("two", NOW + timedelta(hours=5))
    assert pointer.read().moved == NOW


@pytest.mark.parametrize("text", ["", "{", '{"seal": 5}', '{"seal": "x", "moved": "2026-11-21T12:00:00Z", "more": 1}'])
def test_a_pointer_that_cannot_be_read_is_a_broken_release(tmp_path: Path, text: str) -> None:
    Pointer(tmp_path).path.write_text(text)
    with pytest.raises(BrokenRelease, match=r"current\.json cannot be read"):
        Pointer(tmp_path).read()


def test_a_crash_while_writing_leaves_the_old_pointer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pointer = Pointer(tmp_path)
    pointer.move("one", NOW)

    def crash(descriptor: int) -> None:
        raise OSError("power is gone")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="power"):
        patch.setattr(os, "fsync", crash)
        pointer.move("two", NOW)
    assert pointer.read().seal == "one"
    pointer.move("two", NOW)
    assert pointer.read().seal == "two"


def test_the_bytes_are_on_disk_before_the_name_and_the_name_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        acts.append("sync " + Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        fsync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        acts.append(f"rename {path.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_durably(tmp_path / "current.json", b"{}")
    assert acts == ["sync current.json.new", "rename current.json.new", f"sync {tmp_path.name}"]


def test_a_reader_never_sees_half_a_pointer(tmp_path: Path) -> None:
    pointer, stop = Pointer(tmp_path), threading.Event()
    pointer.move("seal-0", NOW)
    seen: set[str] = set()
    failures: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(pointer.read().seal)
            except (NoRelease, BrokenRelease) as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 200):
        pointer.move(f"seal-{number}", NOW)
    stop.set()
    reader.join()
    assert failures == []
    assert len(seen) > 1


def test_the_pointer_to_a_mended_folder_is_written_anew_and_says_the_same(tmp_path: Path) -> None:
    pointer = Pointer(tmp_path)
    pointer.move("first", NOW)
    pointer.move("second", NOW)
    known, inode = pointer.read(), pointer.path.stat().st_ino
    pointer.move("second", NOW + timedelta(hours=1))
    assert pointer.path.stat().st_ino == inode
    pointer.move("second", NOW + timedelta(hours=1), mended=True)
    assert (pointer.read(), pointer.path.stat().st_ino != inode) == (known, True)
