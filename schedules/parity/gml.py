"""Rows of GML in each of its versions: what stands between the member tags must be the feature of the schema, element by element.

GDAL reads the same downloads whole (`exports.readback`), so that their XML is known to be well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from release.crs import LAMBERT72
from release.schema import FeatureType, Field, FieldType, Geometry
from schedules.parity import places
from schedules.parity.errors import Undecodable
from schedules.parity.markup import joined, records
from schedules.parity.rows import NOWHERE, Row, Shape, same_ids
from schedules.parity.texts import text


@dataclass(frozen=True)
class Dialect:
    """What differs: the tag around a feature, the attribute that holds its id, what stands around a position and between numbers."""

    member: str
    identifier: str = "gml:id"
    position: str = "<gml:pos>"
    comma: bytes = b" "


GML32 = Dialect("wfs:member")
GML31 = Dialect("gml:featureMember")
GML2 = Dialect("gml:featureMember", "fid", '<gml:coordinates decimal="." cs="," ts=" ">', b",")

_POLYGON = re.compile(rb"<gml:Polygon(?: [^>]*)?>(.*?)</gml:Polygon>", re.DOTALL)
_RING = re.compile(
    rb"<gml:(exterior|interior|outerBoundaryIs|innerBoundaryIs)><gml:LinearRing>"
    rb"<gml:(?:posList|coordinates)[^>]*>([^<]*)</gml:(?:posList|coordinates)></gml:LinearRing></gml:\1>"
)
_OUTER = frozenset({b"exterior", b"outerBoundaryIs"})


def rows(pieces: Iterable[bytes], kind: FeatureType, dialect: Dialect = GML32) -> Iterator[Row]:
    """The features of a document in EPSG:31370; raises `Undecodable`."""
    place, own = _places(kind, dialect), Shape(kind).id
    numbers = [(position, field) for position, field in enumerate(kind.fields) if field.type is FieldType.NUMBER]
    opening, closing = f"<{dialect.member}>".encode(), f"</{dialect.member}>".encode()
    for found in records(pieces, opening, closing, _pattern(kind, dialect)):
        texts = joined([_canonical(one[1:-1], numbers) if numbers else one[1:-1] for one in found])
        same_ids([one[0] for one in found], texts, own)
        yield from zip(texts, place([one[-1] for one in found]), strict=True)


def _canonical(texts: Sequence[bytes], numbers: Iterable[tuple[int, Field]]) -> Sequence[bytes]:
    changed = list(texts)
    for position, field in numbers:
        changed[position] = text(changed[position].decode(), field).encode()
    return changed


@lru_cache(maxsize=32)
def _pattern(kind: FeatureType, dialect: Dialect) -> re.Pattern[bytes]:
    """One feature: its id, each field that it has, and the inside of its geometry."""
    name = kind.qualified
    fields = "".join(f"(?:<{kind.prefix}:{f.name}>([^<]*)</{kind.prefix}:{f.name}>)?" for f in kind.fields)
    feature = f'<{name} {re.escape(dialect.identifier)}="{kind.name}\\.(\\d+)">{fields}{_geometry(kind, dialect)}</{name}>'
    return re.compile(f"<{dialect.member}>{feature}</{dialect.member}>".encode(), re.DOTALL)


def _geometry(kind: FeatureType, dialect: Dialect) -> str:
    """The geometry names EPSG:31370, in any spelling of it."""
    tag, srs = f"{kind.prefix}:{kind.geometry_name}", rf' srsName="[^"]*\b{LAMBERT72.code}"'
    match kind.geometry:
        case Geometry.POINT:
            inside = rf"<gml:Point(?: gml:id=\"[^\"]*\")?{srs}>{re.escape(dialect.position)}([^<]*)</gml:(?:pos|coordinates)></gml:Point>"
        case Geometry.MULTIPOLYGON:
            inside = rf"<gml:Multi(?:Surface|Polygon)(?: gml:id=\"[^\"]*\")?{srs}>(.*?)</gml:Multi(?:Surface|Polygon)>"
        case None:
            return "()"
    return f"(?:<{tag}>{inside}</{tag}>)?"


def _places(kind: FeatureType, dialect: Dialect) -> Callable[[Sequence[bytes]], list[bytes]]:
    """From the insides of geometries, empty where there is none, to their places."""
    if kind.geometry is Geometry.MULTIPOLYGON:
        return lambda insides: [places.rings(_polygons(inside)) if inside else NOWHERE for inside in insides]
    return lambda insides: places.written([inside.split(dialect.comma) if inside else None for inside in insides])


def _polygons(inside: bytes) -> list[list[list[tuple[float, float]]]]:
    """Every polygon as its outer ring and its holes."""
    polygons = []
    for polygon in _POLYGON.findall(inside):
        found = _RING.findall(polygon)
        if not found or found[0][0] not in _OUTER or any(side in _OUTER for side, _ in found[1:]):
            raise Undecodable("a polygon has not one outer ring that comes first")
        polygons.append([_corners(numbers) for _, numbers in found])
    return polygons


def _corners(numbers: bytes) -> list[tuple[float, float]]:
    values = [float(number) for number in numbers.replace(b",", b" ").split()]
    return list(zip(values[0::2], values[1::2], strict=True))
