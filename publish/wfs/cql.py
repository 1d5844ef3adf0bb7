"""CQL text, as `CQL_FILTER` carries it, as a `Predicate`: parsed by the cql2 package, then translated.

`POI:PRODUCT='Conformiteitsattest' AND BBOX(SHAPE,150000,210000,151000,211000)`
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import cql2

from publish.like import like_pattern
from publish.wfs.envelopes import DEFAULT, crs_of, ordered
from publish.wfs.errors import InvalidParameter, ParsingFailed, ProcessingFailed
from publish.wfs.fes import EVERYTHING, MAX_OPERATORS, NOTHING
from publish.wfs.names import Kind, Namespaces, reference
from release.predicate import And, Between, Compare, In, IsNull, Like, Literal, Not, Operator, Or, Predicate
from release.schema import FeatureType

LOCATOR = "cql_filter"

MAX_LENGTH = 32_768
_MAX_OPEN = 300
"""Opening brackets and NOTs in a text: the cql2 package recurses without a limit of its own and ends the process (seen at 1,000)."""
_MAX_LEVELS = 60

_ILIKE = re.compile(r"('(?:[^']|'')*+')|(?<![\w:.])([\w:.]++)\s++(NOT\s++)?ILIKE\s++('(?:[^']|'')*+')", re.IGNORECASE)

_OPERATORS = {operator.value: operator for operator in Operator}
_MIRRORED = {"<": Operator.GREATER, ">": Operator.LESS, "<=": Operator.GREATER_OR_EQUAL, ">=": Operator.LESS_OR_EQUAL}


def parse(text: str) -> object:
    """The CQL2 JSON of a text; raises `ParsingFailed`."""
    opened = text.count("(") + text.count("[") + len(re.findall(r"\bNOT\b", text, re.IGNORECASE))
    if len(text) > MAX_LENGTH or opened > _MAX_OPEN or re.search(r"(?:[-+^]\s{0,9}){20}", text):
        raise ParsingFailed(f"the filter is longer than {MAX_LENGTH} characters or has more than {_MAX_OPEN} brackets", LOCATOR)
    try:
        tree: object = cql2.parse_text(_ILIKE.sub(_folded, text)).to_json()
    except cql2.ParseError as error:
        raise ParsingFailed("the filter is not CQL; names of properties have no quotes, texts stand in single ones", LOCATOR) from error
    if _levels(tree) > _MAX_LEVELS:
        raise ParsingFailed("the filter is nested too deep", LOCATOR)
    return tree


def _levels(tree: object) -> int:
    """How deep a tree of lists and objects is, counted without recursion."""
    level, count = [tree], 0
    while level and count <= _MAX_LEVELS:
        below = [node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list))]
        level, count = [child for children in below for child in children], count + 1
    return count


def _folded(match: re.Match[str]) -> str:
    """`NAAM ILIKE 'x%'`, as GeoServer's users write it, in the words of CQL2."""
    if match[1] is not None:
        return match[1]
    return f"CASEI({match[2]}) {match[3] or ''}LIKE CASEI({match[4]})"


@dataclass(frozen=True)
class CqlReader:
    """Translates CQL2 JSON for one feature type; `namespaces` are the bindings of the request."""

    kind: FeatureType
    namespaces: Namespaces

    def read(self, node: object) -> Predicate:
        """The predicate; raises `WfsError` for whatever this service does not offer."""
        match node:
            case True | {"property": "INCLUDE"}:
                return EVERYTHING
            case False | {"property": "EXCLUDE"}:
                return NOTHING
            case {"bbox": [first, *rest]}:
                return self._bbox(first, rest)
            case {"op": str(name), "args": [*arguments]}:
                return self._operator(name, arguments)
            case _:
                raise ProcessingFailed("the filter is no condition that this service offers", LOCATOR)

    def _operator(self, name: str, arguments: list[object]) -> Predicate:
        if len(arguments) > MAX_OPERATORS:
            raise ParsingFailed(f"a filter has at most {MAX_OPERATORS} operators", LOCATOR)
        if name in _OPERATORS and len(arguments) == 2:
            return self._comparison(name, arguments[0], arguments[1])
        reader = _READERS.get(name)
        if reader is None:
            raise ProcessingFailed(f"the operator {name[:40]!r} is not offered in CQL", LOCATOR)
        return reader(self, arguments)

    def _and(self, arguments: list[object]) -> Predicate:
        return And(tuple(map(self.read, arguments)))

    def _or(self, arguments: list[object]) -> Predicate:
        return Or(tuple(map(self.read, arguments)))

    def _not(self, arguments: list[object]) -> Predicate:
        return Not(self.read(arguments[0]))

    def _comparison(self, name: str, first: object, second: object) -> Predicate:
        operator = _OPERATORS[name]
        if not _is_property(first):
            first, second, operator = second, first, _MIRRORED.get(name, operator)
        field, folded = self._field(first)
        literal, literal_folded = _literal(second)
        return Compare(field, operator, literal, match_case=not (folded or literal_folded))

    def _in(self, arguments: list[object]) -> Predicate:
        match arguments:
            case [first, [*items]]:
                field, folded = self._field(first)
                if folded:
                    raise ProcessingFailed("CASEI is not offered with IN", LOCATOR)
                return In(field, tuple(_literal(item)[0] for item in items))
            case _:
                raise ParsingFailed("IN is followed by a list of literals", LOCATOR)

    def _between(self, arguments: list[object]) -> Predicate:
        first, lower, upper = arguments
        return Between(self._field(first)[0], _literal(lower)[0], _literal(upper)[0])

    def _like(self, arguments: list[object]) -> Predicate:
        field, folded = self._field(arguments[0])
        pattern, pattern_folded = _literal(arguments[1])
        return Like(field, like_pattern(str(pattern)), match_case=not (folded or pattern_folded))

    def _null(self, arguments: list[object]) -> Predicate:
        match arguments:
            case [{"property": str(text)}]:
                found = reference(text, self.kind, self.namespaces, LOCATOR)
                return IsNull(found.name) if found.kind in (Kind.FIELD, Kind.GEOMETRY) else NOTHING if found.kind is Kind.ID else EVERYTHING
            case _:
                raise ProcessingFailed("IS NULL comes after a property", LOCATOR)

    def _bbox(self, first: object, rest: list[object]) -> Predicate:
        """`BBOX(SHAPE, minx, miny, maxx, maxy[, 'EPSG:31370'])`, as GeoServer has it."""
        match first, rest:
            case {"property": str(text)}, [float(a), float(b), float(c), float(d), *crs] if len(crs) <= 1:
                if reference(text, self.kind, self.namespaces, LOCATOR).kind is not Kind.GEOMETRY:
                    raise InvalidParameter("BBOX begins with the name of the geometry", LOCATOR)
                return ordered([a, b, c, d], crs_of(str(crs[0]), LOCATOR) if crs else DEFAULT, LOCATOR)
            case _:
                raise ParsingFailed("BBOX holds the geometry, four numbers, and perhaps a CRS", LOCATOR)

    def _field(self, node: object) -> tuple[str, bool]:
        """A field, and whether CASEI stands around it."""
        match node:
            case {"property": str(text)}:
                found = reference(text, self.kind, self.namespaces, LOCATOR)
                if found.kind is not Kind.FIELD:
                    raise ProcessingFailed(f"{found.name} cannot be compared", LOCATOR)
                return found.name, False
            case {"op": "casei", "args": [inner]}:
                return self._field(inner)[0], True
            case _:
                raise ProcessingFailed("a comparison is of one property with one literal; functions are not offered", LOCATOR)


_READERS: dict[str, Callable[[CqlReader, list[object]], Predicate]] = {
    "and": CqlReader._and,
    "or": CqlReader._or,
    "not": CqlReader._not,
    "in": CqlReader._in,
    "between": CqlReader._between,
    "like": CqlReader._like,
    "isNull": CqlReader._null,
}


def _is_property(node: object) -> bool:
    match node:
        case {"property": _}:
            return True
        case {"op": "casei", "args": [inner]}:
            return _is_property(inner)
        case _:
            return False


def _literal(node: object) -> tuple[Literal, bool]:
    """A literal, and whether CASEI stands around it; numbers without a fraction are integers, so that `POSTCODE=9000` fits a text."""
    match node:
        case bool():
            raise ProcessingFailed("no property is true or false", LOCATOR)
        case float() if node.is_integer():
            return int(node), False
        case str() | int() | float():
            return node, False
        case {"date": str(text)}:
            return text, False
        case {"op": "casei", "args": [inner]}:
            return _literal(inner)[0], True
        case _:
            raise ProcessingFailed("a comparison is of one property with one literal; texts stand in single quotes", LOCATOR)
