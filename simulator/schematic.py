"""Schematic municipalities for the demo: cells around the centres, drawn so that nobody takes them for the real borders."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from pyproj import Transformer
from shapely.geometry import MultiPoint, Point, Polygon, mapping

from simulator.municipalities import municipalities

NOTE = "Schematische voorstelling rond een middelpunt: geen officiële gemeentegrens"
_REACH = 9_000  # metres from the centre at most
_FLANDERS = (2.53, 50.67, 5.92, 51.51)
"""West, south, east, north in degrees: the box that records and services name. The real borders lie within it, so the cells do."""


def schematic_municipalities(path: Path) -> None:
    """Write a GeoJSON file of 285 polygons in EPSG:31370 (`niscode`, `naam`, `schematisch`, `toelichting`).

    Each is the Voronoi cell of its centre, cut off 9 km from the nearest centre: valid, holding its centre, overlapping none.
    The same bytes every time.
    """
    features = [
        {
            "type": "Feature",
            "properties": {"niscode": place.niscode, "naam": place.name, "schematisch": True, "toelichting": NOTE},
            "geometry": mapping(cell),
        }
        for place, cell in zip(municipalities(), _cells(), strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": "schematische_gemeenten",
        "description": NOTE,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}},
        "features": features,
    }
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _cells() -> list[Polygon]:
    centres = [Point(place.x, place.y) for place in municipalities()]
    # One outline for all, so that neighbours are cut at the same points and rounding opens no slivers between them.
    reached = shapely.union_all([centre.buffer(_REACH, quad_segs=6) for centre in centres])
    outline = shapely.intersection(reached, _flanders())
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(centres), extend_to=outline.envelope.buffer(_REACH)))
    tree = shapely.STRtree(cells)
    found = [cells[tree.query(centre, predicate="within")[0]] for centre in centres]
    return [shapely.set_precision(cell.intersection(outline), 0.01) for cell in found]


def _flanders() -> Polygon:
    """The box in EPSG:31370: its sides are a little curved there, and 1 m is kept from them."""
    corners = shapely.segmentize(shapely.box(*_FLANDERS), 0.02)
    return shapely.transform(corners, Transformer.from_crs(4326, 31370, always_xy=True).transform, interleaved=False).buffer(-1)
