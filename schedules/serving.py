"""Start the server, and beside it the jobs as a child process with an environment of its own."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import uvicorn

from exports.formats import made_for
from release.errors import BrokenRelease, NoRelease
from release.pointer import Pointer
from release.reader import Release
from schedules.protocol import BoundedProtocol

PRIVATE = (
    "VLOK_SOURCE",
    "VLOK_DATABASE_URL",
    "VLOK_SECRET_FILE",
    "VLOK_CLIENT_ID",
    "VLOK_CLIENT_KEY_FILE",
    "VLOK_TOKEN_URL",
    "VLOK_POSTGIS_URL",
    "VLOK_WEBHOOKS",
    "VLOK_WEBHOOK_SECRET_FILE",
)
"""Settings that a serving process never has (DESIGN: the house)."""


def over(releases: Path, today: date) -> str | None:
    """What to tell an operator who serves a release whose day is over, or none at all."""
    try:
        current = Release.open(Pointer(releases).folder())
        if today <= current.days[-1]:
            return None
    except (NoRelease, BrokenRelease) as error:  # the next job makes another
        return str(error)
    return f"the release is of {current.days[-1]}: files answer 503 until you run: vlok run purge"


def made_elsewhere(releases: Path, public_url: str, environment: str) -> str | None:
    """What to tell who serves files and a catalogue that were made for another address, or of which TEST says otherwise (DESIGN 16)."""
    try:
        current = Release.open(Pointer(releases).folder())
    except (NoRelease, BrokenRelease):  # then nothing is served
        return None
    if all(current.edition(day).software.endswith(made_for(public_url, environment)) for day in current.days):
        return None
    return "the files and the catalogue were made with another VLOK_PUBLIC_URL or VLOK_ENVIRONMENT; to make them again: vlok run purge"


def serve(host: str, port: int, workers: int, *, with_jobs: bool) -> None:
    """Serve until a signal; with jobs, they run beside it and end with it."""
    environment = dict(os.environ)
    for name in PRIVATE:
        os.environ.pop(name, None)
    if with_jobs:
        with jobs_beside(environment):
            _serve(host, port, workers)
    else:
        _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    _few_arenas()
    uvicorn.run(
        "publish.app:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,  # CONTRACT C: our own log holds operation, product, status, bytes and duration only
        server_header=False,
        proxy_headers=False,
        http=BoundedProtocol,
        ws="none",
        log_level="warning",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=30,  # a client that reads slowly does not keep a server from ending
    )


def _few_arenas() -> None:
    """Have threads share two heaps: with one for each, glibc keeps half as much memory again for 40 clients (measured).

    Workers that are started afterwards read it from their environment. Other C libraries have no such call.
    """
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, int(os.environ["MALLOC_ARENA_MAX"]) if os.environ["MALLOC_ARENA_MAX"].isdecimal() else 2)


_M_ARENA_MAX = -8
"""The parameter of mallopt(3)."""


@contextmanager
def jobs_beside(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The runner as a child process; it is asked to end, then made to."""
    child = subprocess.Popen([sys.executable, "-m", "cli", "jobs"], env=dict(environment))
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
