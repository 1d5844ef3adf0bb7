"""Constraints in Filter 1.1 and CQL as a `Predicate` over the properties of a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from publish.catalogue.csw.errors import InvalidParameter
from publish.catalogue.search import BOUNDING_BOX, RECORD, queryable, require_offered
from publish.cql.names import Names
from publish.cql.reader import CqlReader
from publish.cql.text import parse_text
from publish.fes import Element, FilterReader
from publish.fes.documents import local, parse_keyword, text_of
from publish.filters.effort import bounded
from publish.filters.errors import FilterError, Unfit
from publish.filters.targets import GeometryTarget, Target, field_target
from release.crs import CRS84, WGS84, CrsRef, parse_crs
from release.errors import QueryError
from release.predicate import Predicate

_OF_RECORDS = CrsRef(WGS84, WGS84.urn, lat_lon=True)
"""That of the boxes of records, which a filter without one means (Filter 1.1 §9)."""
_OF_TEXTS = CrsRef(CRS84, CRS84.urn, lat_lon=False)
_REFERENCES = ("PropertyName", "ValueReference")


def of_filter(root: Element) -> Predicate:
    """The predicate of an `ogc:Filter`; raises `InvalidParameter`."""
    with _told():
        named = deepcopy(root)
        for element in named.iter():
            if isinstance(element.tag, str) and local(element) in _REFERENCES:
                element.text = _known(text_of(element))
        return _offered(FilterReader(RECORD, {}, default=_OF_RECORDS).read(named))


def of_filter_text(text: str) -> Predicate:
    """The predicate of a filter that came as a keyword; raises `InvalidParameter`."""
    with _told():
        root = parse_keyword(text, "Constraint")
    return of_filter(root)


def of_cql(text: str) -> Predicate:
    """The predicate of a text in CQL; raises `InvalidParameter`."""
    with _told():
        names = Names(_target, parse_crs, _OF_TEXTS, ecql=True)
        return _offered(CqlReader(names).read(parse_text(text, ecql=True)))


def _offered(predicate: Predicate) -> Predicate:
    require_offered(predicate)
    return bounded(predicate)


def _known(name: str) -> str:
    found = queryable(name)
    if found is None:
        raise Unfit(f"{name.strip()[:40]!r} is no property of a record; see the SupportedISOQueryables and SupportedDublinCoreQueryables")
    return found


def _target(name: str) -> Target:
    found = _known(name)
    return GeometryTarget(found) if found == BOUNDING_BOX else field_target(RECORD.field(found))


@contextmanager
def _told() -> Iterator[None]:
    """CSW 2.0.2 §10.8.4.14: what is wrong with a constraint is a wrong parameter."""
    try:
        yield
    except FilterError as error:
        raise InvalidParameter(str(error), error.locator or "Constraint") from error
    except QueryError as error:
        raise InvalidParameter(str(error), "Constraint") from error
