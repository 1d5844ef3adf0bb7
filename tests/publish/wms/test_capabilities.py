"""Capabilities of both versions: valid, true, and made from public_url alone."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree
from PIL import Image

from publish.wms.extent import flanders
from release.crs import CRS84, LAMBERT72, SERVED
from tests import ogc_schemas
from tests.publish.wfs import example
from tests.publish.wms.conftest import PUBLIC_URL, Client
from tests.publish.wms.example import PRODUCTS_IN_ORDER, SCHEMA, publish

XLINK = "{http://www.w3.org/1999/xlink}href"
VERSIONS = ["1.3.0", "1.1.1"]
versions = pytest.mark.parametrize("version", VERSIONS)


def texts(root: etree._Element, path: str) -> list[str]:
    """By names without namespaces."""
    steps = "/".join("*" if step == "*" else f"*[local-name()='{step}']" for step in path.split("/"))
    return [element.text or "" for element in root.xpath(f"//{steps}")]


def test_they_are_valid_by_the_official_schema(client: Client, tmp_path: Path) -> None:
    folder = ogc_schemas.unpacked(tmp_path)
    schema = etree.XMLSchema(etree.parse(folder / "wms" / "1.3.0" / "capabilities_1_3_0.xsd"))
    schema.assertValid(client.capabilities().xml())


def test_they_are_valid_by_the_official_document_type(client: Client) -> None:
    rules = etree.DTD(io.BytesIO(ogc_schemas.document("wms/1.1.1/capabilities_1_1_1.dtd")))
    document = etree.fromstring(client.capabilities("1.1.1").body).getroottree()
    assert rules.validate(document), rules.error_log
    assert document.docinfo.system_url == "http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "1.3.0"),
        ("1.3.0", "1.3.0"),
        ("1.1.1", "1.1.1"),
        ("1.1.0", "1.1.1"),
        ("1.0.0", "1.1.1"),
        ("0.0.0", "1.1.1"),
        ("1.2.0", "1.1.1"),
        ("1.3.1", "1.3.0"),
        ("100.0.0", "1.3.0"),
    ],
)
def test_versions_are_negotiated(client: Client, asked: str | None, given: str) -> None:
    """WMS 1.3.0 §6.2.4."""
    for keyword in ("VERSION", "WMTVER"):
        reply = client.get(SERVICE="WMS", REQUEST="GetCapabilities", **{keyword: asked})
        assert reply.xml().get("version") == given
        assert reply.media_type == ("text/xml; charset=utf-8" if given == "1.3.0" else "application/vnd.ogc.wms_xml")
    assert client.get(service="wms", ReQuEsT="capabilities", version=asked).xml().get("version") == given


def test_version_goes_before_wmtver_in_any_order(client: Client) -> None:
    for other in ("0.0.0", "100.0.0"):
        for query in (f"VERSION=1.1.1&WMTVER={other}", f"WMTVER={other}&VERSION=1.1.1"):
            assert client.get(f"SERVICE=WMS&REQUEST=GetCapabilities&{query}").xml().get("version") == "1.1.1"


@versions
def test_every_address_is_below_the_public_one(client: Client, version: str) -> None:
    root = client.capabilities(version).xml()
    addresses = [element.get(XLINK) for element in root.iter() if element.get(XLINK)]
    assert len(addresses) > 20
    assert all(address.startswith(PUBLIC_URL) for address in addresses)
    operations = root.xpath("//*[local-name()='Get']/*[local-name()='OnlineResource']")
    assert {element.get(XLINK) for element in operations} == {f"{PUBLIC_URL}/wms?"}


@versions
def test_each_theme_has_an_address_with_its_layers(client: Client, version: str) -> None:
    everything = ["POI", "Woningkwaliteitsbeleid", *PRODUCTS_IN_ORDER]
    layers = {"/wms": everything, "/POI/wms": ["POI", *PRODUCTS_IN_ORDER], "/LWKB/wms": ["Woningkwaliteitsbeleid"]}
    for path, names in (layers | {"/overdrachtdiensten/POI/wms": layers["/POI/wms"]}).items():
        root = client.at(path).capabilities(version).xml()
        assert texts(root, "Layer/Name") == names
        assert root.xpath("//*[local-name()='Get']/*")[0].get(XLINK) == f"{PUBLIC_URL}{path}?"
    assert client.at("/XXX/wms").capabilities(version).status == 404


def test_what_no_definition_gives_a_look_is_drawn_all_the_same(client_of, tmp_path: Path) -> None:
    plain: Client = client_of(publish(tmp_path / "releases", example.content()))
    for layer in ("POI", *PRODUCTS_IN_ORDER):
        shown = plain.map(LAYERS=layer, BBOX="130000,190000,160000,210000")
        assert shown.status == 200 and (shown.pixels != 255).any()
    assert plain.map(LAYERS="Woningkwaliteitsbeleid").status == plain.capabilities().status == 200


@versions
def test_the_words_of_the_contract_are_there(client: Client, version: str) -> None:
    root = client.capabilities(version).xml()
    (abstract,) = texts(root, "Service/Abstract")
    assert "Bron: Wonen in Vlaanderen – POI, toestand 21 november 2026." in abstract
    assert "Staat een adres er niet op, dan bewijst dat niets." in abstract
    assert texts(root, "Service/Fees") == ["none"]
    (constraints,) = texts(root, "Service/AccessConstraints")
    assert SCHEMA.words.licence in constraints
    assert "Woningkwaliteit" in texts(root, "Service/KeywordList/Keyword")
    assert "Bron: Wonen in Vlaanderen – Woningkwaliteitsbeleid, toestand 21 november 2026" in texts(root, "Layer/Attribution/Title")


def test_everything_says_test_outside_production(client: Client, client_of, releases: Path) -> None:
    titles = texts(client.capabilities().xml(), "Service/Title") + texts(client.capabilities().xml(), "Capability/Layer/Title")
    assert all(title.startswith("TEST") for title in titles)
    assert b"TEST" not in client_of(releases, test=False).capabilities().body


def test_metadata_and_styles_are_named_by_their_addresses(client: Client) -> None:
    root = client.capabilities().xml()
    product = SCHEMA.product("POI")
    assert f"{PUBLIC_URL}/catalogus/iso/{product.uuid}.xml" in [
        element.get(XLINK) for element in root.xpath("//*[local-name()='MetadataURL']/*")
    ]
    assert {element.get("type") for element in root.xpath("//*[local-name()='MetadataURL']")} == {"ISO19115:2003"}
    assert {e.get("type") for e in client.capabilities("1.1.1").xml().iter("MetadataURL")} == {"TC211"}
    assert product.uuid in texts(root, "Layer/Identifier")
    sheets = [element.get(XLINK) for element in root.xpath("//*[local-name()='StyleSheetURL']/*")]
    assert f"{PUBLIC_URL}/stijlen/Woningkwaliteitsbeleid/CAVERPL.sld" in sheets


@versions
def test_every_legend_has_the_size_and_the_format_that_is_told(client: Client, version: str) -> None:
    root = client.capabilities(version).xml()
    legends = root.xpath("//*[local-name()='LegendURL']")
    assert len(legends) == len(root.xpath("//*[local-name()='Style']")) > 4
    for legend in legends:
        form, link = legend
        reply = client.get(urlsplit(link.get(XLINK)).query)
        assert (reply.status, reply.media_type) == (200, form.text)
        assert Image.open(io.BytesIO(reply.body)).size == (int(legend.get("width")), int(legend.get("height")))


def test_boxes_have_the_axis_order_of_their_crs(client: Client) -> None:
    boxes = {box.get("CRS"): box for box in client.capabilities().xml().iter("{*}BoundingBox")}
    assert set(boxes) == {crs.short for crs in SERVED}
    assert [float(boxes["EPSG:4326"].get(name)) for name in ("minx", "miny", "maxx", "maxy")] == [50.67, 2.53, 51.51, 5.92]
    assert [float(boxes["CRS:84"].get(name)) for name in ("minx", "miny", "maxx", "maxy")] == [2.53, 50.67, 5.92, 51.51]
    old = {box.get("SRS"): box for box in client.capabilities("1.1.1").xml().iter("BoundingBox")}
    assert set(old) == {crs.short for crs in SERVED if crs != CRS84}
    assert [float(old["EPSG:4326"].get(name)) for name in ("minx", "miny", "maxx", "maxy")] == [2.53, 50.67, 5.92, 51.51]


def test_the_box_tells_nothing_of_single_objects() -> None:
    west, south, east, north = flanders(LAMBERT72)
    assert (west, south) < (21_000, 152_000) and (east, north) > (258_000, 244_000)
    assert all(isinstance(side, int) for side in (west, south, east, north))


def test_every_advertised_name_is_answered(client: Client) -> None:
    """The points of the OGC's suites that need no data of its own: every layer, style, CRS and format."""
    root = client.capabilities().xml()
    for layer in root.xpath("//*[local-name()='Layer'][*[local-name()='Name']]"):
        name = layer.findtext("{*}Name")
        for style in layer.iterfind("{*}Style"):
            reply = client.map(LAYERS=name, STYLES=style.findtext("{*}Name"))
            assert (reply.status, reply.media_type) == (200, "image/png"), name
    for form in texts(root, "GetMap/Format"):
        assert client.map(FORMAT=form).media_type == form
    for form in texts(root, "GetFeatureInfo/Format"):
        assert client.info(INFO_FORMAT=form).media_type.removesuffix("; charset=utf-8") == form
    for crs in texts(root, "Layer/CRS"):
        assert client.map(CRS=crs, BBOX="1,1,2,2").status == 200


def test_unknown_parameters_and_formats_are_ignored(client: Client) -> None:
    reply = client.get(SERVICE="WMS", REQUEST="GetCapabilities", FORMAT="text/other", UPDATESEQUENCE="9", UNKNOWN="x")
    assert (reply.status, reply.media_type) == (200, "text/xml; charset=utf-8")
