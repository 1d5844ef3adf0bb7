"""What is asked of the server: the small answers one after another, and boxes at random places many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from benchmarks import wire
from benchmarks.crowd import POINTS
from benchmarks.figures import AnswerFigures, LoadFigures
from benchmarks.load import drive
from release.crs import LAMBERT72
from release.predicate import BBox, Compare, Operator, both
from release.query import Query
from release.reader import Release

TIMES = 200
SECONDS = 10.0
CONNECTIONS = 16
DEEP = 100_000
"""Where the second page begins."""

FEATURES = f"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={POINTS}"
HITS = f"{FEATURES}&RESULTTYPE=hits"
GETMAP = "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=POI&STYLES=&CRS=EPSG:31370&WIDTH=512&HEIGHT=512&FORMAT=image/png"
ITEMS = "/ogc/features/v1/collections/POI/items?limit=1000"
HITS_OF_ALL, HITS_OF_SOME = "hits of everything", "hits of a product in a box"
FIRST_PAGE, DEEP_PAGE = "1,000 features from 0", f"1,000 features from {DEEP:,}"
BY_KEYWORDS, BY_FILTER = "BBOX and CQL_FILTER", "FILTER with BBOX and PropertyIsEqualTo"
MAP = "map of 5,000 points in 512 x 512 pixels (WMS)"
ITEMS_PAGE, BY_ITEMS = "1,000 items as GeoJSON (OGC API)", "bbox and PRODUCT (OGC API)"

PRODUCT = "Conformiteitsattest"
_SIDE = 1_000.0
_ON_A_MAP = 5_000
_SEED = 7
_SAMPLE = 200

_FES = (
    '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:And>'
    '<fes:BBOX><fes:ValueReference>SHAPE</fes:ValueReference><gml:Envelope xmlns:gml="http://www.opengis.net/gml/3.2" '
    'srsName="urn:ogc:def:crs:EPSG::31370"><gml:lowerCorner>{0:.2f} {1:.2f}</gml:lowerCorner>'
    "<gml:upperCorner>{2:.2f} {3:.2f}</gml:upperCorner></gml:Envelope></fes:BBOX><fes:PropertyIsEqualTo>"
    f"<fes:ValueReference>PRODUCT</fes:ValueReference><fes:Literal>{PRODUCT}</fes:Literal>"
    "</fes:PropertyIsEqualTo></fes:And></fes:Filter>"
)
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Places:
    """Boxes of one square kilometre around objects that are chosen at random, so that busy places come as often as they are busy."""

    points: NDArray[np.float64]

    @classmethod
    def of(cls, release: Release) -> Places:
        """The positions in a release."""
        points = np.asarray(release.table(POINTS).coordinates(LAMBERT72))
        return cls(points[np.isfinite(points[:, 0])])

    def boxes(self) -> Iterator[_Box]:
        """Endlessly, the same ones each time; in EPSG:31370."""
        random = np.random.default_rng(_SEED)
        while True:
            corners = self.points[random.integers(len(self.points), size=10_000)] - random.uniform(0, _SIDE, (10_000, 2))
            for x, y in corners.round(2).tolist():
                yield x, y, x + _SIDE, y + _SIDE

    def crowds(self) -> Iterator[_Box]:
        """Endlessly, squares around such objects that hold 5,000 objects each, or all."""
        random = np.random.default_rng(_SEED)
        while True:
            middle = self.points[random.integers(len(self.points))]
            away = np.abs(self.points - middle).max(axis=1)
            reach = float(np.partition(away, min(_ON_A_MAP, len(away)) - 1)[min(_ON_A_MAP, len(away)) - 1]) + 0.01
            x, y = middle.tolist()
            yield x - reach, y - reach, x + reach, y + reach

    def mean(self, release: Release) -> float:
        """Objects of the product in a box, on the average."""
        day = release.days[0]
        boxes = (box for _, box in zip(range(_SAMPLE), self.boxes(), strict=False))
        product = Compare("PRODUCT", Operator.EQUAL, PRODUCT)
        return fmean(release.select(Query(POINTS, both(BBox(LAMBERT72, *box), product)), day).matched for box in boxes)


def _keywords(box: _Box) -> str:
    """As the users of the Flemish POI service ask (DOMAIN 1.2)."""
    return FEATURES + "&BBOX={:.2f},{:.2f},{:.2f},{:.2f},EPSG:31370".format(*box) + f"&CQL_FILTER=POI:PRODUCT=%27{PRODUCT}%27"


def _filter(box: _Box) -> str:
    """As QGIS asks: box and condition in one filter."""
    return FEATURES + "&SRSNAME=urn:ogc:def:crs:EPSG::31370&FILTER=" + quote(_FES.format(*box), safe="/:=")


def _items(box: _Box) -> str:
    """Features in CRS84, the default of the OGC API."""
    crs = quote(LAMBERT72.url, safe="")
    return ITEMS + "&bbox={:.2f},{:.2f},{:.2f},{:.2f}".format(*box) + f"&bbox-crs={crs}&PRODUCT={PRODUCT}"


def _map(box: _Box) -> str:
    """A picture of the objects in a box."""
    return GETMAP + "&BBOX={:.2f},{:.2f},{:.2f},{:.2f}".format(*box)


FORMS: dict[str, Callable[[_Box], str]] = {BY_KEYWORDS: _keywords, BY_FILTER: _filter, BY_ITEMS: _items}


def loads(port: int, release: Release) -> Iterator[LoadFigures]:
    """Boxes with a condition, each form for `SECONDS`."""
    places = Places.of(release)
    features = places.mean(release)
    for what, form in FORMS.items():
        load = drive(port, (wire.request(form(box)) for box in places.boxes()), CONNECTIONS, SECONDS)
        count = len(load.latencies)
        yield LoadFigures(
            what=what,
            connections=CONNECTIONS,
            per_second=count / load.seconds,
            features=features,
            bytes=load.bytes / count,
            median=1000 * median(load.latencies),
            slowest_hundredth=1000 * quantiles(load.latencies, n=100)[-1],
        )


def answers(port: int, release: Release) -> Iterator[AnswerFigures]:
    """Every kind of small answer `TIMES` times, the kinds taking turns; no address but that of all hits comes twice."""
    places = Places.of(release)
    boxes, crowds = places.boxes(), places.crowds()
    kinds: dict[str, Callable[[int], str]] = {
        HITS_OF_ALL: lambda _: HITS,
        HITS_OF_SOME: lambda _: f"{_keywords(next(boxes))}&RESULTTYPE=hits",
        FIRST_PAGE: lambda turn: f"{FEATURES}&COUNT=1000&STARTINDEX={turn}",
        DEEP_PAGE: lambda turn: f"{FEATURES}&COUNT=1000&STARTINDEX={DEEP + turn}",
        ITEMS_PAGE: lambda turn: f"{ITEMS}&offset={turn}",
        MAP: lambda _: _map(next(crowds)),
    }
    taken: dict[str, list[float]] = {what: [] for what in kinds}
    with wire.connect(port) as connection:
        for turn in range(TIMES):
            for what, path in kinds.items():
                taken[what].append(1000 * wire.ask(connection, wire.request(path(turn))).seconds)
    for what, times in taken.items():
        yield AnswerFigures(what=what, median=median(times), slowest_twentieth=quantiles(times, n=20)[-1])
