import json

import numpy as np
import pyarrow as pa
import pytest
import shapely

from exports.geojson import TAIL, GeoJson, body, collection_head
from exports.gml import midnight
from release.crs import CRS84, LAMBERT72, parse_crs
from release.fragments import Fragments
from release.table import PublicTable


def collection(table, since, **options):
    data, index = GeoJson().fragments(table)
    chunks = Fragments(memoryview(data), index).copy(np.arange(len(table)))
    return json.loads(collection_head(len(table), len(table), midnight(since), **options) + b"".join(body(chunks)) + TAIL)


def test_properties_and_ids_read_back_as_they_were(table, since):
    found = collection(table, since)["features"]
    assert len(found) == len(table)
    for feature, row in zip(found, table.arrow.to_pylist(), strict=True):
        assert feature["id"] == f"{table.feature_type.name}.{row['_id']}"
        expected = {field.name: row[field.name] for field in table.feature_type.fields}
        assert feature["properties"] == {
            key: value if isinstance(value, int | str | None) else _plain(value) for key, value in expected.items()
        }


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else float(value)


def test_points_are_lambert_72_and_null_where_there_is_none(poi, since):
    for feature, row in zip(collection(poi, since)["features"], poi.arrow.to_pylist(), strict=True):
        if row["_x"] is None:
            assert feature["geometry"] is None
        else:
            assert feature["geometry"] == {"type": "Point", "coordinates": [row["_x"], row["_y"]]}


def test_multipolygons_are_what_they_were(policy, since):
    first, second = collection(policy, since)["features"]
    assert shapely.from_geojson(json.dumps(first["geometry"])).equals(shapely.from_wkb(policy.arrow["_wkb"][0].as_py()))
    assert second["geometry"] is None


def test_every_character_survives_json(poi, since):
    characters = "".join(map(chr, range(0x300))) + "\u2028\u2029\ufeff\ufffe😀"
    position = poi.arrow.schema.get_field_index("STRAAT")
    table = PublicTable(poi.feature_type, poi.arrow.set_column(position, "STRAAT", pa.array([characters] * len(poi))))
    assert {feature["properties"]["STRAAT"] for feature in collection(table, since)["features"]} == {characters}


@pytest.mark.parametrize("spelling", ["urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"])
def test_longitude_comes_first_whatever_the_spelling(poi, spelling):
    data, index = GeoJson().fragments(poi)
    texts = GeoJson().points(np.array([[4.22960419, 51.09916678]]), parse_crs(spelling))
    [whole] = body(Fragments(memoryview(data), index).replace(np.array([0]), texts))
    assert json.loads(whole)["geometry"]["coordinates"] == [4.2296042, 51.0991668]


def test_polygons_in_another_crs_replace_the_cut(policy):
    data, index = GeoJson().fragments(policy)
    shape = shapely.MultiPolygon([shapely.box(4, 50, 5, 51)])
    texts = GeoJson().polygons([shapely.to_wkb(shape)], parse_crs("EPSG:4326"))
    [whole] = body(Fragments(memoryview(data), index).replace(np.array([0]), texts))
    assert shapely.from_geojson(json.dumps(json.loads(whole)["geometry"])).equals(shape)


def test_the_crs_member_is_there_only_where_rfc_7946_has_no_word_for_it(poi, since):
    assert collection(poi, since, crs=LAMBERT72)["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::31370"
    assert "crs" not in collection(poi, since, crs=CRS84)


def test_the_head_gives_counts_time_and_links(poi, since):
    found = collection(poi, since, links=[{"rel": "next", "href": 'http://127.0.0.1/?a=1&b="2"'}])
    assert (found["numberMatched"], found["numberReturned"], found["timeStamp"]) == (30, 30, "2026-11-21T00:00:00Z")
    assert found["links"] == [{"rel": "next", "href": 'http://127.0.0.1/?a=1&b="2"'}]
    assert "numberMatched" not in json.loads(collection_head(None, 0, midnight(since)) + TAIL)


def test_an_empty_answer_is_a_collection_without_features(make_poi, since):
    assert collection(make_poi(0), since)["features"] == []
