"""The predicates of rules in the languages of styles: expressions of MapLibre and QGIS, and ogc:Filter 1.0."""

from __future__ import annotations

from exports.styles.markup import Element, Maker
from release.predicate import And, Compare, IsNull, Literal, Operator, Predicate

OGC = "http://www.opengis.net/ogc"

Expression = list["Expression | str | int | float"]
"""An expression of MapLibre, as JSON has it."""

_OGC = Maker(OGC, {"ogc": OGC})
_ELEMENTS = {
    Operator.EQUAL: "PropertyIsEqualTo",
    Operator.NOT_EQUAL: "PropertyIsNotEqualTo",
    Operator.LESS: "PropertyIsLessThan",
    Operator.LESS_OR_EQUAL: "PropertyIsLessThanOrEqualTo",
    Operator.GREATER: "PropertyIsGreaterThan",
    Operator.GREATER_OR_EQUAL: "PropertyIsGreaterThanOrEqualTo",
}
_MAPLIBRE = {Operator.EQUAL: "==", Operator.NOT_EQUAL: "!="}


def maplibre(predicate: Predicate) -> Expression:
    """As a filter of a layer; a comparison with an absent value is false. Raises `NotImplementedError` for what no rule uses."""
    match predicate:
        case Compare(field, operator, literal, True):
            return ["all", ["has", field], [_MAPLIBRE.get(operator, operator.value), ["get", field], _plain(literal)]]
        case IsNull(field):
            return ["!", ["has", field]]
        case And(parts):
            return ["all", *map(maplibre, parts)]
    raise _unknown(predicate)


def qgis(predicate: Predicate) -> str:
    """As an expression of QGIS. Raises `NotImplementedError` for what no rule uses."""
    match predicate:
        case Compare(field, operator, literal, True):
            return f'"{field}" {operator.value} {_quoted(literal)}'
        case IsNull(field):
            return f'"{field}" IS NULL'
        case And(parts):
            return " AND ".join(map(qgis, parts))
    raise _unknown(predicate)


def ogc_filter(predicate: Predicate) -> Element:
    """As ogc:Filter 1.0 (OGC 02-059). Raises `NotImplementedError` for what no rule uses."""
    return _OGC("Filter", _condition(predicate))


def _condition(predicate: Predicate) -> Element:
    match predicate:
        case Compare(field, operator, literal, True):
            return _OGC(_ELEMENTS[operator], _OGC("PropertyName", field), _OGC("Literal", str(_plain(literal))))
        case IsNull(field):
            return _OGC("PropertyIsNull", _OGC("PropertyName", field))
        case And(parts):
            return _OGC("And", *map(_condition, parts))
    raise _unknown(predicate)


def _plain(literal: Literal) -> str | int | float:
    return literal if isinstance(literal, str | int | float) else literal.isoformat()


def _quoted(literal: Literal) -> str:
    plain = _plain(literal)
    return "'" + plain.replace("'", "''") + "'" if isinstance(plain, str) else f"{plain:g}"


def _unknown(predicate: Predicate) -> NotImplementedError:
    return NotImplementedError(f"no style has a rule with {type(predicate).__name__}")
