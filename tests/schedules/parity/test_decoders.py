"""What a decoder takes for the same, and what it refuses to read."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
import shapely

from exports.csv_table import EXCEL, document
from exports.geojson import GeoJson, body, collection_head
from exports.gml import TAIL, Gml32, midnight
from exports.gml import collection_head as gml_head
from release.schema import Field, FieldType, Text
from release.table import PublicTable
from schedules.parity import gml, json_features, places, tabular
from schedules.parity.errors import Undecodable
from schedules.parity.rows import NOWHERE, Row, Rows, Shape
from schedules.parity.texts import text
from tests.exports.conftest import SINCE, poi_table, policy_table

TABLE = poi_table(12)


def gml_document(table: PublicTable = TABLE) -> bytes:
    kind, rows = table.feature_type, len(table)
    return gml_head([kind], rows, rows, midnight(SINCE), "x.xsd") + Gml32().fragments(table)[0] + TAIL


def geojson_document(table: PublicTable = TABLE) -> bytes:
    data = b"".join(body([GeoJson().fragments(table)[0]]))
    return collection_head(None, len(table), midnight(SINCE)) + data + b"]}"


def csv_document(table: PublicTable = TABLE) -> bytes:
    return b"".join(document(table))


def excel_document(table: PublicTable = TABLE) -> bytes:
    return b"".join(document(table, EXCEL))


def from_gml(data: bytes, table: PublicTable = TABLE) -> Iterator[Row]:
    return gml.rows([data[:900], data[900:]], table.feature_type)


def from_geojson(data: bytes, table: PublicTable = TABLE) -> Iterator[Row]:
    return json_features.rows([data], table.feature_type)


def from_csv(data: bytes, table: PublicTable = TABLE) -> Iterator[Row]:
    return tabular.csv_rows(io.BytesIO(data), table.feature_type)


def from_excel(data: bytes, table: PublicTable = TABLE) -> Iterator[Row]:
    return tabular.csv_rows(io.BytesIO(data), table.feature_type, tabular.EXCEL)


FORMS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], Iterator[Row]]]] = {
    "GML": (gml_document, from_gml),
    "GeoJSON": (geojson_document, from_geojson),
    "CSV": (csv_document, from_csv),
    "CSV (Excel)": (excel_document, from_excel),
}


def hashed(rows: Iterator[Row]) -> str:
    return Rows.of(rows, Shape(TABLE.feature_type).key).digest(places=True).sha256


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_as_the_same(form: str) -> None:
    make, read = FORMS[form]
    assert hashed(read(make())) == hashed(from_gml(gml_document()))


@pytest.mark.parametrize("form", FORMS)
def test_the_order_of_the_rows_does_not_count(form: str) -> None:
    _, read = FORMS[form]
    order = list(reversed(range(len(TABLE))))
    turned = PublicTable(TABLE.feature_type, TABLE.arrow.take(order))
    again = {"GML": gml_document, "GeoJSON": geojson_document, "CSV": csv_document, "CSV (Excel)": excel_document}[form](turned)
    assert hashed(read(again)) == hashed(from_gml(gml_document()))


REFUSED = {
    "an element that the schema does not know": ("GML", b"<POI:THEMA>", b"<POI:GEHEIM>x</POI:GEHEIM><POI:THEMA>"),
    "an attribute that no element has": ("GML", b"<POI:THEMA>", b'<POI:THEMA x="1">'),
    "another CRS": ("GML", b"EPSG::31370", b"EPSG::3812"),
    "a feature with the id of another": ("GML", b'gml:id="POI.', b'gml:id="POI.1'),
    "a position of three numbers": ("GML", b"</gml:pos>", b" 3</gml:pos>"),
    "a coordinate that is none": ("GML", b"<gml:pos>", b"<gml:pos>x"),
    "a coordinate without a value": ("GML", b"<gml:pos>25000.12", b"<gml:pos>nan"),
    "a coordinate without an end": ("GeoJSON", b'"coordinates":[25000.12', b'"coordinates":[1e400'),
    "a key that is no number": ("GML", b"<POI:UIDN>", b"<POI:UIDN>x"),
    "a text that is no UTF-8": ("GML", b"<POI:THEMA>", b"<POI:THEMA>\xff"),
    "a property more": ("GeoJSON", b'"properties":{"UIDN"', b'"properties":{"GEHEIM":1,"UIDN"'),
    "a property less": ("GeoJSON", b'"THEMA":"Bouwen en wonen",', b""),
    "an id of another layer": ("GeoJSON", b'"id":"POI.', b'"id":"LWKB.'),
    "an id of another object": ("GeoJSON", b'"id":"POI.', b'"id":"POI.1'),
    "another geometry": ("GeoJSON", b'"type":"Point"', b'"type":"LineString"'),
    "no JSON": ("GeoJSON", b'{"type"', b'"type"'),
    "another column": ("CSV", b"THEMA", b"GEHEIM"),
    "a cell more": ("CSV", b"Bouwen en wonen,", b"Bouwen en wonen,x,"),
    "a line that ends within quotes": ("CSV", b"Bouwen en wonen,", b'"Bouwen en wonen,'),
    "a longitude elsewhere": ("CSV", b",3.1", b",3.2"),
    "a position that has no degrees": ("CSV", b"25000.12,", b","),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_of_the_schema_is_not_read(name: str) -> None:
    form, before, after = REFUSED[name]
    make, read = FORMS[form]
    data = make()
    assert before in data
    with pytest.raises(Undecodable):
        hashed(read(data.replace(before, after, 1)))


def test_a_ring_that_turns_the_other_way_and_begins_elsewhere_is_the_same_place() -> None:
    ring = [(0, 0), (10, 0), (10, 10), (0, 0)]
    other = [(10, 10), (10, 0), (0, 0), (10, 10)]
    far = [(20, 20), (30, 20), (30, 30), (20, 20)]
    assert places.rings([[ring], [far]]) == places.rings([[far], [other]])
    assert places.rings([[ring]]) == places.area(shapely.Polygon(ring))
    assert places.rings([[ring]]) != places.rings([[[(0, 0), (10, 0.02), (10, 10), (0, 0)]]])


@pytest.mark.parametrize(("x", "same"), [(152000.124, True), (152000.116, True), (152000.14, False), (152000.13, False)])
def test_a_place_is_compared_to_a_centimetre(x: float, same: bool) -> None:
    assert (places.point(x, 1) == places.point("152000.12", "1.00")) is same


def test_a_line_is_no_place() -> None:
    with pytest.raises(Undecodable, match="no multipolygon"):
        places.wkb_area(shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])))


def test_the_same_letters_composed_or_not_are_the_same_text() -> None:
    one, other = "1\x1fCafé".encode(), unicodedata.normalize("NFD", "1\x1fCafé").encode()
    assert one != other
    assert Rows.of([(one, NOWHERE)], 0).digest(places=True) == Rows.of([(other, NOWHERE)], 0).digest(places=True)


def test_a_text_does_not_move_from_one_field_to_the_next() -> None:
    assert Rows.of([(b"ab\x1fc", NOWHERE)]).digest(places=True) != Rows.of([(b"a\x1fbc", NOWHERE)]).digest(places=True)


def test_a_row_that_comes_twice_is_a_row_more() -> None:
    row = (b"1\x1fx", NOWHERE)
    once, twice = Rows.of([row], 0), Rows.of([row, row], 0)
    assert once.digest(places=True) != twice.digest(places=True)
    assert (len(twice), once.lacking(twice, places=True)) == (2, 0)


def _field(type_: FieldType) -> Field:
    return Field(name="VELD", type=type_, title=Text(nl="v", en="f"), ground="VCW art. 3.57 §1")


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (None, FieldType.DATE, ""),
        ("", FieldType.INTEGER, ""),
        (3.0, FieldType.INTEGER, "3"),
        ("0042", FieldType.INTEGER, "42"),
        (62.5, FieldType.NUMBER, "62.50"),
        (Decimal("62.50"), FieldType.NUMBER, "62.50"),
        ("62.5", FieldType.NUMBER, "62.50"),
        (SINCE, FieldType.DATE, "2026-11-21"),
        ("2026-11-21", FieldType.DATE, "2026-11-21"),
        (midnight(SINCE), FieldType.DATE, "2026-11-21"),
    ],
)
def test_a_value_has_one_text_whatever_its_type(value: object, type_: FieldType, expected: str) -> None:
    assert text(value, _field(type_)) == expected  # type: ignore[arg-type] # of several types


@pytest.mark.parametrize(
    ("value", "type_"),
    [("x", FieldType.INTEGER), (3.5, FieldType.INTEGER), ("x", FieldType.NUMBER), ("21/11/2026", FieldType.DATE), (1, FieldType.TEXT)],
)
def test_a_value_of_another_type_is_not_read(value: object, type_: FieldType) -> None:
    with pytest.raises(Undecodable, match="VELD holds what is no"):
        text(value, _field(type_))  # type: ignore[arg-type] # of several types


def test_areas_are_read_from_gml_and_geojson_alike() -> None:
    table = policy_table()
    ours, theirs = from_gml(gml_document(table), table), from_geojson(geojson_document(table), table)
    key = Shape(table.feature_type).key
    assert Rows.of(ours, key).digest(places=True) == Rows.of(theirs, key).digest(places=True)


def test_a_hole_that_comes_before_its_polygon_is_not_read() -> None:
    table = policy_table()
    data = gml_document(table).replace(b"gml:exterior", b"gml:interior", 2)
    with pytest.raises(Undecodable, match="one outer ring that comes first"):
        list(from_gml(data, table))


def test_a_document_of_geojson_says_what_it_is() -> None:
    with pytest.raises(Undecodable, match="no FeatureCollection"):
        list(from_geojson(json.dumps([1]).encode()))
