"""The door for the Geopunt plugins of QGIS and ArcGIS Pro: `/poi/v1/core`, as they call and read it (docs/poi.md). Read-only.

::

    kinds ─────────────────────────────► lists of themes, categories and types
    query ─► parameters ─► search ─► points or clusters ─► documents

The plugins index the first point of every object unguarded, so that the door carries the set *located* (CONTRACT B.1).
"""

from publish.poi.routes import routes

__all__ = ["routes"]
