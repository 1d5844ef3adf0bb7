"""Every target of `harness` is fuzzed: the same attempts each time, or for as many seconds as VLOK_TEST_FUZZ_SECONDS says other ones."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = os.environ.get("VLOK_TEST_FUZZ_SECONDS")
LENGTH = [f"-max_total_time={SECONDS}"] if SECONDS else ["-runs=15000", "-seed=1"]


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has wheels for Linux on x86-64 alone")
@pytest.mark.parametrize("target", ["kvp", "xml", "filter", "cql"])
def test_whatever_comes_is_answered_or_refused(target: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.harness", target, str(tmp_path / "corpus"), *LENGTH]
    options = ["-timeout=60", "-rss_limit_mb=4096", "-max_len=4096", f"-artifact_prefix={tmp_path}/"]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command + options, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=int(SECONDS or 0) + 600, check=False
    )

    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert (done.returncode, found) == (0, {}), done.stderr[-3000:]
    assert "Done" in done.stderr, "libFuzzer says how many attempts it made"
