"""Which records fit a `Predicate`: two-valued, and a property with several values fits when one of them does.

Not the evaluator of the release: that knows one value for each field, and nothing that is neither true nor false stays out here:
the suite of the OGC wants a record without a title for `Not(title like …)`. A catalogue has a few dozen records.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from publish.catalogue.holdings import Box, Entry
from publish.filters.errors import Unsupported
from release.crs import CRS84, Crs
from release.predicate import (
    And,
    BBox,
    Between,
    Compare,
    CompareFields,
    Distance,
    Ids,
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
from release.schema import FeatureType, Field, FieldType, Geometry, Text
from release.transform import to_lambert72, transform_points

ANY_TEXT, BOUNDING_BOX = "AnyText", "BoundingBox"
CSW = "http://www.opengis.net/cat/csw/2.0.2"

PROPERTIES = {
    **{name: f"dc:{name}" for name in ("title", "creator", "subject", "description", "publisher", "contributor", "date", "type")},
    **{name: f"dc:{name}" for name in ("format", "identifier", "source", "language", "relation", "coverage", "rights")},
    **{name: f"dct:{name}" for name in ("abstract", "modified", "references", "spatial", "created", "issued", "isPartOf")},
}
"""The qualified name of each property that can be asked for."""

_DATES = ("date", "modified", "created", "issued")


def _field(name: str) -> Field:
    kind = FieldType.DATE if name in _DATES else FieldType.TEXT
    return Field(name=name, type=kind, title=Text(nl=name, en=name), ground="metadata")


RECORD = FeatureType(
    prefix="csw",
    name="Record",
    namespace=CSW,
    title=Text(nl="Metadatarecord", en="Metadata record"),
    abstract=Text(nl="Metadatarecord", en="Metadata record"),
    fields=tuple(map(_field, (*PROPERTIES, ANY_TEXT))),
    geometry=Geometry.MULTIPOLYGON,
    geometry_name=BOUNDING_BOX,
)
"""A record as the filter languages see it."""

_SPELLINGS = {name.lower(): name for name in (*PROPERTIES, ANY_TEXT, BOUNDING_BOX)} | {
    "resourceidentifier": "identifier",
    "fileidentifier": "identifier",
    "parentidentifier": "isPartOf",
    "revisiondate": "modified",
    "publicationdate": "date",
    "association": "relation",
    "operateson": "relation",
    "envelope": BOUNDING_BOX,
    "boundedby": BOUNDING_BOX,
}


def queryable(name: str) -> str | None:
    """The field that a client means by `dc:title`, `apiso:Title`, `csw:AnyText` or `csw:Record/dc:title`; null when none is."""
    return _SPELLINGS.get(re.split(r"[:/]", name.strip().removesuffix("[1]"))[-1].lower())


def qualified(field: str) -> str:
    """`dc:title` for `title`."""
    return PROPERTIES[field]


def require_offered(predicate: Predicate) -> None:
    """Raise `Unsupported` for what records are not asked for by."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                require_offered(part)
        case Not(part):
            require_offered(part)
        case Ids(ids) if ids:
            raise Unsupported("records are asked for by GetRecordById")
        case Distance():
            raise Unsupported("distances are not offered in the catalogue")


def fits(entry: Entry, predicate: Predicate) -> bool:
    """Whether a record fits what was `require_offered`."""
    match predicate:
        case And(parts):
            return all(fits(entry, part) for part in parts)
        case Or(parts):
            return any(fits(entry, part) for part in parts)
        case Not(part):
            return not fits(entry, part)
        case IsNull(field):
            return entry.box is None if field == BOUNDING_BOX else not values(entry, field)
        case BBox() | Spatial():
            return entry.box is not None and _placed(entry.box, predicate)
        case CompareFields(left, comparison, right, match_case):
            return _compared(values(entry, left), comparison, values(entry, right), match_case)
        case Compare() | In() | Between() | Like():
            return _valued(entry, predicate)
    return False


def _valued(entry: Entry, predicate: Compare | In | Between | Like) -> bool:
    match predicate:
        case Compare(field, comparison, literal, match_case):
            return _compared(values(entry, field), comparison, [literal], match_case and field != ANY_TEXT)
        case In(field, literals):
            return _compared(values(entry, field), Operator.EQUAL, literals, match_case=field != ANY_TEXT)
        case Between(field, lower, upper):
            return any(lower <= value <= upper for value in values(entry, field))  # type: ignore[operator] # the reader made one type
        case Like(field, pattern, match_case):
            flags = re.DOTALL if match_case and field != ANY_TEXT else re.DOTALL | re.IGNORECASE
            return any(re.fullmatch(pattern, str(value), flags) for value in values(entry, field))


def values(entry: Entry, field: str) -> Sequence[Literal]:
    """What a record has of a field: texts, or the days of a date."""
    if field == ANY_TEXT:
        return entry.texts
    found = entry.values(PROPERTIES[field])
    return [day for day in map(_day, found) if day is not None] if field in _DATES else found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


_OPERATORS: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: operator.eq,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def _compared(left: Sequence[Literal], comparison: Operator, right: Sequence[Literal], match_case: bool) -> bool:
    if comparison is Operator.NOT_EQUAL:
        return not _compared(left, Operator.EQUAL, right, match_case)
    holds = _OPERATORS[comparison]
    return any(bool(holds(_folded(one, match_case), _folded(other, match_case))) for one in left for other in right)


def _folded(value: Literal, match_case: bool) -> Literal:
    return value.casefold() if isinstance(value, str) and not match_case else value


def _placed(box: Box, predicate: BBox | Spatial) -> bool:
    match predicate:
        case BBox(crs, min_x, min_y, max_x, max_y):
            return bool(shapely.box(*box).intersects(_degrees(shapely.box(min_x, min_y, max_x, max_y), crs)))
        case Spatial(relation, crs, geometry):
            return bool(_RELATIONS[relation](shapely.box(*box), _degrees(geometry, crs)))


_RELATIONS: dict[Relation, Callable[[BaseGeometry, BaseGeometry], bool]] = {
    Relation.INTERSECTS: shapely.intersects,
    Relation.DISJOINT: shapely.disjoint,
    Relation.WITHIN: shapely.within,
    Relation.CONTAINS: shapely.contains,
    Relation.TOUCHES: shapely.touches,
    Relation.CROSSES: shapely.crosses,
    Relation.OVERLAPS: shapely.overlaps,
    Relation.EQUALS: shapely.equals,
}


def _degrees(geometry: BaseGeometry, crs: Crs) -> BaseGeometry:
    """The geometry as longitudes and latitudes."""
    if crs.columns == CRS84.columns:
        return geometry
    return shapely.transform(geometry, lambda xy: np.asarray(transform_points(to_lambert72(xy, crs), CRS84)))


def ordered(entries: Sequence[Entry], keys: Sequence[tuple[str, bool]]) -> list[Entry]:
    """Records by their first values of fields (true: descending); those without one come last."""

    def by(found: list[Entry], key: tuple[str, bool]) -> list[Entry]:
        field, descending = key
        having = [entry for entry in found if values(entry, field)]
        lacking = [entry for entry in found if not values(entry, field)]
        return sorted(having, key=lambda entry: values(entry, field)[0], reverse=descending) + lacking

    return reduce(by, reversed(keys), list(entries))
