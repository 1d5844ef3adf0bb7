"""Code lists from Excel attachments."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from etl.code_lists import Code, load, resolve
from etl.errors import BadDefinition
from tests.etl.sources.definitions import definition, field

AARD = [["Codelijst aard", None], ["versie", 2], ["Code", "Omschrijving"], ["ongeschikt", "Ongeschikt"], ["overbewoond", None]]


def book(path: Path, rows: Sequence[Sequence[object]], *, sheet: str = "Blad1", before: Sequence[str] = ()) -> Path:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.remove(workbook.active)
    for name in (*before, sheet):
        workbook.create_sheet(name)
    for row in rows:
        workbook[sheet].append(list(row))
    workbook.save(path)
    return path


def test_codes_stand_below_the_header_wherever_it_is(tmp_path: Path) -> None:
    assert load(book(tmp_path / "a.xlsx", AARD)) == (Code("ongeschikt", "Ongeschikt"), Code("overbewoond", ""))


@pytest.mark.parametrize(("code", "label"), [("CODE", "omschrijving "), ("Waarde", "Betekenis"), ("id", "Naam")])
def test_the_header_is_found_by_its_names(tmp_path: Path, code: str, label: str) -> None:
    rows = [["nr", label, "opmerking", code], [1, "Vochtig", "x", "A"], [None] * 4, [2, "Droog", "y", "B"]]
    assert load(book(tmp_path / "a.xlsx", rows)) == (Code("A", "Vochtig"), Code("B", "Droog"))


def test_the_first_sheet_with_a_header_counts_or_the_one_that_is_named(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", AARD, sheet="Aard", before=["Lees mij"])
    assert load(path) == load(path, "Aard")
    with pytest.raises(BadDefinition, match="no sheet 'Soort'; it has Lees mij, Aard"):
        load(path, "Soort")
    with pytest.raises(BadDefinition, match="no row names a column"):
        load(path, "Lees mij")


def test_numbers_keep_their_leading_zeros(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["code", "omschrijving"], [7, "zeven"], [8.0, "acht"]):
        sheet.append(row)
    sheet["A2"].number_format = "000"
    workbook.save(path)
    assert [code.code for code in load(path)] == ["007", "8"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["code", "omschrijving"]], "no codes"),
        ([["code", "omschrijving"], [None, "zonder code"]], "row without one"),
        ([["code", "omschrijving"], ["a", "1"], ["a ", "2"]], "a code twice"),
        ([["a", "b"]], "no row names"),
    ],
)
def test_a_list_that_is_no_code_list_is_refused(tmp_path: Path, rows: Sequence[Sequence[object]], reason: str) -> None:
    with pytest.raises(BadDefinition, match=reason):
        load(book(tmp_path / "a.xlsx", rows))


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("code;omschrijving")
    with pytest.raises(BadDefinition, match=r"no readable \.xlsx"):
        load(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as packed:
        packed.writestr("hallo.txt", "x")
    with pytest.raises(BadDefinition, match=r"no readable \.xlsx"):
        load(tmp_path / "b.xlsx")
    with pytest.raises(BadDefinition, match="does not exist"):
        load(tmp_path / "c.xlsx")


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/workbook.xml", "w") as member:
        for _ in range(210):
            member.write(b"\0" * (1 << 20))
    with pytest.raises(BadDefinition, match="larger than a code list"):
        load(tmp_path / "a.xlsx")


def test_a_definition_gets_the_codes_of_its_attachments(tmp_path: Path) -> None:
    book(tmp_path / "aard.xlsx", AARD)
    plain = definition(fields=[field("besluitId"), field("aard", code_list="aard.xlsx#Blad1"), field("soort", codes=["a"])])
    assert [it.codes for it in resolve(plain, tmp_path).record.fields] == [(), ("ongeschikt", "overbewoond"), ("a",)]


@pytest.mark.parametrize("name", ["../aard.xlsx", "/tmp/aard.xlsx", "aard.csv", "x/aard.xlsx"])
def test_an_attachment_lies_beside_the_definition(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadDefinition, match="plain name"):
        resolve(definition(fields=[field("aard", code_list=name)]), tmp_path)
