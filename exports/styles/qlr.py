"""QGIS layer definitions (`.qlr`): a layer of our WFS with its style, ready to be dragged into QGIS."""

from __future__ import annotations

from exports.notice import Notice
from exports.styles.markup import Element, Maker, written
from exports.styles.predicates import qgis
from exports.styles.qml import elements
from exports.styles.titles import titled
from exports.symbology import Layer, Style
from release.crs import LAMBERT72
from release.schema import Geometry

_XML = Maker()

MEDIA_TYPE = "application/x-qgis-layer-definition"


def document(layer: Layer, style: Style, notice: Notice, wfs: str) -> bytes:
    """The definition as XML; `wfs` is the address of the service of the layer's theme."""
    source, name, identifier = _source(layer, wfs), titled(layer, style, notice), f"vlok_{layer.name}_{style.id}"
    shown = {"checked": "Qt::Checked", "expanded": "1", "name": name}
    node = _XML("layer-tree-layer", id=identifier, providerKey="WFS", source=source, **shown)
    group = _XML("layer-tree-group", node, checked="Qt::Checked", expanded="1", name="")
    root = _XML("qlr", group, _XML("maplayers", _layer(layer, style, notice, name, source, identifier)))
    return written(root)


def _layer(layer: Layer, style: Style, notice: Notice, name: str, source: str, identifier: str) -> Element:
    kind = "Point" if layer.feature_type.geometry is Geometry.POINT else "Polygon"
    return _XML(
        "maplayer",
        _XML("id", identifier),
        _XML("datasource", source),
        _XML("layername", name),
        _XML("title", notice.title),
        _XML("abstract", f"{notice.abstract}\n{notice.state}"),
        _XML("attribution", notice.attribution, href=notice.licence),
        _XML("srs", _XML("spatialrefsys", _XML("authid", LAMBERT72.short))),
        _XML("provider", "WFS", encoding="UTF-8"),
        *elements(layer, style, notice),
        type="vector",
        geometry=kind,
        hasScaleBasedVisibilityFlag="0",
    )


def _source(layer: Layer, wfs: str) -> str:
    """As the WFS provider of QGIS writes its address; values are between single quotes, one within is escaped."""
    kind = layer.feature_type
    parts = {
        "pagingEnabled": "default",
        "preferCoordinatesForWfsT11": "false",
        "restrictToRequestBBOX": "1",
        "srsname": LAMBERT72.short,
        "typename": kind.qualified,
        "url": wfs,
        "version": "2.0.0",
    }
    if layer.predicate is not None:
        parts["filter"] = qgis(layer.predicate)
    return " ".join(f"{key}='{_escaped(value)}'" for key, value in parts.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
