import numpy as np
import pyarrow as pa
import pytest
import shapely
from lxml import etree

from exports import text
from exports.errors import UnfitText
from exports.gml import TAIL, Gml32, collection_head, feature_document, midnight
from exports.gml_schema import application_schema
from release.crs import parse_crs
from release.fragments import Fragments
from release.table import PublicTable

GML = "{http://www.opengis.net/gml/3.2}"


def document(table, since, **attributes):
    data, _ = Gml32().fragments(table)
    head = collection_head([table.feature_type], len(table), len(table), midnight(since), "POI.xsd", **attributes)
    return etree.fromstring(head + data + TAIL)


def features(table, since):
    return document(table, since).findall("{*}member/*")


def test_every_feature_is_valid_against_its_application_schema_and_the_official_gml(table, since, compile_schema):
    schema = compile_schema(application_schema([table.feature_type], "http://127.0.0.1/wfs"))
    found = features(table, since)
    assert len(found) == len(table)
    for feature in found:
        schema.assertValid(feature)


def test_the_schema_refuses_a_feature_with_an_unknown_or_a_too_long_element(poi, since, compile_schema):
    schema = compile_schema(application_schema([poi.feature_type], "http://127.0.0.1/wfs"))
    too_long, unknown = features(poi, since)[:2]
    too_long.find("{*}POSTCODE").text = "90000"
    etree.SubElement(unknown, "{https://geo.api.vlaanderen.be/POI}EIGENAAR").text = "x"
    assert not schema.validate(too_long)
    assert not schema.validate(unknown)


def test_fields_read_back_as_they_were_and_absent_ones_are_left_out(table, since):
    rows = table.arrow.to_pylist()
    for feature, row in zip(features(table, since), rows, strict=True):
        elements = {etree.QName(child).localname: child.text for child in feature if child.text is not None}
        expected = {field.name: str(row[field.name]) for field in table.feature_type.fields if row[field.name] is not None}
        assert elements == expected
        assert feature.get(f"{GML}id") == f"{table.feature_type.name}.{row['_id']}"


def test_points_stand_where_they_are_with_two_decimals(poi, since):
    for feature, row in zip(features(poi, since), poi.arrow.to_pylist(), strict=True):
        position = feature.find(f".//{GML}pos")
        if row["_x"] is None:
            assert feature.find("{*}SHAPE") is None
        else:
            assert position.text == f"{row['_x']:.2f} {row['_y']:.2f}"
            assert position.getparent().get("srsName") == "urn:ogc:def:crs:EPSG::31370"


def test_multipolygons_keep_their_holes_and_every_gml_id_is_unique(policy, since):
    feature, without = features(policy, since)
    polygons = [
        shapely.Polygon(_ring(polygon.find(f"{GML}exterior")), [_ring(side) for side in polygon.findall(f"{GML}interior")])
        for polygon in feature.iter(f"{GML}Polygon")
    ]
    assert shapely.MultiPolygon(polygons).equals(shapely.from_wkb(policy.arrow["_wkb"][0].as_py()))
    ids = [element.get(f"{GML}id") for element in feature.iter() if element.get(f"{GML}id")]
    assert len(ids) == len(set(ids)) == 4
    assert without.find("{*}SHAPE") is None


def _ring(side):
    numbers = list(map(float, side.find(f".//{GML}posList").text.split()))
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_cut_reaches_from_the_value_of_srs_name_to_the_end_of_the_coordinates(poi):
    data, index = Gml32().fragments(poi)
    fragments = Fragments(memoryview(data), index)
    start, cut, resume = index[0].tolist()
    assert data[start:cut].endswith(b'.SHAPE" srsName="')
    assert data[cut:resume] == b'urn:ogc:def:crs:EPSG::31370"><gml:pos>25000.12 153000.50'
    assert data[resume : index[1, 0]].startswith(b"</gml:pos></gml:Point>")
    without = 8
    assert index[without, 1] == index[without, 2]
    assert len(fragments) == len(poi)


@pytest.mark.parametrize(
    ("spelling", "coordinates"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "51.0991668 4.2296042"),
        ("EPSG:4326", "4.2296042 51.0991668"),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", "51.0991668 4.2296042"),
    ],
)
def test_another_crs_replaces_the_cut_in_the_axis_order_of_the_spelling(poi, since, compile_schema, spelling, coordinates):
    data, index = Gml32().fragments(poi)
    texts = Gml32().points(np.array([[4.22960419, 51.09916678]]), parse_crs(spelling))
    [whole] = Fragments(memoryview(data), index).replace(np.array([0]), texts)
    head = collection_head([poi.feature_type], 1, 1, midnight(since), "POI.xsd")
    feature = etree.fromstring(head + whole + TAIL).find("{*}member/*")
    assert feature.find(f".//{GML}pos").text == coordinates
    assert feature.find(f".//{GML}Point").get("srsName") == spelling
    compile_schema(application_schema([poi.feature_type], "http://127.0.0.1/wfs")).assertValid(feature)


def test_polygons_in_another_crs_replace_the_cut(policy, since, compile_schema):
    data, index = Gml32().fragments(policy)
    shape = shapely.to_wkb(shapely.box(4, 50, 5, 51))
    texts = Gml32().polygons([shape, None], parse_crs("urn:ogc:def:crs:EPSG::4326"))
    whole = b"".join(Fragments(memoryview(data), index).replace(np.array([0, 1]), texts))
    head = collection_head([policy.feature_type], 2, 2, midnight(since), "LWKB.xsd")
    moved, without = etree.fromstring(head + whole + TAIL).findall("{*}member/*")
    assert moved.find(f".//{GML}posList").text.startswith("50.0000000 5.0000000 51.0000000 5.0000000")
    assert without.find("{*}SHAPE") is None
    compile_schema(application_schema([policy.feature_type], "http://127.0.0.1/wfs")).assertValid(moved)


def test_a_character_that_xml_does_not_allow_is_an_error_that_names_the_field_and_not_the_value(poi):
    position = poi.arrow.schema.get_field_index("STRAAT")
    spoilt = poi.arrow.set_column(position, "STRAAT", pa.array(["Kerk\x0bstraat"] * len(poi)))
    with pytest.raises(UnfitText, match="STRAAT") as caught:
        Gml32().fragments(PublicTable(poi.feature_type, spoilt))
    assert "Kerk" not in str(caught.value)


@pytest.mark.parametrize("encoder", ["gml", "geojson", "csv"])
def test_batches_and_chunks_do_not_change_the_bytes(make_poi, monkeypatch, encoder):
    from exports.csv_table import Csv
    from exports.geojson import GeoJson

    chosen = {"gml": Gml32(), "geojson": GeoJson(), "csv": Csv()}[encoder]
    whole = make_poi(40)
    parts = [make_poi(40).arrow.slice(0, 13), make_poi(40).arrow.slice(13)]
    # a dictionary of its own for each chunk, as after a filter over files
    parts = [
        pa.table(
            [pa.array(c.to_pylist()).dictionary_encode() if pa.types.is_dictionary(c.type) else c.combine_chunks() for c in p.columns],
            schema=p.schema,
        )
        for p in parts
    ]
    expected, index = chosen.fragments(whole)
    monkeypatch.setattr(text, "_BATCH_ROWS", 7)
    data, offsets = chosen.fragments(PublicTable(whole.feature_type, pa.concat_tables(parts)))
    assert data == expected
    assert (offsets == index).all()


def test_no_rows_give_no_bytes_and_one_line_of_index(make_poi):
    data, index = Gml32().fragments(make_poi(0))
    assert data == b""
    assert index.tolist() == [[0, 0, 0]]


def test_the_head_of_a_collection_says_how_many_and_where_it_goes_on(poi, since):
    root = document(poi, since, next="http://127.0.0.1/wfs?a=1&startIndex=30")
    assert (root.get("numberMatched"), root.get("numberReturned"), root.get("timeStamp")) == ("30", "30", "2026-11-21T00:00:00Z")
    assert root.get("next") == "http://127.0.0.1/wfs?a=1&startIndex=30"
    assert root.get("previous") is None
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()
    assert location[:2] == ["http://www.opengis.net/wfs/2.0", "http://schemas.opengis.net/wfs/2.0/wfs.xsd"]
    assert location[2:] == [poi.feature_type.namespace, "POI.xsd"]
    unknown = etree.fromstring(collection_head([poi.feature_type], None, 0, midnight(since), "POI.xsd") + TAIL)
    assert unknown.get("numberMatched") == "unknown"


def test_one_feature_becomes_the_root_of_a_document(poi, compile_schema):
    data, index = Gml32().fragments(poi)
    root = etree.fromstring(feature_document(data[: index[1, 0]], poi.feature_type, "http://127.0.0.1/wfs?x=1&y=2"))
    compile_schema(application_schema([poi.feature_type], "http://127.0.0.1/wfs")).assertValid(root)
    assert root.get(f"{GML}id") == "POI.97"


def test_the_schema_of_several_namespaces_imports_the_others_from_the_service(schema):
    root = etree.fromstring(application_schema(schema.feature_types, "http://127.0.0.1/wfs"))
    imports = {element.get("namespace"): element.get("schemaLocation") for element in root.findall("{*}import")}
    assert imports["http://www.opengis.net/gml/3.2"] == "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
    other = imports["https://geo.api.vlaanderen.be/LWKB"]
    assert other.startswith(
        "http://127.0.0.1/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=LWKB:Woningkwaliteitsbeleid"
    )
    assert [element.get("name") for element in root.findall("{*}element")] == ["POI", "RegisterHerstelvorderingen_Adressen"]


def test_the_schema_states_types_lengths_and_meaning_of_the_fields(schema):
    root = etree.fromstring(application_schema(schema.feature_types[1:2], "http://127.0.0.1/wfs"))
    elements = {element.get("name"): element for element in root.iterfind(".//{*}sequence/{*}element")}
    types = {name: element.get("type") or element.find(".//{*}restriction").get("base") for name, element in elements.items()}
    assert types == {
        "NISCODE": "xs:string",
        "NAAM": "xs:string",
        "CAVERPL": "xs:string",
        "CAVERPLVAN": "xs:date",
        "CABOUWJR": "xs:long",
        "CAVERGOED": "xs:decimal",
        "LINK1": "xs:anyURI",
        "PEILDATUM": "xs:date",
        "SHAPE": "gml:MultiSurfacePropertyType",
    }
    assert elements["NAAM"].find(".//{*}maxLength").get("value") == "40"
    assert (elements["NISCODE"].get("minOccurs"), elements["NAAM"].get("minOccurs")) == ("1", "0")
    assert elements["NAAM"].find(".//{*}documentation").text == "Betekenis van NAAM & meer"
