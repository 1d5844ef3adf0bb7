"""nginx as the mark to reach: it serves the bytes that we answered as a static file, from a folder of ours on a free port."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from benchmarks import wire
from benchmarks.server import free_port

PROGRAM = "nginx"
_PATIENCE = 10.0

# One process in the foreground, run by whoever runs the benchmarks; all that it writes is below its own folder.
_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    default_type application/octet-stream;
    client_body_temp_path {folder}/t1;
    proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4;
    scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def installed() -> bool:
    """Whether there is an nginx on this machine."""
    return shutil.which(PROGRAM) is not None


@contextmanager
def static(folder: Path) -> Iterator[int]:
    """Serve `<folder>/files`; gives the port. Raises `click.ClickException` when nginx does not start."""
    port, configuration = free_port(), folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder.resolve(), port=port), "utf-8")
    command = [PROGRAM, "-e", str(folder.resolve() / "errors"), "-p", str(folder.resolve()), "-c", str(configuration.resolve())]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            wire.connect(port).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise click.ClickException(f"{PROGRAM} did not start")
