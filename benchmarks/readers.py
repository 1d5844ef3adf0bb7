"""Programs of others that read every feature from the running service: ogr2ogr, and QGIS without a screen."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from benchmarks.crowd import POINTS
from benchmarks.figures import ReaderFigures

OGR = "ogr2ogr to a GeoPackage"
QGIS, QGIS_OGR = "QGIS, from opening the layer to its last feature", "QGIS, the same through its OGR provider"
QGIS_PYTHON = "/usr/bin/python3"
"""The Python that Debian's `python3-qgis` is for."""

PATIENCE = 180.0
_SCRIPT = Path(__file__).parents[1] / "tests" / "qgis" / "layers.py"


@dataclass(frozen=True)
class Read:
    """Features that a program found, and seconds that it took."""

    features: int
    seconds: float


def measure(url: str, features: int, folder: Path) -> Iterator[ReaderFigures]:
    """Each reader that is installed; raises `click.ClickException` when one fails or does not find every feature."""
    for program, (there, read) in _READERS.items():
        if not there():
            continue
        used = _processor_time()
        found = read(url, folder)
        if found.features != features:
            raise click.ClickException(f"{program}: {found.features:,} features of {features:,}")
        yield ReaderFigures(program=program, features=features, seconds=found.seconds, cpu_seconds=_processor_time() - used)


def _ogr_there() -> bool:
    return shutil.which("ogr2ogr") is not None


def _ogr(url: str, folder: Path) -> Read:
    target, began = folder / "read.gpkg", time.perf_counter()
    _run(["ogr2ogr", "-f", "GPKG", "-nln", "read", str(target), f"WFS:{url}", POINTS], dict(os.environ))
    seconds = time.perf_counter() - began
    with closing(sqlite3.connect(target)) as database:
        (count,) = database.execute("SELECT count(*) FROM read").fetchone()
    target.unlink()
    return Read(count, seconds)


def _qgis_there() -> bool:
    return (
        Path(QGIS_PYTHON).exists()
        and not subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode
    )


def _qgis(url: str, folder: Path, provider: str = "WFS") -> Read:
    """QGIS has a home of its own, so that it knows nothing and leaves nothing; it times itself, without its start."""
    home = folder / "qgis"
    home.mkdir(mode=0o700)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "TMPDIR": str(home)}
    task = json.dumps({"url": url, "type_name": POINTS, "provider": provider, "rows": False})
    answer = json.loads(_run([QGIS_PYTHON, str(_SCRIPT)], environment, task))
    shutil.rmtree(home)
    if "error" in answer:
        raise click.ClickException(f"QGIS: {answer['error']}")
    return Read(answer["features"], answer["seconds"])


_READERS: dict[str, tuple[Callable[[], bool], Callable[[str, Path], Read]]] = {
    OGR: (_ogr_there, _ogr),
    QGIS: (_qgis_there, _qgis),
    QGIS_OGR: (_qgis_there, partial(_qgis, provider="ogr")),
}


def _run(command: list[str], environment: dict[str, str], typed: str = "") -> str:
    """What a program printed; raises `click.ClickException` when it fails or takes longer than `PATIENCE`."""
    try:
        ended = subprocess.run(command, env=environment, input=typed, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise click.ClickException(f"{command[0]} was not ready after {PATIENCE:.0f} s") from error
    if ended.returncode:
        raise click.ClickException(f"{command[0]} failed: {ended.stderr.strip()[-300:]}")
    return ended.stdout


def _processor_time() -> float:
    """Seconds of children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
