"""Service exceptions: their codes, in XML and in pictures, in both versions."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lxml import etree

from tests import ogc_schemas
from tests.publish.wms.conftest import Client
from tests.publish.wms.example import CERTIFICATE, content, publish

CASES: list[tuple[dict[str, object], str]] = [
    ({"LAYERS": "Onbekend"}, "LayerNotDefined"),
    ({"LAYERS": "POI,Onbekend"}, "LayerNotDefined"),
    ({"LAYERS": "Onbekend,POI"}, "LayerNotDefined"),
    ({"LAYERS": None}, "MissingParameterValue"),
    ({"LAYERS": ",".join(["POI"] * 21)}, "InvalidParameterValue"),
    ({"LAYERS": "POI,POI", "WIDTH": 4096, "HEIGHT": 4096}, "InvalidParameterValue"),
    ({"LAYERS": "POI,POI,POI,POI,POI", "WIDTH": 2048, "HEIGHT": 2048}, "InvalidParameterValue"),
    ({"STYLES": "Onbekend"}, "StyleNotDefined"),
    ({"LAYERS": "POI,POI", "STYLES": "POI,Onbekend"}, "StyleNotDefined"),
    ({"LAYERS": "POI,POI", "STYLES": "Onbekend,POI"}, "StyleNotDefined"),
    ({"STYLES": "POI,POI"}, "InvalidParameterValue"),
    ({"CRS": "EPSG:32631"}, "InvalidCRS"),
    ({"CRS": "AUTO2:42001,1,5,50"}, "InvalidCRS"),
    ({"CRS": None}, "MissingParameterValue"),
    ({"FORMAT": "image/tiff"}, "InvalidFormat"),
    ({"FORMAT": None}, "MissingParameterValue"),
    ({"BBOX": None}, "MissingParameterValue"),
    ({"BBOX": "1,2,3"}, "InvalidParameterValue"),
    ({"BBOX": "1,2,3,x"}, "InvalidParameterValue"),
    ({"BBOX": "1,2,nan,4"}, "InvalidParameterValue"),
    ({"BBOX": "1,2,inf,4"}, "InvalidParameterValue"),
    ({"BBOX": "3,2,1,4"}, "InvalidParameterValue"),
    ({"BBOX": "1,2,1,4"}, "InvalidParameterValue"),
    ({"BBOX": "1,4,3,2"}, "InvalidParameterValue"),
    ({"BBOX": "1,2,3,2"}, "InvalidParameterValue"),
    ({"WIDTH": 0}, "InvalidParameterValue"),
    ({"WIDTH": 4097}, "InvalidParameterValue"),
    ({"HEIGHT": -1}, "InvalidParameterValue"),
    ({"HEIGHT": "1.5"}, "InvalidParameterValue"),
    ({"HEIGHT": None}, "MissingParameterValue"),
    ({"BGCOLOR": "red"}, "InvalidParameterValue"),
    ({"TRANSPARENT": "maybe"}, "InvalidParameterValue"),
    ({"DPI": "x"}, "InvalidParameterValue"),
    ({"REQUEST": "GetStyles"}, "OperationNotSupported"),
    ({"REQUEST": None}, "MissingParameterValue"),
    ({"SERVICE": "WFS"}, "InvalidParameterValue"),
    ({"VERSION": None}, "MissingParameterValue"),
    ({"VERSION": "x"}, "InvalidParameterValue"),
    ({"SLD": "https://example.org/a.sld"}, "OperationNotSupported"),
    ({"SLD_BODY": "<StyledLayerDescriptor/>"}, "OperationNotSupported"),
    ({"CQL_FILTER": "NOBODY = 1"}, "InvalidParameterValue"),
    ({"CQL_FILTER": "NAAM ="}, "InvalidParameterValue"),
    ({"FILTER": "<Filter>"}, "InvalidParameterValue"),
    ({"FILTER": "<!DOCTYPE a [<!ENTITY b 'c'>]><Filter>&b;</Filter>"}, "InvalidParameterValue"),
]


@pytest.mark.parametrize(("keywords", "code"), CASES)
def test_each_fault_has_its_code(client: Client, keywords: dict[str, object], code: str) -> None:
    reply = client.map(**keywords)
    assert reply.exception == (400, code)
    assert reply.media_type == "text/xml; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"


BEYOND = (
    "0,0,5e-324,5e-324",
    "0,0,1e-7,1",
    "0,0,1,1e-7",
    "-1e308,-1e308,1e308,1e308",
    "0,0,1.1e9,1",
    "-1.1e9,0,0,1",
)
WITHIN = ("0,0,1e-6,1e-6", "999999999.99999,999999999.99999,1e9,1e9", "-1e9,-1e9,1e9,1e9", "-1e9,0,1e9,1e-6", "0,-1e9,1e-6,1e9")
NAMES = ("EPSG:31370", "EPSG:3812", "EPSG:4258", "EPSG:4326", "EPSG:3857")


@pytest.mark.parametrize("version", ["1.3.0", "1.1.1"])
@pytest.mark.parametrize("crs", NAMES)
def test_a_box_beyond_what_can_be_reckoned_with_is_refused(client: Client, version: str, crs: str) -> None:
    for layer in ("POI", "Woningkwaliteitsbeleid"):
        told = {"VERSION": version, "CRS": crs, "SRS": crs, "LAYERS": layer, "X": 5, "Y": 5}
        for box in BEYOND:
            assert client.map(BBOX=box, **told).exception == client.info(BBOX=box, **told).exception == (400, "InvalidParameterValue"), box
        for box in WITHIN:
            assert client.map(BBOX=box, WIDTH=4096, HEIGHT=2, **told).status == 200, box
            assert client.map(BBOX=box, WIDTH=2, HEIGHT=4096, **told).status == 200, box
            assert client.info(BBOX=box, **told).status == 200, box


def test_a_parameter_given_twice_with_different_values_is_refused(client: Client) -> None:
    assert client.get("SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=POI&layers=x").exception == (400, "InvalidParameterValue")


def test_reports_are_valid(client: Client, tmp_path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(ogc_schemas.unpacked(tmp_path) / "wms" / "1.3.0" / "exceptions_1_3_0.xsd"))
    rules = etree.DTD(io.BytesIO(ogc_schemas.document("wms/1.1.1/exception_1_1_1.dtd")))
    for name in ('<"&\x01>', "Onbekend"):
        schema.assertValid(client.map(LAYERS=name).xml())
        old = client.map(LAYERS=name, VERSION="1.1.1", SRS="EPSG:31370")
        assert old.media_type == "application/vnd.ogc.se_xml"
        assert rules.validate(old.xml()), rules.error_log


def test_a_crs_is_a_srs_in_the_old_version(client: Client) -> None:
    assert client.map(VERSION="1.1.1", SRS="EPSG:1", CRS=None).exception == (400, "InvalidSRS")


MANNERS = {"1.3.0": ("INIMAGE", "BLANK"), "1.1.1": ("application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank")}


@pytest.mark.parametrize("version", MANNERS)
@pytest.mark.parametrize("form", ["image/png", "image/jpeg", "image/png; mode=8bit"])
def test_an_exception_may_be_a_picture(client: Client, version: str, form: str) -> None:
    in_image, blank = MANNERS[version]
    asked = {"VERSION": version, "SRS": "EPSG:31370", "LAYERS": "Onbekend", "FORMAT": form, "BGCOLOR": "0xFF0000"}
    written = client.map(EXCEPTIONS=in_image, **asked)
    empty = client.map(EXCEPTIONS=blank, **asked)
    assert written.media_type == empty.media_type == form
    assert len({tuple(colour) for colour in written.pixels.reshape(-1, 4).tolist()}) > 1
    assert written.image.size == empty.image.size == (100, 100)
    if form != "image/jpeg":
        assert (empty.pixels == (255, 0, 0, 255)).all()
        assert (client.map(EXCEPTIONS=blank, **asked, TRANSPARENT="TRUE").pixels[:, :, 3] == 0).all()


def test_a_picture_needs_a_size_and_a_format(client: Client) -> None:
    for fault in ({"WIDTH": 0}, {"WIDTH": 9999}, {"FORMAT": "image/tiff"}, {"BGCOLOR": "x"}):
        assert client.map(EXCEPTIONS="INIMAGE", **fault).exception[0] == 400
    assert client.map(EXCEPTIONS="OTHER", LAYERS="x").exception == (400, "LayerNotDefined")


@pytest.mark.parametrize("manner", [None, "XML", "INIMAGE", "BLANK"])
def test_a_withdrawn_dataset_is_never_an_empty_map(client_of, tmp_path: Path, manner: str | None) -> None:
    """CONTRACT A.4: every service answers 503 and says why."""
    client: Client = client_of(publish(tmp_path / "releases", content("conformiteitsattesten")))
    for layer in ("POI", CERTIFICATE):
        reply = client.map(LAYERS=layer, EXCEPTIONS=manner)
        assert reply.status == 503 and reply.headers["retry-after"]
        if manner in (None, "XML"):
            assert "ingetrokken" in reply.body.decode()
        else:
            assert len({tuple(colour) for colour in reply.pixels.reshape(-1, 4).tolist()}) > 1
        assert client.info(LAYERS=layer).status == 503
    assert client.map(LAYERS="RegisterHerstelvorderingen").status == 200
    assert client.map(LAYERS="Woningkwaliteitsbeleid").status == 200
    assert client.capabilities().status == 200
