"""The configuration file, and a plain pygeoapi that runs on it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publish.ogcapi.collections import collections
from publish.ogcapi.config import config_text, pygeoapi_config, yaml_text
from release.schema import FeatureType, Geometry, Schema
from tests.publish.example import ATTEST, SCHEMA, content, dataset, field, product, publish, text

yaml = pytest.importorskip("yaml")

PLAIN = """
import json, os, sys
from pathlib import Path
folder = Path(sys.argv[1])
os.environ["PYGEOAPI_CONFIG"] = str(folder / "pygeoapi-config.yml")
os.environ["PYGEOAPI_OPENAPI"] = str(folder / "openapi.yml")
from pygeoapi.openapi import generate_openapi_document
(folder / "openapi.yml").write_text(generate_openapi_document(folder / "pygeoapi-config.yml", "yaml"))
from pygeoapi.flask_app import APP
client = APP.test_client()
for path in sys.argv[2:]:
    answer = client.get(path)
    print(json.dumps([path, answer.status_code, answer.get_data(as_text=True)]))
"""


def test_the_file_says_what_the_configuration_says() -> None:
    config = pygeoapi_config(SCHEMA, "http://127.0.0.1:5000", Path("var/releases"))
    written = config_text(SCHEMA)
    assert yaml.safe_load(written) == config
    assert written.startswith("# Generated")


def test_the_configuration_is_what_pygeoapi_accepts() -> None:
    from pygeoapi.config import validate_config

    assert validate_config(pygeoapi_config(SCHEMA, "http://127.0.0.1:5000", Path("var/releases")))


def test_a_fifth_dataset_is_a_collection_by_its_schema_alone() -> None:
    vacancy = FeatureType(
        prefix="LEEG",
        name="Leegstand",
        namespace="https://example.org/LEEG",
        title=text("Leegstand"),
        abstract=text("Leegstaande woningen"),
        geometry=Geometry.POINT,
        fields=(field("STRAAT"),),
    )
    more = Schema(
        feature_types=(*SCHEMA.feature_types, vacancy),
        products=(*SCHEMA.products, product("Leegstandsregister", vacancy, ("leegstand",))),
        datasets=(*SCHEMA.datasets, dataset("leegstand")),
        words=SCHEMA.words,
    )
    assert set(collections(more)) - set(collections(SCHEMA)) == {"Leegstand"}
    assert "Leegstand" in pygeoapi_config(more, "http://127.0.0.1:5000", Path("var/releases"))["resources"]


def test_outside_production_the_configuration_says_test() -> None:
    title = pygeoapi_config(SCHEMA, "u", Path("r"))["metadata"]["identification"]["title"]["nl-BE"]
    assert title.startswith("TEST")
    real = yaml_text(pygeoapi_config(SCHEMA, "u", Path("r"), test=False))
    assert "TEST" not in real


def test_a_plain_pygeoapi_serves_the_release_of_today(root: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    publish(releases, content(peildatum=datetime.now(UTC).date()), datetime.now(UTC).date())
    (tmp_path / "pygeoapi-config.yml").write_text(yaml_text(pygeoapi_config(SCHEMA, "http://localhost:5000", releases)), "utf-8")
    (tmp_path / "plain.py").write_text(PLAIN, "utf-8")
    lambert = "http://www.opengis.net/def/crs/EPSG/0/31370"
    asked = {
        "all": "/collections/POI/items?f=json&limit=3",
        "product": f"/collections/POI/items?f=json&PRODUCT={ATTEST}&sortby=-OIDN&properties=OIDN&skipGeometry=true",
        "box": f"/collections/{ATTEST}/items?f=json&bbox=3.70,51.04,3.72,51.05&crs={lambert}",
        "hits": "/collections/POI/items?f=json&resulttype=hits",
        "one": "/collections/POI/items/POI.101?f=json",
        "none": "/collections/POI/items/POI.999?f=json",
        "filter": "/collections/POI/items?f=json&filter=OIDN%3D101",
        "unfit": "/collections/POI/items?f=json&OIDN=x",
        "table": "/collections/WoningkwaliteitsbeleidRegels/items?f=json",
        "queryables": "/collections/POI/queryables?f=json",
        "html": "/collections/POI/items?f=html",
        "landing": "/?f=html",
        "collection": "/collections/POI?f=html",
        "claim": "/collections/POI/items/POI.106?f=html",
        "alone": "/collections/POI/items?f=html&OIDN=106",
    }
    command = [sys.executable, "-W", "ignore", str(tmp_path / "plain.py"), str(tmp_path), *asked.values()]
    result = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root), "PATH": ""}, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    answers = {path: (status, body) for path, status, body in map(json.loads, result.stdout.splitlines())}
    status = {name: answers[path][0] for name, path in asked.items()}
    body = {name: json.loads(answers[path][1]) for name, path in asked.items() if "f=json" in path}
    refused = {"none": 404, "filter": 400, "unfit": 400}
    assert status == {name: refused.get(name, 200) for name in asked}
    assert (body["all"]["numberMatched"], body["all"]["numberReturned"]) == (body["hits"]["numberMatched"], 3)
    assert body["hits"]["features"] == []
    assert body["product"]["features"][0]["properties"] == {"OIDN": max(f["properties"]["OIDN"] for f in body["product"]["features"])}
    assert [feature["geometry"]["coordinates"] for feature in body["box"]["features"]] == [[104000.25, 193000.5], [104100.0, 193100.0]]
    assert body["one"]["geometry"]["coordinates"] == pytest.approx([3.7128, 51.0453], abs=0.001)
    assert len(body["table"]["features"]) == 2
    assert body["queryables"]["properties"]["OIDN"]["type"] == "integer"
    assert "Molenweg" not in answers[asked["claim"]][1] + answers[asked["alone"]][1]  # no page for each claim
    assert "Molenweg" in answers[asked["html"]][1]
    for name in ("html", "landing", "collection"):
        page = answers[asked[name]][1]
        assert "<script" not in page
        assert "unpkg" not in page
        assert "TEST" in page or name != "landing"
