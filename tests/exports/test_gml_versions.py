"""GML 3.1.1 and 2.1.2, judged by the official schemas and by GDAL as a reader."""

import fiona
import numpy as np
import pytest
import shapely
from lxml import etree

from exports import gml2, gml31
from exports.gml import Gml32, midnight
from exports.gml2 import Gml2
from exports.gml_schema import application_schema
from release.crs import parse_crs
from release.fragments import Fragments

GML = "{http://www.opengis.net/gml}"
URL = "http://127.0.0.1/wfs"
OFFICIAL = {"1.1.0": "wfs/1.1.0/wfs.xsd", "1.0.0": "wfs/1.0.0/WFS-basic.xsd"}


def encoder(version):
    return Gml32() if version == "1.1.0" else Gml2()


def collection(version, kind, count, since, chunks):
    """A whole answer from the fragments of the version's encoder."""
    if version == "1.0.0":
        return b"".join((gml2.collection_head([kind], "x.xsd"), *chunks, gml2.TAIL))
    return b"".join((gml31.collection_head([kind], count, midnight(since), "x.xsd"), *gml31.members(chunks), gml31.TAIL))


def document(version, table, since):
    return collection(version, table.feature_type, len(table), since, [encoder(version).fragments(table)[0]])


def features(version, table, since):
    return etree.fromstring(document(version, table, since)).findall(f"{GML}featureMember/*")


@pytest.fixture(params=["1.1.0", "1.0.0"])
def version(request):
    return request.param


def test_a_whole_answer_is_valid_against_the_official_wfs_and_the_application_schema(version, table, since, compile_collection):
    schema = compile_collection(OFFICIAL[version], application_schema([table.feature_type], URL, version))
    root = etree.fromstring(document(version, table, since))
    assert len(root.findall(f"{GML}featureMember")) == len(table)
    schema.assertValid(root)


def test_an_answer_without_features_is_valid(version, make_poi, since, compile_collection):
    kind = make_poi(0).feature_type
    schema = compile_collection(OFFICIAL[version], application_schema([kind], URL, version))
    schema.assertValid(etree.fromstring(collection(version, kind, 0, since, [])))


def test_the_schemas_refuse_an_unknown_element(version, poi, since, compile_collection):
    schema = compile_collection(OFFICIAL[version], application_schema([poi.feature_type], URL, version))
    root = etree.fromstring(document(version, poi, since))
    etree.SubElement(root.find(f"{GML}featureMember/*"), "{https://geo.api.vlaanderen.be/POI}EIGENAAR").text = "x"
    assert not schema.validate(root)


def test_every_feature_is_valid_against_the_gml_311_that_is_in_a_wheel(table, since, compile_schema):
    schema = compile_schema(application_schema([table.feature_type], URL, "1.1.0"))
    found = features("1.1.0", table, since)
    assert len(found) == len(table)
    for feature in found:
        schema.assertValid(feature)


def test_fields_read_back_as_they_were_with_the_id_that_the_version_gives(version, table, since):
    attribute = {"1.1.0": f"{GML}id", "1.0.0": "fid"}[version]
    for feature, row in zip(features(version, table, since), table.arrow.to_pylist(), strict=True):
        elements = {etree.QName(child).localname: child.text for child in feature if child.text is not None}
        assert elements == {field.name: str(row[field.name]) for field in table.feature_type.fields if row[field.name] is not None}
        assert feature.get(attribute) == f"{table.feature_type.name}.{row['_id']}"


def read_by_gdal(document, tmp_path):
    path = tmp_path / "answer.gml"
    path.write_bytes(document)
    with fiona.open(path) as source:
        return [None if feature.geometry is None else shapely.geometry.shape(feature.geometry) for feature in source]


def test_gdal_reads_every_point_where_it_is(version, poi, since, tmp_path):
    pairs = zip(poi.arrow["_x"].to_pylist(), poi.arrow["_y"].to_pylist(), strict=True)
    expected = [None if x is None else shapely.Point(x, y) for x, y in pairs]
    assert read_by_gdal(document(version, poi, since), tmp_path) == expected


def test_gdal_reads_multipolygons_with_their_holes(version, policy, since, tmp_path):
    found, without = read_by_gdal(document(version, policy, since), tmp_path)
    expected = shapely.from_wkb(policy.arrow["_wkb"][0].as_py())
    assert found.equals(expected)
    assert sum(len(polygon.interiors) for polygon in found.geoms) == 1
    assert without is None


@pytest.mark.parametrize(
    ("spelling", "legacy", "numbers"),
    [
        ("urn:ogc:def:crs:EPSG::4326", False, ("51.0991668", "4.2296042")),
        ("urn:ogc:def:crs:EPSG::4326", True, ("4.2296042", "51.0991668")),
        ("EPSG:4326", False, ("4.2296042", "51.0991668")),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", False, ("4.2296042", "51.0991668")),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", False, ("51.0991668", "4.2296042")),
    ],
)
def test_another_crs_replaces_the_cut_in_the_axis_order_of_the_request(version, poi, since, spelling, legacy, numbers):
    data, index = encoder(version).fragments(poi)
    texts = encoder(version).points(np.array([[4.22960419, 51.09916678]]), parse_crs(spelling, legacy_order=legacy))
    chunks = Fragments(memoryview(data), index).replace(np.array([0]), texts)
    point = etree.fromstring(collection(version, poi.feature_type, 1, since, chunks)).find(f".//{GML}Point")
    assert point.get("srsName") == spelling
    assert point[0].text == {"1.1.0": " ", "1.0.0": ","}[version].join(numbers)


def test_polygons_in_another_crs_replace_the_cut_and_gdal_knows_the_order(version, policy, since, tmp_path):
    data, index = encoder(version).fragments(policy)
    box = shapely.box(4, 50, 5, 51)
    crs = parse_crs({"1.1.0": "urn:ogc:def:crs:EPSG::4326", "1.0.0": "http://www.opengis.net/gml/srs/epsg.xml#4326"}[version])
    texts = encoder(version).polygons([shapely.to_wkb(box), None], crs)
    chunks = Fragments(memoryview(data), index).replace(np.array([0, 1]), texts)
    moved, without = read_by_gdal(collection(version, policy.feature_type, 2, since, chunks), tmp_path)
    assert moved.equals(box)
    assert without is None


def test_the_cut_of_gml_2_reaches_from_the_value_of_srs_name_to_the_end_of_the_coordinates(poi):
    data, index = Gml2().fragments(poi)
    start, cut, resume = index[0].tolist()
    assert data[start:cut].endswith(b'<POI:SHAPE><gml:Point srsName="')
    assert data[cut:resume] == (
        b'http://www.opengis.net/gml/srs/epsg.xml#31370"><gml:coordinates decimal="." cs="," ts=" ">25000.12,153000.50'
    )
    assert data[resume : index[1, 0]].startswith(b"</gml:coordinates></gml:Point></POI:SHAPE>")


def test_the_polygons_of_gml_2_have_outer_and_inner_boundaries(policy, since):
    shape = features("1.0.0", policy, since)[0].find("{*}SHAPE/*")
    assert etree.QName(shape).localname == "MultiPolygon"
    assert [[etree.QName(side).localname for side in polygon] for polygon in shape.iter(f"{GML}Polygon")] == [
        ["outerBoundaryIs", "innerBoundaryIs"],
        ["outerBoundaryIs"],
    ]


@pytest.mark.parametrize("size", [1, 7, 11, 12, 13, 500, 70_000, 10_000_000])
def test_members_of_gml_311_are_the_same_however_the_fragments_are_cut(make_poi, size):
    table = make_poi(200)
    data, _ = Gml32().fragments(table)
    assert len(data) > 3 * 65_536
    whole = b"".join(gml31.members(data[start : start + size] for start in range(0, len(data), size)))
    assert whole == data.replace(b"wfs:member>", b"gml:featureMember>")
    assert whole.count(b"<gml:featureMember><POI:POI ") == len(table)


def test_members_are_given_as_they_come_and_none_for_nothing(make_poi):
    data, _ = Gml32().fragments(make_poi(400))
    asked = []

    def chunks():
        for start in range(0, len(data), 65_536):
            asked.append(start)
            yield memoryview(data)[start : start + 65_536]

    members = gml31.members(chunks())
    assert next(members).endswith(b"</gml:featureMember>\n")
    assert asked == [0]
    assert b"".join(gml31.members([])) == b""


def test_the_head_of_wfs_11_says_how_many_features_and_when(poi, since):
    root = etree.fromstring(document("1.1.0", poi, since))
    assert root.tag == "{http://www.opengis.net/wfs}FeatureCollection"
    assert (root.get("numberOfFeatures"), root.get("timeStamp")) == ("30", "2026-11-21T00:00:00Z")
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()
    assert location == [
        "http://www.opengis.net/wfs",
        "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd",
        poi.feature_type.namespace,
        "x.xsd",
    ]


def test_the_head_of_wfs_10_has_the_box_that_gml_2_wants_and_nothing_that_it_does_not_know(poi, since):
    root = etree.fromstring(document("1.0.0", poi, since))
    assert root[0].tag == f"{GML}boundedBy"
    assert root[0][0].text == "unknown"
    assert set(root.attrib) == {"{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"}
    assert "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd" in root.values()[0]


def test_one_feature_becomes_the_root_of_a_document(version, poi, compile_schema):
    data, index = encoder(version).fragments(poi)
    module = {"1.1.0": gml31, "1.0.0": gml2}[version]
    root = etree.fromstring(module.feature_document(data[: index[1, 0]], poi.feature_type, "http://127.0.0.1/wfs?x=1&y=2"))
    assert root.tag == "{https://geo.api.vlaanderen.be/POI}POI"
    assert root.find(f".//{GML}Point") is not None
    if version == "1.1.0":
        compile_schema(application_schema([poi.feature_type], URL, version)).assertValid(root)


def test_the_schema_of_each_version_describes_its_own_gml(version, schema):
    root = etree.fromstring(application_schema(schema.feature_types, URL, version))
    imports = {element.get("namespace"): element.get("schemaLocation") for element in root.findall("{*}import")}
    assert imports == {
        "http://www.opengis.net/gml": {
            "1.1.0": "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd",
            "1.0.0": "http://schemas.opengis.net/gml/2.1.2/feature.xsd",
        }[version],
        "https://geo.api.vlaanderen.be/LWKB": f"{URL}?SERVICE=WFS&VERSION={version}&REQUEST=DescribeFeatureType"
        "&TYPENAME=LWKB:Woningkwaliteitsbeleid,LWKB:WoningkwaliteitsbeleidRegels",
    }
    assert {element.get("substitutionGroup") for element in root.findall("{*}element")} == {"gml:_Feature"}
    policy = etree.fromstring(application_schema(schema.feature_types[1:2], URL, version))
    types = {element.get("name"): element.get("type") for element in policy.iterfind(".//{*}sequence/{*}element")}
    assert (types["SHAPE"], types["CAVERPLVAN"]) == (
        {"1.1.0": "gml:MultiSurfacePropertyType", "1.0.0": "gml:MultiPolygonPropertyType"}[version],
        "xs:date",
    )
