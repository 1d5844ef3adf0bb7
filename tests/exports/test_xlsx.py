from datetime import datetime

import openpyxl
import pytest

from exports import xlsx
from exports.errors import UnfitLayer
from exports.notice import notice


@pytest.fixture
def words(schema, since):
    return notice(schema.product("POI"), schema, since, "production")


@pytest.fixture
def book(make_poi, addresses, words, since, tmp_path):
    xlsx.write(make_poi(10), [addresses], tmp_path / "POI.xlsx", words, since)
    return openpyxl.load_workbook(tmp_path / "POI.xlsx")


def test_the_first_sheet_is_to_be_read_and_the_tables_follow(book, words):
    assert book.sheetnames == ["Lees mij", "Gegevens", "Adressen"]
    texts = [cell.value for row in book["Lees mij"].iter_rows() for cell in row]
    for sentence in (words.state, words.reuse, words.attribution, words.licence):
        assert sentence in texts


def test_values_are_what_they_were_and_codes_are_texts(book, make_poi):
    header, *rows = book["Gegevens"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    for cells, row in zip(found, make_poi(10).arrow.to_pylist(), strict=True):
        assert {name: cells[name] for name in cells if name not in ("X_L72", "Y_L72", "LON", "LAT")} == {
            name: row[name] for name in row if not name.startswith("_")
        }
        assert (cells["X_L72"], cells["Y_L72"]) == (row["_x"], row["_y"])
    assert [type(found[0][name]) for name in ("HUISNR", "POSTCODE", "NISCODE", "OIDN", "LON")] == [str, str, str, int, float]


def test_there_are_no_hyperlinks_and_no_formulas(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.hyperlink for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


def test_dates_are_dates(policy, words, since, tmp_path):
    xlsx.write(policy, [], tmp_path / "LWKB.xlsx", words, since)
    sheet = openpyxl.load_workbook(tmp_path / "LWKB.xlsx")["Gegevens"]
    row = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert row["CAVERPLVAN"].value == datetime(2024, 1, 1)
    assert row["CAVERPLVAN"].is_date
    assert row["CAVERGOED"].value == 62.5


def test_the_date_inside_is_that_of_the_content(book, since):
    assert book.properties.created.date() == since


def test_more_rows_than_a_sheet_holds_are_refused(make_poi, words, since, tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 10)
    assert xlsx.fits([make_poi(9)])
    assert not xlsx.fits([make_poi(9), make_poi(10)])
    with pytest.raises(UnfitLayer):
        xlsx.write(make_poi(10), [], tmp_path / "POI.xlsx", words, since)
