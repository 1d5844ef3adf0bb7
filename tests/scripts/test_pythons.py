from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def pythons(root: Path, *folders: Path, home: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, [*folders, "/usr/bin", "/bin"]))
    environment = {"PATH": path, "HOME": str(home)}
    return subprocess.run([root / "scripts" / "pythons.sh"], env=environment, capture_output=True, text=True, check=False)


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


def test_a_python_that_does_not_run_is_passed_over(root: Path, tmp_path: Path) -> None:
    program(tmp_path / "shims" / "python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    program(tmp_path / "bin" / "python3.12", f'exec "{sys.executable}" "$@"')
    found = pythons(root, tmp_path / "shims", tmp_path / "bin", home=tmp_path)
    assert found.returncode == 0
    assert sys.base_prefix in found.stdout
    assert str(tmp_path / "shims") not in found.stdout


def test_the_newest_comes_first_and_those_of_pyenv_count(root: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3", "echo 3.11.2 /old")
    program(tmp_path / "bin" / "python3.12", "echo 3.12.10 /middle")
    program(tmp_path / ".pyenv" / "versions" / "3.13.0" / "bin" / "python3", "echo 3.13.0 /new")
    found = pythons(root, tmp_path / "bin", home=tmp_path).stdout.split()
    assert [path for path in found if path in {"/old", "/middle", "/new"}] in (["/new", "/middle", "/old"], ["/new", "/middle"])
    assert found[0] == "/new"


def test_the_remedy_is_named_when_there_is_none(root: Path, tmp_path: Path) -> None:
    found = subprocess.run(
        ["/bin/sh", root / "scripts" / "pythons.sh"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "apt-get install python3 python3-venv" in found.stderr
