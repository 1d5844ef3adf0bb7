"""INSPIRE's extended capabilities: where a definition asks for them, and nowhere else."""

from __future__ import annotations

from exports.resources import ServiceKind, service_uuid
from tests.publish.wfs.example import SCHEMA, content, publish

DLS = "http://inspire.ec.europa.eu/schemas/inspire_dls/1.0"
COMMON = "http://inspire.ec.europa.eu/schemas/common/1.0"


def reported(*datasets: str):
    changed = tuple(item.model_copy(update={"inspire": item.id in datasets}) for item in SCHEMA.datasets)
    return SCHEMA.model_copy(update={"datasets": changed})


def test_nothing_is_claimed_by_default(client):
    assert DLS.encode() not in client.get(SERVICE="WFS", REQUEST="GetCapabilities").body


def test_a_reported_data_set_is_named_with_its_identifier(tmp_path, client_of):
    client = client_of(publish(tmp_path / "releases", content(schema=reported("parameters"))))
    root = client.get(SERVICE="WFS", REQUEST="GetCapabilities").xml()
    names = {"ows": "http://www.opengis.net/ows/1.1", "dls": DLS, "common": COMMON}
    extended = root.xpath("//ows:OperationsMetadata/ows:ExtendedCapabilities/dls:ExtendedCapabilities", namespaces=names)

    assert [child.tag.rpartition("}")[2] for child in extended[0]] == [
        "MetadataUrl",
        "SupportedLanguages",
        "ResponseLanguage",
        "SpatialDataSetIdentifier",
    ]
    (service,) = extended[0].xpath("common:MetadataUrl/common:URL/text()", namespaces=names)
    assert service.endswith(f"/catalogus/iso/{service_uuid(SCHEMA, 'LWKB', ServiceKind.WFS)}.xml"), "the record of the service"
    (code,) = extended[0].xpath("dls:SpatialDataSetIdentifier/common:Code/text()", namespaces=names)
    data_set = client.get(
        SERVICE="WFS",
        VERSION="2.0.0",
        REQUEST="GetFeature",
        STOREDQUERY_ID="http://inspire.ec.europa.eu/operation/download/GetSpatialDataSet",
        DataSetIdCode=code,
    )
    assert data_set.matched == 2
    assert DLS in root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")


def test_a_product_is_reported_when_all_of_its_data_sets_are(tmp_path, client_of):
    client = client_of(publish(tmp_path / "releases", content(schema=reported("besluiten"))))
    root = client.get(SERVICE="WFS", REQUEST="GetCapabilities").xml()
    assert len(root.xpath("//dls:SpatialDataSetIdentifier", namespaces={"dls": DLS})) == 1
