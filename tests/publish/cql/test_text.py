"""CQL2 text and ECQL as trees; what both say is read by the `cql2` package too, as a stranger."""

from __future__ import annotations

import cql2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.cql.document import parse_json
from publish.cql.text import parse_text
from publish.cql.tree import MAX_DEPTH, Call, Collection, Geometry, Items, Name, Node, Value
from publish.filters.errors import FilterError, Unreadable, Unsupported
from release.predicate import Predicate
from tests.effort import effort
from tests.publish.filters.languages import cql_text
from tests.publish.filters.strategies import written


def as_json(node: Node) -> object:
    """A tree as the `cql2` package gives it: numbers as floats, AND in AND as one."""
    match node:
        case Name(text):
            return {"property": text}
        case Value(bool() | str() | None as value):
            return value
        case Value(int() | float() as number):
            return float(number)
        case Items(items):
            return [as_json(item) for item in items]
        case Geometry(kind, coordinates):
            return {"type": KINDS[kind], "coordinates": listed(coordinates)}
        case Call("date" | "DATE", (Value(text),)):
            return {"date": text}
        case Call("bbox" | "BBOX", arguments):
            return {"bbox": [as_json(argument) for argument in arguments]}
        case Call(name, arguments):
            return flat(name.lower(), [as_json(argument) for argument in arguments])
    raise AssertionError(node)


KINDS = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "linestring": "LineString",
    "multilinestring": "MultiLineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
}


def listed(value: object) -> object:
    return [listed(item) for item in value] if isinstance(value, (list, tuple)) else value


def flat(name: str, arguments: list[object]) -> object:
    found = []
    for argument in arguments:
        if name in ("and", "or") and isinstance(argument, dict) and argument.get("op") == name:
            found += argument["args"]
        else:
            found.append(argument)
    return {"op": name, "args": found}


def lowered(value: object) -> object:
    if isinstance(value, dict):
        return {key: inner.lower() if key == "op" else lowered(inner) for key, inner in value.items()}
    return [lowered(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=150)
@given(predicate=written)
def test_a_stranger_reads_the_same_tree(predicate: Predicate) -> None:
    text = cql_text(predicate)
    assert as_json(parse_text(text)) == lowered(cql2.parse_text(text).to_json())


NAAM, VANAF, SHAPE = Name("NAAM"), Name("VANAF"), Name("SHAPE")
POINT = Geometry("point", (1.0, 2.0))


def at(text: str) -> Call:
    return Call("timestamp", (Value(text),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "A = 1 OR B = 2 AND NOT C = 3",
            Call(
                "or",
                (
                    Call("=", (Name("A"), Value(1))),
                    Call("and", (Call("=", (Name("B"), Value(2))), Call("not", (Call("=", (Name("C"), Value(3))),)))),
                ),
            ),
        ),
        (
            "(A = 1 OR B = 2) AND TRUE",
            Call("and", (Call("or", (Call("=", (Name("A"), Value(1))), Call("=", (Name("B"), Value(2))))), Value(True))),
        ),
        ("NAAM != 'it''s'", Call("<>", (NAAM, Value("it's")))),
        ('"NAAM" = -1.5', Call("=", (NAAM, Value(-1.5)))),
        ("naam is not null", Call("not", (Call("isnull", (Name("naam"),)),))),
        ("NAAM NOT LIKE 'x%'", Call("not", (Call("like", (NAAM, Value("x%"))),))),
        ("NAAM not in ('a')", Call("not", (Call("in", (NAAM, Items((Value("a"),)))),))),
        (
            "A NOT BETWEEN 1 AND 2 AND B = 3",
            Call("and", (Call("not", (Call("between", (Name("A"), Value(1), Value(2))),)), Call("=", (Name("B"), Value(3))))),
        ),
        ("notes = 1", Call("=", (Name("notes"), Value(1)))),
        ("point = 1", Call("=", (Name("point"), Value(1)))),
        ("S_WITHIN(SHAPE, point Z (1 2 3))", Call("S_WITHIN", (SHAPE, Geometry("point", (1.0, 2.0, 3.0))))),
        ("S_WITHIN(SHAPE, MULTIPOINT((1 2),(3 4)))", Call("S_WITHIN", (SHAPE, Geometry("multipoint", [(1.0, 2.0), (3.0, 4.0)])))),
        ("S_WITHIN(SHAPE, MULTIPOINT(1 2,3 4))", Call("S_WITHIN", (SHAPE, Geometry("multipoint", [(1.0, 2.0), (3.0, 4.0)])))),
        ("S_WITHIN(SHAPE, POINT(1e5 -2.5E-3))", Call("S_WITHIN", (SHAPE, Geometry("point", (100000.0, -0.0025))))),
        ("S_WITHIN(SHAPE, GEOMETRYCOLLECTION(POINT(1 2), POINT(1 2)))", Call("S_WITHIN", (SHAPE, Collection((POINT, POINT))))),
        ("T_DURING(VANAF, INTERVAL('..', '2026-01-31'))", Call("T_DURING", (VANAF, Call("INTERVAL", (Value(".."), Value("2026-01-31")))))),
    ],
)
def test_text_is_a_tree(text: str, tree: Node) -> None:
    assert parse_text(text) == tree
    assert parse_text(text, ecql=True) == tree


ECQL = [
    ("INCLUDE", Value(True)),
    ("exclude", Value(False)),
    ("NAAM ILIKE '%x'", Call("like", (Call("casei", (NAAM,)), Call("casei", (Value("%x"),))))),
    ("NAAM NOT ILIKE '%x'", Call("not", (Call("like", (Call("casei", (NAAM,)), Call("casei", (Value("%x"),)))),))),
    ("IN ('POI.1', 'POI.2')", Call("in", (Name("@id"), Items((Value("POI.1"), Value("POI.2")))))),
    (
        "NOT IN ('POI.1') AND NAAM = 'x'",
        Call("and", (Call("not", (Call("in", (Name("@id"), Items((Value("POI.1"),)))),)), Call("=", (NAAM, Value("x"))))),
    ),
    ("VANAF AFTER 2026-01-31", Call("t_after", (VANAF, at("2026-01-31")))),
    ("VANAF BEFORE 2026-01-31T12:00:00Z", Call("t_before", (VANAF, at("2026-01-31T12:00:00Z")))),
    ("VANAF TEQUALS '2026-01-31'", Call("t_equals", (VANAF, at("2026-01-31")))),
    ("VANAF DURING 2026-01-01/2026-01-31", Call("t_during", (VANAF, Call("interval", (at("2026-01-01"), at("2026-01-31")))))),
    ("VANAF BEFORE OR DURING 2026-01-01/2026-01-31", Call("<=", (VANAF, at("2026-01-31")))),
    ("VANAF DURING OR AFTER 2026-01-01/2026-01-31", Call(">=", (VANAF, at("2026-01-01")))),
    ("VANAF > 2026-01-01", Call(">", (VANAF, at("2026-01-01")))),
    ("INTERSECTS(SHAPE, SRID=4326;POINT(1 2))", Call("INTERSECTS", (SHAPE, Geometry("point", (1.0, 2.0), "EPSG:4326")))),
    ("DWITHIN(SHAPE, POINT(1 2), 5, statute miles)", Call("DWITHIN", (SHAPE, POINT, Value(5), Name("statute miles")))),
    ("BBOX(SHAPE,1,2,3,4,'EPSG:4326')", Call("BBOX", (SHAPE, Value(1), Value(2), Value(3), Value(4), Value("EPSG:4326")))),
]


@pytest.mark.parametrize(("text", "tree"), ECQL)
def test_the_dialect_of_geoserver_is_read_where_it_is_asked_for(text: str, tree: Node) -> None:
    assert parse_text(text, ecql=True) == tree


@pytest.mark.parametrize("text", [text for text, _ in ECQL if " " in text and "BBOX" not in text])
def test_the_dialect_is_no_cql2(text: str) -> None:
    with pytest.raises(FilterError):
        parse_text(text)


@pytest.mark.parametrize(
    "text", ["VANAF BEFORE OR NAAM = 'x'", "VANAF DURING P1D/2026-01-01", "VANAF DURING 2026-01-01/P1D", "A = 2026-01-01/2026-01-02"]
)
def test_durations_and_half_operators_are_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse_text(text, ecql=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRODUCT =",
        "= 1",
        "A = 1 AND",
        "AND A = 1",
        "A = 1 B = 2",
        "(A = 1",
        "A = 1)",
        "A IN 1",
        "A IN ('a'",
        "A LIKE",
        "A BETWEEN 1",
        "A BETWEEN 1 OR 2",
        "A IS 1",
        "A NOT 1",
        "A NOT = 1",
        "NOT",
        "LIKE 'x'",
        "A = 007",
        "A = = 1",
        "A == 1",
        "f(1,)",
        "f(,1)",
        "POINT(1)",
        "A = 'x' 'y'",
        "S_WITHIN(SHAPE, POINT(1 2)",
        "S_WITHIN(SHAPE, POLYGON(0 0,1 1))",
        "S_WITHIN(SHAPE, POINT((1 2)))",
        "S_WITHIN(SHAPE, POINT(1 2 3 4 5))",
        "S_WITHIN(SHAPE, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))",
        "S_WITHIN(SHAPE, POINT(1 -))",
        "SELECT a FROM poi; --",
        "A = 1;B = 2",
    ],
)
@pytest.mark.parametrize("ecql", [False, True])
def test_what_is_no_cql_is_refused_with_its_place(text: str, ecql: bool) -> None:
    with pytest.raises(Unreadable, match=r"the filter is not CQL at (character \d+|its end): "):
        parse_text(text, ecql=ecql)


@pytest.mark.parametrize(
    "text", ["A + 1 = 2", "A = 1 - 2", "A = 1-2", "A = -B", "A = - -1", "A DIV 2 = 1", "A * 2 > 4", "A ^ 2 = 4", "A % 2 = 0", "A = 12/3"]
)
def test_arithmetic_is_refused_by_name(text: str) -> None:
    with pytest.raises(Unsupported, match="arithmetic"):
        parse_text(text)


HOSTILE = [
    "(" * 5000 + "A=1" + ")" * 5000,
    "(" * 50 + "A=1",
    "(" * 49 + "A=" + ")" * 49,
    "A IN " + "(" * 40 + "1,2)" + ",3)" * 39,
    "NOT " * 5000 + "A=1",
    ("NOT " * 40 + "(") * 40 + "A=1" + ")" * 40,
    ("A=1 OR B=1 AND NOT casei(" * 30),
    "A=" + "-" * 5000 + "1",
    "casei(" * 5000 + "A",
    "f(" * 49 + "1,)" + ")" * 48,
    "A=1 AND " * 4000,
    "A=1 OR (" * 40 + "A",
    "'((('" * 5000 + "'",
    "POLYGON((" * 3000,
    "MULTIPOLYGON(" + "(" * 30_000,
    "S_WITHIN(SHAPE, POLYGON((" + "0 0," * 8000,
    "GEOMETRYCOLLECTION(" * 1500,
    "A BETWEEN " * 3000,
    "A = 1e" + "9" * 30_000,
    "A = " + "9" * 30_000,
    '{"op":"not","args":[' * 1500 + "true" + "]}" * 1500,
    "[" * 30_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("parse", [parse_text, lambda text: parse_text(text, ecql=True), parse_json], ids=["text", "ecql", "json"])
def test_hostile_filters_are_refused_at_once(parse, text: str) -> None:
    with effort() as made, pytest.raises(FilterError):
        parse(text)
    assert made.calls < 10_000 + 50 * len(text)


def test_as_deep_as_is_allowed_is_read() -> None:
    assert parse_text("(" * MAX_DEPTH + "A=1" + ")" * MAX_DEPTH) == Call("=", (Name("A"), Value(1)))
    with pytest.raises(Unreadable, match="too deep"):
        parse_text("(" * (MAX_DEPTH + 1) + "A=1" + ")" * (MAX_DEPTH + 1))


words = [
    "A",
    "'x'",
    "1",
    "-",
    "=",
    "<",
    "(",
    ")",
    ",",
    "AND",
    "OR",
    "NOT",
    "LIKE",
    "IN",
    "BETWEEN",
    "IS",
    "NULL",
    "POINT",
    "1 2",
    "/",
    "DURING",
    "2026-01-31",
]


@given(st.lists(st.sampled_from(words), max_size=25).map(" ".join) | st.text(max_size=40), st.booleans())
def test_any_text_is_read_or_refused(text: str, ecql: bool) -> None:
    try:
        parse_text(text, ecql=ecql)
    except FilterError as error:
        assert len(str(error)) < 300


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["op", "args", "property", "type", "coordinates", "date", "bbox", "interval"]), inner, max_size=3
            )
        ),
    )
)
def test_any_document_is_read_or_refused(value: object) -> None:
    import json

    try:
        parse_json(json.dumps(value))
    except FilterError as error:
        assert len(str(error)) < 300
