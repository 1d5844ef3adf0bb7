"""Publishing a table that was not stripped is a type error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SNIPPET = """
from etl.table import SourceTable
from release.table import PublicTable

def publish(table: PublicTable) -> int:
    return len(table)

def run(source: SourceTable, public: PublicTable) -> int:
    return publish({argument})
"""


def check(root: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--config-file", str(root / "pyproject.toml"), str(file)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("argument", "accepted"), [("public", True), ("source", False)], ids=["public", "source"])
def test_only_a_public_table_can_be_published(root: Path, tmp_path: Path, argument: str, accepted: bool) -> None:
    file = tmp_path / "snippet.py"
    file.write_text(SNIPPET.format(argument=argument), "utf-8")
    result = check(root, file)
    refused = 'has incompatible type "SourceTable"; expected "PublicTable"' in result.stdout
    assert refused is not accepted, result.stdout + result.stderr
