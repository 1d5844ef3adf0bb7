"""What a style is called."""

from __future__ import annotations

from exports.notice import Notice
from exports.symbology import Layer, Style


def titled(layer: Layer, style: Style, notice: Notice) -> str:
    """The title of the layer, which says TEST where it must, and that of the style where there are several."""
    return notice.title if len(layer.styles) == 1 else f"{notice.title}: {style.title.nl}"
