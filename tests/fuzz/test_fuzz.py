"""Every target of `harness` is fuzzed for a while; how long says VLOK_TEST_FUZZ_SECONDS."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = int(os.environ.get("VLOK_TEST_FUZZ_SECONDS", "3"))


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has wheels for Linux on x86-64 alone")
@pytest.mark.parametrize("target", ["kvp", "xml", "filter", "cql"])
def test_whatever_comes_is_answered_or_refused(target: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.harness", target, str(tmp_path / "corpus"), f"-max_total_time={SECONDS}"]
    options = ["-timeout=10", "-rss_limit_mb=4096", "-max_len=4096", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(command + options, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS + 120, check=False)

    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert (done.returncode, found) == (0, {}), done.stderr[-3000:]
    assert "Done" in done.stderr, "libFuzzer says how many attempts it made"
