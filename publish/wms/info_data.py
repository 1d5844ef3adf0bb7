"""What GetFeatureInfo has found as GeoJSON and GML, for programs."""

from __future__ import annotations

from collections.abc import Iterator

from exports import geojson as json_features
from exports import gml
from exports import gml2 as gml2_features
from exports import gml31 as gml31_features
from publish.wms.found import Found
from release.crs import LAMBERT72, CrsRef
from release.fragments import Chunk, Encoder, flat


def geojson(found: Found) -> bytes:
    """A FeatureCollection with coordinates in the CRS of the map, x first; its sentences are members of it."""
    crs = CrsRef(found.crs, found.crs.urn, lat_lon=False)
    stamp = gml.midnight(found.offer.view.day)
    head = json_features.collection_head(found.count, found.count, stamp, found.crs, words=found.words.json)
    members = json_features.body(_members(found, json_features.GeoJson(), crs))
    return b"".join([head, *flat(members), json_features.TAIL])


def gml2(found: Found) -> bytes:
    """A collection of GML 2.1.2, as WFS 1.0.0 has it; x first."""
    crs = CrsRef(found.crs, found.crs.gml2, lat_lon=False)
    head = gml2_features.collection_head(found.kinds, found.offer.schema_location(found.kinds, "1.0.0"), found.words.text)
    return b"".join([head, *flat(_members(found, gml2_features.Gml2(), crs)), gml2_features.TAIL])


def gml31(found: Found) -> bytes:
    """A collection of GML 3.1.1, as WFS 1.1.0 has it; in the axis order of the authority."""
    crs = CrsRef(found.crs, found.crs.urn, lat_lon=found.crs.lat_lon)
    location = found.offer.schema_location(found.kinds, "1.1.0")
    head = gml31_features.collection_head(found.kinds, found.count, gml.midnight(found.offer.view.day), location, found.words.text)
    members = gml31_features.members(flat(_members(found, gml.Gml32(), crs)))
    return b"".join([head, *members, gml31_features.TAIL])


def _members(found: Found, encoder: Encoder, crs: CrsRef) -> Iterator[Chunk]:
    """As the release holds them, where it does; what is stored, and what is made, says EPSG:31370 as these answers do."""
    for features in found.features:
        yield from features.chunks(encoder, crs, stored=features.table.holds_fragments(encoder.name), copies=crs.crs == LAMBERT72)
