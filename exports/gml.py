"""GML 3.2 features as WFS 2.0 carries them: `<wfs:member><POI:POI gml:id="POI.1">…</POI:POI></wfs:member>`.

The cut of a fragment reaches from just after `srsName="` to the end of the coordinates, so that an answer in another CRS
replaces one piece: `urn:ogc:def:crs:EPSG::31370"><gml:pos>152000.12 211000.34`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exports.rings import Rings
from exports.text import TEXTUAL, Escape, Parts, assembled, batches, coordinates, fixed, joined, refusing, texts_list, unchanged, wrapped
from release.crs import LAMBERT72, CrsRef
from release.schema import FeatureType, Field, Geometry
from release.table import ID, WKB, PublicTable

MEDIA_TYPE = "application/gml+xml; version=3.2"
WFS, GML, XSI = "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/gml/3.2", "http://www.w3.org/2001/XMLSchema-instance"
WFS_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
"""The exact address that offline validators know (STANDARDS §1: `https://` is not in their catalogues)."""

MEMBER, MEMBER_END = b"<wfs:member>", b"</wfs:member>\n"
TAIL = b"</wfs:FeatureCollection>\n"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STORED = CrsRef(LAMBERT72, LAMBERT72.urn, lat_lon=False)
_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"  # XML 1.0 §2.2: characters that no document may hold
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


class Gml32:
    """The encoder `gml32`: GML 3.2.1, gml:id from the object's `_id`, null fields left out, elements in the order of the XSD."""

    name = "gml32"

    def fragments(self, table: PublicTable) -> tuple[bytes, NDArray[np.int64]]:
        """Features in EPSG:31370; raises `UnfitText` for a character that XML does not allow."""
        return assembled(self._parts(batch) for batch in batches(table))

    def points(self, coordinates: NDArray[np.float64], crs: CrsRef) -> list[bytes]:
        """From the value of srsName to the end of gml:pos; empty where the point is NaN."""
        return texts_list(_points(coordinates, crs))

    def polygons(self, wkb: Sequence[bytes | None], crs: CrsRef) -> list[bytes]:
        """From the value of srsName to the last gml:surfaceMember; empty where there is no polygon."""
        rings = Rings.parse(wkb)
        texts = rings.texts(_positions(rings.coordinates, crs), " ", lambda lines: _ring(lines, rings.outer), _members, "")
        opening = f'{_attribute(crs.text)}">'.encode()
        return [opening + text if text else b"" for text in texts]

    def _parts(self, batch: PublicTable) -> Parts:
        kind = batch.feature_type
        ids = batch.arrow[ID].combine_chunks().cast(pa.string())
        fields = [wrapped(batch.arrow[f.name], _escape(f), f"<{kind.prefix}:{f.name}>", f"</{kind.prefix}:{f.name}>") for f in kind.fields]
        end = f"</{kind.qualified}>{MEMBER_END.decode()}"
        before = joined(f'{MEMBER.decode()}<{kind.qualified} gml:id="{kind.name}.', ids, '">', *fields)
        middle = _middle(batch)
        located = pc.is_valid(middle)
        opening, closing = _geometry_tags(kind)
        start = pc.if_else(located, joined(opening, ids, f'.{kind.geometry_name}" srsName="'), "")
        return joined(before, start), middle, pc.if_else(located, closing + end, end)


def collection_head(
    feature_types: Sequence[FeatureType],
    matched: int | None,
    returned: int,
    timestamp: datetime,
    schema_location: str,
    next: str | None = None,  # the name of the attribute in wfs.xsd
    previous: str | None = None,
) -> bytes:
    """Start of a wfs:FeatureCollection, up to the first member. `timestamp` is aware; `matched` null is `unknown`.

    `schema_location` is where the XSD of the first feature type is; that one imports those of other namespaces.
    """
    namespaces = {"wfs": WFS, "gml": GML, "xsi": XSI} | {kind.prefix: kind.namespace for kind in feature_types}
    # WFS 2.0 §7.7.4.1: numberMatched may be `unknown`, numberReturned may not
    attributes = {
        "numberMatched": "unknown" if matched is None else str(matched),
        "numberReturned": str(returned),
        "timeStamp": timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "next": next,
        "previous": previous,
        "xsi:schemaLocation": f"{WFS} {WFS_SCHEMA} {feature_types[0].namespace} {schema_location}",
    }
    return f"{_DECLARATION}<wfs:FeatureCollection{_declared(namespaces)}{_attributes(attributes)}>\n".encode()


def feature_document(fragment: bytes, feature_type: FeatureType, schema_location: str) -> bytes:
    """A document whose root is the feature itself, from its fragment (WFS 2.0 §7.9.3.6: GetFeatureById)."""
    tag = f"<{feature_type.qualified}".encode()
    feature = bytes(fragment).removeprefix(MEMBER).removesuffix(MEMBER_END)
    namespaces = {"gml": GML, "xsi": XSI, feature_type.prefix: feature_type.namespace}
    head = _declared(namespaces) + _attributes({"xsi:schemaLocation": f"{feature_type.namespace} {schema_location}"})
    return b"".join((_DECLARATION.encode(), tag, head.encode(), feature.removeprefix(tag), b"\n"))


def midnight(day: date) -> datetime:
    """The time stamp of files and of answers that hold for a day: its first moment, as `T00:00:00Z`."""
    return datetime.combine(day, time.min, UTC)


def _escape(field: Field) -> Escape:
    return refusing(field, _NOT_XML, "a character that XML does not allow", _entities) if field.type in TEXTUAL else unchanged


def _entities(texts: pa.StringArray) -> pa.StringArray:
    for character, entity in _ENTITIES:
        texts = pc.replace_substring(texts, pattern=character, replacement=entity)
    return texts


def _geometry_tags(kind: FeatureType) -> tuple[str, str]:
    """Text up to the `_id` in the geometry's gml:id, and text after the cut."""
    name = f"{kind.prefix}:{kind.geometry_name}"
    if kind.geometry is Geometry.POINT:
        return f'<{name}><gml:Point gml:id="{kind.name}.', f"</gml:pos></gml:Point></{name}>"
    return f'<{name}><gml:MultiSurface gml:id="{kind.name}.', f"</gml:MultiSurface></{name}>"


def _middle(batch: PublicTable) -> pa.StringArray:
    match batch.feature_type.geometry:
        case Geometry.POINT:
            return _points(coordinates(batch), _STORED)
        case Geometry.MULTIPOLYGON:
            texts = Gml32().polygons(batch.arrow[WKB].to_pylist(), _STORED)
            return pa.array([text or None for text in texts], pa.binary()).cast(pa.string())
        case None:
            return pa.nulls(len(batch), pa.string())


def _points(points: NDArray[np.float64], crs: CrsRef) -> pa.StringArray:
    texts = _positions(points, crs)
    return pc.binary_join_element_wise(f'{_attribute(crs.text)}"><gml:pos>', texts, "", null_handling="emit_null")


def _positions(points: NDArray[np.float64], crs: CrsRef) -> pa.StringArray:
    """`x y`, or `y x` where the client's spelling has the authority's order; null where NaN."""
    first, second = (1, 0) if crs.lat_lon else (0, 1)
    axes = [fixed(points[:, axis], crs.crs.decimals) for axis in (first, second)]
    return pc.binary_join_element_wise(*axes, " ", null_handling="emit_null")


def _ring(lines: pa.StringArray, outer: NDArray[np.bool_]) -> pa.StringArray:
    side = pc.if_else(pa.array(outer), "exterior", "interior")
    return joined("<gml:", side, "><gml:LinearRing><gml:posList>", lines, "</gml:posList></gml:LinearRing></gml:", side, ">")


def _members(polygons: pa.StringArray) -> pa.StringArray:
    # GML 3.2.1 §7.2.4.5: every polygon needs a gml:id; within the cut only its own coordinates can give one.
    ids = pa.array(["G" + hashlib.blake2b(text, digest_size=10).hexdigest() for text in texts_list(polygons)], pa.string())
    return joined('<gml:surfaceMember><gml:Polygon gml:id="', ids, '">', polygons, "</gml:Polygon></gml:surfaceMember>")


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _declared(namespaces: dict[str, str]) -> str:
    return "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in namespaces.items())


def _attributes(attributes: dict[str, str | None]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value is not None)
