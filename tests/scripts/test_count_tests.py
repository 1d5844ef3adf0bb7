from __future__ import annotations

from pathlib import Path

import pytest

from scripts.count_tests import main

REPORT = '<testsuites><testsuite><testcase name="a"/><testcase name="b">{}</testcase></testsuite></testsuites>'


@pytest.mark.parametrize(
    ("second", "line", "code"),
    [
        ("", "2 passed, 0 failed, 0 skipped", 0),
        ("<skipped/>", "1 passed, 0 failed, 1 skipped", 0),
        ("<failure/>", "1 passed, 1 failed, 0 skipped", 1),
        ("<error/>", "1 passed, 1 failed, 0 skipped", 1),
    ],
)
def test_the_last_line_sums_the_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str], second: str, line: str, code: int) -> None:
    (tmp_path / "one.xml").write_text(REPORT.format(second), "utf-8")
    assert main([str(tmp_path)]) == code
    assert capsys.readouterr().out.splitlines()[-1] == line


def test_no_test_at_all_is_a_failure(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
