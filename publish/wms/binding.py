"""A map bound to what a service offers: names become layers and styles, filters predicates, and these the rows that are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.symbology import Layer, Mark, Rule, Style
from publish.shelf import View
from publish.wms.errors import StyleNotDefined
from publish.wms.filters import predicates, told
from publish.wms.frame import Frame
from publish.wms.offer import Offer
from publish.wms.requests import Map
from release.crs import CrsRef
from release.predicate import Predicate, both
from release.query import Query
from release.reader import ReleaseTable
from release.schema import Geometry
from release.truth import Rows

_OVERVIEW = ((300.0, 0.45), (100.0, 0.6), (30.0, 0.8))
"""Metres in a pixel from which on symbols of points are smaller, and how much: at the scale of Flanders they would hide each other."""


@dataclass(frozen=True)
class BoundLayer:
    """A layer in a style, and what of it is asked; null is everything."""

    layer: Layer
    style: Style
    filter: Predicate | None = None

    @property
    def points(self) -> bool:
        """Whether it is drawn as symbols."""
        return self.layer.feature_type.geometry is Geometry.POINT

    def table(self, view: View) -> ReleaseTable:
        """The table of its rows."""
        return view.release.table(self.layer.feature_type.qualified)

    def rows(self, view: View, area: Predicate) -> Iterator[tuple[Rule, Rows]]:
        """The rows in an area that each rule draws, the undermost first; raises `InvalidParameter`, `Withdrawn`."""
        kind = self.layer.feature_type
        with told("filter"):
            found = view.release.select(Query(kind.qualified, both(self.layer.predicate, area, self.filter)), view.day).rows
        table = self.table(view)
        for rule in self.style.rules:
            if rule.predicate is None or rule.predicate == self.layer.predicate:
                yield rule, found
            elif len(found):
                yield rule, table.among(found, rule.predicate)


@dataclass(frozen=True)
class BoundMap:
    """Layers from the bottom up, where they are drawn, and how much larger than on a screen of 0.28 mm."""

    frame: Frame
    layers: tuple[BoundLayer, ...]
    scale: float

    @property
    def subject(self) -> str:
        """The names of the layers."""
        return ",".join(bound.layer.name for bound in self.layers)

    def size(self, mark: Mark) -> float:
        """Width of a point's symbol in pixels."""
        metres = self.frame.metres * self.scale
        return mark.size * self.scale * next((factor for limit, factor in _OVERVIEW if metres >= limit), 1.0)


def bind(asked: Map, offer: Offer) -> BoundMap:
    """Resolve a map; raises `WmsError`."""
    layers = [offer.layer(name) for name in asked.layers]
    styles = [style_of(layer, name) for layer, name in zip(layers, asked.styles, strict=True)]
    frame = Frame.of(asked)
    order = CrsRef(frame.crs, asked.crs, frame.crs.lat_lon and asked.version.authority_order)
    found = predicates(asked, layers, order)
    return BoundMap(frame, tuple(BoundLayer(*each) for each in zip(layers, styles, found, strict=True)), asked.scale)


def style_of(layer: Layer, name: str) -> Style:
    """A style of a layer, the default for an empty name; raises `StyleNotDefined`."""
    # WMS 1.1.1 §7.2.3.4 and GeoServer's clients: `default` is the default too
    found = layer.style("" if name.lower() == "default" else name)
    if found is None:
        offered = ", ".join(style.id for style in layer.styles)
        raise StyleNotDefined(f"{layer.name} has no style {name[:60]!r}; it has {offered}", "styles")
    return found
