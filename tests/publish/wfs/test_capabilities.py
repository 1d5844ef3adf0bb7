"""GetCapabilities: the checklist of Simple WFS and Basic WFS (STANDARDS §1), and what real clients read."""

from __future__ import annotations

import pytest
from lxml import etree

from publish.fes import OPERATORS
from publish.wfs.formats import FORMATS, find
from release.table import PublicTable
from tests.publish.wfs.example import POI, ROWS, SCHEMA, content, poi_table, publish
from tests.publish.wfs.schemas import compiled, official, require_valid

CONSTRAINTS = (
    "ImplementsBasicWFS",
    "ImplementsTransactionalWFS",
    "ImplementsLockingWFS",
    "ImplementsInheritance",
    "ImplementsRemoteResolve",
    "ImplementsResultPaging",
    "ImplementsStandardJoins",
    "ImplementsSpatialJoins",
    "ImplementsTemporalJoins",
    "ImplementsFeatureVersioning",
    "ManageStoredQueries",
)
BASIC_FILTER = (
    "ImplementsQuery",
    "ImplementsAdHocQuery",
    "ImplementsResourceId",
    "ImplementsMinStandardFilter",
    "ImplementsStandardFilter",
    "ImplementsMinSpatialFilter",
    "ImplementsSorting",
    "ImplementsMinimumXPath",
)
POST = """<wfs:GetCapabilities xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1" service="WFS">
<ows:AcceptVersions><ows:Version>10.0.0</ows:Version><ows:Version>2.0.0</ows:Version></ows:AcceptVersions></wfs:GetCapabilities>"""


@pytest.fixture
def capabilities(client):
    return client.get(SERVICE="WFS", REQUEST="GetCapabilities")


def test_a_request_without_service_is_refused_with_the_name_of_what_is_missing(client):
    assert client.get(REQUEST="GetCapabilities").exception == (400, "MissingParameterValue", "service")


def test_the_document_has_every_section_and_version_2(capabilities):
    root = capabilities.xml()
    assert (capabilities.status, root.tag, root.get("version")) == (200, "{http://www.opengis.net/wfs/2.0}WFS_Capabilities", "2.0.0")
    assert [child.tag.rpartition("}")[2] for child in root] == [
        "ServiceIdentification",
        "ServiceProvider",
        "OperationsMetadata",
        "FeatureTypeList",
        "Filter_Capabilities",
    ]
    assert capabilities.find("string(//ows:ServiceType)") == "WFS"
    assert capabilities.find("//ows:ServiceTypeVersion/text()") == ["2.0.0", "1.1.0", "1.0.0"]


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_conformance_constraint_has_a_default_value(capabilities, name):
    assert capabilities.find(f"string(//ows:OperationsMetadata/ows:Constraint[@name='{name}']/ows:DefaultValue)") in ("TRUE", "FALSE")


@pytest.mark.parametrize("name", BASIC_FILTER)
def test_the_filter_constraints_of_basic_wfs_are_true(capabilities, name):
    assert capabilities.find(f"string(//fes:Conformance/fes:Constraint[@name='{name}']/ows:DefaultValue)") == "TRUE"


@pytest.mark.parametrize(
    "name", ["GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries", "GetFeature", "GetPropertyValue"]
)
def test_every_operation_has_its_addresses_from_the_public_url_alone(client, name):
    reply = client.get(SERVICE="WFS", REQUEST="GetCapabilities", headers={"Host": "evil.example"})
    operation = f"//ows:Operation[@name='{name}']"
    assert reply.find(f"{operation}//ows:Get/@xlink:href") == ["https://open.example.org/wfs?"]
    assert reply.find(f"{operation}//ows:Post/@xlink:href") == ["https://open.example.org/wfs"]
    assert b"evil.example" not in reply.body


def test_resolve_local_is_listed_where_the_suite_looks_for_it(capabilities):
    for name in ("GetFeature", "GetPropertyValue"):
        assert capabilities.find(f"//ows:Operation[@name='{name}']/ows:Parameter[@name='resolve']//ows:Value/text()") == ["local"]


@pytest.mark.parametrize("accepted", ["10.0.0,2.0.0,1.1.0", "2.0.0", "2.0.0,1.1.0,1.0.0", "3.0.0,2.0.0"])
def test_the_first_version_that_both_know_is_given(client, accepted):
    assert client.get(SERVICE="WFS", REQUEST="GetCapabilities", ACCEPTVERSIONS=accepted).xml().get("version") == "2.0.0"


def test_versions_are_negotiated_by_post_too(client):
    assert client.post(POST).xml().get("version") == "2.0.0"


def test_versions_that_are_not_offered_fail_to_negotiate(client):
    reply = client.get(SERVICE="WFS", REQUEST="GetCapabilities", ACCEPTVERSIONS="3.0.0")
    assert reply.exception == (400, "VersionNegotiationFailed", "AcceptVersions")


def test_only_the_sections_asked_for_are_given(client):
    reply = client.get(SERVICE="WFS", REQUEST="GetCapabilities", SECTIONS="FeatureTypeList,ServiceProvider")
    assert [child.tag.rpartition("}")[2] for child in reply.xml()] == ["ServiceProvider", "FeatureTypeList"]


def test_the_page_that_is_declared_is_the_page_that_is_applied(releases, client_of):
    client = client_of(releases, count_default=7)
    reply = client.get(SERVICE="WFS", REQUEST="GetCapabilities")
    declared = reply.find("string(//ows:Operation[@name='GetFeature']/ows:Constraint[@name='CountDefault']/ows:DefaultValue)")
    page = client.feature()
    assert (declared, len(page.ids), page.matched) == ("7", 7, 60)
    assert "STARTINDEX=7&COUNT=7&RELEASE=" in page.find("string(/*/@next)")


def test_every_format_that_is_declared_is_answered(client, capabilities):
    declared = capabilities.find("//ows:Operation[@name='GetFeature']/ows:Parameter[@name='outputFormat']//ows:Value/text()")
    assert "GEOJSON" in declared  # what ArcGIS Online looks for
    for spelling in declared:
        reply = client.feature(OUTPUTFORMAT=spelling, COUNT=1)
        assert (reply.status, reply.headers["content-type"]) == (200, find(spelling).media_type)
    assert len(declared) == len(set(declared)) >= sum(len(form.spellings) for form in FORMATS)


def test_every_operator_that_is_declared_is_one_that_is_read(capabilities):
    assert capabilities.find("//fes:ComparisonOperator/@name") == list(OPERATORS)


def test_feature_types_have_what_the_clients_read(capabilities):
    assert capabilities.find("//wfs:FeatureType/wfs:Name/text()") == ["POI:POI", "LWKB:Woningkwaliteitsbeleid"]
    assert capabilities.xml().nsmap["POI"] == "https://geo.api.vlaanderen.be/POI"
    assert capabilities.find("//wfs:FeatureType/wfs:DefaultCRS/text()") == ["urn:ogc:def:crs:EPSG::31370"] * 2
    assert "urn:ogc:def:crs:EPSG::3812" in capabilities.find("//wfs:FeatureType[1]/wfs:OtherCRS/text()")
    # the Geopunt plugin for ArcGIS Pro takes Name and Title of every child (DOMAIN 1.2)
    assert all(item.find("{*}Title") is not None for item in capabilities.find("//wfs:FeatureTypeList/*"))
    west, south = map(float, capabilities.find("string(//wfs:FeatureType[1]//ows:LowerCorner)").split())
    assert (round(west, 2), round(south, 2)) == (4.23, 51.09)


def test_attribution_licence_and_state_are_in_the_texts(capabilities):
    text = capabilities.body.decode()
    assert "Bron: Wonen in Vlaanderen – POI, toestand 21 november 2026" in text
    assert "Staat een adres er niet op, dan bewijst dat niets." in text
    assert "modellicentie-gratis-hergebruik" in capabilities.find("string(//ows:AccessConstraints)")


def test_outside_production_every_title_says_test(releases, client_of):
    for test, count in ((True, 2), (False, 0)):
        reply = client_of(releases, test=test).get(SERVICE="WFS", REQUEST="GetCapabilities")
        assert sum(title.startswith("TEST") for title in reply.find("//ows:ServiceIdentification/ows:Title/text()")) == count


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/POI/wfs", ["POI:POI"]),
        ("/overdrachtdiensten/POI/wfs", ["POI:POI"]),
        ("/LWKB/wfs", ["LWKB:Woningkwaliteitsbeleid"]),
    ],
)
def test_a_theme_has_the_feature_types_of_its_prefix(client, path, names):
    reply = client.at(path).get(SERVICE="WFS", REQUEST="GetCapabilities")
    assert reply.find("//wfs:FeatureType/wfs:Name/text()") == names
    assert reply.find("//ows:Operation[@name='GetFeature']//ows:Get/@xlink:href") == [f"https://open.example.org{path}?"]


def test_a_fifth_dataset_has_its_own_address_as_soon_as_it_is_in_the_release(client_of, tmp_path):
    kind = POI.model_copy(update={"prefix": "LEEG", "name": "Leegstand", "namespace": "https://geo.api.vlaanderen.be/LEEG"})
    table = PublicTable(kind, poi_table(5).arrow)
    schema = SCHEMA.model_copy(update={"feature_types": (*SCHEMA.feature_types, kind)})
    client = client_of(publish(tmp_path / "releases", content(ROWS, None, schema, table)))
    assert client.at("/LEEG/wfs").get(SERVICE="WFS", REQUEST="GetCapabilities").find("//wfs:Name/text()") == ["LEEG:Leegstand"]
    assert client.at("/LEEG/wfs").feature(TYPENAMES="LEEG:Leegstand").matched == 5
    assert client.feature(TYPENAMES="Leegstand", OUTPUTFORMAT="csv").headers["ogc-numbermatched"] == "5"


def test_a_theme_without_feature_types_is_not_found(client):
    assert client.at("/GRB/wfs").get(SERVICE="WFS", REQUEST="GetCapabilities").status == 404


def test_the_sections_of_ows_and_fes_are_valid(capabilities):
    ows = compiled(("http://www.opengis.net/ows/1.1", official("ows/1.1.0/owsAll.xsd").as_uri()))
    for section in capabilities.find("/*/ows:*"):
        require_valid(ows, section)
    fes = compiled(("http://www.opengis.net/fes/2.0", official("filter/2.0/filterAll.xsd").as_uri()))
    require_valid(fes, capabilities.find("//fes:Filter_Capabilities")[0])


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_a_box_is_not_that_of_objects_that_are_withdrawn(tmp_path, client_of, version):
    def first(made: str | None) -> bytes:
        client = client_of(publish(tmp_path / str(made), content(withdrawn=made)))
        reply = client.get(SERVICE="WFS", REQUEST="GetCapabilities", VERSION=version)
        return etree.tostring(reply.find("//*[contains(local-name(), 'BoundingBox')]")[0])

    assert first(None) != first("besluiten")
