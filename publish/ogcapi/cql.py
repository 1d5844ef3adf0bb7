"""CQL2, in text or JSON, on a collection of the OGC API."""

from __future__ import annotations

from publish.cql.document import parse_json
from publish.cql.names import Names
from publish.cql.reader import CqlReader
from publish.cql.text import parse_text
from publish.filters.effort import bounded
from publish.filters.errors import FilterError, Unsupported
from publish.filters.targets import GeometryTarget, Target, field_target
from publish.ogcapi.errors import BadFilter
from release.crs import CrsRef
from release.predicate import Predicate
from release.schema import FeatureType

GEOMETRY = "geometry"
"""The name of the geometry in GeoJSON and in the queryables; its name in the feature type is known too."""


def parse_cql(text: str, feature_type: FeatureType, crs: CrsRef, *, json: bool = False) -> Predicate:
    """Read a filter on a feature type; `crs` is that of its geometries. Raises `BadFilter`, `UnknownField`."""

    def target(name: str) -> Target:
        name = name.removeprefix(f"{feature_type.prefix}:")
        if feature_type.geometry is not None and name in (GEOMETRY, feature_type.geometry_name):
            return GeometryTarget(feature_type.geometry_name)
        return field_target(feature_type.field(name))

    try:
        tree = parse_json(text) if json else parse_text(text)
        return bounded(CqlReader(Names(target, _no_crs, crs)).read(tree))
    except FilterError as error:
        raise BadFilter(str(error)) from error


def _no_crs(text: str) -> CrsRef:
    raise Unsupported("the CRS of geometries is named by filter-crs")
