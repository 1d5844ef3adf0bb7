"""Features in the dialects of GML: one encoder, with what differs between GML 3 and GML 2 as its parameter.

The cut of a fragment reaches from just after `srsName="` to the end of the coordinates, so that an answer in another CRS
replaces one piece: `urn:ogc:def:crs:EPSG::31370"><gml:pos>152000.12 211000.34`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exports.gml_documents import escaped
from exports.rings import Rings
from exports.text import TEXTUAL, Escape, Parts, assembled, batches, coordinates, fixed, joined, refusing, texts_list, unchanged, wrapped
from release.crs import CrsRef
from release.schema import FeatureType, Field, Geometry
from release.table import ID, WKB, PublicTable

_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"  # XML 1.0 §2.2: characters that no document may hold
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a version of GML writes a feature. A pair is what stands before and after a text."""

    member: tuple[str, str]
    feature_id: str  # attribute
    geometry_id: str | None  # attribute of geometries and of the polygons in them
    default: CrsRef
    axes: str  # between the numbers of a position
    position: tuple[str, str]
    line: tuple[str, str]
    multipolygon: str
    polygon_member: str
    outer: str
    inner: str


class GmlEncoder:
    """Encodes features: id from the object's `_id`, null fields left out, elements in the order of the XSD."""

    name: ClassVar[str]
    dialect: ClassVar[Dialect]

    def fragments(self, table: PublicTable) -> tuple[bytes, NDArray[np.int64]]:
        """Features in EPSG:31370; raises `UnfitText` for a character that XML does not allow."""
        return assembled(self._parts(batch) for batch in batches(table))

    def points(self, coordinates: NDArray[np.float64], crs: CrsRef) -> list[bytes]:
        """From the value of srsName to the end of the position; empty where the point is NaN."""
        return texts_list(self._points(coordinates, crs))

    def polygons(self, wkb: Sequence[bytes | None], crs: CrsRef) -> list[bytes]:
        """From the value of srsName to the last polygon; empty where there is none."""
        rings = Rings.parse(wkb)
        texts = rings.texts(self._positions(rings.coordinates, crs), " ", lambda lines: self._ring(lines, rings.outer), self._members, "")
        opening = f'{escaped(crs.text)}">'.encode()
        return [opening + text if text else b"" for text in texts]

    def _parts(self, batch: PublicTable) -> Parts:
        kind, (member, member_end) = batch.feature_type, self.dialect.member
        ids = batch.arrow[ID].combine_chunks().cast(pa.string())
        fields = [wrapped(batch.arrow[f.name], _escape(f), f"<{kind.prefix}:{f.name}>", f"</{kind.prefix}:{f.name}>") for f in kind.fields]
        end = f"</{kind.qualified}>{member_end}"
        before = joined(f'{member}<{kind.qualified} {self.dialect.feature_id}="{kind.name}.', ids, '">', *fields)
        middle = self._middle(batch)
        located = pc.is_valid(middle)
        start = pc.if_else(located, self._opening(kind, ids), "")
        return joined(before, start), middle, pc.if_else(located, self._closing(kind) + end, end)

    def _opening(self, kind: FeatureType, ids: pa.StringArray) -> pa.StringArray:
        """Up to the value of srsName."""
        tag = "gml:Point" if kind.geometry is Geometry.POINT else self.dialect.multipolygon
        before, attribute = f"<{kind.prefix}:{kind.geometry_name}><{tag}", self.dialect.geometry_id
        if attribute is None:
            return joined(before, ' srsName="')
        return joined(f'{before} {attribute}="{kind.name}.', ids, f'.{kind.geometry_name}" srsName="')

    def _closing(self, kind: FeatureType) -> str:
        """What follows the coordinates."""
        point = f"{self.dialect.position[1]}</gml:Point>"
        shape = point if kind.geometry is Geometry.POINT else f"</{self.dialect.multipolygon}>"
        return f"{shape}</{kind.prefix}:{kind.geometry_name}>"

    def _middle(self, batch: PublicTable) -> pa.StringArray:
        match batch.feature_type.geometry:
            case Geometry.POINT:
                return self._points(coordinates(batch), self.dialect.default)
            case Geometry.MULTIPOLYGON:
                texts = self.polygons(batch.arrow[WKB].to_pylist(), self.dialect.default)
                return pa.array([text or None for text in texts], pa.binary()).cast(pa.string())
            case None:
                return pa.nulls(len(batch), pa.string())

    def _points(self, points: NDArray[np.float64], crs: CrsRef) -> pa.StringArray:
        opening = f'{escaped(crs.text)}">{self.dialect.position[0]}'
        return pc.binary_join_element_wise(opening, self._positions(points, crs), "", null_handling="emit_null")

    def _positions(self, points: NDArray[np.float64], crs: CrsRef) -> pa.StringArray:
        """x and y, or y and x where the client's spelling has the authority's order; null where NaN."""
        first, second = (1, 0) if crs.lat_lon else (0, 1)
        axes = [fixed(points[:, axis], crs.crs.decimals) for axis in (first, second)]
        return pc.binary_join_element_wise(*axes, self.dialect.axes, null_handling="emit_null")

    def _ring(self, lines: pa.StringArray, outer: NDArray[np.bool_]) -> pa.StringArray:
        side, (before, after) = pc.if_else(pa.array(outer), self.dialect.outer, self.dialect.inner), self.dialect.line
        return joined("<gml:", side, f"><gml:LinearRing>{before}", lines, f"{after}</gml:LinearRing></gml:", side, ">")

    def _members(self, polygons: pa.StringArray) -> pa.StringArray:
        tag, attribute = self.dialect.polygon_member, self.dialect.geometry_id
        if attribute is None:
            return joined(f"<{tag}><gml:Polygon>", polygons, f"</gml:Polygon></{tag}>")
        # GML 3.2.1 §7.2.4.5: every polygon needs a gml:id; within the cut only its own coordinates can give one.
        ids = pa.array(["G" + hashlib.blake2b(text, digest_size=10).hexdigest() for text in texts_list(polygons)], pa.string())
        return joined(f'<{tag}><gml:Polygon {attribute}="', ids, '">', polygons, f"</gml:Polygon></{tag}>")


def _escape(field: Field) -> Escape:
    return refusing(field, _NOT_XML, "a character that XML does not allow", _entities) if field.type in TEXTUAL else unchanged


def _entities(texts: pa.StringArray) -> pa.StringArray:
    for character, entity in _ENTITIES:
        texts = pc.replace_substring(texts, pattern=character, replacement=entity)
    return texts
