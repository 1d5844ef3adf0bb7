"""Conformance classes: what is true of this service, and no more."""

from __future__ import annotations

_SPEC = "http://www.opengis.net/spec"

CLASSES: tuple[str, ...] = tuple(
    f"{_SPEC}/{part}"
    for part in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-1/1.0/conf/landing-page",
        "ogcapi-common-1/1.0/conf/json",
        "ogcapi-common-1/1.0/conf/oas30",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/cql2-json",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-functions",
        "cql2/1.0/conf/basic-spatial-functions-plus",
        "cql2/1.0/conf/spatial-functions",
        "cql2/1.0/conf/temporal-functions",
        "cql2/1.0/conf/property-property",
        "cql2/0.0/conf/basic-spatial-operators",
        "ogcapi-features-5/1.0/conf/schemas",
        "ogcapi-features-5/1.0/conf/core-roles-features",
        "ogcapi-features-5/1.0/conf/returnables-and-receivables",
        "ogcapi-features-5/1.0/conf/queryables",
    )
)
"""Classes of OGC 19-072, 20-024, 17-069r4, 18-058r1, 19-079r2, 21-065r2 and 23-058r2.

Not claimed: HTML, which asks for a page of everything, because some objects have none (`Product.item_pages`); GML, which asks for the other
documents as XML; of CQL2 accents, arithmetic, arrays and functions; Part 4, which is about changing features. The class of draft 0.0 is the
name by which QGIS before 3.42 knows `basic-spatial-functions` (STANDARDS §2)."""
