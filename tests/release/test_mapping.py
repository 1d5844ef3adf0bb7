"""Mapped files: read in place, and not counted as memory of ours for long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from release.mapping import mapped, used


def resident(path: Path) -> int:
    """Bytes of a mapped file that count as memory of this process."""
    found = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line.endswith(str(path)):
            found = True
        elif found and line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(path)


def test_an_empty_file_is_no_bytes(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert bytes(mapped(tmp_path / "empty")) == b""


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        mapped(tmp_path / "absent")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_pages_are_given_back_when_much_was_read_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"\1" * (1 << 25))
    view = mapped(path)
    assert sum(view[::4096]) == (1 << 25) // 4096
    assert resident(path) > 1 << 24
    used(view, 1 << 25)
    assert resident(path) > 1 << 24
    used(view, 1 << 25)
    assert resident(path) < 1 << 20
    assert view[-1] == 1


def test_other_memory_has_no_pages_to_give_back() -> None:
    used(memoryview(b"bytes"), 1 << 30)
