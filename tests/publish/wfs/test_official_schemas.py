"""Every document of the service is valid against the official schemas, without a network (skipped where their jar was not fetched)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from tests import ogc_schemas
from tests.publish.wfs.example import CERTIFICATE, FIRST

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
DESCRIBED = "https://open.example.org/wfs?"


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ogc_schemas.unpacked(tmp_path_factory.mktemp("official"))


@pytest.fixture(scope="module")
def validate(schemas: Path, client) -> Callable[[bytes], None]:
    """Validates a document against the schemas that it names itself: official ones, and those that our DescribeFeatureType gives."""
    compiled: dict[str, etree.XMLSchema] = {}
    described: dict[str, Path] = {}

    def place(location: str) -> str:
        if not location.startswith(DESCRIBED):
            return location.replace(ogc_schemas.OFFICIAL, f"{schemas.as_uri()}/")
        if location not in described:
            described[location] = schemas / f"described-{len(described)}.xsd"
            text = client.get(location.partition("?")[2]).body
            root = etree.fromstring(ogc_schemas.located(text, schemas))
            for element in root.iter(f"{{{XS}}}import"):
                element.set("schemaLocation", place(element.get("schemaLocation", "")))
            described[location].write_bytes(etree.tostring(root))
        return described[location].as_uri()

    def check(body: bytes) -> None:
        root = etree.fromstring(body)
        words = root.get(f"{{{XSI}}}schemaLocation", "").split()
        imports = "".join(
            f'<xs:import namespace="{namespace}" schemaLocation="{place(location)}"/>'
            for namespace, location in zip(words[::2], words[1::2], strict=True)
        )
        if imports not in compiled:
            compiled[imports] = etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>'))
        assert words, "the document names its schemas"
        compiled[imports].assertValid(root)

    return check


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
@pytest.mark.parametrize("path", ["/wfs", "/POI/wfs", "/LWKB/wfs"])
def test_capabilities_are_valid(client, validate, version, path):
    validate(client.at(path).get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION=version).body)


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
@pytest.mark.parametrize(
    "keywords",
    [
        {"TYPENAME": "POI:POI"},
        {"TYPENAME": "LWKB:Woningkwaliteitsbeleid", "SRSNAME": "urn:ogc:def:crs:EPSG::4258"},
        {"TYPENAME": "POI:POI", "PROPERTYNAME": "NAAM"},
        {"TYPENAME": "POI:POI", "CQL_FILTER": "OIDN<0"},
        {"TYPENAME": "POI:POI", "RESULTTYPE": "hits"},
        {"TYPENAME": "(POI:POI)(LWKB:Woningkwaliteitsbeleid)"},
        {"TYPENAME": "(POI:POI)(POI:POI)", "CQL_FILTER": f"PRODUCT='{CERTIFICATE}';OIDN>0"},
    ],
)
def test_collections_are_valid(client, validate, version, keywords):
    reply = client.get(SERVICE="WFS", VERSION=version, REQUEST="GetFeature", **keywords)
    assert reply.status == 200
    validate(reply.body)


@pytest.mark.parametrize(
    "keywords",
    [
        {"REQUEST": "ListStoredQueries"},
        {"REQUEST": "DescribeStoredQueries"},
        {"REQUEST": "GetPropertyValue", "TYPENAMES": "POI:POI", "VALUEREFERENCE": "NAAM", "COUNT": "3"},
        {"REQUEST": "GetPropertyValue", "TYPENAMES": "POI:POI", "VALUEREFERENCE": "SHAPE"},
        {"REQUEST": "GetFeature", "STOREDQUERY_ID": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "ID": f"POI.{FIRST}"},
    ],
)
def test_documents_of_version_2_are_valid(client, validate, keywords):
    validate(client.get(SERVICE="WFS", VERSION="2.0.0", **keywords).body)


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_exceptions_are_valid(client, validate, version):
    reply = client.get(SERVICE="WFS", VERSION=version, REQUEST="GetFeature", TYPENAME="<nope>")
    assert reply.status == 400
    validate(reply.body)
