from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from schedules import documents
from schedules.cadence import BRUSSELS
from schedules.installation import Installation
from settings import Settings


@pytest.fixture(scope="module")
def installation() -> Installation:
    return Installation(Settings(), lambda: datetime(2026, 11, 21, 12, tzinfo=BRUSSELS))


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "docs", tmp_path / "docs")
    shutil.copy(root / "pygeoapi-config.yml", tmp_path)
    return tmp_path


def test_every_generated_document_is_current(root: Path, installation: Installation) -> None:
    assert documents.write(root, installation, check=True) == ()


def test_a_document_that_was_changed_by_hand_is_stale_and_is_written_again(copy: Path, installation: Installation) -> None:
    page = copy / "docs" / "disclosure.md"
    right = page.read_bytes()
    page.write_bytes(right.replace(b"BUSNR", b"BUS"))
    assert documents.write(copy, installation, check=True) == (page,)
    assert page.read_bytes() != right
    assert documents.write(copy, installation) == (page,)
    assert page.read_bytes() == right


def test_what_no_definition_asks_for_any_more_is_stale_and_goes(copy: Path, installation: Installation) -> None:
    left = copy / "docs" / "aansluiten" / "schema" / "leegstand.json"
    left.write_text("{}\n", "utf-8")
    assert documents.write(copy, installation, check=True) == (left,)
    documents.write(copy, installation)
    assert not left.exists()
    assert (copy / "docs" / "aansluiten" / "README.md").exists()


def test_generating_needs_and_makes_no_state(copy: Path, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy)
    documents.write(copy, installation, check=True)
    assert not (copy / "var").exists()
