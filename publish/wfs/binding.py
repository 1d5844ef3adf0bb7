"""A request bound to what a service offers: names become feature types and fields, filters one `Predicate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publish.wfs import cql
from publish.wfs.effort import MAX_SORT_KEYS, bounded
from publish.wfs.envelopes import DEFAULT, crs_of, keyword_box
from publish.wfs.errors import InvalidParameter, MissingParameter, OptionNotSupported, ParsingFailed
from publish.wfs.fes import FilterReader
from publish.wfs.names import Kind, Names, number_of, reference
from publish.wfs.requests import AdHocQuery
from publish.wfs.versions import Version
from release.crs import LAMBERT72, CrsRef
from release.predicate import Ids, Predicate, both
from release.query import SortKey
from release.schema import FeatureType

MAX_PROPERTY_NAMES = 200
"""Names in one PROPERTYNAME."""

DEFAULTS = {
    Version.V2_0_0: DEFAULT,
    Version.V1_1_0: DEFAULT,
    Version.V1_0_0: CrsRef(LAMBERT72, LAMBERT72.gml2, lat_lon=False),
}
"""The default CRS as each version spells it in its geometries (GML 2.1.2 §6.2 knows no URN)."""


@dataclass(frozen=True)
class Part:
    """A question about one feature type. `fields` null means all of them; the geometry's name is one of them."""

    kind: FeatureType
    predicate: Predicate | None = None
    sort: tuple[SortKey, ...] = ()
    fields: frozenset[str] | None = None


@dataclass(frozen=True)
class Bound:
    """One query: parts that follow one another, and the CRS of the answer."""

    parts: tuple[Part, ...]
    crs: CrsRef

    @property
    def subject(self) -> str:
        """The names of the feature types."""
        return ",".join(part.kind.qualified for part in self.parts)


def bind(query: AdHocQuery, names: Names, version: Version = Version.V2_0_0) -> Bound:
    """Resolve an ad hoc query; raises `WfsError`."""
    legacy = version.legacy_order
    crs = _asked(query.srs_name, version) if query.srs_name else DEFAULTS[version]
    if len(query.type_names) > 1:
        raise OptionNotSupported("a query is about one feature type; joins are not offered", "typeNames")
    if query.type_names:
        return Bound((_part(names.feature_type(query.type_names[0], query.namespaces), query, names, crs, legacy),), crs)
    if not query.resource_ids:
        raise MissingParameter("typeNames" if version is Version.V2_0_0 else "typeName")
    # WFS 2.0 §7.9.2.4.1: identifiers alone say of which feature types they are
    named = [names.type_of(text) for text in query.resource_ids]
    kinds = [kind for kind in names.feature_types if kind in named] or [names.feature_types[0]]
    return Bound(tuple(_part(kind, query, names, crs, legacy, strict=False) for kind in kinds), crs)


def _asked(text: str, version: Version) -> CrsRef:
    """The CRS that the client asks for, as it spells it; raises `InvalidParameter`.

    WFS 1.0.0 is answered x, y, so that there a URN or URL, which tells readers the authority's order (GDAL), is spelled as GML 2 does.
    """
    crs = crs_of(text, "SRSNAME", legacy_order=version.legacy_order)
    if not version.legacy_order or crs.text.upper().startswith("EPSG:"):
        return crs
    return CrsRef(crs.crs, crs.crs.gml2, lat_lon=False)


def _part(kind: FeatureType, query: AdHocQuery, names: Names, crs: CrsRef, legacy: bool, strict: bool = True) -> Part:
    """Boxes and filter geometries that name no CRS are in that of the answer.

    GDAL (WFS 1.x) and the Geopunt plugin give SRSNAME alone (DOMAIN 6.1); without it, it is the default CRS that the standard says. In
    CQL it is always the latter, as in GeoServer.
    """
    filters = (
        _ids(query.resource_ids, kind, names, strict),
        FilterReader(kind, query.namespaces, legacy, crs).read(query.filter) if query.filter is not None else None,
        cql.CqlReader(kind, query.namespaces, legacy).read(cql.parse(query.cql)) if query.cql else None,
        keyword_box(query.bbox, legacy_order=legacy, default=crs) if query.bbox else None,
    )
    return Part(kind, bounded(both(*filters)), _sort(kind, query), _fields(kind, query))


def _ids(texts: Sequence[str], kind: FeatureType, names: Names, strict: bool) -> Predicate | None:
    if not texts:
        return None
    if strict:
        for text in texts:
            other = names.type_of(text)
            if other is not None and other != kind:  # WFS 2.0 §7.9.2.4.1
                raise InvalidParameter(f"{text[:60]!r} is no {kind.qualified}", "RESOURCEID")
    numbers = [number_of(text, kind) for text in texts]
    return Ids(tuple(number for number in numbers if number is not None))


def _sort(kind: FeatureType, query: AdHocQuery) -> tuple[SortKey, ...]:
    """Each property once: what comes again cannot change the order any more."""
    if len(query.sort_by) > MAX_SORT_KEYS:
        raise ParsingFailed(f"features are sorted by at most {MAX_SORT_KEYS} properties", "sortBy")
    keys: dict[str, SortKey] = {}
    for text, descending in query.sort_by:
        found = reference(text, kind, query.namespaces, "sortBy")
        if found.kind is not Kind.FIELD:
            raise InvalidParameter(f"features cannot be sorted by {found.name}", "sortBy")
        keys.setdefault(found.name, SortKey(found.name, descending))
    return tuple(keys.values())


def _fields(kind: FeatureType, query: AdHocQuery) -> frozenset[str] | None:
    """The fields asked for and the mandatory ones, which an answer has to have to be valid (WFS 2.0 §7.9.2.4.5)."""
    if not query.property_names or "*" in query.property_names:
        return None
    if len(query.property_names) > MAX_PROPERTY_NAMES:
        raise ParsingFailed(f"a query names at most {MAX_PROPERTY_NAMES} properties", "propertyName")
    found = [reference(text, kind, query.namespaces, "propertyName") for text in query.property_names]
    asked = {item.name for item in found if item.kind in (Kind.FIELD, Kind.GEOMETRY)}
    return frozenset(asked | {field.name for field in kind.fields if field.required})
