"""Zipped Shapefiles and GeoPackages of a selection, read back by fiona from the bytes that a client gets."""

import gc
import io
import os
import sqlite3
import tempfile
import threading
import time
import zipfile
from dataclasses import replace
from datetime import timedelta

import fiona
import numpy as np
import pytest
import shapely

from exports import extract as module
from exports import formats
from exports.errors import Busy, TooLarge, UnfitLayer
from exports.extract import Layer, Origin, extract
from exports.text import coordinates
from release.crs import CRS84, ETRS89, LAMBERT72, LAMBERT2008, SERVED, WGS84
from release.table import PublicTable
from release.transform import transform_points

FORMS = [formats.SHAPEFILE, formats.GEOPACKAGE]
SUFFIX = {"Shapefile": "shp", "GeoPackage": "gpkg"}


@pytest.fixture(params=FORMS, ids=lambda form: form.name)
def form(request):
    return request.param


@pytest.fixture
def origin(schema, since):
    return Origin(schema, since, "production", {product.id: since - timedelta(days=1) for product in schema.products})


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """The place of temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def points(table, crs):
    return Layer(table, np.round(transform_points(coordinates(table), crs), crs.decimals))


def polygons(table, crs):
    shapes = [None if wkb is None else shapely.from_wkb(wkb) for wkb in table.arrow["_wkb"].to_pylist()]
    moved = [shape and shapely.transform(shape, lambda xy: transform_points(xy, crs)) for shape in shapes]
    return Layer(table, [None if shape is None else shapely.to_wkb(shape) for shape in moved])


def whole(*arguments):
    return b"".join(extract(*arguments))


def unzipped(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return sorted(path.name for path in folder.iterdir())


def read(path):
    with fiona.open(path) as source:
        shapes = [None if feature.geometry is None else shapely.geometry.shape(feature.geometry) for feature in source]
        return [dict(feature.properties) for feature in source], shapes, source.crs


@pytest.mark.parametrize("crs", SERVED, ids=lambda crs: crs.code)
def test_every_row_is_in_the_file_with_its_point_in_the_crs_of_the_request(make_poi, form, crs, origin, tmp_path):
    table = make_poi(30)
    layer = points(table, crs)
    unzipped(whole(form, [layer], crs, origin), tmp_path / "out")
    rows, shapes, found = read(tmp_path / "out" / f"POI.{SUFFIX[form.name]}")
    assert [row["OIDN"] for row in rows] == table.arrow["OIDN"].to_pylist()
    assert [row["STRAAT"] for row in rows] == table.arrow["STRAAT"].to_pylist()
    for shape, (x, y) in zip(shapes, layer.geometry, strict=True):
        assert shape is None if np.isnan(x) else (shape.x, shape.y) == (x, y)
    if crs in (ETRS89, WGS84, CRS84):
        assert all(2 < shape.x < 7 and 50 < shape.y < 52 for shape in shapes if shape is not None)
    assert str(found.to_epsg()) == ("4326" if crs == CRS84 else crs.code)


def test_polygons_are_in_the_crs_of_the_request(policy, form, origin, tmp_path):
    layer = polygons(policy, ETRS89)
    unzipped(whole(form, [layer], ETRS89, origin), tmp_path / "out")
    rows, (shape, without), _ = read(tmp_path / "out" / f"Woningkwaliteitsbeleid.{SUFFIX[form.name]}")
    assert shape.equals(shapely.from_wkb(layer.geometry[0]))
    assert shape.bounds[0] < 10 < shape.bounds[1]  # longitude first
    assert without is None
    assert [row["NISCODE"] for row in rows] == ["11002", "23106"]


def test_rows_without_position_are_in_the_file(make_poi, form, origin, tmp_path):
    table = make_poi(30)
    nowhere = table.take(~table.located)
    unzipped(whole(form, [points(nowhere, LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    rows, shapes, _ = read(tmp_path / "out" / f"POI.{SUFFIX[form.name]}")
    assert len(rows) == len(nowhere) == 3
    assert shapes == [None] * 3


def test_only_the_fields_that_were_asked_for_are_in_the_file_and_in_the_data_dictionary(make_poi, form, origin, tmp_path):
    table = make_poi(12)
    kind = table.feature_type.only(frozenset({"GEMEENTE", "OIDN", "SHAPE"}))
    picked = table.pick(np.array([3, 1]), kind)
    unzipped(whole(form, [points(picked, LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    rows, shapes, _ = read(tmp_path / "out" / f"POI.{SUFFIX[form.name]}")
    assert [list(row) for row in rows] == [["OIDN", "GEMEENTE"]] * 2
    assert [row["OIDN"] for row in rows] == picked.arrow["OIDN"].to_pylist()
    assert all(shape is not None for shape in shapes)
    dictionary = (tmp_path / "out" / "LEESMIJ.html").read_text()
    assert "GEMEENTE</th>" in dictionary
    assert "STRAAT" not in dictionary


def test_a_selection_without_its_geometry_is_a_table(make_poi, form, origin, tmp_path):
    table = make_poi(12)
    picked = table.pick(np.arange(12), table.feature_type.only(frozenset({"GEMEENTE"})))
    names = unzipped(whole(form, [Layer(picked, None)], LAMBERT72, origin), tmp_path / "out")
    data = {"Shapefile": "POI.dbf", "GeoPackage": "POI.gpkg"}[form.name]
    assert data in names
    assert "POI.shp" not in names
    rows, _, _ = read(tmp_path / "out" / data)
    assert [row["GEMEENTE"] for row in rows] == table.arrow["GEMEENTE"].to_pylist()


def test_an_empty_selection_is_a_file_that_opens(make_poi, form, origin, tmp_path):
    unzipped(whole(form, [points(make_poi(0), LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    assert read(tmp_path / "out" / f"POI.{SUFFIX[form.name]}")[:2] == ([], [])


def test_the_members_lie_at_the_top_where_programs_look_for_them(make_poi, origin, tmp_path):
    names = unzipped(whole(formats.SHAPEFILE, [points(make_poi(2), LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    assert names == ["LEESMIJ.html", "LICENTIE.txt", "POI.cpg", "POI.dbf", "POI.prj", "POI.shp", "POI.shx"]


def test_several_layers_each_have_their_file_and_their_documents(make_poi, policy, form, origin, tmp_path):
    layers = [points(make_poi(4), WGS84), polygons(policy, WGS84), points(make_poi(3), WGS84)]
    names = unzipped(whole(form, layers, WGS84, origin), tmp_path / "out")
    suffix = SUFFIX[form.name]
    assert [name for name in names if name.endswith(f".{suffix}")] == [
        f"POI.{suffix}",
        f"POI_2.{suffix}",
        f"Woningkwaliteitsbeleid.{suffix}",
    ]
    assert [name for name in names if name.startswith("L")] == [
        f"{document}{layer}.{ending}"
        for document, ending in (("LEESMIJ", "html"), ("LICENTIE", "txt"))
        for layer in ("_POI", "_POI_2", "_Woningkwaliteitsbeleid")
    ]
    assert len(read(tmp_path / "out" / f"POI_2.{suffix}")[0]) == 3


def test_licence_source_state_and_duties_go_with_every_file(make_poi, form, origin, tmp_path):
    unzipped(whole(form, [points(make_poi(9), LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    licence = (tmp_path / "out" / "LICENTIE.txt").read_text()
    readme = (tmp_path / "out" / "LEESMIJ.html").read_text()
    for sentence in (
        "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0",
        "Bron: Wonen in Vlaanderen – POI, toestand 20 november 2026",
        "Toestand op 20 november 2026. Staat een adres er niet op, dan bewijst dat niets.",
        "Adresgegevens kunnen persoonsgegevens zijn;",
    ):
        assert sentence in licence
        assert sentence in readme
    assert "Dit bestand is een selectie" in readme
    assert "EPSG:31370 (Belgian Lambert 72), in meter" in readme
    assert "De bijbehorende tabellen staan er niet in." in readme


def test_the_read_me_says_the_crs_and_how_it_was_computed(make_poi, form, origin, tmp_path):
    unzipped(whole(form, [points(make_poi(1), LAMBERT2008)], LAMBERT2008, origin), tmp_path / "out")
    readme = (tmp_path / "out" / "LEESMIJ.html").read_text()
    assert "EPSG:3812 (ETRS89 / Belgian Lambert 2008)" in readme
    assert "BD72 to ETRS89" in readme
    assert "in meter met twee decimalen" not in readme


def test_the_source_is_the_product_when_all_rows_are_of_one(make_poi, form, origin, tmp_path):
    table = make_poi(30)
    one = table.of(origin.schema.products[1])
    assert 0 < len(one) < 30
    unzipped(whole(form, [points(one, LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    assert "Wonen in Vlaanderen – Conformiteitsattest, toestand" in (tmp_path / "out" / "LICENTIE.txt").read_text()


def test_outside_production_the_read_me_says_test(make_poi, form, origin, tmp_path):
    test = replace(origin, environment="test")
    unzipped(whole(form, [points(make_poi(9), LAMBERT72)], LAMBERT72, test), tmp_path / "out")
    assert "<h1>TEST – POI</h1>" in (tmp_path / "out" / "LEESMIJ.html").read_text()


def test_the_same_rows_give_the_same_bytes_at_another_moment(make_poi, form, origin):
    first = whole(form, [points(make_poi(40), ETRS89)], ETRS89, origin)
    time.sleep(1.1)  # a clock anywhere in the bytes would show
    assert whole(form, [points(make_poi(40), ETRS89)], ETRS89, origin) == first


def test_the_same_bytes_come_out_when_several_are_made_at_once(make_poi, form, origin):
    expected = whole(form, [points(make_poi(500), LAMBERT72)], LAMBERT72, origin)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(whole(form, [points(make_poi(500), LAMBERT72)], LAMBERT72, origin))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_what_is_not_selected_is_in_no_file_not_even_in_its_unused_bytes(make_poi, form, origin, tmp_path):
    part = make_poi(20).pick(np.arange(5), make_poi(20).feature_type)  # its dictionaries still hold the values of all twenty
    unzipped(whole(form, [points(part, LAMBERT72)], LAMBERT72, origin), tmp_path / "out")
    assert not any(b"id/adres/19" in path.read_bytes() for path in (tmp_path / "out").iterdir())


def test_a_geopackage_states_its_crs_and_date(make_poi, origin, tmp_path):
    unzipped(whole(formats.GEOPACKAGE, [points(make_poi(3), CRS84)], CRS84, origin), tmp_path / "out")
    connection = sqlite3.connect(tmp_path / "out" / "POI.gpkg")
    assert connection.execute("SELECT srs_id, column_name FROM gpkg_geometry_columns").fetchall() == [(4326, "SHAPE")]
    assert connection.execute("SELECT last_change FROM gpkg_contents").fetchall() == [("2026-11-21T00:00:00.000Z",)]
    connection.close()


def test_nothing_is_left_when_all_has_been_sent(make_poi, form, origin, scratch):
    whole(form, [points(make_poi(50), LAMBERT72)], LAMBERT72, origin)
    assert list(scratch.iterdir()) == []


def test_nothing_lies_on_the_disk_while_it_is_sent_so_that_a_lost_client_or_server_leaves_nothing(make_poi, form, origin, scratch):
    pieces = extract(form, [points(make_poi(50), LAMBERT72)], LAMBERT72, origin)
    assert next(pieces)
    assert list(scratch.iterdir()) == []
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    del pieces
    gc.collect()
    if before is not None:
        assert len(os.listdir("/proc/self/fd")) < before


def broken(table):
    """A feature type that no Shapefile can hold under its own names."""
    fields = tuple(f.model_copy(update={"name": "GEMEENTENAAM"}) if f.name == "GEMEENTE" else f for f in table.feature_type.fields)
    kind = table.feature_type.model_copy(update={"fields": fields})
    renamed = ["GEMEENTENAAM" if name == "GEMEENTE" else name for name in table.arrow.column_names]
    return PublicTable(kind, table.arrow.rename_columns(renamed))


def test_an_error_comes_before_the_first_byte_leaves_nothing_and_does_not_block_the_next(make_poi, origin, scratch):
    with pytest.raises(UnfitLayer):
        next(extract(formats.SHAPEFILE, [points(broken(make_poi(5)), LAMBERT72)], LAMBERT72, origin))
    assert list(scratch.iterdir()) == []
    assert whole(formats.SHAPEFILE, [points(make_poi(5), LAMBERT72)], LAMBERT72, origin)


def test_too_many_rows_in_all_layers_together_are_refused(make_poi, form, origin, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 50)
    assert whole(form, [points(make_poi(50), LAMBERT72)], LAMBERT72, origin)
    with pytest.raises(TooLarge, match="at most 50 objects"):
        next(extract(form, [points(make_poi(30), LAMBERT72), points(make_poi(21), LAMBERT72)], LAMBERT72, origin))


def test_one_is_made_at_a_time_some_wait_and_more_are_refused(make_poi, form, origin, monkeypatch):
    monkeypatch.setattr(module, "_places", threading.BoundedSemaphore(2))
    begun, go = threading.Event(), threading.Event()
    making, most, done = [], [], []

    def layers():
        making.append(1)
        most.append(len(making))
        begun.set()
        assert go.wait(60)
        making.pop()
        yield points(make_poi(2), LAMBERT72)

    def work():
        done.append(whole(form, layers(), LAMBERT72, origin))

    threads = [threading.Thread(target=work) for _ in range(2)]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    while module._places._value:  # until the second waits
        time.sleep(0.01)
    with pytest.raises(Busy):
        next(extract(form, layers(), LAMBERT72, origin))
    go.set()
    for thread in threads:
        thread.join(60)
    assert len(done) == 2
    assert most == [1, 1]
    assert whole(form, layers(), LAMBERT72, origin)
