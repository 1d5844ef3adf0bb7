"""CQL2, in text and JSON: what it selects, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from publish.ogcapi.cql import DEEPEST, LONGEST, MOST_PREFIXES, parse_cql
from publish.ogcapi.errors import BadFilter
from publish.ogcapi.features import DEFAULT_CRS
from release.errors import QueryError
from release.predicate import Compare, Operator
from tests.publish.example import POI, POLICY

ITEMS = "/ogc/features/v1/collections/{}/items"
ALL = [101, 102, 103, 104, 105, 106]


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


@pytest.mark.parametrize(
    "filter_",
    [
        "",
        "PRODUCT",
        "PRODUCT = ",
        "NOTHING = 1",
        "PRODUCT = STRAAT",
        "OIDN + 1 = 2",
        "OIDN = 'x'",
        "PRODUCT = TRUE",
        "CASEI(GEMEENTE) = 'Gent'",
        "S_WITHIN(SHAPE, BBOX(0,0,1,1))",
        "S_INTERSECTS(PRODUCT, BBOX(0,0,1,1))",
        "S_INTERSECTS(SHAPE, POINT(0 0))",
        "T_AFTER(OIDN, DATE('2020-01-01'))",
        "A_CONTAINS(PRODUCT, ('a'))",
        "STRAAT LIKE 1",
        "SHAPE = 1",
        "OIDN IN ()",
        "1 = 1",
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
        "NOT " * 5000 + "OIDN=1",
        "OIDN=" + "-" * 5000 + "1",
        "OIDN=1 AND " * 800 + "OIDN=1",
        "CASEI(" * 60 + "A",
    ],
)
def test_a_filter_that_would_exhaust_the_parser_is_refused_before_it_is_parsed(filter_: str) -> None:
    with pytest.raises(BadFilter, match="too long or too deep"):
        parse_cql(filter_, POI, DEFAULT_CRS)


@pytest.mark.parametrize(
    ("unit", "times"), [("(", DEEPEST), ("NOT (", DEEPEST), ("NOT ", MOST_PREFIXES), ("-", MOST_PREFIXES), ("CASEI(", DEEPEST)]
)
def test_the_deepest_filter_that_is_let_through_leaves_the_process_alive(unit: str, times: int) -> None:
    filter_ = unit * times + "OIDN=1" + (")" * times if "(" in unit else "") if unit != "-" else "OIDN=" + unit * times + "1"
    program = (
        "import threading\n"
        "from publish.ogcapi.cql import parse_cql\n"
        "from publish.ogcapi.features import DEFAULT_CRS\n"
        "from release.errors import QueryError\n"
        "from tests.publish.example import POI\n"
        "def run():\n"
        "    try:\n"
        f"        parse_cql({filter_!r}, POI, DEFAULT_CRS)\n"
        "    except QueryError as error: assert 'too deep' not in str(error)\n"
        "    print('alive')\n"
        "threading.stack_size(512 * 1024)\n"
        "thread = threading.Thread(target=run); thread.start(); thread.join()\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.stdout == "alive\n", result.stderr[-500:]


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
    assert LONGEST < 2**16  # what fits in a request line
