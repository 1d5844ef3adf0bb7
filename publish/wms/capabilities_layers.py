"""The layers in a capabilities document: one without a name that holds what all share, and in it those that can be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from exports import iso19139
from exports.styles import sld
from exports.symbology import Layer, Style
from publish.wms import legend
from publish.wms.extent import flanders
from publish.wms.markup import Element, Maker
from publish.wms.offer import Offer
from publish.wms.versions import Version
from publish.wording import attribution, state_sentence
from release.crs import CRS84, SERVED, Crs

_AUTHORITY = "VLOK"
_METADATA_TYPES = {Version.V1_3_0: "ISO19115:2003", Version.V1_1_1: "TC211"}
"""WMS 1.3.0 §7.2.4.6.11, WMS 1.1.1 §7.1.4.5.10."""


def sources(offer: Offer) -> Iterator[str]:
    """What the service shows, where it comes from and from when, and the sentence that goes with it (CONTRACT B.3)."""
    whole = [layer for layer in offer.layers if layer.product.value is None]
    for layer in whole:
        yield layer.abstract.nl
    for layer in whole:
        yield f"{attribution(offer.view, layer.product)}."
    yield state_sentence(offer.view, [layer.product for layer in whole])


def add_layers(make: Maker, capability: Element, offer: Offer) -> None:
    """The root layer with all others in it; WMS 1.3.0 §7.2.4.8 says what these inherit."""
    root, test = make.add(capability, "Layer"), "TEST – " if offer.settings.test else ""
    make.add(root, "Title", f"{test}{', '.join(kind.title.nl for kind in offer.kinds)}")
    make.add(root, "Abstract", " ".join(kind.abstract.nl for kind in offer.kinds))
    keywords(make, root, {word for layer in offer.layers for word in layer.product.keywords})
    for crs in _served(make.version):
        make.add(root, make.version.crs_keyword, crs.short)
    _boxes(make, root)
    make.link(make.add(root, "AuthorityURL", name=_AUTHORITY), f"{offer.settings.public_url}/catalogus/")
    for layer in offer.layers:
        _layer(make, root, layer, offer)


def keywords(make: Maker, parent: Element, words: Iterable[str]) -> None:
    """`KeywordList`, in alphabetical order."""
    section = make.add(parent, "KeywordList")
    for word in sorted(words):
        make.add(section, "Keyword", word)


def _served(version: Version) -> Iterator[Crs]:
    """WMS 1.1.1 knows no CRS:84: there EPSG:4326 has longitude first."""
    return (crs for crs in SERVED if version is Version.V1_3_0 or crs != CRS84)


def _boxes(make: Maker, root: Element) -> None:
    west, south, east, north = flanders(CRS84)
    if make.version is Version.V1_3_0:
        box = make.add(root, "EX_GeographicBoundingBox")
        sides = {"westBoundLongitude": west, "eastBoundLongitude": east, "southBoundLatitude": south, "northBoundLatitude": north}
        for name, side in sides.items():
            make.add(box, name, f"{side:g}")
    else:
        make.add(root, "LatLonBoundingBox", minx=f"{west:g}", miny=f"{south:g}", maxx=f"{east:g}", maxy=f"{north:g}")
    for crs in _served(make.version):
        corners = flanders(crs)
        if crs.lat_lon and make.version.authority_order:  # WMS 1.3.0 §6.7.4: in the axis order of the CRS
            corners = (corners[1], corners[0], corners[3], corners[2])
        named = dict(zip(("minx", "miny", "maxx", "maxy"), (f"{corner:.10g}" for corner in corners), strict=True))
        make.add(root, "BoundingBox", **{make.version.crs_keyword: crs.short}, **named)


def _layer(make: Maker, root: Element, layer: Layer, offer: Offer) -> None:
    element, product = make.add(root, "Layer", queryable="1"), layer.product
    make.add(element, "Name", layer.name)
    make.add(element, "Title", layer.title.nl)
    make.add(element, "Abstract", f"{layer.abstract.nl} {state_sentence(offer.view, [product])}")
    keywords(make, element, product.keywords)
    credited = make.add(element, "Attribution")
    make.add(credited, "Title", attribution(offer.view, product))
    make.link(credited, offer.settings.public_url + "/")
    make.add(element, "Identifier", product.uuid, authority=_AUTHORITY)
    metadata = make.add(element, "MetadataURL", type=_METADATA_TYPES[make.version])
    make.add(metadata, "Format", iso19139.MEDIA_TYPE)
    make.link(metadata, offer.record_url(product))
    for style in layer.styles:
        _style(make, element, layer, style, offer)


def _style(make: Maker, parent: Element, layer: Layer, style: Style, offer: Offer) -> None:
    element = make.add(parent, "Style")
    make.add(element, "Name", style.id)
    make.add(element, "Title", style.title.nl)
    width, height = legend.size(style)
    picture = make.add(element, "LegendURL", width=str(width), height=str(height))
    make.add(picture, "Format", "image/png")
    query = {"SERVICE": "WMS", "VERSION": make.version, "REQUEST": "GetLegendGraphic", "FORMAT": "image/png"}
    make.link(picture, offer.link({**query, "LAYER": layer.name, "STYLE": style.id}))
    sheet = make.add(element, "StyleSheetURL")
    make.add(sheet, "Format", sld.MEDIA_TYPE)
    make.link(sheet, f"{offer.settings.public_url}/stijlen/{quote(layer.name)}/{quote(style.id)}.sld")
