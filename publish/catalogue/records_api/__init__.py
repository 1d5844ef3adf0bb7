"""OGC API Records, Part 1 (OGC 20-004r1): the searchable catalogue as GeoJSON and pages.

::

    landing page, conformance, OpenAPI, collection ─► description
    items, item ─► parameters ─► holdings ─► record ─► GeoJSON or a page

Errors: `publish.catalogue.records_api.parameters.BadParameter` (a `QueryError`, answered with 400 at the edge).
"""

from publish.catalogue.records_api.api import routes

__all__ = ["routes"]
