"""Opening a sealed release and asking it: pages, order, days, withdrawn datasets, and a folder that is damaged."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from exports.gml2 import Gml2
from release import layout, reader
from release.crs import CRS84, LAMBERT72
from release.errors import BrokenRelease, DayOver, UnknownFeatureType, UnknownField, Withdrawn
from release.predicate import And, BBox, Compare, Ids, Not, Operator
from release.query import Query, SortKey
from release.reader import Release
from release.schema import DatasetState, FormerCode, Geometry, Schema
from release.table import ID, OPEN_END, to_day
from tests.release.samples import DAY, GOLDEN, NEXT, ROWS, content, opened, point, seal


@pytest.fixture(scope="module", params=[True, False], ids=["dictionary", "plain"])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return opened(tmp_path_factory.mktemp("release"), content(dictionary=request.param))


def ids(release: Release, query: Query, day: date = DAY) -> list[int]:
    table = release.table(query.feature_type)
    return [int(number) for number in table.table.ids[release.select(query, day).rows]]


def test_everything_of_a_day_comes_in_release_order(release: Release) -> None:
    assert ids(release, Query("T:Punten")) == [1, 2, 3, 4, 5, 6]
    assert ids(release, Query("Punten"), NEXT) == [1, 2, 3, 4, 6]
    assert ids(release, Query("Punten"), DAY - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [(0, None, [1, 2, 3, 4, 5, 6]), (0, 2, [1, 2]), (2, 2, [3, 4]), (4, 10, [5, 6]), (6, 1, []), (99, None, []), (0, 0, [])],
)
def test_a_page_is_a_part_of_the_whole_and_the_whole_is_counted(
    release: Release, start: int, count: int | None, expected: list[int]
) -> None:
    query = Query("Punten", start=start, count=count)
    assert ids(release, query) == expected
    assert release.select(query, DAY).matched == 6


def test_a_small_table_is_made_once_in_an_encoding_that_the_release_does_not_hold(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, encoder = release.table("Punten"), Gml2()
    found = table.made(encoder)
    assert found is not None and found is table.made(encoder) and not table.holds_fragments(encoder.name)
    each = [encoder.fragments(table.table.pick(np.array([row]), table.feature_type))[0] for row in range(len(found))]
    assert [b"".join(found.copy(np.array([row]))) for row in range(len(found))] == each
    monkeypatch.setattr(reader, "_FEW", len(found) - 1)
    assert table.made(encoder) is None


def test_areas_are_made_for_each_answer(release: Release) -> None:
    names = [kind.qualified for kind in release.schema.feature_types if kind.geometry is not Geometry.POINT]
    assert names and all(release.table(name).made(Gml2()) is None for name in names)


def test_pages_together_are_the_whole_in_order(release: Release) -> None:
    sort = (SortKey("BEDRAG", descending=True),)
    pages = [number for start in range(0, 6, 2) for number in ids(release, Query("Punten", sort=sort, start=start, count=2))]
    assert pages == ids(release, Query("Punten", sort=sort))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ([SortKey("AANTAL")], [5, 2, 3, 1, 6, 4]),
        ([SortKey("AANTAL", True)], [4, 6, 1, 3, 2, 5]),
        ([SortKey("NAAM")], [6, 1, 5, 2, 3, 4]),
        ([SortKey("BEDRAG")], [2, 1, 5, 3, 4, 6]),
        ([SortKey("DATUM")], [2, 1, 6, 3, 4, 5]),
        ([SortKey("PRODUCT", True), SortKey("AANTAL")], [3, 6, 4, 5, 2, 1]),
        ([SortKey("NAAM"), SortKey("AANTAL", True)], [6, 1, 5, 2, 3, 4]),
    ],
    ids=str,
)
def test_absent_values_sort_as_the_largest_and_ties_keep_their_order(release: Release, sort: list[SortKey], expected: list[int]) -> None:
    assert ids(release, Query("Punten", sort=tuple(sort))) == expected


def test_an_order_by_what_is_no_field_is_an_error(release: Release) -> None:
    for name in ("GEHEIM", "SHAPE", "_id"):
        with pytest.raises(UnknownField):
            release.select(Query("Punten", sort=(SortKey(name),)), DAY)


def test_a_feature_type_that_is_not_there_is_an_error(release: Release) -> None:
    with pytest.raises(UnknownFeatureType, match="no feature type 'Huizen'"):
        release.select(Query("Huizen"), DAY)


def test_a_filter_and_a_page_go_together(release: Release) -> None:
    query = Query("Punten", Compare("PRODUCT", Operator.EQUAL, "Een"), (SortKey("AANTAL"),), 1, 1)
    selection = release.select(query, DAY)
    assert (ids(release, query), selection.matched) == ([2], 3)


def test_each_day_that_has_an_edition_has_its_manifest(release: Release) -> None:
    assert release.days == (DAY, NEXT)
    assert [release.edition(day).products["Een"].public for day in release.days] == [3, 2]
    assert [release.edition(day).products["Een"].located for day in release.days] == [3, 2]
    assert [release.edition(day).products["Twee"].located for day in release.days] == [2, 2]
    with pytest.raises(DayOver, match="no files for 2026-11-23; the operator runs: vlok run purge"):
        release.edition(NEXT + timedelta(days=1))


def test_the_content_id_of_a_day_without_edition_is_that_of_the_last(release: Release) -> None:
    assert release.content_id(NEXT + timedelta(days=9)) == release.content_id(NEXT) != release.content_id(DAY)


def test_coordinates_are_rounded_as_they_are_published(release: Release) -> None:
    points = release.table("Punten")
    assert points.coordinates(LAMBERT72)[0].tolist() == [140_253.76, 198_794.27]
    assert np.round(points.coordinates(CRS84), 7).tolist()[0] == points.coordinates(CRS84).tolist()[0]
    assert np.isnan(points.coordinates(LAMBERT72)[3]).all()
    extent = release.table("Gebieden").coordinates(LAMBERT72)
    assert extent[0].tolist() == [100_000, 180_000, 101_000, 181_000]
    assert np.isnan(extent[2]).all()


def test_polygons_come_as_wkb_in_the_crs_that_is_asked(release: Release) -> None:
    rows = np.array([0, 2], dtype=np.int64)
    here, nowhere = release.table("Gebieden").geometries(rows, LAMBERT72)
    there, _ = release.table("Gebieden").geometries(rows, CRS84)
    assert here is not None
    assert there is not None
    assert nowhere is None
    assert here != there


def test_many_threads_may_ask_for_two_days_at_midnight(tmp_path: Path) -> None:
    table = opened(tmp_path).table("Punten")
    failures: list[BaseException] = []
    expected = {DAY: 6, NEXT: 5}

    def ask(day: date) -> None:
        try:
            for _ in range(3000):
                assert len(table.rows(day)) == expected[day]
        except BaseException as error:  # noqa: BLE001 # whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(day,)) for day in (DAY, NEXT) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_which_objects_a_day_still_holds(tmp_path: Path) -> None:
    rows = [*ROWS, point(7, _until=to_day(DAY)), point(7, _from=to_day(NEXT)), point(8, _from=to_day(NEXT))]
    table = opened(tmp_path, content(rows)).table("Punten")
    asked = np.array([8, 5, 99, 7, 1, 1, -3, 2**62], dtype=np.int64)
    assert table.holds(asked, DAY).tolist() == [False, True, False, True, True, True, False, False]
    assert table.holds(asked, NEXT).tolist() == [True, False, False, True, True, True, False, False]
    assert table.holds(asked, DAY - timedelta(days=1)).tolist() == [False] * 8
    assert table.holds(np.array([], dtype=np.int64), DAY).tolist() == []


def test_an_object_with_a_row_for_each_of_two_days_has_the_one_of_the_day(tmp_path: Path) -> None:
    rows = [point(7, AANTAL=1, _until=to_day(DAY)), point(7, AANTAL=2, _from=to_day(NEXT)), *(point(n) for n in range(20, 40))]
    release = opened(tmp_path, content(rows))
    known = release.table("Punten").table.arrow["AANTAL"]
    for day, value in ((DAY, 1), (NEXT, 2)):
        found = release.select(Query("Punten", Ids((7,))), day)
        assert (found.matched, [known[int(row)].as_py() for row in found.rows]) == (1, [value])


def test_counting_needs_no_rows(release: Release) -> None:
    for predicate in (None, Compare("PRODUCT", Operator.EQUAL, "Een"), BBox(LAMBERT72, 0, 0, 1e6, 1e6), Not(Ids(()))):
        counted = release.select(Query("Punten", predicate, count=0), DAY)
        assert (len(counted.rows), counted.matched) == (0, release.select(Query("Punten", predicate), DAY).matched)


def test_pages_have_no_gap_and_no_overlap(tmp_path: Path) -> None:
    """The order is total: the keys of the question, then release order."""
    rows = [
        point(n, NAAM=f"straat {n % 3}", PRODUCT=("Een", "Twee")[n % 2], _until=to_day(DAY) if n % 10 == 0 else OPEN_END)
        for n in range(700)
    ]
    release = opened(tmp_path, content(rows))
    for predicate in (None, Compare("PRODUCT", Operator.EQUAL, "Een"), BBox(LAMBERT72, GOLDEN[0], 0, GOLDEN[0] + 99, 1e6)):
        for sort in ((), (SortKey("NAAM"),), (SortKey("PRODUCT", True), SortKey("NAAM", True))):
            for day in (DAY, NEXT):
                whole = ids(release, Query("Punten", predicate, sort), day)
                pages = [ids(release, Query("Punten", predicate, sort, start, 90), day) for start in range(0, 720, 90)]
                assert list(chain.from_iterable(pages)) == whole
                assert len(set(whole)) == len(whole) == release.select(Query("Punten", predicate, sort, count=1), day).matched


def test_many_threads_may_ask_a_release_that_was_just_opened(tmp_path: Path) -> None:
    rows = [point(n, NAAM=f"straat {n % 50}", AANTAL=n % 9, PRODUCT=("Een", "Twee")[n % 2]) for n in range(3000)]
    folder = seal(tmp_path, content(rows)).folder
    queries = [
        Query("Punten", And((BBox(LAMBERT72, 0, 0, GOLDEN[0] + 40, 1e6), Compare("PRODUCT", Operator.EQUAL, "Een"))), (SortKey("NAAM"),)),
        Query("Punten", And((Ids((5, 7)), Compare("AANTAL", Operator.LESS, 8)))),
        Query("Punten", None, (SortKey("AANTAL", True), SortKey("NAAM")), 100, 50),
        Query("Gebieden", BBox(LAMBERT72, 0, 0, 1e6, 1e6)),
    ]
    expected = [ids(Release.open(folder), query) for query in queries]
    release, failures = Release.open(folder), []

    def ask() -> None:
        for query, known in zip(queries, expected, strict=True):
            if ids(release, query) != known:
                failures.append(query)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(expected)


# Withdrawn


def test_a_question_that_touches_a_withdrawn_dataset_has_no_answer(release: Release) -> None:
    over = DAY + timedelta(days=4)
    assert release.states(over) == {
        "een": DatasetState.WITHDRAWN,
        "twee": DatasetState.STALE,
        "gebieden": DatasetState.CURRENT,
    }
    with pytest.raises(Withdrawn, match="te oud om te tonen"):
        release.select(Query("Punten"), over)
    with pytest.raises(Withdrawn):
        release.select(Query("Punten", BBox(LAMBERT72, 0, 0, 1, 1)), over)
    assert ids(release, Query("Punten", Compare("PRODUCT", Operator.EQUAL, "Twee")), over) == [3, 4, 6]
    assert ids(release, Query("Gebieden"), over) == [11, 12, 13]


# Damage


def remove(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    path.write_bytes(bytes(byte ^ 0x5A for byte in path.read_bytes()))


@pytest.mark.parametrize("damage", [remove, truncate, empty, garble])
@pytest.mark.parametrize("name", ["schema.json", "freshness.json", "tables/T.Punten/columns.arrow"])
def test_a_release_without_its_columns_or_schema_cannot_be_opened(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    folder = seal(tmp_path, content()).folder
    damage(folder / name)
    with pytest.raises(BrokenRelease, match=f"release {folder.name[:12]} cannot be opened"):
        Release.open(folder)


@pytest.mark.parametrize("damage", [remove, truncate, empty, garble])
@pytest.mark.parametrize("name", ["coordinates.l72.npy", "geojson.npy"])
def test_a_release_whose_coordinates_or_fragments_are_damaged_says_so_when_they_are_asked(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    folder = seal(tmp_path, content()).folder
    damage(folder / "tables" / "T.Punten" / name)
    table = Release.open(folder).table("Punten")
    with pytest.raises(BrokenRelease, match="cannot be opened"):
        table.coordinates(LAMBERT72)
        table.fragments("geojson")


@pytest.mark.parametrize("damage", [remove, truncate, empty, garble])
def test_a_release_whose_manifest_is_damaged_says_so_when_it_is_asked(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = seal(tmp_path, content()).folder
    damage(layout.edition_folder(folder, DAY) / layout.MANIFEST)
    with pytest.raises(BrokenRelease, match="cannot be opened"):
        Release.open(folder).edition(DAY)


def test_a_folder_that_is_not_there_is_a_broken_release(tmp_path: Path) -> None:
    with pytest.raises(BrokenRelease):
        Release.open(tmp_path / "nothing")


def test_the_content_of_a_release_can_be_sealed_again(tmp_path: Path) -> None:
    release = opened(tmp_path)
    again = Release.open(seal(tmp_path, release.content(), NEXT).folder)
    assert ids(again, Query("Punten"), NEXT) == [1, 2, 3, 4, 6]
    assert sorted(again.table("Punten").table.arrow[ID].to_pylist()) == [1, 2, 3, 4, 6]
    assert again.freshness == release.freshness


def test_a_release_may_have_no_rows(tmp_path: Path) -> None:
    release = opened(tmp_path, content([]))
    assert ids(release, Query("Punten", Compare("NAAM", Operator.EQUAL, "x"), (SortKey("AANTAL"),))) == []
    assert list(release.table("Punten").fragments("geojson").copy(release.table("Punten").rows(DAY))) == []


def test_fragments_are_copied_in_the_order_that_is_asked(release: Release) -> None:
    fragments = release.table("Punten").fragments("geojson")
    assert len(fragments) == len(ROWS)
    rows = np.array([5, 0, 1], dtype=np.int64)
    copied = b"".join(fragments.copy(rows))
    numbers = [
        json.loads(line.rstrip(b",\n"))["id"]
        for line in copied.replace(b"}{", b"}\n{").replace(b"},{", b"}\n{").splitlines()
        if line.strip(b", \n")
    ]
    assert [str(number).rpartition(".")[2] for number in numbers] == ["6", "1", "2"]
    assert list(fragments.copy(np.array([], dtype=np.int64))) == []
    replaced = list(fragments.replace(rows, [b"A", b"B", b"C"]))
    assert [b"A" in replaced[0], b"B" in replaced[1], b"C" in replaced[2]] == [True, True, True]


def test_a_fragment_without_position_has_no_place_for_one(tmp_path: Path) -> None:
    fragments = opened(tmp_path, content([point(1, _x=None, _y=None)])).table("Punten").fragments("geojson")
    assert list(fragments.replace(np.array([0]), [b"\x00nowhere"])) == [bytes(next(fragments.copy(np.array([0]))))]


def test_a_former_municipal_code_leads_to_the_one_of_today_and_an_old_release_knows_none(tmp_path: Path) -> None:
    old = opened(tmp_path, content()).schema
    assert old.today_code("44001") == "44001"
    without = {name: value for name, value in json.loads(old.model_dump_json()).items() if name != "former_codes"}
    assert Schema.model_validate(without) == old
    schema = old.model_copy(update={"former_codes": (FormerCode(code="44001", now="44084"),)})
    assert [schema.today_code(code) for code in ("44001", "44084", "99999")] == ["44084", "44084", "99999"]
