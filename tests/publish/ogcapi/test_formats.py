"""Features in every format: the same ones, framed as the format wants, and compressed as the client likes."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
import shapely
from lxml import etree
from starlette.testclient import TestClient

from publish.ogcapi.features import Criteria, geojson, objects, page
from publish.shelf import Edition, Shelf
from release import layout
from release.crs import SERVED, CrsRef
from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, POI, PUBLIC_URL, Clock, content, publish
from tests.publish.wfs.schemas import application, require_valid

COLLECTIONS = "/ogc/features/v1/collections"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
GML = "{http://www.opengis.net/gml/3.2}"
EVERY = ["POI", ATTEST, "Woningkwaliteitsbeleid", "WoningkwaliteitsbeleidRegels"]


def names(client: TestClient, collection: str, query: str = "") -> list[str]:
    document = client.get(f"{COLLECTIONS}/{collection}/items?f=json{query}").json()
    return [feature["id"] for feature in document["features"]]


def members(document: etree._Element) -> list[etree._Element]:
    return [member[0] for member in document.findall("{*}member")]


@pytest.mark.parametrize(
    ("collection", "query"),
    [*((name, "") for name in EVERY), *((name, f"&crs={EPSG}{code}") for name in EVERY[:-1] for code in (31370, 4326))],
)
def test_gml_holds_the_features_and_fits_the_schema_that_it_names(client: TestClient, collection: str, query: str, tmp_path: Path) -> None:
    answer = client.get(f"{COLLECTIONS}/{collection}/items?f=gml{query}")
    assert answer.headers["Content-Type"] == "application/gml+xml; version=3.2"
    root = etree.fromstring(answer.content)
    features = members(root)
    assert [feature.get(f"{GML}id") for feature in features] == names(client, collection)
    assert root.get("numberMatched") == root.get("numberReturned") == str(len(features))
    _, _, _, location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
    described = client.get(location.removeprefix(PUBLIC_URL))
    assert described.headers["Content-Type"] == "application/xml"
    schema = application(described.content, tmp_path)
    for feature in features:
        require_valid(schema, feature)


@pytest.mark.parametrize(
    ("crs", "name", "position"),
    [
        ("", "urn:ogc:def:crs:OGC:1.3:CRS84", [3.7128, 51.0453]),
        (f"&crs={EPSG}31370", "urn:ogc:def:crs:EPSG::31370", [104000.25, 193000.5]),
        (f"&crs={EPSG}4326", "urn:ogc:def:crs:EPSG::4326", [51.0453, 3.7128]),
    ],
)
def test_gml_is_in_the_crs_and_axis_order_that_are_asked_for(client: TestClient, crs: str, name: str, position: list[float]) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items?f=gml&OIDN=101{crs}")
    (point,) = etree.fromstring(answer.content).iter(f"{GML}Point")
    assert point.get("srsName") == name
    assert [float(number) for number in point.findtext(f"{GML}pos", "").split()] == pytest.approx(position, abs=0.0001)
    assert answer.headers["Content-Crs"].rpartition("/")[2].strip(">") == name.rpartition(":")[2]


def test_one_feature_in_gml_is_the_root_of_its_document(client: TestClient, tmp_path: Path) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items/POI.101?f=gml")
    root = etree.fromstring(answer.content)
    assert (root.tag, root.get(f"{GML}id")) == (f"{{{POI.namespace}}}POI", "POI.101")
    described = client.get(f"{COLLECTIONS}/POI/schema?f=xsd").content
    application(described, tmp_path).assertValid(root)


@pytest.mark.parametrize("properties", ["GEMEENTE", "geometry"])
def test_gml_of_some_properties_names_no_schema_of_all_of_them(client: TestClient, properties: str) -> None:
    root = etree.fromstring(client.get(f"{COLLECTIONS}/POI/items?f=gml&properties={properties}").content)
    assert len(members(root)) == 6
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
    assert location == ["http://www.opengis.net/wfs/2.0", "http://schemas.opengis.net/wfs/2.0/wfs.xsd"]


@pytest.mark.parametrize("f", ["json", "gml", "csv", "html", "fgb"])
def test_every_format_may_hold_the_geometry_alone(client: TestClient, f: str) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items?f={f}&properties=geometry")
    assert (answer.status_code, answer.headers["OGC-NumberReturned"]) == (200, "6")


def test_gml_says_where_its_next_page_is(client: TestClient) -> None:
    root = etree.fromstring(client.get(f"{COLLECTIONS}/POI/items?f=gml&limit=4").content)
    following = etree.fromstring(client.get(root.get("next", "").removeprefix(PUBLIC_URL)).content)
    assert [feature.get(f"{GML}id") for feature in members(following)] == ["POI.105", "POI.106"]
    assert following.get("previous", "").startswith(PUBLIC_URL)


@pytest.mark.parametrize("collection", EVERY)
def test_flatgeobuf_holds_every_object_also_one_without_a_position(client: TestClient, collection: str, tmp_path: Path) -> None:
    answer = client.get(f"{COLLECTIONS}/{collection}/items?f=fgb")
    assert answer.headers["Content-Type"] == "application/flatgeobuf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{collection}.fgb"'
    (tmp_path / "page.fgb").write_bytes(answer.content)
    _, _, geometry, columns = pyogrio.raw.read(tmp_path / "page.fgb")
    json = client.get(f"{COLLECTIONS}/{collection}/items").json()["features"]
    assert len(columns[0]) == len(json) == int(answer.headers["OGC-NumberReturned"])
    shapes = [None] * len(json) if geometry is None else shapely.from_wkb(geometry)
    for feature, shape in zip(json, shapes, strict=True):
        assert (feature["geometry"] is None) == (shape is None)
        if shape is not None:
            assert shape.equals_exact(shapely.geometry.shape(feature["geometry"]), 1e-6)


def test_flatgeobuf_is_in_the_crs_that_is_asked_for(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "page.fgb").write_bytes(client.get(f"{COLLECTIONS}/POI/items?f=fgb&OIDN=101&crs={EPSG}31370").content)
    meta, _, geometry, _ = pyogrio.raw.read(tmp_path / "page.fgb")
    assert meta["crs"] == "EPSG:31370"
    assert shapely.from_wkb(geometry)[0].equals(shapely.Point(104000.25, 193000.5))


def test_csv_has_the_columns_that_are_asked_for(client: TestClient) -> None:
    text = client.get(f"{COLLECTIONS}/{ATTEST}/items?f=csv&properties=OIDN,GEMEENTE&skipGeometry=true").text
    assert next(iter(csv.DictReader(io.StringIO(text)))) == {"OIDN": "101", "GEMEENTE": "Gent"}
    text = client.get(f"{COLLECTIONS}/{ATTEST}/items?f=csv&properties=OIDN&crs={EPSG}31370").text
    assert text.splitlines()[0] == "OIDN,X_L72,Y_L72,LON,LAT"


@pytest.mark.parametrize("format_", ["json", "gml", "csv"])
def test_an_answer_is_compressed_as_the_client_likes(client: TestClient, format_: str) -> None:
    address = f"{COLLECTIONS}/POI/items?f={format_}"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for coding, unpacked in (("gzip", gzip.decompress), ("zstd", _unzstd)):
        with client.stream("GET", address, headers={"Accept-Encoding": coding}) as answer:
            body = b"".join(answer.iter_raw())
        assert answer.headers["Content-Encoding"] == coding
        assert unpacked(body) == plain.content
        assert answer.headers["ETag"] != plain.headers["ETag"]


def _unzstd(body: bytes) -> bytes:
    return pa.CompressedInputStream(pa.BufferReader(body), "zstd").read()


def test_head_gives_the_headers_without_the_body(client: TestClient) -> None:
    full, head = (client.request(method, f"{COLLECTIONS}/POI/items") for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Length", "OGC-NumberMatched", "Link"):
        assert head.headers[name] == full.headers[name]


@pytest.mark.parametrize("accept", ["application/gml+xml;version=3.2", "application/flatgeobuf", "text/csv", "application/geo+json"])
def test_the_format_can_be_asked_for_by_media_type(client: TestClient, accept: str) -> None:
    answer = client.get(f"{COLLECTIONS}/POI/items", headers={"Accept": accept})
    assert answer.headers["Content-Type"].replace(" ", "").startswith(accept)


def test_a_release_from_before_there_were_fragments_in_degrees_gives_the_same(tmp_path: Path, clock: Clock) -> None:
    publish(tmp_path, content())
    before = [client_of(tmp_path, clock).get(f"{COLLECTIONS}/{name}/items").content for name in EVERY]
    for folder in tmp_path.iterdir():
        for path in folder.glob("tables/*/geojson84.*"):
            path.unlink()
    assert [client_of(tmp_path, clock).get(f"{COLLECTIONS}/{name}/items").content for name in EVERY] == before


def test_what_is_copied_is_what_would_be_made(releases: Path, clock: Clock) -> None:
    """In every CRS the fragments that are copied say what a fresh encoding of the stored coordinates says."""
    view = Shelf(releases, clock).view()
    for collection in _collections(view):
        for crs in collection.crs:
            wanted = Criteria(crs=CrsRef(crs, crs.url, crs.lat_lon))
            whole = objects(geojson(page(Edition(view), collection, wanted), wanted))
            every = Criteria(crs=wanted.crs, properties=collection.names)
            assert objects(geojson(page(Edition(view), collection, every), every)) == whole, crs
    assert layout.table_folder(view.release.folder, "POI:POI").joinpath("geojson84.bin").exists()
    assert len(SERVED) == 6


def _collections(view):
    from publish.ogcapi.collections import collections

    return collections(view.release.schema).values()
