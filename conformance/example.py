"""A server with the example registers, as the program's own jobs publish them."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import httpx

from simulator.registers import write_deliveries
from simulator.schematic import schematic_municipalities

FEATURE_TYPES = ("POI:POI", "LWKB:Woningkwaliteitsbeleid")
DOWNLOADS = {
    "POI:POI": "/downloads/POI/POI_GML.zip",
    "LWKB:Woningkwaliteitsbeleid": "/downloads/Woningkwaliteitsbeleid/Woningkwaliteitsbeleid_GML.zip",
}
_BRUSSELS = ZoneInfo("Europe/Brussels")
_PATIENCE = 120.0
_PAUSE = 0.1


@dataclass(frozen=True)
class Example:
    """A server at `url`, without a slash at the end; what is saved of it goes to `folder`."""

    url: str
    folder: Path

    @property
    def releases(self) -> Path:
        """The folder of the releases that it serves."""
        return self.folder / "home" / "releases"

    def save(self, path: str, name: str) -> Path:
        """Keep an answer as a file."""
        file = self.folder / name
        file.write_bytes(_get(self.url + path))
        return file

    def download(self, path: str) -> Path:
        """Fetch a zip, unpack it, and give its GML file."""
        folder = self.folder / Path(path).stem
        with zipfile.ZipFile(io.BytesIO(_get(self.url + path))) as archive:
            archive.extractall(folder)
        (file,) = folder.rglob("*.gml")
        return file


@contextmanager
def serving(folder: Path) -> Iterator[Example]:
    """Publish the example registers below a folder, and serve them on a free port of 127.0.0.1.

    As in production, because the catalogue of a test gives a harvester nothing (DESIGN decision 16). There the example registers are
    refused, so that they come from a folder, as real ones do.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VLOK_")}
    environment |= {"VLOK_HOME": str(folder / "home"), "VLOK_ENVIRONMENT": "production", "VLOK_PUBLIC_URL": url, **_source(folder)}
    _vlok(environment, folder / "publish.log", "publish")
    with (folder / "serve.log").open("wb") as log:
        command = [sys.executable, "-m", "cli", "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, cwd=_root(), stdout=log, stderr=log)
        try:
            _wait(server, f"{url}/readyz")
            yield Example(url, folder)
        finally:
            server.terminate()
            server.wait(timeout=_PATIENCE)


def _source(folder: Path) -> dict[str, str]:
    """The settings of a source with the example registers of today."""
    deliveries, municipalities = folder / "deliveries", folder / "municipalities.geojson"
    write_deliveries(deliveries, datetime.now(_BRUSSELS).date(), seed=1)
    schematic_municipalities(municipalities)
    return {"VLOK_SOURCE": f"folder:{deliveries}", "VLOK_MUNICIPALITIES": str(municipalities)}


def _vlok(environment: dict[str, str], log: Path, *arguments: str) -> None:
    with log.open("wb") as written:
        command = [sys.executable, "-m", "cli", *arguments]
        ended = subprocess.run(command, env=environment, cwd=_root(), stdout=written, stderr=written, check=False)
    if ended.returncode:
        raise click.ClickException(f"vlok {' '.join(arguments)} failed:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(address, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(_PAUSE)
    raise click.ClickException(f"the server never answered 200 to {address}")


def _get(address: str) -> bytes:
    return httpx.get(address, trust_env=False, timeout=_PATIENCE).raise_for_status().content


def _root() -> Path:
    return Path(__file__).parents[1]


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
