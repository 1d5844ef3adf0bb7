import shutil
import zipfile
from functools import cache

import pytest

from exports.bundle import DownloadSuite
from exports.readback import check, compare, foreign
from release.manifest import ProductEntry


@pytest.fixture(scope="module")
def written(make_content, since, tmp_path_factory):
    """Files of a content, written once per count of rows."""

    @cache
    def write(rows):
        folder, content = tmp_path_factory.mktemp("written"), make_content(rows)
        suite = DownloadSuite("http://127.0.0.1:8080")
        return folder, {product.id: _entry(suite, product, content, since, folder) for product in content.schema.products}

    return write


def _entry(suite, product, content, since, folder):
    table = content.table(product.feature_type).of(product)
    entry = ProductEntry(content_id="x", since=since, public=len(table), located=int(table.located.sum()))
    return entry.model_copy(update={"files": suite.files(product, content, entry, folder)})


@pytest.fixture
def make_release(written, tmp_path):
    def make(name="release", rows=30, **changes):
        folder, products = written(rows)
        copy = shutil.copytree(folder, tmp_path / name)
        return copy, {product: entry.model_copy(update=changes) for product, entry in products.items()}

    return make


@pytest.mark.parametrize("rows", [30, 0])
def test_files_that_agree_give_no_problems(make_release, schema, rows):
    assert check(*make_release(rows=rows), schema) == []


def test_processes_of_their_own_see_the_same(make_release, schema):
    folder, products = make_release()
    (folder / "POI/POI_CSV.zip").write_bytes(b"no zip")
    assert check(folder, products, schema, workers=2) == ["POI_CSV.zip: cannot be read (BadZipFile)"]


def test_a_wrong_count_in_the_manifest_is_found_in_every_format(make_release, schema):
    problems = check(*make_release(public=7), schema)
    assert [problem.split()[1] for problem in problems if problem.startswith("POI:")] == [
        "GML",
        "Shapefile",
        "CSV",
        "GeoPackage",
        "GeoParquet",
        "XLSX",
    ]


def test_a_wrong_count_of_located_objects_is_found(make_release, schema):
    problems = [problem for problem in check(*make_release(located=1), schema) if problem.startswith("POI:")]
    assert problems == [
        "POI: GeoParquet has 27 objects with a position, the manifest says 1",
        "POI: FlatGeobuf has 27 objects with a position, the manifest says 1",
    ]


@pytest.mark.parametrize("format_", ["GML", "Shapefile", "CSV", "GeoPackage", "GeoParquet", "FlatGeobuf", "XLSX"])
def test_a_file_with_other_rows_than_the_rest_is_found(make_release, schema, format_):
    folder, products = make_release()
    other, _ = make_release("other", rows=31)
    shutil.copy(other / f"POI/POI_{format_}.zip", folder / f"POI/POI_{format_}.zip")
    problems = check(folder, products, schema)
    assert any(f"POI: {format_} has" in problem for problem in problems)
    assert any(format_ in problem and "differ" in problem for problem in problems)


def test_a_row_more_in_the_csv_for_excel_alone_is_found(make_release, schema):
    folder, products = make_release()
    rewrite(folder / "POI/POI_CSV.zip", "CSV/POI-excel.csv", lambda data: data + data.splitlines(keepends=True)[1])
    assert check(folder, products, schema) == ["POI_CSV.zip: cannot be read (ValueError)"]


def test_a_missing_document_is_found(make_release, schema):
    folder, products = make_release()
    rewrite(folder / "POI/POI_GML.zip", "LICENTIE.txt", lambda data: None)
    assert check(folder, products, schema) == ["POI_GML.zip: LICENTIE.txt absent"]


def test_the_parts_of_a_feature_type_are_counted_where_every_row_is_compared_already(make_release, schema):
    folder, products = make_release()
    other, _ = make_release("other", rows=33)
    for format_ in ("GML", "Shapefile", "CSV", "GeoPackage", "FlatGeobuf", "XLSX"):
        shutil.copy(other / f"Conformiteitsattest/Conformiteitsattest_{format_}.zip", folder / "Conformiteitsattest")
    problems = check(folder, products, schema, depth=foreign)
    assert problems == [
        "Conformiteitsattest: GML has 11 objects, the manifest says 10",
        "Conformiteitsattest: Shapefile has 11 objects, the manifest says 10",
        "Conformiteitsattest: CSV has 11 objects, the manifest says 10",
        "Conformiteitsattest: GeoPackage has 11 objects, the manifest says 10",
        "Conformiteitsattest: FlatGeobuf has 11 objects with a position, the manifest says 10",
    ]


@pytest.mark.parametrize("rows", [30, 0])
def test_files_that_agree_give_no_problems_when_parts_are_counted(make_release, schema, rows):
    assert check(*make_release(rows=rows), schema, depth=foreign) == []


def test_a_missing_document_is_found_in_a_file_that_is_not_opened(make_release, schema):
    folder, products = make_release()
    rewrite(folder / "POI/POI_XLSX.zip", "LEESMIJ.html", lambda data: None)
    assert check(folder, products, schema, depth=foreign) == ["POI_XLSX.zip: LEESMIJ.html absent"]


def test_an_attribute_table_that_differs_is_found(make_release, schema):
    folder, products = make_release()
    for name in ("RegisterHerstelvorderingen_Adressen.csv", "RegisterHerstelvorderingen_Adressen-excel.csv"):
        rewrite(folder / "POI/POI_CSV.zip", f"CSV/{name}", lambda data: data.replace(b"1099511627776", b"1099511627999"))
    assert check(folder, products, schema) == [
        "POI: GeoPackage and CSV differ in their rows of the table Adressen (3 and 3)",
        "POI: XLSX and CSV differ in their rows of the table Adressen (3 and 3)",
    ]


def test_an_attribute_table_that_is_not_there_is_found(make_release, schema):
    folder, products = make_release()
    rewrite(folder / "POI/POI_CSV.zip", "CSV/RegisterHerstelvorderingen_Adressen.csv", lambda data: None)
    assert check(folder, products, schema) == ["POI: CSV lacks the table Adressen"]


def test_downloads_are_compared_without_a_manifest(make_release, tmp_path):
    folder, _ = make_release()
    assert compare(folder) == []
    flat = tmp_path / "flat"
    flat.mkdir()
    other, _ = make_release("other", rows=31)
    shutil.copy(folder / "POI/POI_GML.zip", flat)
    shutil.copy(other / "POI/POI_CSV.zip", flat)
    assert compare(flat) == ["POI: GML and CSV differ in their objects (30 and 31)"]


def test_a_folder_without_downloads_is_a_problem(tmp_path):
    (tmp_path / "foto_GML.txt").touch()
    (tmp_path / "POI_foto.zip").touch()
    [problem] = compare(tmp_path)
    assert problem.startswith("no download is here")


def rewrite(path, member, change):
    """The zip with one member changed, or left out when the change gives null."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content[member] = change(content[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)
