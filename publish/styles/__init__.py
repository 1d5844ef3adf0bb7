"""Styles to download at `/stijlen`, and the list of them (OGC API Styles, OGC 20-009, "styles" resource).

::

    /stijlen ─► list
    /stijlen/<layer>/<style>.json | .sld | .qml | .qlr ─► exports.styles over the layers of the release
    /stijlen/sprite.json | .png, sprite@2x.json | .png ─► the symbols of points, for the styles that are JSON
"""

from publish.styles.routes import ROOT, routes

__all__ = ["ROOT", "routes"]
