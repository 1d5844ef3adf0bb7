"""Strangers read the running service over HTTP: OWSLib, and the programs of GDAL."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from owslib.wms import WebMapService
from PIL import Image
from starlette.applications import Starlette

from publish.shelf import Shelf
from publish.wms import WmsSettings, routes
from release.crs import CRS84, LAMBERT72, WEB_MERCATOR, WGS84, Crs
from tests.publish.wms.example import ALONE, CERTIFICATE, COLOURS, NOON, PRODUCTS_IN_ORDER, content, publish, xy
from tests.running import running

VERSIONS = ("1.3.0", "1.1.1")
versions = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = publish(tmp_path_factory.mktemp("foreign") / "releases", content())
    with running(lambda url: Starlette(routes=routes(Shelf(folder, lambda: NOON), WmsSettings(public_url=url)))) as url:
        yield f"{url}/wms"


def around(crs: Crs, reach: float) -> tuple[float, float, float, float]:
    """A box around the lonely certificate, x first."""
    x, y = xy(ALONE[CERTIFICATE], crs)
    return x - reach, y - reach, x + reach, y + reach


@versions
def test_owslib_reads_the_capabilities(address: str, version: str) -> None:
    service = WebMapService(address, version=version)
    assert service.identification.version == version
    assert list(service.contents) == ["POI", "Woningkwaliteitsbeleid", *PRODUCTS_IN_ORDER]
    layer = service["Woningkwaliteitsbeleid"]
    assert {"EPSG:31370", "EPSG:3812", "EPSG:4326", "EPSG:3857"} <= set(layer.crsOptions)
    assert layer.boundingBoxWGS84 == pytest.approx((2.53, 50.67, 5.92, 51.51))
    assert layer.queryable == 1 and set(layer.styles) == {"CAVERPL", "CAVERGOED"}
    assert layer.styles["CAVERPL"]["legend"].startswith(address)
    assert "image/png" in service.getOperationByName("GetMap").formatOptions


@versions
@pytest.mark.parametrize(
    ("name", "crs", "reach"), [("EPSG:31370", LAMBERT72, 500), ("EPSG:4326", WGS84, 0.005), ("EPSG:3857", WEB_MERCATOR, 800)]
)
def test_owslib_gets_maps_and_what_is_on_them(address: str, version: str, name: str, crs: Crs, reach: float) -> None:
    service = WebMapService(address, version=version)
    asked = {"layers": ["POI"], "styles": [""], "srs": name, "bbox": around(crs, reach), "size": (100, 100), "format": "image/png"}
    shown = np.asarray(Image.open(io.BytesIO(service.getmap(**asked, transparent=True).read())).convert("RGBA"))
    assert tuple(shown[50, 50]) == (*COLOURS[CERTIFICATE], 255) and shown[0, 0, 3] == 0
    found = service.getfeatureinfo(**asked, query_layers=["POI"], info_format="text/plain", xy=(50, 50)).read()
    assert f"{CERTIFICATE} 0".encode() in found


def run(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, ""), command
    return ended.stdout


@pytest.mark.gdal
@versions
def test_gdal_lists_the_layers(address: str, version: str) -> None:
    listed = run("gdalinfo", f"WMS:{address}?SERVICE=WMS&VERSION={version}&REQUEST=GetCapabilities")
    for name in ("POI", "Woningkwaliteitsbeleid", *PRODUCTS_IN_ORDER):
        assert f"LAYERS={name}" in listed


@pytest.mark.gdal
@versions
@pytest.mark.parametrize(("name", "crs", "reach"), [("EPSG:31370", LAMBERT72, 500), ("EPSG:4326", CRS84, 0.005)])
def test_gdal_gets_the_pixels(address: str, tmp_path: Path, version: str, name: str, crs: Crs, reach: float) -> None:
    west, south, east, north = around(crs, reach)
    # the driver takes the corners x first, and swaps them itself where the version wants it
    sides = {"UpperLeftX": west, "UpperLeftY": north, "LowerRightX": east, "LowerRightY": south}
    corners = "".join(f"<{side}>{value}</{side}>" for side, value in sides.items())
    order = "<BBoxOrder>yxYX</BBoxOrder>" if crs == CRS84 and version == "1.3.0" else ""
    keyword = "CRS" if version == "1.3.0" else "SRS"
    description = (
        f'<GDAL_WMS><Service name="WMS"><Version>{version}</Version><ServerUrl>{address}?</ServerUrl><{keyword}>{name}</{keyword}>'
        f"<ImageFormat>image/png</ImageFormat><Transparent>TRUE</Transparent><Layers>POI</Layers>{order}</Service>"
        f"<DataWindow>{corners}<SizeX>100</SizeX><SizeY>100</SizeY></DataWindow><Projection>{name}</Projection><BandsCount>4</BandsCount>"
        "</GDAL_WMS>"
    )
    target = tmp_path / "out.png"
    run("gdal_translate", "-q", "-of", "PNG", "--config", "GDAL_PAM_ENABLED", "NO", description, str(target))
    shown = np.asarray(Image.open(target))
    assert shown.shape == (100, 100, 4)
    assert tuple(shown[50, 50]) == (*COLOURS[CERTIFICATE], 255) and shown[0, 0, 3] == 0
