"""QGIS without a screen, as a process that carries out tasks; for tests with the mark `qgis`."""

from __future__ import annotations

import json
import os
import select
import subprocess
from pathlib import Path
from typing import Any

from tests.strangers import POINTS

PYTHON = "/usr/bin/python3"
"""The Python that Debian's QGIS is for."""
SCRIPT = Path(__file__).parent / "qgis" / "layers.py"
Answer = dict[str, Any]

PATIENCE = 120.0
"""Seconds for one task."""


class Qgis:
    """A QGIS that runs tasks of `tests/qgis/layers.py`, one after another."""

    def __init__(self, home: Path) -> None:
        """In a home where no QGIS has ever run."""
        here = str(home)
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": here, "XDG_RUNTIME_DIR": here, "TMPDIR": here}
        with (home / "errors").open("w") as errors:
            self._process = subprocess.Popen(
                [PYTHON, str(SCRIPT)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def ask(self, **task: object) -> Answer:
        """The answer to a task, which is carried out."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps({"type_name": POINTS} | task), file=self._process.stdin, flush=True)
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        assert ready, "QGIS is not ready"
        answer: Answer = json.loads(self._process.stdout.readline())
        assert not answer.get("error"), answer
        return answer

    def end(self) -> None:
        """Ask it to end, then make it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
