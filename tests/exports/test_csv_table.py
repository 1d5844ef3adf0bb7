import csv
import io
import json
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from exports import csv_table
from exports.csv_table import CANONICAL, EXCEL, Csv, document, header, metadata
from exports.errors import UnfitText
from release.crs import CRS84, parse_crs
from release.table import PublicTable
from release.transform import transform_points


def read(table, dialect):
    text = b"".join(document(table, dialect)).decode("utf-8-sig" if dialect is EXCEL else "utf-8")
    assert text.count("\r\n") >= len(table) + 1
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True))


@pytest.mark.parametrize("dialect", [CANONICAL, EXCEL])
def test_values_read_back_as_they_were(table, dialect):
    rows = read(table, dialect)
    assert len(rows) == len(table)
    for found, row in zip(rows, table.arrow.to_pylist(), strict=True):
        for field in table.feature_type.fields:
            value = row[field.name]
            text = found[field.name].replace(",", ".") if isinstance(value, Decimal) else found[field.name]
            assert text == ("" if value is None else str(value))


def test_points_have_four_columns_of_coordinates(poi):
    rows = read(poi, CANONICAL)
    for found, row in zip(rows, poi.arrow.to_pylist(), strict=True):
        if row["_x"] is None:
            assert [found[name] for name in ("X_L72", "Y_L72", "LON", "LAT")] == [""] * 4
        else:
            lonlat = transform_points(np.array([[row["_x"], row["_y"]]]), CRS84)[0]
            assert [found["X_L72"], found["Y_L72"]] == [f"{row['_x']:.2f}", f"{row['_y']:.2f}"]
            assert [found["LON"], found["LAT"]] == [f"{number:.7f}" for number in lonlat]


def test_multipolygons_and_attribute_tables_have_no_coordinates(policy, addresses):
    for table in (policy, addresses):
        assert csv_table.columns(table.feature_type) == tuple(field.name for field in table.feature_type.fields)


def test_the_form_for_excel_has_a_bom_semicolons_and_decimal_commas(poi, policy):
    whole = b"".join(document(poi, EXCEL))
    assert whole.startswith(b"\xef\xbb\xbfUIDN;OIDN;")
    assert b";25000,12;153000,50;" in whole
    assert b";62,50;" in b"".join(document(policy, EXCEL))
    assert not b"".join(document(poi)).startswith(b"\xef\xbb\xbf")


def test_only_what_needs_quotes_has_them(addresses):
    assert (
        b"".join(document(addresses)).split(b"\r\n")[1]
        == b'1099511627776,"Place ""G\xc3\xa9n\xc3\xa9ral"" Ruquoy",1-3,,2000,Antwerpen,11002'
    )


def test_fragments_are_the_rows_of_the_file_and_no_crs_changes_them(poi, policy):
    data, index = Csv().fragments(poi)
    assert header(poi.feature_type) + data == b"".join(document(poi))
    assert (index[:, 1] == index[:, 2]).all()
    assert Csv().points(np.zeros((2, 2)), parse_crs("EPSG:4326")) == [b"", b""]
    assert Csv().polygons(policy.arrow["_wkb"].to_pylist(), parse_crs("EPSG:4326")) == [b"", b""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_value_that_a_spreadsheet_would_run_is_an_error_that_does_not_tell_it(poi, start):
    position = poi.arrow.schema.get_field_index("BUSNR")
    table = PublicTable(poi.feature_type, poi.arrow.set_column(position, "BUSNR", pa.array([f"{start}SOM(A1)"] * len(poi))))
    with pytest.raises(UnfitText, match="BUSNR") as caught:
        Csv().fragments(table)
    assert "SOM" not in str(caught.value)


def test_csvw_describes_the_columns_of_the_header_in_order(poi, since):
    described = json.loads(metadata(poi.feature_type, "POI.csv", since, "https://example.org/licentie"))
    names = [column["name"] for column in described["tableSchema"]["columns"]]
    assert ",".join(names).encode() + b"\r\n" == header(poi.feature_type)
    assert described["url"] == "POI.csv"
    assert described["dc:modified"]["@value"] == "2026-11-21"
    types = {column["name"]: column["datatype"] for column in described["tableSchema"]["columns"]}
    assert types["POSTCODE"] == {"base": "string", "maxLength": 4}
    assert types["OIDN"] == {"base": "integer"}
    assert types["LON"] == {"base": "decimal"}
