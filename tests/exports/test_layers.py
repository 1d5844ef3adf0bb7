"""Shapefile, GeoPackage, FlatGeobuf and GeoParquet, judged by fiona, pyarrow and their own bytes."""

import json
import sqlite3
import struct
import time

import fiona
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from exports import flatgeobuf, geopackage, geoparquet, shapefile
from exports.errors import UnfitLayer
from exports.formats import GEOPACKAGE
from release.table import PublicTable


def with_column(table, name, values):
    position = table.arrow.schema.get_field_index(name)
    return PublicTable(table.feature_type, table.arrow.set_column(position, name, pa.array(values, pa.string())))


def expected_rows(table):
    """Public fields of every row, empty text for null, dates as ISO."""
    names = [field.name for field in table.feature_type.fields]
    return [[_plain(row[name]) for name in names] for row in table.arrow.to_pylist()]


def _plain(value):
    return value if isinstance(value, int) else "" if value is None else str(value)


def fiona_rows(path, table, layer=None):
    names = [field.name for field in table.feature_type.fields]
    with fiona.open(path, layer=layer) as source:
        assert source.crs.to_epsg() in (31370, None)
        features = list(source)
    rows = [[_plain(feature.properties[name]) for name in names] for feature in features]
    return rows, [None if feature.geometry is None else shapely.geometry.shape(feature.geometry) for feature in features]


def geometries(table):
    if "_wkb" in table.arrow.column_names:
        return [None if wkb is None else shapely.from_wkb(wkb) for wkb in table.arrow["_wkb"].to_pylist()]
    pairs = zip(table.arrow["_x"].to_pylist(), table.arrow["_y"].to_pylist(), strict=True)
    return [None if x is None else shapely.Point(x, y) for x, y in pairs]


def same_shapes(found, expected):
    return all((a is None) == (b is None) and (a is None or a.equals(b)) for a, b in zip(found, expected, strict=True))


def test_a_shapefile_holds_every_row_with_its_accents_and_its_shape(poi, tmp_path, since):
    shapefile.write(poi, tmp_path, "POI", since)
    rows, shapes = fiona_rows(tmp_path / "POI.shp", poi)
    assert rows == expected_rows(poi)
    assert same_shapes(shapes, geometries(poi))


def test_a_shapefile_has_exact_widths_utf8_lambert_72_and_the_date_of_the_content(policy, tmp_path, since):
    shapefile.write(policy, tmp_path, "LWKB", since)
    with fiona.open(tmp_path / "LWKB.shp") as source:
        assert dict(source.schema["properties"]) == {
            "NISCODE": "str:5",
            "NAAM": "str:40",
            "CAVERPL": "str:1",
            "CAVERPLVAN": "date",
            "CABOUWJR": "int:18",
            "CAVERGOED": "float:14.2",
            "LINK1": "str:254",
            "PEILDATUM": "date",
        }
    assert (tmp_path / "LWKB.cpg").read_text() == "UTF-8"
    assert "Belge_Lambert_1972" in (tmp_path / "LWKB.prj").read_text()
    assert tuple((tmp_path / "LWKB.dbf").read_bytes()[1:4]) == (since.year - 1900, since.month, since.day)


def test_a_name_that_a_shapefile_would_change_is_an_error(policy, tmp_path, since):
    fields = [
        field.model_copy(update={"name": "PEILDATUM_VAN_DE_RIJ"}) if field.name == "PEILDATUM" else field
        for field in policy.feature_type.fields
    ]
    kind = policy.feature_type.model_copy(update={"fields": tuple(fields)})
    renamed = policy.arrow.rename_columns(["PEILDATUM_VAN_DE_RIJ" if name == "PEILDATUM" else name for name in policy.arrow.column_names])
    with pytest.raises(UnfitLayer, match="PEILDATUM_"):
        shapefile.write(PublicTable(kind, renamed), tmp_path, "LWKB", since)


def test_a_width_grows_when_accents_need_more_bytes_and_a_text_is_cut_only_beyond_254_bytes(make_poi, tmp_path, since):
    table = with_column(make_poi(2), "STRAAT", ["é" * 80, "Kerkstraat"])
    table = with_column(table, "OMSCHR", ["x" + "é" * 200, "kort"])
    shapefile.write(table, tmp_path, "POI", since)
    with fiona.open(tmp_path / "POI.shp") as source:
        first = next(iter(source))
        assert source.schema["properties"]["STRAAT"] == "str:160"
        assert source.schema["properties"]["OMSCHR"] == "str:254"
    assert first.properties["STRAAT"] == "é" * 80
    assert first.properties["OMSCHR"] == "x" + "é" * 126


def test_a_shapefile_over_the_limit_is_split_by_todays_province(make_poi, tmp_path, since):
    table = make_poi(300)
    shapefile.write(table, tmp_path, "POI", since, limit=200_000)
    counts = {}
    for path in sorted(tmp_path.glob("*.shp")):
        with fiona.open(path) as source:
            counts[path.stem] = (len(source), {feature.properties["NISCODE"] for feature in source})
    assert {name: codes for name, (_, codes) in counts.items() if codes} == {
        "POI_Antwerpen": {"11002"},
        "POI_OostVlaanderen": {"46030"},  # holds Zwijndrecht, once 11056 and in Antwerpen
        "POI_VlaamsBrabant": {"23106"},
    }
    assert sum(count for count, _ in counts.values()) == len(table)


def test_a_province_that_is_still_too_large_is_an_error(make_poi, tmp_path, since):
    with pytest.raises(UnfitLayer, match="POI_Antwerpen"):
        shapefile.write(make_poi(300), tmp_path, "POI", since, limit=50_000)


def test_a_geopackage_holds_every_row_and_the_attribute_table(poi, addresses, tmp_path, since):
    path = tmp_path / "POI.gpkg"
    geopackage.write(poi, [addresses], path, "POI", since)
    rows, shapes = fiona_rows(path, poi, "POI")
    assert rows == expected_rows(poi)
    assert same_shapes(shapes, geometries(poi))
    assert fiona.listlayers(path) == ["POI", "RegisterHerstelvorderingen_Adressen"]
    with fiona.open(path, layer="RegisterHerstelvorderingen_Adressen") as source:
        assert [_plain(feature.properties["HUISNR"]) for feature in source] == ["1-3"] * 3


def test_a_geopackage_says_what_every_field_means_and_leaves_nothing_beside_it(poi, addresses, tmp_path, since):
    path = tmp_path / "POI.gpkg"
    geopackage.write(poi, [addresses], path, "POI", since)
    connection = sqlite3.connect(path)
    described = dict(connection.execute("SELECT column_name, description FROM gpkg_data_columns WHERE table_name = 'POI'"))
    assert described == {field.name: field.title.nl for field in poi.feature_type.fields}
    assert connection.execute("SELECT srs_id, column_name FROM gpkg_geometry_columns").fetchall() == [(31370, "SHAPE")]
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert f"{version // 10_000}.{version // 100 % 100}" == GEOPACKAGE.version  # as the records say
    assert {stamp for (stamp,) in connection.execute("SELECT last_change FROM gpkg_contents")} == {"2026-11-21T00:00:00.000Z"}
    connection.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["POI.gpkg"]


def test_a_flatgeobuf_holds_exactly_the_located_rows(poi, tmp_path, since):
    path = tmp_path / "POI.fgb"
    flatgeobuf.write(poi, path, "POI", since)
    rows, shapes = fiona_rows(path, poi)
    located = [row for row, shape in zip(expected_rows(poi), geometries(poi), strict=True) if shape is not None]
    assert sorted(rows) == sorted(located)
    assert all(shape is not None for shape in shapes)


@pytest.mark.parametrize("name", ["poi", "policy"])
def test_a_geoparquet_holds_every_row_as_plain_columns(make_poi, policy, tmp_path, name):
    table = make_poi(30) if name == "poi" else policy
    path = tmp_path / "x.parquet"
    geoparquet.write(table, path)
    found = pq.read_table(path)
    assert found.column_names == [*(field.name for field in table.feature_type.fields), "SHAPE"]
    assert not any(pa.types.is_dictionary(column.type) for column in found.schema)
    assert found.drop_columns(["SHAPE"]).to_pylist() == [
        {field.name: row[field.name] for field in table.feature_type.fields} for row in table.arrow.to_pylist()
    ]
    shapes = [None if wkb is None else shapely.from_wkb(wkb) for wkb in found["SHAPE"].to_pylist()]
    assert same_shapes(shapes, geometries(table))


def test_the_metadata_of_a_geoparquet_is_geo_alone_with_crs_and_bounds(policy, tmp_path):
    path = tmp_path / "x.parquet"
    geoparquet.write(policy, path)
    metadata = pq.read_schema(path).metadata
    assert set(metadata) == {b"geo"}
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"]["SHAPE"]
    assert (geo["version"], geo["primary_column"], column["encoding"], column["geometry_types"]) == (
        "1.1.0",
        "SHAPE",
        "WKB",
        ["MultiPolygon"],
    )
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 31370}
    assert column["bbox"] == [150000, 210000, 154000.25, 212000]


def test_the_wkb_of_a_point_is_little_endian_x_y(make_poi, tmp_path):
    geoparquet.write(make_poi(1), tmp_path / "x.parquet")
    [wkb] = pq.read_table(tmp_path / "x.parquet")["SHAPE"].to_pylist()
    assert wkb == struct.pack("<BIdd", 1, 1, 25000.12, 153000.5)


def test_no_rows_make_files_that_open(make_poi, tmp_path, since):
    empty = make_poi(0)
    shapefile.write(empty, tmp_path, "POI", since)
    geopackage.write(empty, [], tmp_path / "POI.gpkg", "POI", since)
    flatgeobuf.write(empty, tmp_path / "POI.fgb", "POI", since)
    geoparquet.write(empty, tmp_path / "POI.parquet")
    for name in ("POI.shp", "POI.gpkg", "POI.fgb"):
        assert fiona_rows(tmp_path / name, empty) == ([], [])
    assert pq.read_metadata(tmp_path / "POI.parquet").num_rows == 0
    assert "bbox" not in json.loads(pq.read_schema(tmp_path / "POI.parquet").metadata[b"geo"])["columns"]["SHAPE"]


def test_the_same_rows_give_the_same_bytes_at_another_moment(make_poi, addresses, tmp_path, since):
    written = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        table = make_poi(50)
        shapefile.write(table, folder, "POI", since)
        geopackage.write(table, [addresses], folder / "POI.gpkg", "POI", since)
        flatgeobuf.write(table, folder / "POI.fgb", "POI", since)
        geoparquet.write(table, folder / "POI.parquet")
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
        time.sleep(1.1)  # a clock anywhere in the bytes would show
    assert written[0] == written[1]


def test_what_the_rows_are_not_is_in_no_file(make_poi, tmp_path, since):
    table = make_poi(20)
    part = table.take(np.arange(20) < 5)  # the dictionaries still hold the values of all twenty
    gone = b"id/adres/19"
    shapefile.write(part, tmp_path, "POI", since)
    geopackage.write(part, [], tmp_path / "POI.gpkg", "POI", since)
    flatgeobuf.write(part, tmp_path / "POI.fgb", "POI", since)
    geoparquet.write(part, tmp_path / "POI.parquet")
    assert not any(gone in path.read_bytes() for path in tmp_path.iterdir())
    assert gone.decode() not in str(pq.read_table(tmp_path / "POI.parquet").to_pylist())
