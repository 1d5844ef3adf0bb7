from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scripts.changelog import BadFragment, read, release


def fragments(root: Path, **texts: str) -> Path:
    folder = root / "changelog.d"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name.strip('_').replace('_', '.')}.md").write_text(text, "utf-8")
    return folder


def test_fragments_come_by_kind_and_number(tmp_path: Path) -> None:
    folder = fragments(tmp_path, _002_added="Two.\n", _003_fixed="Three\nlines.\n", _001_added="One.\n")
    assert [fragment.text for fragment in read(folder)] == ["One.", "Two.", "Three lines."]


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("_001_improved", "One.\n", "the name is"),
        ("_1_added", "One.\n", "the name is"),
        ("_001_added", "One\n", "full stop"),
        ("_001_added", "One.\n\nTwo.\n", "one paragraph"),
        ("_001_added", "x" * 500 + ".\n", "at most 500"),
        ("_001_added", "", "one paragraph"),
    ],
)
def test_a_badly_formed_fragment_is_named_with_the_rule(tmp_path: Path, name: str, text: str, rule: str) -> None:
    folder = fragments(tmp_path, **{name: text})
    with pytest.raises(BadFragment, match=rule):
        read(folder)


def test_a_number_is_used_once(tmp_path: Path) -> None:
    folder = fragments(tmp_path, _001_added="One.\n", _001_fixed="Two.\n")
    with pytest.raises(BadFragment, match="used twice"):
        read(folder)


def test_a_release_moves_the_fragments_into_the_changelog_newest_first(tmp_path: Path) -> None:
    folder = fragments(tmp_path, _001_added="One.\n")
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\nWhat changed.\n", "utf-8")
    assert release(tmp_path, "1.0.0", date(2026, 11, 21)) == 1
    assert list(folder.iterdir()) == []
    (folder / "002.fixed.md").write_text("Two.\n", "utf-8")
    release(tmp_path, "1.0.1", date(2026, 11, 22))
    assert changelog.read_text("utf-8") == (
        "# Changelog\n\nWhat changed.\n\n## 1.0.1 (2026-11-22)\n\n### Fixed\n\n- Two.\n\n## 1.0.0 (2026-11-21)\n\n### Added\n\n- One.\n"
    )


def test_nothing_to_release_is_said(tmp_path: Path) -> None:
    fragments(tmp_path)
    with pytest.raises(BadFragment, match="nothing to release"):
        release(tmp_path, "1.0.0", date(2026, 11, 21))
