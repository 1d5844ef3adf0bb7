"""GeoJSON features (RFC 7946 in form; the Flemish services' default CRS, EPSG:31370, needs the older `crs` member).

A fragment begins with the comma that parts it from the one before; `body` takes the first one off. The cut is what stands
between the brackets of `coordinates`. In `geojson`, for WFS and files, x or longitude comes first whatever the CRS (DOMAIN 6.1); in
`geojson84`, for the OGC API, the order is the authority's (OGC API Features Part 2 §6.4) and CRS84 lies ready.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from exports.rings import Rings
from exports.text import TEXTUAL, Escape, Parts, assembled, batches, coordinates, fixed, joined, texts_list, unchanged, wrapped
from release.crs import CRS84, LAMBERT72, Crs, CrsRef
from release.fragments import Runs
from release.schema import Field, FieldType, Geometry
from release.table import ID, WKB, PublicTable
from release.transform import stored_points, stored_shapes

MEDIA_TYPE = "application/geo+json"
SEPARATOR = b",\n"
TAIL = b"\n]}\n"

_LAMBERT72, _CRS84 = (CrsRef(crs, crs.url, lat_lon=False) for crs in (LAMBERT72, CRS84))

Piece = TypeVar("Piece", bytes | memoryview, bytes | memoryview | Runs)
"""Of features that are joined here, or that may be copied later."""


class GeoJson:
    """The encoder `geojson`: `{"type":"Feature","id":"POI.1",…}`, geometry null when there is none, absent values null."""

    name: ClassVar[str] = "geojson"
    default: ClassVar[CrsRef] = _LAMBERT72
    """What the coordinates of `fragments` are in."""

    def fragments(self, table: PublicTable) -> tuple[bytes, NDArray[np.int64]]:
        """Features with coordinates in the default CRS."""
        return assembled(self._parts(batch) for batch in batches(table))

    def points(self, coordinates: NDArray[np.float64], crs: CrsRef) -> list[bytes]:
        """`x,y`; empty where the point is NaN."""
        return texts_list(self._positions(coordinates, crs))

    def polygons(self, wkb: Sequence[bytes | None], crs: CrsRef) -> list[bytes]:
        """`[[[x,y],…],…],…`: the polygons of each multipolygon; empty where there is none."""
        rings = Rings.parse(wkb)
        positions = _bracketed(self._positions(rings.coordinates, crs))
        return rings.texts(positions, ",", _bracketed, _bracketed, ",")

    def _positions(self, points: NDArray[np.float64], crs: CrsRef) -> pa.StringArray:
        return _positions(points, crs.crs, turned=False)

    def _parts(self, batch: PublicTable) -> Parts:
        kind, middle = batch.feature_type, self._middle(batch)
        ids = batch.arrow[ID].combine_chunks().cast(pa.string())
        located = pc.is_valid(middle)
        opening = "" if kind.geometry is None else f'{{"type":"{kind.geometry}","coordinates":['
        before = joined(
            f'{SEPARATOR.decode()}{{"type":"Feature","id":"{kind.name}.', ids, '","geometry":', pc.if_else(located, opening, "null")
        )
        values = []
        for position, field in enumerate(kind.fields):
            key = f'{"," if position else ""}"{field.name}":'
            values.append(wrapped(batch.arrow[field.name], _escape(field), key, "", f"{key}null"))
        return before, middle, joined(pc.if_else(located, "]}", ""), ',"properties":{', *values, "}}")

    def _middle(self, batch: PublicTable) -> pa.StringArray:
        match batch.feature_type.geometry:
            case Geometry.POINT:
                return self._positions(self._points(batch), self.default)
            case Geometry.MULTIPOLYGON:
                texts = self.polygons(self._shapes(batch), self.default)
                return pa.array([text or None for text in texts], pa.binary()).cast(pa.string())
            case None:
                return pa.nulls(len(batch), pa.string())

    def _points(self, batch: PublicTable) -> NDArray[np.float64]:
        """Points in the default CRS, NaN where there is none."""
        return coordinates(batch)

    def _shapes(self, batch: PublicTable) -> Sequence[bytes | None]:
        """Multipolygons in the default CRS."""
        shapes: list[bytes | None] = batch.arrow[WKB].to_pylist()
        return shapes


class GeoJson84(GeoJson):
    """The encoder `geojson84`: the same features in CRS84, the default of the OGC API; other CRSs in the authority's axis order."""

    name = "geojson84"
    default = _CRS84

    def _positions(self, points: NDArray[np.float64], crs: CrsRef) -> pa.StringArray:
        return _positions(points, crs.crs, turned=crs.lat_lon)

    def _points(self, batch: PublicTable) -> NDArray[np.float64]:
        return stored_points(coordinates(batch), CRS84)

    def _shapes(self, batch: PublicTable) -> Sequence[bytes | None]:
        return stored_shapes(batch.arrow[WKB].to_pylist(), CRS84)


def collection_head(
    matched: int | None,
    returned: int,
    timestamp: datetime,
    crs: Crs = LAMBERT72,
    links: Sequence[Mapping[str, str]] = (),
    words: str = "",
) -> bytes:
    """Start of a FeatureCollection, up to the first feature; the `crs` member only where RFC 7946 has no word for the CRS.

    `timestamp` is aware; `matched` null leaves numberMatched out (OGC API Features §7.15.6); `words` are members of it too, as JSON.
    """
    members: dict[str, object] = {"type": "FeatureCollection"}
    if crs != CRS84:
        members["crs"] = {"type": "name", "properties": {"name": crs.urn}}
    if matched is not None:
        members["numberMatched"] = matched
    members |= {"numberReturned": returned, "timeStamp": timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if links:
        members["links"] = [dict(link) for link in links]
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    told = f",{words}" if words else ""  # RFC 7946 §6.1: what a reader does not know it ignores
    return f'{text[:-1]}{told},"features":[\n'.encode()


def feature_document(fragment: bytes, members: Mapping[str, object]) -> bytes:
    """One feature as a document, from its fragment, with more members (RFC 7946 §6.1)."""
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return fragment.removeprefix(SEPARATOR)[:-1] + f",{text[1:]}\n".encode()


def body(chunks: Iterable[Piece]) -> Iterator[Piece]:
    """The chunks of `Fragments.copy`, `.runs` or `.replace`, without the separator before the first feature."""
    iterator = iter(chunks)
    for first in iterator:
        yield first.after(len(SEPARATOR)) if isinstance(first, Runs) else first[len(SEPARATOR) :]
        break
    yield from iterator


def _positions(points: NDArray[np.float64], crs: Crs, *, turned: bool) -> pa.StringArray:
    axes = [fixed(points[:, axis], crs.decimals) for axis in ((1, 0) if turned else (0, 1))]
    return pc.binary_join_element_wise(*axes, ",", null_handling="emit_null")


def _bracketed(texts: pa.StringArray) -> pa.StringArray:
    return joined("[", texts, "]")


def _escape(field: Field) -> Escape:
    if field.type in TEXTUAL:
        return _string
    return _quoted if field.type is FieldType.DATE else unchanged


def _string(texts: pa.StringArray) -> pa.StringArray:
    """RFC 8259 §7: quotation mark, reverse solidus and control characters are escaped."""
    texts = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '\\"')
    if pc.any(pc.match_substring_regex(texts, r"[\x00-\x1f]")).as_py():
        for code in range(0x20):
            texts = pc.replace_substring(texts, chr(code), f"\\u{code:04x}")
    return _quoted(texts)


def _quoted(texts: pa.StringArray) -> pa.StringArray:
    return pc.binary_join_element_wise('"', texts, '"', "", null_handling="emit_null")
