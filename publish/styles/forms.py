"""The forms of a style: what each is called, and how it is made for a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from exports.notice import Notice
from exports.styles import maplibre, qlr, qml, sld
from exports.symbology import Layer, Style


@dataclass(frozen=True)
class Places:
    """Addresses that styles name, below the public one."""

    public: str
    root: str

    @property
    def list(self) -> str:
        """The list of styles."""
        return self.public + self.root

    def style(self, layer: Layer, style: Style, form: str) -> str:
        """One style in one form."""
        return f"{self.list}/{quote(layer.name)}/{quote(style.id)}.{form}"

    def sprite(self) -> str:
        """The sprite, without its extension."""
        return f"{self.list}/sprite"

    def tile_json(self, layer: Layer) -> str:
        """TileJSON of the tiles of a layer."""
        return f"{self.public}/ogc/tiles/v1/collections/{quote(layer.name)}/tiles/WebMercatorQuad?f=tilejson"

    def wfs(self, layer: Layer) -> str:
        """The WFS of the theme of a layer."""
        return f"{self.public}/{layer.feature_type.prefix}/wfs"


@dataclass(frozen=True)
class Form:
    """A language of styles; `download` says that a browser keeps it as a file."""

    title: str
    media_type: str
    make: Callable[[Layer, Style, Notice, Places], bytes]
    download: bool = True


FORMS = {
    "json": Form(
        "MapLibre",
        maplibre.MEDIA_TYPE,
        lambda layer, style, words, places: maplibre.document(layer, style, words, places.tile_json(layer), places.sprite()),
        download=False,
    ),
    "sld": Form("SLD 1.0", sld.MEDIA_TYPE, lambda layer, style, words, _: sld.document(layer, style, words)),
    "qml": Form("QGIS (stijl)", qml.MEDIA_TYPE, lambda layer, style, words, _: qml.document(layer, style, words)),
    "qlr": Form("QGIS (laag)", qlr.MEDIA_TYPE, lambda layer, style, words, places: qlr.document(layer, style, words, places.wfs(layer))),
}
"""By extension."""
