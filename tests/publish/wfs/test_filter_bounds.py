"""Hostile filters are answered by an exception report of the client's making, at once: work grows no faster than they do."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.filters.shapes import MAX_VERTICES
from publish.wfs import cql
from publish.wfs.documents import parse_keyword
from publish.wfs.errors import WfsError
from publish.wfs.fes import FilterReader
from release.predicate import Spatial
from tests.effort import effort
from tests.publish.filters.strategies import THING
from tests.publish.wfs.test_operators import NAAM, SHAPE, op, read

REFERENCE = "<ValueReference>SHAPE</ValueReference>"


def circle(corners: int, spikes: float = 1) -> str:
    """A ring of so many positions around Ghent; every second one is so many times as far."""
    places = [(9_000 * (spikes if n % 2 else 1), 2 * math.pi * n / corners) for n in range(corners)]
    ring = [(104_000 + far * math.cos(angle), 193_000 + far * math.sin(angle)) for far, angle in places]
    return " ".join(f"{x:.3f} {y:.3f}" for x, y in [*ring, ring[0]])


def polygon(positions: str) -> str:
    return (
        f"<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{positions}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


@pytest.mark.parametrize("spikes", [1, 2])
def test_the_largest_geometry_is_read_at_once(spikes: float) -> None:
    text = op("Within", SHAPE, polygon(circle(MAX_VERTICES - 2, spikes)))
    with effort() as made:
        found = read(text)
    assert made.calls < 10 * MAX_VERTICES
    assert isinstance(found, Spatial)
    assert shapely.get_num_coordinates(found.geometry) == MAX_VERTICES - 1


def test_the_longest_cql_is_read_at_once() -> None:
    pairs = circle(1_400).split()
    text = f"WITHIN(SHAPE, POLYGON(({', '.join(f'{x} {y}' for x, y in zip(pairs[::2], pairs[1::2], strict=True))})))"
    with effort() as made:
        assert isinstance(cql.CqlReader(THING, {}).read(cql.parse(text)), Spatial)
    assert made.calls < 10_000 + 50 * len(text)


RING = "0 0 4 4 4 0 0 4 0 0"
TRIANGLES = (f"0 {n} 10000 {n * 7 % 5000} 9000 {n * 3 % 8000} 0 {n}" for n in range(4_000))
PATCHES = "".join(polygon(ring).replace("gml:Polygon", "gml:PolygonPatch") for ring in TRIANGLES)
HOSTILE = {
    "too many positions": op("Within", SHAPE, polygon(circle(MAX_VERTICES + 2))),
    "a tangle": op("Within", SHAPE, polygon(" ".join(f"{n % 2 * 1000} {n % 3}" for n in range(30_000)) + " 0 0")),
    "not a number": op("Within", SHAPE, polygon("nan nan " * 5_000)),
    "no digits": op("Within", SHAPE, polygon("e" * 500_000)),
    "one long number": op("Within", SHAPE, polygon("9" * 500_000)),
    "many signs": op("Within", SHAPE, polygon("- " * 200_000)),
    "empty rings": op("Within", SHAPE, "<gml:Polygon>" + "<gml:interior><gml:LinearRing/></gml:interior>" * 4_000 + "</gml:Polygon>"),
    "many members": op("Within", SHAPE, "<gml:MultiPoint>" + "<gml:pointMember/>" * 15_000 + "</gml:MultiPoint>"),
    "surfaces in surfaces": op(
        "Within", SHAPE, "<gml:MultiSurface><gml:surfaceMember>" * 15 + "</gml:surfaceMember></gml:MultiSurface>" * 15
    ),
    "many geometries": op("Or", op("Within", SHAPE, polygon(circle(900))) * 30),
    "patches on each other": op("Within", SHAPE, f"<gml:Surface><gml:patches>{PATCHES}</gml:patches></gml:Surface>"),
    "too deep": op("Not", "<f:Not>" * 60 + "</f:Not>" * 60),
    "too wide": op("Or", op("PropertyIsNull", NAAM) * 4_000),
    "a long time": op("After", SHAPE, f"<f:Literal>{'2024-01-01' * 50_000}</f:Literal>"),
    "a distance": op("DWithin", SHAPE, polygon(RING), f'<f:Distance uom="m">{"9" * 100_000}</f:Distance>'),
    "a long unit": op("DWithin", SHAPE, polygon("0 0 4 0 4 4 0 0"), f'<f:Distance uom="{":" * 100_000}">1</f:Distance>'),
    "a long crs": op("Within", SHAPE, polygon(RING).replace("<gml:Polygon", f'<gml:Polygon srsName="{"urn:ogc:" * 50_000}"')),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_filters_are_refused_at_once(text: str) -> None:
    with effort() as made, pytest.raises(WfsError) as caught:
        read(text)
    assert made.calls < 10_000 + 2 * len(text)
    assert caught.value.status in (400, 403)
    assert len(caught.value.text) < 500


@pytest.mark.parametrize("text", ["(" * 50 + "NAAM='x'", "(" * 49 + "NAAM=" + ")" * 49, "NAAM IN " + "(" * 40 + "1,2)" + ",3)" * 39])
def test_brackets_in_cql_are_refused_at_once(text: str) -> None:
    with effort() as made, pytest.raises(WfsError):
        cql.parse(text)
    assert made.calls < 10_000


TAGS = [
    "And", "Or", "Not", "PropertyIsEqualTo", "PropertyIsBetween", "LowerBoundary", "UpperBoundary", "PropertyIsNull", "BBOX",
    "Intersects", "Within", "DWithin", "Distance", "During", "After", "Literal", "ValueReference", "Function", "Add", "ResourceId",
    "Envelope", "lowerCorner", "upperCorner", "Point", "pos", "posList", "coordinates", "coord", "X", "Y", "LineString", "Polygon",
    "exterior", "interior", "LinearRing", "MultiSurface", "surfaceMember", "Surface", "patches", "PolygonPatch", "Curve", "segments",
    "LineStringSegment", "MultiPoint", "pointMembers", "TimeInstant", "timePosition", "TimePeriod", "beginPosition", "endPosition",
    "begin", "end",
]  # fmt: skip
TEXTS = ["", "SHAPE", "NAAM", "VANAF", "1 2", "0 0 4 0 4 4 0 0", "0,0 1,1", "nan", "x", "2024-01-01", "@gml:id", "gml:name"]
ATTRIBUTES = ["", ' uom="m"', ' srsName="EPSG:4326"', ' srsName="x"', ' srsDimension="3"', ' rid="POI.1"', ' matchCase="x"', ' cs=""']
elements = st.recursive(
    st.tuples(st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), st.sampled_from(TEXTS)).map(lambda p: f"<{p[0]}{p[1]}>{p[2]}</{p[0]}>"),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), st.lists(inner, max_size=3)).map(
        lambda p: f"<{p[0]}{p[1]}>{''.join(p[2])}</{p[0]}>"
    ),
    max_leaves=15,
)


@settings(max_examples=400)
@given(st.sampled_from(["", REFERENCE]), elements, st.sampled_from(["Intersects", "BBOX", "During", "DWithin", "PropertyIsEqualTo", "Or"]))
def test_any_filter_is_read_or_refused(reference: str, element: str, operator: str) -> None:
    root = parse_keyword(f"<Filter><{operator}>{reference}{element}</{operator}></Filter>", "filter")
    try:
        FilterReader(THING, {}).read(root)
    except WfsError as error:
        assert error.status in (400, 403)
        assert len(error.text) < 500
