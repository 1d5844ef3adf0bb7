"""GetFeatureInfo: the features whose symbol, or whose area, is at a place of a map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from exports.symbology import Layer
from publish.answer import Answer, digest
from publish.wms import info_data, info_text
from publish.wms.binding import BoundLayer, BoundMap, bind
from publish.wms.errors import InvalidFormat, LayerNotDefined
from publish.wms.found import Found
from publish.wms.offer import Offer
from publish.wms.requests import GetFeatureInfo
from publish.wms.sprites import reach
from release.predicate import Predicate, Relation, Spatial
from release.truth import Rows

HTML, PLAIN, JSON, GEOJSON = "text/html", "text/plain", "application/json", "application/geo+json"
GML2, GML31 = "application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"

_WRITERS: dict[str, Callable[[Found], bytes]] = {
    HTML: info_text.html,
    JSON: info_data.geojson,
    GEOJSON: info_data.geojson,
    GML2: info_data.gml2,
    GML31: info_data.gml31,
    PLAIN: info_text.plain,
}
FORMATS = tuple(_WRITERS)
"""Media types, as capabilities name them and answers carry them."""


def get_feature_info(request: GetFeatureInfo, offer: Offer) -> Answer:
    """The features at a place, of each layer at most as many as were asked for; raises `WmsError`, `Withdrawn`."""
    name = (request.format or HTML).lower()
    writer = _WRITERS.get(name)
    if writer is None:
        raise InvalidFormat(f"no format {name[:40]!r}; offered are {', '.join(FORMATS)}", "info_format")
    asked = bind(request.map, offer)
    queried = [_queried(asked, offer.layer(layer, "query_layers")) for layer in request.layers]
    place = _Place(asked, request.i, request.j)
    rows = tuple((bound.layer, place.rows(bound, offer)[: request.count]) for bound in queried)
    body = writer(Found(offer, asked.frame.crs, rows))
    subject = ",".join(bound.layer.name for bound in queried)
    charset = "; charset=utf-8" if name.startswith("text/") else ""
    return Answer(name + charset, (body,), f"info-{digest(repr(request))}", subject)


def _queried(asked: BoundMap, layer: Layer) -> BoundLayer:
    """The layer as the map has it: WMS 1.3.0 §7.4.3.4 allows no other."""
    for bound in asked.layers:
        if bound.layer.name == layer.name:
            return bound
    raise LayerNotDefined(f"{layer.name} is in QUERY_LAYERS, but not in LAYERS", "query_layers")


@dataclass(frozen=True)
class _Place:
    """A pixel of a map."""

    map: BoundMap
    i: int
    j: int

    def rows(self, bound: BoundLayer, offer: Offer) -> Rows:
        """The rows that are drawn there: of points the nearest first, of areas those drawn last."""
        found = [rows for _, rows in bound.rows(offer.view, self._area(bound))]
        rows = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        if not bound.points or not len(rows):
            return rows
        away = self._away(bound, offer, rows)
        near = away <= self._reach(bound)
        nearest: Rows = rows[near][np.argsort(away[near], kind="stable")]
        return nearest

    def _area(self, bound: BoundLayer) -> Predicate:
        """Around the pixel as far as symbols reach, or its middle."""
        frame = self.map.frame
        if bound.points:
            return frame.around(self.i, self.j, self._reach(bound) + 1)
        return Spatial(Relation.INTERSECTS, frame.crs, shapely.Point(frame.place(self.i, self.j)))

    def _reach(self, bound: BoundLayer) -> float:
        """Pixels from the middle of a symbol that still are its own."""
        return max(reach(self.map.size(rule.mark)) for rule in bound.style.rules)

    def _away(self, bound: BoundLayer, offer: Offer, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """How many pixels the rows are from the middle of the pixel."""
        frame = self.map.frame
        places = frame.pixels(bound.table(offer.view).coordinates(frame.crs)[rows])
        return np.hypot(places[:, 0] - (self.i + 0.5), places[:, 1] - (self.j + 0.5))
