"""The example registers running on this machine for as long as a context lasts: for the demo and for tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from simulator import keys
from simulator.authorisation import Clock
from simulator.dossiers import Sizes
from simulator.schematic import schematic_municipalities
from simulator.server import CLIENT_ID, TOKEN_PATH, app, utc_now

_START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Example:
    """Where the example registers are, and what a client needs to read them."""

    url: str
    token_url: str
    client_id: str
    client_key: Path
    municipalities: Path  # schematic polygons


@contextmanager
def running(folder: Path, *, seed: int = 1, clock: Clock = utc_now, sizes: Sizes | None = None, trouble: float = 0.1) -> Iterator[Example]:
    """Serve the example registers on a free port of this machine; keys and polygons are made in `folder`."""
    pair = keys.make(folder)
    polygons = folder / "schematic-municipalities.geojson"
    schematic_municipalities(polygons)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        token_url = f"{url}{TOKEN_PATH}"
        application = app(seed, keys.read_public(pair.public), clock, audience=token_url, sizes=sizes, trouble=trouble)
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _wait(server)
            yield Example(url, token_url, CLIENT_ID, pair.private, polygons)
        finally:
            server.should_exit = True
            thread.join(timeout=_START_SECONDS)


def _wait(server: uvicorn.Server) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > end:
            raise RuntimeError("the example registers did not start")
        time.sleep(0.02)
