"""`vlok serve` as a process of its own, and the memory of its workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import httpx

from benchmarks.child import family

PATIENCE = 60.0
_PAUSE = 0.01


@dataclass(frozen=True)
class Server:
    """A server that was started on a free port; perhaps it does not answer yet."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """Where it answers, and what its links begin with."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self, path: str) -> None:
        """Ask until the answer is 200; raises `click.ClickException` when it never is."""
        until = time.monotonic() + PATIENCE
        with httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE) as client:
            while time.monotonic() < until and self.process.poll() is None:
                try:
                    if client.get(path).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(_PAUSE)
        raise click.ClickException(f"the server never answered 200 to {path}")

    def workers(self) -> list[int]:
        """The processes that answer: those that uvicorn spawned, or the server itself when it has none."""
        spawned = [pid for pid in family(self.process.pid) if b"spawn_main" in _command(pid)]
        return spawned or [self.process.pid]


@contextmanager
def serving(home: Path, day: date, *options: str) -> Iterator[Server]:
    """Start `vlok serve` over a home, on a fixed day; it ends with the context."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VLOK_")}
    environment |= {"VLOK_HOME": str(home.resolve()), "VLOK_CLOCK": day.isoformat(), "VLOK_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "cli", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[1], stderr=subprocess.DEVNULL)
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
