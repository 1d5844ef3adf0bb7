"""Requests as keywords and values, in a GET or a posted form."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl

from publish.catalogue.csw import constraints
from publish.catalogue.csw.errors import InvalidParameter, MissingParameter, OperationNotSupported, Unreadable, VersionNegotiation
from publish.catalogue.csw.requests import (
    CONSTRAINT_LANGUAGES,
    CSW,
    GMD,
    OUTPUT_FORMATS,
    OUTPUT_SCHEMAS,
    OUTPUT_SCHEMAS_BY_ID,
    SCHEMA_LANGUAGES,
    VERSION,
    DescribeRecord,
    GetCapabilities,
    GetDomain,
    GetRecordById,
    GetRecords,
    Request,
    ResultType,
    element_set,
    first,
    most,
    one_of,
    type_name,
)
from publish.catalogue.search import BOUNDING_BOX, queryable
from release.predicate import Predicate

MAX_LENGTH = 65_536
_BINDING = re.compile(r"xmlns\(([^()=,]*)[=,]([^()]*)\)", re.IGNORECASE)
_USUAL = {"csw": CSW, "gmd": GMD}


class Keywords:
    """The pairs of a request; names in any case, unknown ones ignored (OWS Common §11.5.2)."""

    def __init__(self, query: bytes) -> None:
        """Raises `Unreadable`."""
        if len(query) > MAX_LENGTH:
            raise Unreadable(f"the query is longer than {MAX_LENGTH} bytes; send it by POST", "request")
        try:
            pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError as error:
            raise Unreadable("the query is not percent-encoded UTF-8, or has too many parameters", "request") from error
        self._values = {name.strip().lower(): value.strip() for name, value in reversed(pairs)}

    def get(self, name: str) -> str | None:
        """The first value; null for an empty one."""
        return self._values.get(name.lower()) or None

    def empty(self, name: str) -> bool:
        """Whether the name is there without a value."""
        return self._values.get(name.lower()) == ""

    def listed(self, name: str) -> tuple[str, ...]:
        """A comma-separated list, without empty items."""
        return tuple(item.strip() for item in (self.get(name) or "").split(",") if item.strip())

    def required(self, name: str) -> str:
        """Raises `MissingParameter`."""
        value = self.get(name)
        if value is None:
            raise MissingParameter(name)
        return value


def read(keywords: Keywords) -> Request:
    """The request; raises `CswError`."""
    if keywords.required("service").upper() != "CSW":
        raise InvalidParameter("service is CSW", "service")
    operation = keywords.required("request")
    reader = _READERS.get(operation.lower())
    if reader is None:
        if operation.lower() in ("transaction", "harvest"):
            raise OperationNotSupported("the catalogue is for reading", "request")
        raise InvalidParameter(f"request is one of {', '.join(OPERATIONS)}", "request")
    if reader is not _capabilities:
        one_of(keywords.get("version"), (VERSION,), "version")
        one_of(keywords.get("outputFormat"), OUTPUT_FORMATS, "outputFormat")
    return reader(keywords)


def accepted(versions: tuple[str, ...]) -> None:
    """OWS Common §7.3.2; raises `VersionNegotiation`."""
    if versions and VERSION not in versions:
        raise VersionNegotiation(f"this service is CSW {VERSION}", "acceptVersions")


def _capabilities(keywords: Keywords) -> Request:
    accepted(keywords.listed("acceptVersions"))
    sections = frozenset(keywords.listed("sections"))
    given = sections or keywords.empty("sections")
    formats = [name for name in keywords.listed("acceptFormats") if name in OUTPUT_FORMATS]
    return GetCapabilities(None if not given or "All" in sections else sections, (formats or OUTPUT_FORMATS)[0])


def _describe(keywords: Keywords) -> Request:
    one_of(keywords.get("schemaLanguage"), SCHEMA_LANGUAGES, "schemaLanguage")
    return DescribeRecord(_type_names(keywords, "typeName"))


def _type_names(keywords: Keywords, name: str) -> tuple[str, ...]:
    bindings = _USUAL | dict(_BINDING.findall(keywords.get("namespace") or ""))
    found = []
    for text in (keywords.get(name) or "").replace(",", " ").split():
        prefix, _, local = text.rpartition(":")
        found.append(type_name(bindings.get(prefix), local, name))
    return tuple(found)


def _records(keywords: Keywords) -> Request:
    keywords.required("typeNames")
    return GetRecords(
        type_names=_type_names(keywords, "typeNames"),
        schema=one_of(keywords.get("outputSchema"), OUTPUT_SCHEMAS, "outputSchema"),
        elements=element_set(keywords.get("ElementSetName")),
        names=keywords.listed("ElementName"),
        result=ResultType(one_of(keywords.get("resultType"), tuple(ResultType), "resultType")),
        predicate=_constraint(keywords),
        sort=tuple(map(_sort_key, keywords.listed("sortBy"))),
        start=first(keywords.get("startPosition")),
        count=most(keywords.get("maxRecords")),
    )


def _constraint(keywords: Keywords) -> Predicate | None:
    text = keywords.get("constraint")
    if text is None:
        return None
    # CSW 2.0.2 table 29: the language goes with the constraint; clients leave it out, and a filter begins with a tag
    default = CONSTRAINT_LANGUAGES[0] if text.startswith("<") else CONSTRAINT_LANGUAGES[1]
    language = one_of((keywords.get("constraintLanguage") or default).upper(), CONSTRAINT_LANGUAGES, "constraintLanguage")
    return constraints.of_filter_text(text) if language == CONSTRAINT_LANGUAGES[0] else constraints.of_cql(text)


def _sort_key(text: str) -> tuple[str, bool]:
    """`dc:title:A`, `dc:date:D` (CSW 2.0.2 table 29)."""
    name, _, order = text.rpartition(":")
    if order.upper() not in ("A", "D"):
        name, order = text, "A"
    return sort_field(name), order.upper() == "D"


def sort_field(name: str) -> str:
    """The property that is sorted by; raises `InvalidParameter`."""
    field = queryable(name)
    if field is None or field == BOUNDING_BOX:
        raise InvalidParameter(f"records cannot be sorted by {name[:40]!r}", "sortBy")
    return field


def _by_id(keywords: Keywords) -> Request:
    keywords.required("id")
    schema = one_of(keywords.get("outputSchema"), OUTPUT_SCHEMAS_BY_ID, "outputSchema")
    return GetRecordById(keywords.listed("id"), schema, element_set(keywords.get("ElementSetName")))


def _domain(keywords: Keywords) -> Request:
    parameter, name = keywords.get("parameterName"), keywords.get("propertyName")
    if (parameter is None) == (name is None):
        raise MissingParameter("parameterName")
    return GetDomain(parameter, name)


_READERS: dict[str, Callable[[Keywords], Request]] = {
    "getcapabilities": _capabilities,
    "describerecord": _describe,
    "getrecords": _records,
    "getrecordbyid": _by_id,
    "getdomain": _domain,
}
OPERATIONS = ("GetCapabilities", "DescribeRecord", "GetRecords", "GetRecordById", "GetDomain")
"""Operations, in the order in which they are advertised."""
