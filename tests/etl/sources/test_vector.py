"""Vector files become records, in the types that the definition states."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path

import fiona
import pytest

from etl.delivery import Kind
from etl.errors import NoDelivery, SourceError
from etl.sources.vector import DRIVERS, VectorSource
from tests.etl.sources.definitions import definition, field

DAY = date(2026, 11, 21)
CSV = '''besluitId,straat,nummer,prijs,open,sinds
0012,Kérkstraat,4,12.50,true,2014/10/23 00:00:00+00
,,,,,
0013,"a, ""b""",x,-1e3,misschien,gisteren
'''
FIELDS = [
    field("besluitId", required=True),
    field("straat"),
    field("nummer", type="integer"),
    field("prijs", type="number"),
    field("open", type="boolean"),
    field("sinds", type="date"),
]


def source_of(file: str, **more: object) -> dict[str, object]:
    return {"kind": "vector", "location": file} | more


def test_csv_text_takes_the_types_of_the_definition_and_empty_rows_are_no_records(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, "utf-8-sig")
    delivery = VectorSource(tmp_path).pull(definition(fields=FIELDS, source=source_of("a.csv")), DAY)
    assert list(delivery.records()) == [
        (1, {"besluitId": "0012", "straat": "Kérkstraat", "nummer": 4, "prijs": 12.5, "open": True, "sinds": "2014-10-23"}),
        (2, {"besluitId": "0013", "straat": 'a, "b"', "nummer": "x", "prijs": "-1e3", "open": "misschien", "sinds": "gisteren"}),
    ]
    header = delivery.header
    assert (header.dataset, header.kind, header.day, header.number) == ("besluiten", Kind.FULL, DAY, 20261121)


def test_the_encoding_is_the_one_of_the_definition(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.csv").write_bytes("besluitId,straat\n1,Kérkstraat\n".encode("latin-1"))
    source = source_of("a.csv", encoding="ISO-8859-1")
    [(_, record)] = VectorSource(tmp_path).pull(definition(fields=FIELDS, source=source), DAY).records()
    assert record == {"besluitId": "1", "straat": "Kérkstraat"}
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceError, match="UnicodeDecodeError"):
        VectorSource(tmp_path).pull(definition(fields=FIELDS, source=source_of("a.csv")), DAY)
    assert "rkstraat" not in caplog.text


@pytest.mark.parametrize(
    ("driver", "file"), [("GPKG", "a.gpkg"), ("ESRI Shapefile", "a.shp"), ("GeoJSON", "a.geojson"), ("FlatGeobuf", "a.fgb")]
)
def test_points_come_with_their_position(tmp_path: Path, driver: str, file: str) -> None:
    schema = {"geometry": "Point", "properties": {"besluitId": "int:9", "straat": "str:80", "prijs": "float"}}
    crs = "EPSG:4326" if driver == "GeoJSON" else "EPSG:31370"
    with fiona.open(tmp_path / file, "w", driver=driver, schema=schema, crs=crs, encoding="UTF-8") as target:
        properties = {"besluitId": 12, "straat": "Kérkstraat", "prijs": 2.5}
        target.write({"type": "Feature", "geometry": {"type": "Point", "coordinates": (4.5, 51.25)}, "properties": properties})
    plain = definition(fields=FIELDS, source=source_of(file))
    [(_, record)] = VectorSource(tmp_path).pull(plain, DAY).records()
    assert record == {"besluitId": "12", "straat": "Kérkstraat", "prijs": 2.5, "geometry": {"x": 4.5, "y": 51.25}}
    stated = definition(fields=[*FIELDS, field("geometry.crs")], source=source_of(file))
    [(_, record)] = VectorSource(tmp_path).pull(stated, DAY).records()
    assert isinstance(record, dict)
    assert record["geometry"]["crs"] == crs


def test_a_file_is_reopened_while_it_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, "utf-8")
    vector, it = VectorSource(tmp_path), definition(fields=FIELDS, source=source_of("a.csv"))
    reference = vector.pull(it, DAY).reference
    assert len(list(vector.reopen(it, reference).records())) == 2
    vector.reopen(it, reference).discard()
    (tmp_path / "a.csv").write_text(CSV + "0014,,,,,\n", "utf-8")
    with pytest.raises(NoDelivery, match="has changed since"):
        vector.reopen(it, reference)
    with pytest.raises(NoDelivery):
        vector.reopen(it, "vector:../x")
    assert vector.missed(it, date(2026, 11, 1), DAY) == ()


def test_a_missing_file_names_the_place(tmp_path: Path) -> None:
    with pytest.raises(NoDelivery, match=r"a\.csv does not exist"):
        VectorSource(tmp_path).pull(definition(source=source_of("a.csv")), DAY)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, "utf-8")
    with pytest.raises(SourceError, match="max_bytes"):
        VectorSource(tmp_path).pull(definition(source=source_of("a.csv", max_bytes=10)), DAY)


def test_a_damaged_file_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": [{"Qwrtzmans4821"')
    with pytest.raises(SourceError) as caught:
        VectorSource(tmp_path).pull(definition(source=source_of("a.geojson")), DAY)
    assert "Qwrtzmans4821" not in str(caught.value)


def test_no_driver_is_allowed_that_reads_another_file_or_the_network(tmp_path: Path) -> None:
    assert set(DRIVERS).isdisjoint({"VRT", "OGR_VRT", "WFS", "OAPIF", "ESRIJSON"})
    layer = '<OGRVRTLayer name="a"><SrcDataSource>secret.csv</SrcDataSource></OGRVRTLayer>'
    (tmp_path / "secret.csv").write_text(CSV)
    (tmp_path / "a.vrt").write_text(f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")
    with pytest.raises(SourceError):
        VectorSource(tmp_path).pull(definition(source=source_of("a.vrt")), DAY)


def test_the_real_vacancy_register_is_read(shared: Path) -> None:
    file = "leegstandsregister_stad_antwerpen.csv"
    it = definition(fields=[field("OBJECTID", type="integer"), field("reg_opnamedatum", type="date")], source=source_of(file))
    found = [record for _, record in VectorSource(shared / "vacancy-register-antwerp").pull(it, DAY).records()]
    assert len(found) == 1045
    assert json.dumps(found[0]).startswith('{"OBJECTID": 74843, "pnd_id": "22620", "pva_straat": "DUINSTRAAT"')
    assert isinstance(found[0], dict)
    assert found[0]["reg_opnamedatum"] == "2014-10-23"
