"""`vlok serve` with two workers over as many points as certificates were delivered: whole products, boxes, pages, memory, strangers."""

from __future__ import annotations

import socket
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx

from benchmarks import answers, crowd, memory, nginx, readers, wire
from benchmarks.figures import MemoryFigures, ServingFigures, WholeFigures
from benchmarks.server import PATIENCE, Server, serving
from benchmarks.stand import DAY, Stand
from release.pointer import Pointer
from release.reader import Release

WORKERS = 2
TRANSFERS = 7
STREAMS = 4
SECONDS = 10.0
"""For how long slow readers stream."""

_PACE = 0.01
_PIECE = 1 << 19


def measure(stand: Stand) -> ServingFigures:
    """Serve the crowd that stands on a stand, and ask."""
    home = stand.folder / "serving"
    crowd.seal(stand.release(), DAY, stand.records, home / "releases")
    release = Release.open(Pointer(home / "releases").folder())
    whole = f"{answers.FEATURES}&COUNT={stand.records}"
    with serving(home, DAY, "--workers", str(WORKERS)) as server, tempfile.TemporaryDirectory(dir=stand.folder) as work:
        _warm(server, whole)
        small = tuple(answers.answers(server.port, release))
        loads = tuple(answers.loads(server.port, release))
        product = _whole(server, whole, stand.records, Path(work))
        at_rest = memory.largest(server.workers())
        streaming = _stream(server, whole)
        strangers = tuple(readers.measure(f"{server.url}/wfs", stand.records, Path(work)))
    return ServingFigures(
        points=stand.records,
        workers=WORKERS,
        whole=product,
        loads=loads,
        answers=small,
        at_rest=at_rest,
        streaming=streaming,
        readers=strangers,
    )


def _warm(server: Server, whole: str) -> None:
    """Every worker has answered: connections go to any of them."""
    server.wait(answers.HITS)
    for _ in range(4 * WORKERS):
        wire.fetch(server.port, answers.HITS)
        wire.fetch(server.port, f"{answers.FEATURES}&COUNT=10")
    wire.fetch(server.port, whole)


def _whole(server: Server, path: str, points: int, work: Path) -> WholeFigures:
    """Plain and beside nginx in turns, then with gzip."""
    files = work / "files"
    files.mkdir()
    body = _save(server, path, files / "product.gml")
    ours, static = [], []
    if nginx.installed():
        with nginx.static(work) as port:
            for _ in range(TRANSFERS):
                static.append(wire.fetch(port, "/product.gml").seconds)
                ours.append(wire.fetch(server.port, path).seconds)
    else:
        ours = [wire.fetch(server.port, path).seconds for _ in range(TRANSFERS)]
    squeezed = [wire.fetch(server.port, path, "Accept-Encoding: gzip") for _ in range(TRANSFERS)]
    return WholeFigures(
        features=points,
        bytes=body,
        seconds=median(ours),
        static=median(static) if static else None,
        gzip_bytes=squeezed[0].bytes,
        gzip_seconds=median(transfer.seconds for transfer in squeezed),
    )


def _save(server: Server, path: str, file: Path) -> int:
    """The body of an answer as a file, for nginx; gives its size."""
    identity = {"Accept-Encoding": "identity"}
    with file.open("wb") as out, httpx.stream("GET", server.url + path, headers=identity, trust_env=False, timeout=PATIENCE) as answer:
        answer.raise_for_status()
        for piece in answer.iter_raw():
            out.write(piece)
    return file.stat().st_size


def _stream(server: Server, path: str) -> MemoryFigures:
    """What the largest worker holds while several slow readers take the whole product at once."""
    asked = wire.request(path, "Connection: close")
    with memory.watched(server.workers()) as seen:
        streams = [wire.connect(server.port) for _ in range(STREAMS)]
        for stream in streams:
            stream.sendall(asked)
        until = time.monotonic() + SECONDS
        while streams and time.monotonic() < until:
            streams = [stream for stream in streams if _read(stream)]
            time.sleep(_PACE)
        for stream in streams:
            stream.close()
    return seen[0]


def _read(stream: socket.socket) -> bool:
    """Whether there is more to come."""
    if stream.recv(_PIECE):
        return True
    stream.close()
    return False
