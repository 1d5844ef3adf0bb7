"""Runs a measured program as a process of its own, and watches the memory of it and its children from outside."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click

from benchmarks.figures import Phase, Run
from benchmarks.timeline import END, Journal, Switch

START = "start"
"""The phase before the program's own: Python and its imports."""

_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Sample:
    """Bytes of anonymous memory of a process and its children at a moment of the monotonic clock."""

    at: float
    anonymous: int


@dataclass(frozen=True)
class Ended:
    """A program that ended well."""

    run: Run
    journal: Journal


def run(program: str, *arguments: str) -> Ended:
    """Run `benchmarks.<program>.main` to its end; raises `click.ClickException` when it fails."""
    # Not `-m`: processes that the program spawns would load its module, and all that it imports, once more.
    code = f"import sys; from benchmarks import {program}; sys.exit({program}.main())"
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.json"
        begin = time.monotonic()
        process = subprocess.Popen([sys.executable, "-c", code, str(journal), *arguments], cwd=Path(__file__).parents[1])
        samples = list(_watch(process))
        if process.returncode:
            raise click.ClickException(f"the measured program {program} failed with exit status {process.returncode}")
        read = Journal.model_validate_json(journal.read_bytes())
    return Ended(summary(begin, read, samples), read)


def _watch(process: subprocess.Popen[bytes]) -> Iterator[Sample]:
    while process.poll() is None:
        yield Sample(time.monotonic(), sum(map(_anonymous, family(process.pid))))
        time.sleep(_PAUSE)


def family(pid: int) -> Iterator[int]:
    """A process and its descendants; those that end meanwhile are left out."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from family(int(child))
    except OSError:
        return


def _anonymous(pid: int) -> int:
    """Bytes that only memory holds: pages of mapped files are the system's to drop."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon:")), 0)


def summary(begin: float, journal: Journal, samples: Sequence[Sample]) -> Run:
    """What the journal of a program that was started at `begin`, and the samples of its memory, say together."""
    switches = (Switch(at=begin, cpu=0, phase=START), *journal.switches)
    phases = tuple(_phases(switches, samples))
    return Run(
        phases=phases,
        seconds=switches[-1].at - begin,
        cpu_seconds=switches[-1].cpu,
        anonymous=max(phase.anonymous for phase in phases),
        resident=journal.resident,
    )


def _phases(switches: Sequence[Switch], samples: Sequence[Sample]) -> Iterator[Phase]:
    """Each phase once, in order of its first moment."""
    names = dict.fromkeys(switch.phase for switch in switches if switch.phase != END)
    intervals = list(pairwise(switches))
    for name in names:
        own = [(first, last) for first, last in intervals if first.phase == name]
        yield Phase(
            name=name,
            seconds=sum(last.at - first.at for first, last in own),
            cpu_seconds=sum(last.cpu - first.cpu for first, last in own),
            anonymous=_peak(own, samples),
        )


def _peak(intervals: Sequence[tuple[Switch, Switch]], samples: Sequence[Sample]) -> int:
    """The most memory seen in these intervals; both are in order of time."""
    remaining, peak = iter(samples), 0
    sample = next(remaining, None)
    for first, last in intervals:
        while sample is not None and sample.at < last.at:
            if sample.at >= first.at:
                peak = max(peak, sample.anonymous)
            sample = next(remaining, None)
    return peak
