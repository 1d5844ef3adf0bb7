"""The evaluator of the catalogue: two-valued, several values for a property."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from publish.catalogue.csw.constraints import of_cql
from publish.catalogue.csw.errors import InvalidParameter
from publish.catalogue.holdings import Entry
from publish.catalogue.search import fits, ordered, queryable
from release.crs import CRS84, LAMBERT72
from release.predicate import BBox, Relation, Spatial

FLANDERS = Entry(
    "a",
    (
        ("dc:identifier", "a"),
        ("dc:title", "Conformiteitsattesten"),
        ("dc:subject", "Woningkwaliteit"),
        ("dc:subject", "wonen"),
        ("dct:modified", "2026-11-21"),
    ),
    (2.53, 50.67, 5.92, 51.51),
)
BARE = Entry("b", (("dc:identifier", "b"), ("dct:modified", "2026-01-02")))

CASES = {
    "dc:title = 'Conformiteitsattesten'": "a",
    "dc:title <> 'Conformiteitsattesten'": "b",
    "NOT dc:title LIKE 'Conf%'": "b",
    "dc:title LIKE 'conf%'": "",
    "dc:title ILIKE 'conf%'": "a",
    "dc:subject = 'wonen'": "a",
    "csw:AnyText LIKE '%WONINGkwal%'": "a",
    "apiso:Subject IN ('wonen', 'x')": "a",
    "dc:title IS NULL": "b",
    "ows:BoundingBox IS NULL": "b",
    "Modified > DATE('2026-06-01')": "a",
    "Modified BETWEEN DATE('2026-01-01') AND DATE('2026-12-31')": "ab",
    "Modified BEFORE 2026-06-01T00:00:00Z": "b",
    "BBOX(ows:BoundingBox, 4, 51, 5, 52)": "a",
    "NOT BBOX(ows:BoundingBox, 4, 51, 5, 52)": "b",
    "dc:title = 'x' OR dc:identifier = 'b'": "b",
    "INCLUDE": "ab",
}


@pytest.mark.parametrize("text", CASES)
def test_a_text_in_cql_selects_these_records(text: str) -> None:
    predicate = of_cql(text)
    assert "".join(entry.identifier for entry in (FLANDERS, BARE) if fits(entry, predicate)) == CASES[text]


@pytest.mark.parametrize(
    "text", ["dc:nothing = 'x'", "dc:title", "DWITHIN(BoundingBox, POINT(4 51), 5, m)", "BBOX(dc:title, 1, 2, 3, 4)", "IN ('a')"]
)
def test_what_is_not_offered_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        of_cql(text)


def test_boxes_in_another_crs_are_in_the_right_place() -> None:
    assert fits(FLANDERS, BBox(LAMBERT72, 150_000, 210_000, 151_000, 211_000))
    assert not fits(FLANDERS, BBox(LAMBERT72, 400_000, 210_000, 401_000, 211_000))
    assert fits(FLANDERS, Spatial(Relation.CONTAINS, CRS84, shapely.Point(4, 51)))


def test_records_without_a_value_come_last_in_either_order() -> None:
    for descending in (False, True):
        assert [entry.identifier for entry in ordered([BARE, FLANDERS], [("title", descending)])] == ["a", "b"]
    assert [entry.identifier for entry in ordered([FLANDERS, BARE], [("modified", False)])] == ["b", "a"]


def test_names_are_recognised_however_clients_spell_them() -> None:
    assert {queryable(name) for name in ("dc:title", "Title", "apiso:title", "csw:Record/dc:title", "title[1]")} == {"title"}
    assert queryable("dc:secret") is None


def test_the_date_of_a_record_is_a_date() -> None:
    assert FLANDERS.modified == date(2026, 11, 21)
