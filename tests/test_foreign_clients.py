"""GDAL's own programs as a stranger: they read the services and the files that we publish, and count what we count."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from publish.app import ServeSettings, create_app
from release import layout
from tests.etl.deliveries import DAY, World, noon, start

pytestmark = pytest.mark.gdal

FILES = {
    "GML": "GML/{}.gml",
    "Shapefile": "Shapefile/{}.shp",
    "CSV": "CSV/{}.csv",
    "GeoPackage": "GeoPackage/{}.gpkg",
    "FlatGeobuf": "FlatGeobuf/{}.fgb",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Every register, published with its files."""
    begun = start(tmp_path_factory.mktemp("gdal"))
    whole = World(begun.folder, whole=True)
    whole.run(DAY, "purge")
    return whole


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """A real server on the day of the release."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(ServeSettings(world.home / "releases", url), clock=lambda: noon(DAY))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield url
        server.should_exit = True
        thread.join(timeout=10)


def ogrinfo(*arguments: str) -> str:
    """What `ogrinfo` says; it must end well."""
    return subprocess.run(["ogrinfo", "-ro", "-so", *arguments], check=True, capture_output=True, text=True, timeout=120).stdout


def count(text: str) -> int:
    found = re.search(r"Feature Count: (\d+)", text)
    assert found is not None, text
    return int(found[1])


def published(world: World, product: str) -> tuple[int, int]:
    """Public and located objects, by the manifest."""
    entry = world.release().edition(DAY).products[product]
    return entry.public, entry.located


@pytest.mark.parametrize(("layer", "product"), [("POI:POI", "POI"), ("LWKB:Woningkwaliteitsbeleid", "Woningkwaliteitsbeleid")])
def test_gdal_counts_in_the_wfs_what_the_manifest_counts(world: World, address: str, layer: str, product: str) -> None:
    text = ogrinfo(f"WFS:{address}/wfs", layer)
    assert count(text) == published(world, product)[0]
    assert "Belg" in text  # Lambert 72


def test_gdal_pushes_a_filter_on_the_product(world: World, address: str) -> None:
    text = ogrinfo(f"WFS:{address}/POI/wfs", "POI:POI", "-where", "PRODUCT = 'Conformiteitsattest'")
    assert count(text) == published(world, "Conformiteitsattest")[0]


def test_gdal_counts_in_the_ogc_api_what_the_manifest_counts(world: World, address: str) -> None:
    text = ogrinfo(f"OAPIF:{address}/ogc/features/v1", "RegisterHerstelvorderingen")
    assert count(text) == published(world, "RegisterHerstelvorderingen")[0]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("product", ["POI", "Conformiteitsattest", "RegisterHerstelvorderingen"])
def test_gdal_reads_every_object_from_the_files(world: World, product: str, name: str) -> None:
    folder: Path = layout.downloads_folder(world.release().folder, DAY)
    path = f"/vsizip/{folder}/{product}/{product}_{name}.zip/{FILES[name].format(product)}"
    public, located = published(world, product)
    layers = {"GML": "POI", "Shapefile": product, "CSV": product, "GeoPackage": product, "FlatGeobuf": product}
    assert count(ogrinfo(path, layers[name])) == (located if name == "FlatGeobuf" else public)
