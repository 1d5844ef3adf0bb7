"""Conformance classes: what is true of the tiles, and no more."""

from __future__ import annotations

_SPEC = "http://www.opengis.net/spec"

CLASSES: tuple[str, ...] = tuple(
    f"{_SPEC}/{part}"
    for part in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-1/1.0/conf/landing-page",
        "ogcapi-common-1/1.0/conf/json",
        "ogcapi-common-1/1.0/conf/html",
        "ogcapi-common-1/1.0/conf/oas30",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-tiles-1/1.0/conf/core",
        "ogcapi-tiles-1/1.0/conf/tileset",
        "ogcapi-tiles-1/1.0/conf/tilesets-list",
        "ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "ogcapi-tiles-1/1.0/conf/oas30",
        "ogcapi-tiles-1/1.0/conf/mvt",
        "tms/2.0/conf/tilematrixset",
        "tms/2.0/conf/tilematrixsetlimits",
        "tms/2.0/conf/json-tilematrixset",
        "tms/2.0/conf/json-tilematrixsetlimits",
        "tms/2.0/conf/tilesetmetadata",
        "tms/2.0/conf/json-tilesetmetadata",
    )
)
"""Classes of OGC 19-072, 20-024, 20-057 and 17-083r4. There are no tiles of all collections together (dataset-tilesets)."""
