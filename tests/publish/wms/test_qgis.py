"""QGIS itself, without a screen, as a user has it: its WMS provider draws the layers and asks what is where."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from publish.shelf import Shelf
from publish.wms import WmsSettings, routes
from release.crs import CRS84, LAMBERT72, LAMBERT2008, WEB_MERCATOR, Crs
from tests.publish.wms.example import ALONE, CERTIFICATE, COLOURS, NOON, content, publish, xy
from tests.running import running

pytestmark = pytest.mark.qgis

PYTHON = "/usr/bin/python3"
"""The Python that Debian's QGIS is for."""
SCRIPT = Path(__file__).parents[2] / "qgis" / "maps.py"
SYSTEMS: dict[str, tuple[Crs, float]] = {
    "EPSG:31370": (LAMBERT72, 500),
    "EPSG:3812": (LAMBERT2008, 500),
    "EPSG:4326": (CRS84, 0.005),
    "EPSG:4258": (CRS84, 0.005),
    "CRS:84": (CRS84, 0.005),
    "EPSG:3857": (WEB_MERCATOR, 800),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = publish(tmp_path_factory.mktemp("qgis") / "releases", content())
    with running(lambda url: Starlette(routes=routes(Shelf(folder, lambda: NOON), WmsSettings(public_url=url)))) as url:
        yield f"{url}/wms"


def ask(home: Path, **task: object) -> tuple[dict[str, Any], np.ndarray]:
    """What QGIS, in a home where none has ever run, has found and drawn."""
    picture = home / "map.png"
    known = {"style": "", "format": "image/png", "layer": "POI", "info": "text/html", "picture": str(picture)}
    here = str(home)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": here, "XDG_RUNTIME_DIR": here, "TMPDIR": here}
    command = [PYTHON, str(SCRIPT), json.dumps(known | task)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    assert lines, ended.stderr
    found: dict[str, Any] = json.loads(lines[-1])
    assert not found.get("error"), found
    return found, np.asarray(Image.open(picture).convert("RGBA"))


@pytest.mark.parametrize("name", SYSTEMS)
def test_qgis_draws_a_point_where_it_is_in_every_crs(address: str, tmp_path: Path, name: str) -> None:
    crs, reach = SYSTEMS[name]
    x, y = xy(ALONE[CERTIFICATE], crs)
    found, shown = ask(tmp_path, url=address, crs=name, box=[x - reach, y - reach, x + reach, y + reach])
    rows, columns = np.nonzero((shown[:, :, :3] == COLOURS[CERTIFICATE]).all(axis=2))
    assert (columns.mean(), rows.mean()) == pytest.approx((50, 50), abs=1.5)
    assert shown[0, 0, 3] == 0
    assert f"{CERTIFICATE} 0" in "".join(found["found"])


@pytest.mark.parametrize("info", ["text/plain", "application/vnd.ogc.gml"])
def test_qgis_reads_what_it_asks_for(address: str, tmp_path: Path, info: str) -> None:
    x, y = ALONE[CERTIFICATE]
    found, _ = ask(tmp_path, url=address, crs="EPSG:31370", box=[x - 500, y - 500, x + 500, y + 500], info=info)
    assert f"{CERTIFICATE} 0" in "".join(found["found"])


def test_qgis_draws_areas_in_a_style(address: str, tmp_path: Path) -> None:
    task = {"layer": "Woningkwaliteitsbeleid", "style": "CAVERPL", "box": [195_000, 175_000, 215_000, 195_000], "format": "image/png8"}
    found, shown = ask(tmp_path, url=address, crs="EPSG:31370", **task)
    assert np.abs(shown[35, 35, :3].astype(int) - (0x1F, 0x4E, 0x8C)).max() < 12
    assert "Eiland" in "".join(found["found"]) and found["legend"]
