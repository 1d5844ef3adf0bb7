"""From `vlok serve` to its first answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx

from benchmarks.figures import StartFigures
from benchmarks.stand import DAY, Stand

TIMES = 3
_PATIENCE = 60.0
_PAUSE = 0.01
_WFS = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=POI:POI&resultType=hits"
_OGCAPI = "/ogc/features/v1/collections/POI/items?f=json&limit=10"


def measure(stand: Stand) -> Iterator[StartFigures]:
    """Start the server of a stand that has published, a few times over."""
    for _ in range(TIMES):
        yield _once(stand)


def _once(stand: Stand) -> StartFigures:
    port = _free_port()
    began = time.monotonic()
    with _server(stand, port) as server, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=_PATIENCE) as client:
        times = []
        for path in ("/healthz", _WFS, _OGCAPI):
            _wait(server, client, path, began + _PATIENCE)
            times.append(time.monotonic() - began)
    return StartFigures(healthz=times[0], wfs=times[1], ogcapi=times[2])


@contextmanager
def _server(stand: Stand, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VLOK_")}
    environment |= {"VLOK_HOME": str(stand.home.resolve()), "VLOK_CLOCK": DAY.isoformat()}
    command = [sys.executable, "-m", "cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[1], stderr=subprocess.DEVNULL)
    try:
        yield server
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE)


def _wait(server: subprocess.Popen[bytes], client: httpx.Client, path: str, until: float) -> None:
    """Ask until the answer is 200."""
    while time.monotonic() < until and server.poll() is None:
        try:
            if client.get(path).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(_PAUSE)
    raise click.ClickException(f"the server never answered 200 to {path}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
