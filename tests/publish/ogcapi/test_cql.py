"""CQL2, in text and JSON: what it selects, and what is refused."""

from __future__ import annotations

import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from publish.cql.tokens import MAX_LENGTH
from publish.ogcapi.cql import parse_cql
from publish.ogcapi.errors import BadFilter
from publish.ogcapi.features import DEFAULT_CRS
from release.errors import QueryError
from release.predicate import Compare, Operator, Predicate
from tests.effort import effort
from tests.publish.example import POI, POLICY

ITEMS = "/ogc/features/v1/collections/{}/items"
ALL = [101, 102, 103, 104, 105, 106]


AROUND_GENT = "POLYGON((3.70 51.04, 3.72 51.04, 3.72 51.06, 3.70 51.06, 3.70 51.04))"


def ids(client: TestClient, filter_: str, collection: str = "POI", **more: str) -> list[int]:
    answer = client.get(ITEMS.format(collection), params={"filter": filter_, **more})
    assert answer.status_code == 200, answer.text
    return [int(feature["id"].rpartition(".")[2]) for feature in answer.json()["features"]]


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("PRODUCT='Conformiteitsattest'", [101, 102, 103]),
        ("POI:PRODUCT = 'Conformiteitsattest'", [101, 102, 103]),
        ("'Gent' = GEMEENTE", [101, 102]),
        ("1 = 1.0", ALL),
        ("true = true AND false <> true AND true >= false", ALL),
        ("true < true", []),
        ("3 BETWEEN AANTADRES AND 10", ALL),
        ("102 BETWEEN 101 AND OIDN", [102, 103, 104, 105, 106]),
        ("'b' NOT BETWEEN 'a' AND 'c'", []),
        ("'Gent' IN ('Brugge', 'Gent')", ALL),
        ("CASEI('GENT') IN (CASEI('Brugge'), CASEI('Gent'))", ALL),
        ("'Gent' IN ('Brugge', GEMEENTE)", [101, 102]),
        ("'Kerkstraat' LIKE 'Kerk%' AND NOT 'Kerkstraat' LIKE 'kerk%'", ALL),
        ("CASEI('KERKSTRAAT') LIKE CASEI('kerk_traat')", ALL),
        (f"S_CONTAINS({AROUND_GENT}, POINT(3.71 51.05))", ALL),
        (f"S_WITHIN({AROUND_GENT}, POINT(3.71 51.05))", []),
        ("S_INTERSECTS(BBOX(1, 1, 2, 2), LINESTRING(0 0, 3 3))", ALL),
        ("S_DISJOINT(POINT(0 0), BBOX(1, 1, 2, 2))", ALL),
        ("'a' > 'b'", []),
        ("CASEI('Gent') = CASEI('GENT') AND OIDN = 101", [101]),
        ("DATE('2024-01-01') < TIMESTAMP('2024-01-01T00:00:01Z')", ALL),
        ("S_INTERSECTS(geometry, SHAPE)", [101, 102, 103, 104, 106]),
        ("NOT S_EQUALS(geometry, geometry)", []),
        ("S_DISJOINT(geometry, geometry)", []),
        ("100 < OIDN AND 103 >= OIDN", [101, 102, 103]),
        ("GEMEENTE <> 'Gent'", [103, 104, 105, 106]),
        ("OIDN > 104", [105, 106]),
        ("OIDN >= 104 AND NOT OIDN = 105", [104, 106]),
        ("(OIDN = 101 OR OIDN = 106) AND GEMEENTE = 'Gent'", [101]),
        ("HUISNR = 5", [106]),
        ("BUSNR IS NULL", [101, 103, 104, 105, 106]),
        ("BUSNR IS NOT NULL", [102]),
        ("BUSNR = '0201' OR BUSNR <> '0201'", [102]),
        ("geometry IS NULL", [105]),
        ("SHAPE IS NOT NULL", [101, 102, 103, 104, 106]),
        ("STRAAT LIKE 'Kerk%'", [101, 102]),
        ("STRAAT NOT LIKE '%straat'", [103, 106]),
        ("HUISNR LIKE '1_A'", [102]),
        ("CASEI(STRAAT) LIKE CASEI('KERK%')", [101, 102]),
        ("CASEI(GEMEENTE) = CASEI('gENT')", [101, 102]),
        ("CASEI(GEMEENTE) = 'gent'", [101, 102]),
        ("CASEI(GEMEENTE) IN (CASEI('GENT'), CASEI('pajottegem'))", [101, 102, 105, 106]),
        ("GEMEENTE IN ('Gent', 'Pajottegem')", [101, 102, 105, 106]),
        ("GEMEENTE NOT IN ('Gent')", [103, 104, 105, 106]),
        ("OIDN BETWEEN 102 AND 104", [102, 103, 104]),
        ("OIDN NOT BETWEEN 102 AND 104", [101, 105, 106]),
        ("STRAAT = 'Place \"Général\" <Ruquoy>'", [103]),
        ("STRAAT = 'it''s'", []),
        ("S_INTERSECTS(SHAPE, BBOX(3.70, 51.04, 3.72, 51.05))", [101, 102]),
        ("S_INTERSECTS(geometry, BBOX(3.70, 51.04, 3.72, 51.05)) AND HUISNR = '1'", [101]),
        (f"S_INTERSECTS(SHAPE, {AROUND_GENT})", [101, 102]),
        (f"S_WITHIN(geometry, {AROUND_GENT})", [101, 102]),
        (f"S_CONTAINS({AROUND_GENT}, geometry)", [101, 102]),
        (f"S_DISJOINT(SHAPE, {AROUND_GENT})", [103, 104, 106]),
        (f"NOT S_DISJOINT(SHAPE, {AROUND_GENT})", [101, 102]),
        ("S_INTERSECTS(SHAPE, POINT(0 0))", []),
        ("S_WITHIN(SHAPE, BBOX(3.70, 51.04, 3.72, 51.05))", [101, 102]),
        (f"S_INTERSECTS(SHAPE, GEOMETRYCOLLECTION(POINT(0 0), {AROUND_GENT}))", [101, 102]),
        ("GEMEENTE < STRAAT", [101, 102, 103, 104]),
        ("CASEI(GEMEENTE) = CASEI(STRAAT)", []),
        ("OIDN < UIDN", ALL),
        ("BUSNR IN ('0201', STRAAT)", [102]),
        ("GEMEENTE BETWEEN 'B' AND STRAAT", [101, 102]),
        ("TRUE", ALL),
        ("FALSE", []),
        ("NOT FALSE", ALL),
    ],
)
def test_a_filter_selects(client: TestClient, filter_: str, expected: list[int]) -> None:
    assert ids(client, filter_) == expected


def test_dates_are_compared_as_dates(client: TestClient) -> None:
    assert ids(client, "CAVERPLVAN >= DATE('2024-01-01')", "Woningkwaliteitsbeleid") == [44021]
    assert ids(client, "CAVERPLVAN < DATE('2024-01-01')", "Woningkwaliteitsbeleid") == []
    assert ids(client, "CAVERGOED = 62.5", "Woningkwaliteitsbeleid") == [44021]


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("T_AFTER(CAVERPLVAN, DATE('2023-12-31'))", True),
        ("T_BEFORE(CAVERPLVAN, TIMESTAMP('2024-01-01T00:00:00Z'))", False),
        ("T_BEFORE(CAVERPLVAN, TIMESTAMP('2024-01-01T00:00:01Z'))", True),
        ("T_DURING(CAVERPLVAN, INTERVAL('2023-01-01', '2024-06-01'))", True),
        ("T_EQUALS(CAVERPLVAN, DATE('2024-01-01'))", True),
        ("T_INTERSECTS(CAVERPLVAN, INTERVAL('..', '2024-01-01'))", True),
        ("T_INTERSECTS(INTERVAL(CAVERPLVAN, '..'), DATE('2026-01-01'))", True),
        ("T_INTERSECTS(INTERVAL(CAVERPLVAN, '..'), DATE('2023-01-01'))", False),
        ("T_DISJOINT(CAVERPLVAN, INTERVAL('2025-01-01', '..'))", True),
        ("T_STARTS(CAVERPLVAN, INTERVAL('2024-01-01', '..'))", True),
        ("T_FINISHES(CAVERPLVAN, INTERVAL('..', '2024-01-01'))", True),
        ("T_OVERLAPS(CAVERPLVAN, INTERVAL('2023-01-01', '2025-01-01'))", False),
        ("DATE('2024-01-01') = CAVERPLVAN", True),
    ],
)
def test_dates_are_found_by_their_place_in_time(client: TestClient, filter_: str, found: bool) -> None:
    assert ids(client, filter_, "Woningkwaliteitsbeleid") == ([44021] if found else [])
    assert ids(client, f"NOT {filter_}", "Woningkwaliteitsbeleid") == ([] if found else [44021])


def test_areas_in_json_are_those_of_geojson(client: TestClient) -> None:
    ring = [[3.70, 51.04], [3.72, 51.04], [3.72, 51.06], [3.70, 51.06], [3.70, 51.04]]
    tree = {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": [ring]}]}
    assert ids(client, json.dumps(tree), **{"filter-lang": "cql2-json"}) == [101, 102]


def test_a_filter_goes_with_other_parameters_and_with_the_collection(client: TestClient) -> None:
    assert ids(client, "OIDN > 101", "Conformiteitsattest", GEMEENTE="Antwerpen") == [103]


def test_a_filter_may_be_json(client: TestClient) -> None:
    tree = {
        "op": "and",
        "args": [{"op": "=", "args": [{"property": "GEMEENTE"}, "Gent"]}, {"op": ">", "args": [{"property": "OIDN"}, 101]}],
    }
    assert ids(client, json.dumps(tree), **{"filter-lang": "cql2-json"}) == [102]


def test_a_box_in_a_filter_has_the_axis_order_of_its_crs(client: TestClient) -> None:
    crs = {"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    assert ids(client, "S_INTERSECTS(SHAPE, BBOX(51.04, 3.70, 51.05, 3.72))", **crs) == [101, 102]
    assert ids(client, "S_WITHIN(SHAPE, POLYGON((51.04 3.70, 51.04 3.72, 51.05 3.72, 51.05 3.70, 51.04 3.70)))", **crs) == [101, 102]
    crs = {"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/31370"}
    assert ids(client, "S_INTERSECTS(SHAPE, MULTIPOINT(104000.25 193000.5, 1 1))", **crs) == [101]


@pytest.mark.parametrize(
    "filter_",
    [
        "",
        "PRODUCT",
        "PRODUCT = ",
        "NOTHING = 1",
        "PRODUCT = OIDN",
        "ACCENTI(GEMEENTE) = 'gent'",
        "upper(GEMEENTE) = 'GENT'",
        "INTERSECTS(SHAPE, POINT(0 0))",
        "S_DWITHIN(SHAPE, POINT(0 0), 10)",
        "DWITHIN(SHAPE, POINT(0 0), 10, meters)",
        "BBOX(SHAPE, 0, 0, 1, 1)",
        "GEMEENTE ILIKE 'gent'",
        "INCLUDE",
        "IN ('POI.101')",
        "S_INTERSECTS(SHAPE, GEMEENTE)",
        "S_INTERSECTS(SHAPE, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
        "S_INTERSECTS(SHAPE, POLYGON((0 0, 1 1, 1 0)))",
        "S_INTERSECTS(SHAPE, POINT EMPTY)",
        "S_INTERSECTS(SHAPE, BBOX(5,5,1,1))",
        "S_CROSSES(SHAPE, DATE('2024-01-01'))",
        "OIDN + 1 = 2",
        "OIDN = 'x'",
        "PRODUCT = TRUE",
        "CASEI(GEMEENTE) = 'Gent'",
        "S_INTERSECTS(PRODUCT, BBOX(0,0,1,1))",
        "T_AFTER(PRODUCT, DATE('2020-01-01'))",
        "T_AFTER(OIDN, DATE('2020-01-01'))",
        "A_CONTAINS(PRODUCT, ('a'))",
        "STRAAT LIKE 1",
        "SHAPE = 1",
        "OIDN IN ()",
        "1 = '1'",
        "1 + 1 = 2",
        "'; DROP TABLE poi --",
        "PRODUCT = 'unfinished",
    ],
)
def test_what_is_not_supported_is_refused_and_never_ignored(client: TestClient, filter_: str) -> None:
    answer = client.get(ITEMS.format("POI"), params={"filter": filter_})
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameterValue")


@pytest.mark.parametrize("filter_", ["CAVERPLVAN = DATE('2024-13-01')", "CAVERPLVAN = 2024", "CAVERPLVAN = DATE('yesterday')"])
def test_a_date_that_does_not_exist_is_refused(client: TestClient, filter_: str) -> None:
    assert client.get(ITEMS.format("Woningkwaliteitsbeleid"), params={"filter": filter_}).status_code == 400


@pytest.mark.parametrize(
    "filter_",
    [
        "(" * 5000 + "OIDN=1" + ")" * 5000,
        "(" * 50 + "OIDN=1",
        "(" * 49 + "OIDN=" + ")" * 49,
        "NOT " * 5000 + "OIDN=1",
        "OIDN=" + "-" * 5000 + "1",
        "OIDN=1 AND " * 800 + "OIDN=1",
        "CASEI(" * 60 + "A",
        "STRAAT LIKE '" + "x" * MAX_LENGTH + "'",
    ],
)
def test_a_filter_out_of_bounds_is_refused_at_once(filter_: str) -> None:
    for json_ in (False, True):
        with effort() as made, pytest.raises(BadFilter):
            parse_cql(filter_, POI, DEFAULT_CRS, json=json_)
        assert made.calls < 10_000 + 50 * len(filter_)


@pytest.mark.parametrize("filter_", ["(" * 50 + "OIDN=1" + ")" * 50, "NOT " * 50 + "OIDN=1", "NOT (" * 25 + "OIDN=1" + ")" * 25])
def test_a_deep_filter_is_read_in_a_thread_with_a_small_stack(filter_: str) -> None:
    found: list[Predicate] = []
    threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=lambda: found.append(parse_cql(filter_, POI, DEFAULT_CRS)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(0)
    assert len(found) == 1


@given(
    st.text(max_size=60)
    | st.from_regex(r"([A-Z]{4,6} ?(=|<|LIKE|IN|IS|BETWEEN) ?('[a-z]*'|[0-9]+|\(.*\)) ?(AND|OR|NOT)? ?){1,3}", fullmatch=True)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_cql(text, POI, DEFAULT_CRS)
    except QueryError as error:
        assert len(str(error)) < 500


def test_numbers_are_exact(client: TestClient) -> None:
    largest = 2**48 - 1
    assert parse_cql(f"OIDN = {largest}", POI, DEFAULT_CRS) == Compare("OIDN", Operator.EQUAL, largest)
    assert parse_cql("CAVERGOED > 62.50", POLICY, DEFAULT_CRS) == Compare("CAVERGOED", Operator.GREATER, 62.5)
