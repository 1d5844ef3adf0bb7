"""Styles to download, so that a layer looks as it should in other programs; all derive from `exports.symbology`.

::

    Layer, Style, Notice ─► maplibre (JSON, with sprite) · sld (SLD 1.0) · qml (QGIS style) · qlr (QGIS layer definition)
"""
