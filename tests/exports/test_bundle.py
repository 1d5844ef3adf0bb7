import hashlib
import re
import time
import zipfile
from datetime import timedelta

import pytest
from lxml import etree

from exports import bundle, xlsx
from exports.bundle import DownloadSuite
from exports.formats import CSV, FORMATS, made_for_whom
from release.content import Suite
from release.manifest import ProductEntry

DOCUMENTS = ["LICENTIE.txt", "LEESMIJ.html", "metadata.xml"]
MEMBERS = {
    "GML": ["GML/POI.gml", "GML/POI.xsd"],
    "Shapefile": ["Shapefile/POI.cpg", "Shapefile/POI.dbf", "Shapefile/POI.prj", "Shapefile/POI.shp", "Shapefile/POI.shx"],
    "CSV": [
        "CSV/POI.csv",
        "CSV/POI-excel.csv",
        "CSV/POI.csv-metadata.json",
        "CSV/RegisterHerstelvorderingen_Adressen.csv",
        "CSV/RegisterHerstelvorderingen_Adressen-excel.csv",
        "CSV/RegisterHerstelvorderingen_Adressen.csv-metadata.json",
    ],
    "GeoPackage": ["GeoPackage/POI.gpkg"],
    "GeoParquet": ["GeoParquet/POI.parquet"],
    "FlatGeobuf": ["FlatGeobuf/POI.fgb"],
    "XLSX": ["XLSX/POI.xlsx"],
}


@pytest.fixture
def suite() -> Suite:
    return DownloadSuite("http://127.0.0.1:8080", "production")


def write(suite, content, since, folder, product="POI", **dates):
    folder.mkdir(exist_ok=True)
    table = content.table(content.schema.product(product).feature_type).of(content.schema.product(product))
    entry = ProductEntry(content_id="a", since=since, public=len(table), located=int(table.located.sum()), **dates)
    return suite.files(content.schema.product(product), content, entry, folder)


def test_every_format_is_one_zip_with_stable_names_and_the_documents(suite, make_content, since, tmp_path):
    entries = write(suite, make_content(), since, tmp_path)
    assert [entry.path for entry in entries] == [f"POI/POI_{format_.name}.zip" for format_ in FORMATS]
    for entry in entries:
        with zipfile.ZipFile(tmp_path / entry.path) as archive:
            assert archive.namelist() == MEMBERS[entry.format] + DOCUMENTS
            assert archive.testzip() is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["POI"]  # nothing is left of the work


def test_a_suite_of_some_formats_writes_those_and_names_no_other(make_content, since, tmp_path):
    some = DownloadSuite("http://127.0.0.1:8080", "production", FORMATS[:2])
    entries = write(some, make_content(), since, tmp_path)
    assert [entry.format for entry in entries] == ["GML", "Shapefile"]
    with zipfile.ZipFile(tmp_path / entries[0].path) as archive:
        assert b"XLSX" not in archive.read("metadata.xml")


def test_entries_give_size_and_digest(suite, make_content, since, tmp_path):
    for entry in write(suite, make_content(), since, tmp_path):
        data = (tmp_path / entry.path).read_bytes()
        assert (entry.bytes, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("product", ["POI", "Woningkwaliteitsbeleid"])
def test_the_same_content_and_date_give_the_same_bytes(suite, make_content, since, tmp_path, product):
    one = write(suite, make_content(), since, tmp_path / "one", product)
    time.sleep(1.1)  # a clock anywhere in the bytes would show
    assert write(suite, make_content(), since, tmp_path / "two", product) == one


def test_dictionaries_or_plain_texts_give_the_same_bytes(suite, make_content, since, tmp_path):
    one = write(suite, make_content(encoded=True), since, tmp_path / "one")
    assert write(suite, make_content(encoded=False), since, tmp_path / "two") == one


def test_a_product_holds_its_own_rows_only(suite, make_content, since, tmp_path):
    [gml, *_] = write(suite, make_content(), since, tmp_path, "RegisterHerstelvorderingen")
    with zipfile.ZipFile(tmp_path / gml.path) as archive:
        root = etree.fromstring(archive.read("GML/RegisterHerstelvorderingen.gml"))
    assert {element.text for element in root.iter("{*}PRODUCT")} == {"RegisterHerstelvorderingen"}
    assert root.get("numberReturned") == "10" == str(len(root))
    assert root.get("timeStamp") == "2026-11-21T00:00:00Z"


def test_zip_members_carry_the_date_of_the_content(suite, make_content, since, tmp_path):
    for entry in write(suite, make_content(), since, tmp_path):
        with zipfile.ZipFile(tmp_path / entry.path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(2026, 11, 21, 0, 0, 0)}


def test_xlsx_is_left_out_with_a_note_where_a_sheet_cannot_hold_the_rows(suite, make_content, since, tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 30)
    entries = {entry.format: entry for entry in write(suite, make_content(), since, tmp_path)}
    assert (entries["XLSX"].bytes, entries["XLSX"].sha256) == (0, "")
    assert "weggelaten" in entries["XLSX"].note
    assert not (tmp_path / entries["XLSX"].path).exists()
    with zipfile.ZipFile(tmp_path / entries["CSV"].path) as archive:
        assert b"POI_XLSX.zip" not in archive.read("metadata.xml")


def test_the_read_me_has_the_fixed_sentences_the_fields_and_what_the_format_loses(suite, make_content, since, tmp_path):
    content = make_content()
    for entry, format_ in zip(write(suite, content, since, tmp_path), FORMATS, strict=True):
        with zipfile.ZipFile(tmp_path / entry.path) as archive:
            page, licence = archive.read("LEESMIJ.html").decode(), archive.read("LICENTIE.txt").decode()
        words = "".join(etree.HTML(page).itertext())
        for sentence in (
            "Toestand op 21 november 2026. Staat een adres er niet op, dan bewijst dat niets.",
            "toestand 21 november 2026",
            *format_.loss,
        ):
            assert sentence in words
        assert content.schema.words.reuse in words and content.schema.words.reuse in licence
        assert "Modellicentie voor gratis hergebruik" in licence
        for field in content.schema.feature_type("POI").fields:
            assert field.name in words and field.title.nl in words and field.ground in words


def test_the_read_me_loads_nothing_from_elsewhere(suite, make_content, since, tmp_path):
    [entry, *_] = write(suite, make_content(), since, tmp_path)
    with zipfile.ZipFile(tmp_path / entry.path) as archive:
        page = archive.read("LEESMIJ.html").decode()
    assert not re.search(r"<(script|link|img|iframe|object)\b|\bsrc=|@import|url\(", page)
    assert etree.HTML(page).get("lang") == "nl"


def test_a_test_installation_says_so_in_every_document(make_content, since, tmp_path):
    [entry, *_] = write(DownloadSuite("http://127.0.0.1:8080"), make_content(), since, tmp_path)
    with zipfile.ZipFile(tmp_path / entry.path) as archive:
        assert b"TEST" in archive.read("LEESMIJ.html")
        assert b"TEST" in archive.read("metadata.xml")


def test_the_version_changes_with_the_settings_and_with_the_code(suite, monkeypatch):
    assert suite.version == DownloadSuite("http://127.0.0.1:8080", "production").version
    assert suite.version != DownloadSuite("http://127.0.0.1:8080", "test").version
    assert suite.version != DownloadSuite("https://example.org", "production").version
    assert suite.version != DownloadSuite("http://127.0.0.1:8080", "production", FORMATS[:-1]).version
    before = suite.version
    monkeypatch.setattr(bundle, "_code_digest", lambda: "0" * 64)
    assert suite.version != before


def test_no_rows_make_every_file(suite, make_content, since, tmp_path):
    entries = write(suite, make_content(0), since, tmp_path)
    assert all(entry.bytes for entry in entries)


def test_the_sentences_name_the_state_and_the_stamps_the_day_from_which_the_content_held(suite, make_content, since, tmp_path):
    entries = write(suite, make_content(), since, tmp_path, state=since - timedelta(days=3))
    entry = next(entry for entry in entries if entry.format == "CSV")
    with zipfile.ZipFile(tmp_path / entry.path) as archive:
        for name in DOCUMENTS:
            text = archive.read(name).decode()
            assert "oestand op 18 november 2026" in text and "toestand 18 november 2026" in text.replace("Toestand", "toestand"), name
            assert "21 november" not in text, name
        assert "<gco:Date>2026-11-21</gco:Date>" in archive.read("metadata.xml").decode()
        assert {member.date_time[:3] for member in archive.infolist()} == {(2026, 11, 21)}


@pytest.mark.parametrize("url", ["https://data.example.org/basis", "http://127.0.0.1:8080", "https://a.example/x,y"])
@pytest.mark.parametrize("chosen", [FORMATS, (CSV,)])
def test_a_manifest_tells_for_whom_its_documents_were_made(url, chosen):
    assert made_for_whom(DownloadSuite(f"{url}/", "production", chosen).version) == (url, "production")
    assert made_for_whom("code 1a2b3c4d, settings 1a2b3c4d") is None
