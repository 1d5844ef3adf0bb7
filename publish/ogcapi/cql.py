"""CQL2, in text or JSON, into a `Predicate`. The `cql2` package parses; this module reads its tree.

OGC 21-065r2 (CQL2): basic CQL2, LIKE, BETWEEN and IN, CASEI, and S_INTERSECTS with a box. Anything else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import cql2

from publish.like import like_pattern
from publish.ogcapi.errors import BadFilter
from release.crs import CrsRef
from release.predicate import And, BBox, Between, Compare, Ids, In, IsNull, Like, Literal, Not, Operator, Or, Predicate
from release.schema import FeatureType, FieldType

LONGEST, DEEPEST, MOST_OPENED, MOST_PREFIXES = 8_000, 50, 300, 150
"""Bounds of a filter: characters, brackets within brackets, brackets in all (quoted ones too, lest a quote that the parser reads
otherwise hides some), and NOT, CASEI and signs. The parser recurses without a bound of its own and would end the process."""

EVERYTHING: Predicate = Not(Ids(()))
NOTHING: Predicate = Ids(())

_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BRACKET, _PREFIX = re.compile(r"[][(){}]"), re.compile(r"[+*/^-]|\bnot\b|\bcasei\b", re.IGNORECASE)
_TEXT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")


def parse_cql(text: str, feature_type: FeatureType, crs: CrsRef, *, json: bool = False) -> Predicate:
    """Read a filter on a feature type; `crs` is that of its geometries. Raises `BadFilter`, `UnknownField`."""
    opened = sum(map(text.count, "([{"))
    if len(text) > LONGEST or opened > MOST_OPENED or not _shallow(_TEXT.sub("", text)):
        raise BadFilter(f"the filter is too long or too deep: at most {LONGEST} characters and {DEEPEST} brackets within each other")
    try:
        tree: object = (cql2.parse_json if json else cql2.parse_text)(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise BadFilter("the filter is no CQL2; text values stand between single quotes") from error
    return _Reader(feature_type, crs).predicate(tree)


def _shallow(text: str) -> bool:
    """Whether the parser, and what reads its tree, can follow a filter whose quoted texts are taken out."""
    depths = accumulate((1 if bracket in "([{" else -1 for bracket in _BRACKET.findall(text)), initial=0)
    return max(depths) <= DEEPEST and len(_PREFIX.findall(text)) <= MOST_PREFIXES


@dataclass(frozen=True)
class _Reader:
    feature_type: FeatureType
    crs: CrsRef

    def predicate(self, node: object) -> Predicate:
        match node:
            case bool():
                return EVERYTHING if node else NOTHING
            case {"op": str(op), "args": [*args]}:
                return self._operation(op.lower(), args)
        raise BadFilter("the filter needs a comparison where it has a bare value")

    def _operation(self, op: str, args: list[object]) -> Predicate:
        match op, args:
            case "and", [_, *_]:
                return And(tuple(map(self.predicate, args)))
            case "or", [_, *_]:
                return Or(tuple(map(self.predicate, args)))
            case "not", [part]:
                return Not(self.predicate(part))
            case "isnull", [value]:
                return IsNull(self._field(value, geometry=True))
            case "s_intersects", [value, shape]:
                return self._intersects(value, shape)
            case (("=" | "<>" | "<" | "<=" | ">" | ">="), [left, right]):
                return self._comparison(op, left, right)
        return self._set_operation(op, args)

    def _set_operation(self, op: str, args: list[object]) -> Predicate:
        match op, args:
            case "like", [value, pattern]:
                inner, folded = _unfold(value)
                text, _ = _unfold(pattern)
                if not isinstance(text, str):
                    raise BadFilter("LIKE needs a text in single quotes")
                return Like(self._field(inner), like_pattern(text), match_case=not folded)
            case "between", [value, low, high]:
                name = self._field(value)
                return Between(name, self._literal(name, low), self._literal(name, high))
            case "in", [value, [_, *_] as literals]:
                inner, folded = _unfold(value)
                name = self._field(inner)
                if folded:
                    return Or(tuple(self._comparison("=", value, literal) for literal in literals))
                return In(name, tuple(self._literal(name, literal) for literal in literals))
        raise BadFilter(f"CQL2 operation not supported: {op[:40]!r}")

    def _comparison(self, op: str, left: object, right: object) -> Predicate:
        if not _is_property(left):
            op, left, right = _MIRRORED[op], right, left
        inner, folded = _unfold(left)
        name = self._field(inner)
        value, folded_value = _unfold(right)
        literal = self._literal(name, value)
        if folded_value and isinstance(literal, str):
            literal = literal.casefold()
        elif folded and literal != str(literal).casefold():
            raise BadFilter("write CASEI on both sides of the comparison")
        return Compare(name, Operator(op), literal, match_case=not folded)

    def _intersects(self, value: object, shape: object) -> Predicate:
        if self._field(value, geometry=True) != self.feature_type.geometry_name:
            raise BadFilter("S_INTERSECTS needs the geometry")
        match shape:
            case {"bbox": [float() | int() as a, float() | int() as b, float() | int() as c, float() | int() as d]}:
                box = (b, a, d, c) if self.crs.lat_lon else (a, b, c, d)
                return BBox(self.crs.crs, *map(float, box))
        raise BadFilter("S_INTERSECTS is supported with BBOX(x1,y1,x2,y2) only")

    def _field(self, node: object, *, geometry: bool = False) -> str:
        """The name of a field, also when it is written with the prefix of its type (`POI:PRODUCT`)."""
        match node:
            case {"property": str(name)}:
                name = name.removeprefix(f"{self.feature_type.prefix}:")
            case _:
                raise BadFilter("comparisons are supported between a property and a literal")
        if geometry and self.feature_type.geometry is not None and name in ("geometry", self.feature_type.geometry_name):
            return self.feature_type.geometry_name
        return self.feature_type.field(name).name

    def _literal(self, name: str, node: object) -> Literal:
        kind = self.feature_type.field(name).type
        match node:
            case {"date": str(text)} if kind is FieldType.DATE:
                return _date(text)
            case str():
                return node
            case float() | int() if not isinstance(node, bool) and kind is not FieldType.DATE:
                # cql2 reads every number as a float; house numbers and postal codes are often written without quotes
                return int(node) if float(node).is_integer() else node
        raise BadFilter(f"{name} is of type {kind.value}: the literal does not fit it")


def _is_property(node: object) -> bool:
    inner, _ = _unfold(node)
    return isinstance(inner, dict) and "property" in inner


def _unfold(node: object) -> tuple[object, bool]:
    """What stands within CASEI, and whether CASEI was there."""
    match node:
        case {"op": str(op), "args": [inner]} if op.lower() == "casei":
            return inner, True
    return node, False


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadFilter("a date is written as DATE('2026-11-21')") from error
