"""Writers of predicates in FES 2.0, Filter 1.1 and 1.0, CQL2 text and CQL2 JSON, as clients write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from shapely.geometry.base import BaseGeometry

from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    In,
    IsNull,
    Like,
    Literal,
    Not,
    Operator,
    Or,
    Predicate,
    Relation,
    Spatial,
)

NAMES = {
    Operator.EQUAL: "PropertyIsEqualTo",
    Operator.NOT_EQUAL: "PropertyIsNotEqualTo",
    Operator.LESS: "PropertyIsLessThan",
    Operator.LESS_OR_EQUAL: "PropertyIsLessThanOrEqualTo",
    Operator.GREATER: "PropertyIsGreaterThan",
    Operator.GREATER_OR_EQUAL: "PropertyIsGreaterThanOrEqualTo",
}
Line = Iterable[tuple[float, ...]]


def number(value: float) -> str:
    return repr(float(value))


def spaced(line: Line) -> str:
    return " ".join(f"{number(x)} {number(y)}" for x, y in line)


def commas(line: Line) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in line)


class Gml:
    """Geometries of GML 3.2 and 3.1.1, or of 2.1.2."""

    def __init__(self, version: str) -> None:
        self._two = version == "2.1.2"
        self._surfaces = version == "3.2"

    def write(self, geometry: BaseGeometry, srs: str = "") -> str:
        return self._element(geometry, srs)

    def box(self, box: BBox, srs: str = "") -> str:
        corners = [(box.min_x, box.min_y), (box.max_x, box.max_y)]
        if self._two:
            return f"<gml:Box{srs}><gml:coordinates>{commas(corners)}</gml:coordinates></gml:Box>"
        lower, upper = (spaced([corner]) for corner in corners)
        return f"<gml:Envelope{srs}><gml:lowerCorner>{lower}</gml:lowerCorner><gml:upperCorner>{upper}</gml:upperCorner></gml:Envelope>"

    def _positions(self, line: Line, one: bool = False) -> str:
        if self._two:
            return f"<gml:coordinates>{commas(line)}</gml:coordinates>"
        return f"<gml:pos>{spaced(line)}</gml:pos>" if one else f"<gml:posList>{spaced(line)}</gml:posList>"

    def _element(self, geometry: BaseGeometry, srs: str = "") -> str:
        match geometry.geom_type:
            case "Point":
                return f"<gml:Point{srs}>{self._positions(geometry.coords, one=True)}</gml:Point>"
            case "LineString":
                return f"<gml:LineString{srs}>{self._positions(geometry.coords)}</gml:LineString>"
            case "Polygon":
                outer, inner = ("outerBoundaryIs", "innerBoundaryIs") if self._two else ("exterior", "interior")
                rings = [(outer, geometry.exterior), *((inner, ring) for ring in geometry.interiors)]
                body = "".join(
                    f"<gml:{name}><gml:LinearRing>{self._positions(ring.coords)}</gml:LinearRing></gml:{name}>" for name, ring in rings
                )
                return f"<gml:Polygon{srs}>{body}</gml:Polygon>"
            case multi:
                element, member = {
                    "MultiPoint": ("MultiPoint", "pointMember"),
                    "MultiLineString": ("MultiCurve", "curveMember") if self._surfaces else ("MultiLineString", "lineStringMember"),
                    "MultiPolygon": ("MultiSurface", "surfaceMember") if self._surfaces else ("MultiPolygon", "polygonMember"),
                }[multi]
                body = "".join(f"<gml:{member}>{self._element(part)}</gml:{member}>" for part in geometry.geoms)
                return f"<gml:{element}{srs}>{body}</gml:{element}>"


class Fes:
    """`Filter` documents of one version."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.prefix, self.reference = ("fes", "ValueReference") if version == "2.0" else ("ogc", "PropertyName")
        self.gml = Gml({"2.0": "3.2", "1.1": "3.1.1", "1.0": "2.1.2"}[version])

    def write(self, predicate: Predicate) -> str:
        return self.filter(self.operator(predicate))

    def filter(self, body: str) -> str:
        own = "http://www.opengis.net/fes/2.0" if self.version == "2.0" else "http://www.opengis.net/ogc"
        gml = "http://www.opengis.net/gml/3.2" if self.version == "2.0" else "http://www.opengis.net/gml"
        return f'<{self.prefix}:Filter xmlns:{self.prefix}="{own}" xmlns:gml="{gml}">{body}</{self.prefix}:Filter>'

    def element(self, name: str, *parts: str, attributes: str = "") -> str:
        return f"<{self.prefix}:{name}{attributes}>{''.join(parts)}</{self.prefix}:{name}>"

    def name(self, field: str) -> str:
        return self.element(self.reference, f"POI:{field}")

    def literal(self, value: Literal) -> str:
        return self.element("Literal", escape(str(value)))

    def operator(self, predicate: Predicate) -> str:
        match predicate:
            case And(parts) | Or(parts):
                return self.element(type(predicate).__name__, *map(self.operator, parts))
            case Not(part):
                return self.element("Not", self.operator(part))
            case Compare(field, operator, literal, match_case):
                return self.element(NAMES[operator], self.name(field), self.literal(literal), attributes=case_attribute(match_case))
            case CompareFields(left, operator, right, match_case):
                return self.element(NAMES[operator], self.name(left), self.name(right), attributes=case_attribute(match_case))
            case In(field, literals):
                return self.operator(Or(tuple(Compare(field, Operator.EQUAL, literal) for literal in literals)))
            case Between(field, lower, upper):
                bounds = [self.element(f"{side}Boundary", self.literal(bound)) for side, bound in (("Lower", lower), ("Upper", upper))]
                return self.element("PropertyIsBetween", self.name(field), *bounds)
            case IsNull(field):
                return self.element("PropertyIsNull", self.name(field))
            case _:
                return self._patterned(predicate)

    def _patterned(self, predicate: Predicate) -> str:
        match predicate:
            case Like(field, pattern, match_case):
                escaped = "escape" if self.version == "1.0" else "escapeChar"
                attributes = f' wildCard="%" singleChar="_" {escaped}="\\"{case_attribute(match_case)}'
                return self.element("PropertyIsLike", self.name(field), self.literal(pattern), attributes=attributes)
            case BBox():
                return self.element("BBOX", self.name("SHAPE"), self.gml.box(predicate))
            case Spatial(relation, _, geometry):
                name = "Intersect" if (self.version, relation) == ("1.0", Relation.INTERSECTS) else relation.capitalize()
                return self.element(name, self.name("SHAPE"), self.gml.write(geometry))
        raise AssertionError(predicate)


def case_attribute(match_case: bool) -> str:
    return "" if match_case else f" matchCase={quoteattr('false')}"


def quoted(value: Literal) -> str:
    match value:
        case date():
            return f"DATE('{value.isoformat()}')"
        case str():
            return "'" + value.replace("'", "''") + "'"
    return repr(value)


def cql_text(predicate: Predicate) -> str:
    """CQL2 text."""
    match predicate:
        case And(parts) | Or(parts):
            return "(" + f" {type(predicate).__name__.upper()} ".join(map(cql_text, parts)) + ")"
        case Not(part):
            return f"NOT ({cql_text(part)})"
        case Compare(field, operator, literal, match_case):
            return f"{folded(field, match_case)} {operator} {folded(quoted(literal), match_case)}"
        case CompareFields(left, operator, right, match_case):
            return f"{folded(left, match_case)} {operator} {folded(right, match_case)}"
        case _:
            return _other_text(predicate)


def _other_text(predicate: Predicate) -> str:
    match predicate:
        case In(field, literals):
            return f"{field} IN ({', '.join(map(quoted, literals))})"
        case Between(field, lower, upper):
            return f"{field} BETWEEN {quoted(lower)} AND {quoted(upper)}"
        case Like(field, pattern, match_case):
            return f"{folded(field, match_case)} LIKE {folded(quoted(pattern), match_case)}"
        case IsNull(field):
            return f"{field} IS NULL"
        case BBox():
            return f"S_INTERSECTS(SHAPE, BBOX({predicate.min_x},{predicate.min_y},{predicate.max_x},{predicate.max_y}))"
        case Spatial(relation, _, geometry):
            return f"S_{relation.upper()}(SHAPE, {wkt(geometry)})"
    raise AssertionError(predicate)


def folded(text: str, match_case: bool) -> str:
    return text if match_case else f"CASEI({text})"


def wkt(geometry: BaseGeometry) -> str:
    """Well-known text with every digit of the coordinates."""

    def nested(coordinates: object) -> str:
        if isinstance(coordinates, (list, tuple)) and isinstance(coordinates[0], float):
            return " ".join(map(repr, coordinates))
        assert isinstance(coordinates, (list, tuple))
        return "(" + ", ".join(map(nested, coordinates)) + ")"

    coordinates = geometry.__geo_interface__["coordinates"]
    return f"{geometry.geom_type.upper()} {nested([coordinates] if geometry.geom_type == 'Point' else coordinates)}"


def cql_json(predicate: Predicate) -> str:
    """CQL2 JSON."""
    return json.dumps(_tree(predicate))


def _tree(predicate: Predicate) -> object:
    match predicate:
        case And(parts) | Or(parts):
            return _op(type(predicate).__name__.lower(), *map(_tree, parts))
        case Not(part):
            return _op("not", _tree(part))
        case Compare(field, operator, literal, match_case):
            return _op(operator, _casei(_name(field), match_case), _casei(_value(literal), match_case))
        case CompareFields(left, operator, right, match_case):
            return _op(operator, _casei(_name(left), match_case), _casei(_name(right), match_case))
        case _:
            return _other_tree(predicate)


def _other_tree(predicate: Predicate) -> object:
    match predicate:
        case In(field, literals):
            return _op("in", _name(field), [_value(literal) for literal in literals])
        case Between(field, lower, upper):
            return _op("between", _name(field), _value(lower), _value(upper))
        case Like(field, pattern, match_case):
            return _op("like", _casei(_name(field), match_case), _casei(pattern, match_case))
        case IsNull(field):
            return _op("isNull", _name(field))
        case BBox():
            return _op("s_intersects", _name("SHAPE"), {"bbox": [predicate.min_x, predicate.min_y, predicate.max_x, predicate.max_y]})
        case Spatial(relation, _, geometry):
            return _op(f"s_{relation}", _name("SHAPE"), geometry.__geo_interface__)
    raise AssertionError(predicate)


def _op(name: str, *arguments: object) -> object:
    return {"op": name, "args": arguments}


def _name(field: str) -> object:
    return {"property": field}


def _value(literal: Literal) -> object:
    return {"date": literal.isoformat()} if isinstance(literal, date) else literal


def _casei(node: object, match_case: bool) -> object:
    return node if match_case else _op("casei", node)


WRITERS: dict[str, Callable[[Predicate], str]] = {
    "FES 2.0": Fes("2.0").write,
    "Filter 1.1": Fes("1.1").write,
    "Filter 1.0": Fes("1.0").write,
    "CQL2 text": cql_text,
    "CQL2 JSON": cql_json,
}
