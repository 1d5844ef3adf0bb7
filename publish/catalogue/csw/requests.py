"""Requests of CSW 2.0.2, the same for KVP and XML."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from publish.catalogue.csw.errors import InvalidParameter
from release.predicate import Predicate

CSW = "http://www.opengis.net/cat/csw/2.0.2"
GMD = "http://www.isotc211.org/2005/gmd"
GFC = "http://www.isotc211.org/2005/gfc"
VERSION = "2.0.2"

SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Filter_Capabilities")
OUTPUT_FORMATS = ("application/xml", "text/xml")
OUTPUT_SCHEMAS = (CSW, GMD)
OUTPUT_SCHEMAS_BY_ID = (*OUTPUT_SCHEMAS, GFC)
TYPE_NAMES = ("csw:Record", "gmd:MD_Metadata")
SCHEMA_LANGUAGES = ("http://www.w3.org/XML/Schema", "XMLSCHEMA", "http://www.w3.org/TR/xmlschema-1/", "http://www.w3.org/2001/XMLSchema")
CONSTRAINT_LANGUAGES = ("FILTER", "CQL_TEXT")


class ElementSet(StrEnum):
    """How much of a record is asked for."""

    BRIEF = "brief"
    SUMMARY = "summary"
    FULL = "full"


class ResultType(StrEnum):
    """What is asked for: a count, records, or whether the request is well made."""

    HITS = "hits"
    RESULTS = "results"
    VALIDATE = "validate"


@dataclass(frozen=True)
class GetCapabilities:
    """`sections` null means all of them; `media_type` is what the client accepts."""

    sections: frozenset[str] | None = None
    media_type: str = OUTPUT_FORMATS[0]


@dataclass(frozen=True)
class DescribeRecord:
    """Type names as they are offered; none means all."""

    type_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class GetRecords:
    """`names` are the elements asked for instead of an element set; `sort` are fields, true for descending."""

    type_names: tuple[str, ...]
    schema: str = CSW
    elements: ElementSet = ElementSet.SUMMARY
    names: tuple[str, ...] = ()
    result: ResultType = ResultType.HITS
    predicate: Predicate | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    start: int = 1
    count: int = 10
    echo: str = ""


@dataclass(frozen=True)
class GetRecordById:
    """Identifiers in the order in which they were asked for."""

    identifiers: tuple[str, ...]
    schema: str = CSW
    elements: ElementSet = ElementSet.SUMMARY


@dataclass(frozen=True)
class GetDomain:
    """Exactly one of a request parameter (`GetRecords.resultType`) and a property of the records."""

    parameter: str | None = None
    property: str | None = None


Request = GetCapabilities | DescribeRecord | GetRecords | GetRecordById | GetDomain


def one_of(value: str | None, offered: tuple[str, ...], locator: str) -> str:
    """The value when it is offered, the first one without a value; raises `InvalidParameter`."""
    if value is None:
        return offered[0]
    if value not in offered:
        raise InvalidParameter(f"{locator} is one of {', '.join(offered)}", locator)
    return value


def element_set(value: str | None) -> ElementSet:
    """CSW 2.0.2 §10.8.4.9: summary without a value; raises `InvalidParameter`."""
    return ElementSet(one_of(value, ("summary", "brief", "full"), "ElementSetName"))


def first(value: str | None) -> int:
    """CSW 2.0.2 table 29: a positive integer, 1 when absent. Harvesters that count from zero begin with 0; raises `InvalidParameter`."""
    return max(1, _number(value, 1, "startPosition is the place of a record, from 1 on", "startPosition"))


def most(value: str | None) -> int:
    """CSW 2.0.2 table 29: how many records, 10 when absent; raises `InvalidParameter`."""
    return _number(value, 10, "maxRecords is a number of records, from 0 on", "maxRecords")


def _number(value: str | None, default: int, meaning: str, locator: str) -> int:
    if value is None:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 9):
        raise InvalidParameter(f"{meaning}, of at most nine digits", locator)
    return int(value)


def type_name(namespace: str | None, local: str, locator: str) -> str:
    """`csw:Record` for a name in its namespace; raises `InvalidParameter`.

    CSW 2.0.2 §10.2.5.3: the brief and the summary record cannot be asked for by name.
    """
    match namespace, local:
        case (str(uri), "Record") if uri == CSW:
            return TYPE_NAMES[0]
        case (str(uri), "MD_Metadata") if uri == GMD:
            return TYPE_NAMES[1]
    raise InvalidParameter(f"{locator} is one of {', '.join(TYPE_NAMES)}, in their namespaces", locator)
