"""Geometries of GML 3.2.1, 3.1.1 and 2.1.2 in filters, in every spelling of a CRS and both axis rules."""

from __future__ import annotations

import pytest
import shapely

from publish.fes.documents import parse_keyword
from publish.fes.geometries import GmlReader, crs_of
from publish.filters.errors import FilterError, Unfit, Unreadable, Unsupported
from publish.filters.shapes import Shape
from release.crs import CRS84, ETRS89, LAMBERT72, LAMBERT2008, WEB_MERCATOR, WGS84, Crs
from release.predicate import BBox

NAMESPACES = ["http://www.opengis.net/gml/3.2", "http://www.opengis.net/gml"]


def read(text: str, namespace: str = NAMESPACES[0], **axes: object) -> Shape | BBox:
    root = parse_keyword(f'<Filter xmlns:gml="{namespace}">{text}</Filter>', "filter")
    return GmlReader(**axes).read(root[0])


def ring(text: str) -> str:
    return f"<gml:LinearRing><gml:posList>{text}</gml:posList></gml:LinearRing>"


SQUARE, SMALL = "0 0 4 0 4 4 0 4 0 0", "1 1 2 1 2 2 1 2 1 1"
BOX, HOLE = shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)
POLYGON = f"<gml:Polygon><gml:exterior>{ring(SQUARE)}</gml:exterior><gml:interior>{ring(SMALL)}</gml:interior></gml:Polygon>"
PATCH = f"<gml:PolygonPatch><gml:exterior>{ring(SQUARE)}</gml:exterior></gml:PolygonPatch>"
NEXT = f"<gml:PolygonPatch><gml:exterior>{ring('4 0 8 0 8 4 4 4 4 0')}</gml:exterior></gml:PolygonPatch>"
SEGMENTS = "<gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment></gml:segments>"
OLD_RING = "<gml:LinearRing><gml:coordinates>0,0 4,0 4,4 0,4 0,0</gml:coordinates></gml:LinearRing>"
CASES = [
    ('<gml:Point gml:id="p"><gml:pos>1 2</gml:pos></gml:Point>', shapely.Point(1, 2)),
    ("<gml:Point><gml:name>x</gml:name><gml:pos> 1\n2 </gml:pos></gml:Point>", shapely.Point(1, 2)),
    ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", shapely.Point(1, 2)),
    ('<gml:Point><gml:coordinates decimal="," cs=";" ts="|">1,5;2,5</gml:coordinates></gml:Point>', shapely.Point(1.5, 2.5)),
    ("<gml:Point><gml:coordinates>1,2,30</gml:coordinates></gml:Point>", shapely.Point(1, 2)),
    ("<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>", shapely.Point(1, 2)),
    ('<gml:Point srsDimension="3"><gml:pos>1 2 30</gml:pos></gml:Point>', shapely.Point(1, 2)),
    ('<gml:Point><gml:pos srsDimension="3">1 2 30</gml:pos></gml:Point>', shapely.Point(1, 2)),
    ("<gml:Point><gml:pos>1e2 -2.5E-1</gml:pos></gml:Point>", shapely.Point(100, -0.25)),
    (
        "<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember>"
        "<gml:pointMembers><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>",
        shapely.MultiPoint([(1, 2), (3, 4)]),
    ),
    ("<gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString>", shapely.LineString([(1, 2), (3, 4)])),
    ("<gml:LineString><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:LineString>", shapely.LineString([(1, 2), (3, 4)])),
    ('<gml:LineString><gml:posList srsDimension="3">1 2 0 3 4 0</gml:posList></gml:LineString>', shapely.LineString([(1, 2), (3, 4)])),
    ("<gml:LineString><gml:coordinates>1,2 3,4</gml:coordinates></gml:LineString>", shapely.LineString([(1, 2), (3, 4)])),
    (
        "<gml:LineString><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord>"
        "<gml:coord><gml:X>3</gml:X><gml:Y>4</gml:Y></gml:coord></gml:LineString>",
        shapely.LineString([(1, 2), (3, 4)]),
    ),
    (
        "<gml:LineString><gml:pointProperty><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointProperty><gml:pos>3 4</gml:pos>"
        "</gml:LineString>",
        shapely.LineString([(1, 2), (3, 4)]),
    ),
    (f"<gml:Curve>{SEGMENTS}</gml:Curve>", shapely.LineString([(0, 0), (1, 1)])),
    (
        "<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment>"
        '<gml:LineStringSegment interpolation="linear"><gml:posList>1 1 2 0</gml:posList></gml:LineStringSegment></gml:segments>'
        "</gml:Curve>",
        shapely.LineString([(0, 0), (1, 1), (2, 0)]),
    ),
    (
        "<gml:MultiLineString><gml:lineStringMember><gml:LineString><gml:coordinates>1,2 3,4</gml:coordinates></gml:LineString>"
        "</gml:lineStringMember></gml:MultiLineString>",
        shapely.MultiLineString([[(1, 2), (3, 4)]]),
    ),
    (
        f"<gml:MultiCurve><gml:curveMember><gml:Curve>{SEGMENTS}</gml:Curve></gml:curveMember><gml:curveMembers>"
        "<gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></gml:curveMembers></gml:MultiCurve>",
        shapely.MultiLineString([[(0, 0), (1, 1)], [(1, 2), (3, 4)]]),
    ),
    (POLYGON, shapely.Polygon(BOX.exterior, [HOLE.exterior])),
    (f"<gml:Polygon><gml:outerBoundaryIs>{OLD_RING}</gml:outerBoundaryIs></gml:Polygon>", BOX),
    (
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:LineString><gml:posList>0 0 4 0 4 4</gml:posList></gml:LineString>"
        "</gml:curveMember><gml:curveMember><gml:LineString><gml:posList>4 4 0 4 0 0</gml:posList></gml:LineString></gml:curveMember>"
        "</gml:Ring></gml:exterior></gml:Polygon>",
        BOX,
    ),
    (f"<gml:MultiPolygon><gml:polygonMember>{POLYGON}</gml:polygonMember></gml:MultiPolygon>", shapely.MultiPolygon([BOX - HOLE])),
    (f"<gml:Surface><gml:patches>{PATCH}</gml:patches></gml:Surface>", BOX),
    (f"<gml:Surface><gml:patches>{PATCH}{NEXT}</gml:patches></gml:Surface>", shapely.box(0, 0, 8, 4)),
    (
        f"<gml:MultiSurface><gml:surfaceMember>{POLYGON}</gml:surfaceMember></gml:MultiSurface>",
        shapely.MultiPolygon([BOX - HOLE]),
    ),
    (
        f"<gml:MultiSurface><gml:surfaceMembers><gml:Surface><gml:patches>{PATCH}</gml:patches></gml:Surface></gml:surfaceMembers>"
        "</gml:MultiSurface>",
        shapely.MultiPolygon([BOX]),
    ),
]


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_each_geometry_is_read_in_every_form(text: str, wanted: shapely.Geometry, namespace: str) -> None:
    found = read(text, namespace)
    assert isinstance(found, Shape)
    assert found.crs == LAMBERT72
    assert found.geometry.geom_type == wanted.geom_type
    assert found.geometry.equals(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "<gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope>",
        "<gml:Envelope><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:Envelope>",
        "<gml:Envelope><gml:coordinates>1,2 3,4</gml:coordinates></gml:Envelope>",
        '<gml:Envelope srsDimension="3"><gml:lowerCorner>1 2 0</gml:lowerCorner><gml:upperCorner>3 4 9</gml:upperCorner></gml:Envelope>',
        "<gml:Box><gml:coordinates>1,2 3,4</gml:coordinates></gml:Box>",
        "<gml:Box><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord><gml:coord><gml:X>3</gml:X><gml:Y>4</gml:Y></gml:coord></gml:Box>",
    ],
)
def test_boxes_are_read_in_every_form(text: str) -> None:
    assert read(text) == BBox(LAMBERT72, 1, 2, 3, 4)


GOLDEN = {
    LAMBERT72: (140252.76, 198794.27),
    LAMBERT2008: (640249.09, 698793.29),
    ETRS89: (4.2296042, 51.0991668),
    WGS84: (4.2296042, 51.0991668),
    CRS84: (4.2296042, 51.0991668),
    WEB_MERCATOR: (470837.38, 6638853.96),
}
SPELLINGS = [
    (crs, spelling, turned and crs.lat_lon)
    for crs in GOLDEN
    for spelling, turned in [
        (crs.short, False),
        (crs.urn, True),
        (crs.url, True),
        (crs.url.replace("http:", "https:"), True),
        *(
            []
            if crs is CRS84
            else [
                (f"urn:x-ogc:def:crs:EPSG:{crs.code}", True),
                (f"urn:ogc:def:crs:EPSG:6.9:{crs.code}", True),
                (f"http://www.opengis.net/gml/srs/epsg.xml#{crs.code}", False),
            ]
        ),
    ]
] + [(WEB_MERCATOR, "EPSG:102100", False)]


@pytest.mark.parametrize("legacy_order", [False, True])
@pytest.mark.parametrize(("crs", "spelling", "turned"), SPELLINGS)
def test_the_axis_order_is_that_of_the_spelling_but_in_wfs_1_0_0(crs: Crs, spelling: str, turned: bool, legacy_order: bool) -> None:
    x, y = GOLDEN[crs]
    pair = f"{y} {x}" if turned and not legacy_order else f"{x} {y}"
    comma = pair.replace(" ", ",")
    for text in (
        f'<gml:Point srsName="{spelling}"><gml:pos>{pair}</gml:pos></gml:Point>',
        f'<gml:Point><gml:pos srsName="{spelling}">{pair}</gml:pos></gml:Point>',
        f'<gml:Point srsName="{spelling}"><gml:coordinates>{comma}</gml:coordinates></gml:Point>',
    ):
        assert read(text, legacy_order=legacy_order) == Shape(crs, shapely.Point(x, y))
    member = f"<gml:pointMember><gml:Point><gml:pos>{pair}</gml:pos></gml:Point></gml:pointMember>"
    multi = f'<gml:MultiPoint srsName="{spelling}">{member}</gml:MultiPoint>'
    assert read(multi, legacy_order=legacy_order) == Shape(crs, shapely.MultiPoint([(x, y)]))
    corners = f"<gml:lowerCorner>{pair}</gml:lowerCorner><gml:upperCorner>{pair}</gml:upperCorner>"
    box = f'<gml:Envelope srsName="{spelling}">{corners}</gml:Envelope>'
    assert read(box, legacy_order=legacy_order) == BBox(crs, x, y, x, y)


def test_a_geometry_without_a_crs_has_the_default_one() -> None:
    default = crs_of("urn:ogc:def:crs:EPSG::4326", "srsName")
    assert read("<gml:Point><gml:pos>51 4</gml:pos></gml:Point>", default=default) == Shape(WGS84, shapely.Point(4, 51))


def test_an_inner_crs_counts_more_than_an_outer_one_and_all_are_one() -> None:
    inner = '<gml:Point srsName="EPSG:4326"><gml:pos>4 51</gml:pos></gml:Point>'
    one = f'<gml:MultiPoint srsName="EPSG:31370"><gml:pointMember>{inner}</gml:pointMember></gml:MultiPoint>'
    assert read(one) == Shape(WGS84, shapely.MultiPoint([(4, 51)]))
    turned = inner.replace("EPSG:4326", "urn:ogc:def:crs:EPSG::4326").replace("4 51", "51 4")
    both = f"<gml:MultiPoint><gml:pointMembers>{inner}{turned}</gml:pointMembers></gml:MultiPoint>"
    assert read(both) == Shape(WGS84, shapely.MultiPoint([(4, 51), (4, 51)]))
    mixed = f"<gml:MultiPoint><gml:pointMembers>{inner}<gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>"
    with pytest.raises(Unfit, match="one CRS"):
        read(mixed)


REFUSED = [
    ("<gml:Point/>", Unreadable),
    ("<gml:Point><gml:pos>1</gml:pos></gml:Point>", Unreadable),
    ("<gml:Point><gml:pos>1 2 3</gml:pos></gml:Point>", Unreadable),
    ("<gml:Point><gml:pos>nan 2</gml:pos></gml:Point>", Unfit),
    ("<gml:Point><gml:pos>inf 2</gml:pos></gml:Point>", Unfit),
    ("<gml:Point><gml:pos>1e999 2</gml:pos></gml:Point>", Unfit),
    ("<gml:Point><gml:pos>1_0 2</gml:pos></gml:Point>", Unfit),
    ("<gml:Point><gml:pos>- 2</gml:pos></gml:Point>", Unfit),
    ("<gml:Point><gml:pos>1 2</gml:pos><gml:pos>1 2</gml:pos></gml:Point>", Unreadable),
    ("<gml:Point><gml:coordinates>1 2</gml:coordinates></gml:Point>", Unreadable),
    ('<gml:Point><gml:coordinates cs="">1,2</gml:coordinates></gml:Point>', Unreadable),
    ("<gml:Point><gml:coord><gml:X>1</gml:X></gml:coord></gml:Point>", Unreadable),
    ("<gml:Point><gml:coord><gml:X>1 2</gml:X><gml:Y>1</gml:Y></gml:coord></gml:Point>", Unreadable),
    ('<gml:Point srsDimension="4"><gml:pos>1 2 3 4</gml:pos></gml:Point>', Unfit),
    ("<gml:Point><gml:where>1 2</gml:where></gml:Point>", Unreadable),
    ("<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>", Unreadable),
    ("<gml:LineString><gml:posList>1 2</gml:posList></gml:LineString>", Unreadable),
    ("<gml:LineString><gml:posList></gml:posList></gml:LineString>", Unreadable),
    ("<gml:MultiPoint/>", Unreadable),
    ('<gml:MultiPoint><gml:pointMember xmlns:x="http://www.w3.org/1999/xlink" x:href="#p"/></gml:MultiPoint>', Unreadable),
    ("<gml:MultiPoint><gml:pointMember><gml:LineString/></gml:pointMember></gml:MultiPoint>", Unreadable),
    ("<gml:MultiPoint><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:MultiPoint>", Unreadable),
    ("<gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve>", Unsupported),
    (
        '<gml:Curve><gml:segments><gml:LineStringSegment interpolation="geodesic"><gml:posList>0 0 1 1</gml:posList>'
        "</gml:LineStringSegment></gml:segments></gml:Curve>",
        Unsupported,
    ),
    (
        "<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment>"
        "<gml:LineStringSegment><gml:posList>5 5 6 6</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>",
        Unfit,
    ),
    ("<gml:Curve/>", FilterError),
    ("<gml:Polygon/>", Unreadable),
    (f"<gml:Polygon><gml:interior>{ring(SQUARE)}</gml:interior></gml:Polygon>", Unreadable),
    (f"<gml:Polygon><gml:exterior>{ring(SQUARE)}</gml:exterior><gml:exterior>{ring(SQUARE)}</gml:exterior></gml:Polygon>", Unreadable),
    (f"<gml:Polygon><gml:border>{ring(SQUARE)}</gml:border></gml:Polygon>", Unreadable),
    (f"<gml:Polygon><gml:exterior>{ring('0 0 4 0 4 4 0 4')}</gml:exterior></gml:Polygon>", Unfit),
    (f"<gml:Polygon><gml:exterior>{ring('0 0 4 4 4 0 0 4 0 0')}</gml:exterior></gml:Polygon>", Unfit),
    ("<gml:Polygon><gml:exterior><gml:Circle/></gml:exterior></gml:Polygon>", Unsupported),
    ("<gml:Surface><gml:patches><gml:Triangle/></gml:patches></gml:Surface>", Unsupported),
    ("<gml:Solid/>", Unsupported),
    ("<gml:MultiGeometry/>", Unsupported),
    ("<gml:Envelope/>", FilterError),
    ("<gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner></gml:Envelope>", Unreadable),
    ("<gml:Envelope><gml:upperCorner>1 2</gml:upperCorner><gml:lowerCorner>1 2</gml:lowerCorner></gml:Envelope>", Unreadable),
    ("<gml:Envelope><gml:lowerCorner>5 5</gml:lowerCorner><gml:upperCorner>1 2</gml:upperCorner></gml:Envelope>", Unfit),
    ("<gml:Box><gml:coordinates>1,2 3,4 5,6</gml:coordinates></gml:Box>", Unreadable),
    ('<x:Point xmlns:x="http://example.org"><gml:pos>1 2</gml:pos></x:Point>', Unreadable),
]


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_what_is_no_geometry_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text)


def test_a_crs_that_is_not_served_is_refused_by_its_attribute() -> None:
    with pytest.raises(Unfit) as caught:
        read('<gml:Point srsName="EPSG:32631"><gml:pos>1 2</gml:pos></gml:Point>')
    assert caught.value.locator == "srsName"
