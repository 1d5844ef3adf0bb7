"""Which representation a client wants: `f`, else the Accept header (OGC API Common Part 1 §7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from publish.ogcapi.errors import BadParameter


class Format(StrEnum):
    """A representation, by its short name."""

    JSON = "json"
    GML = "gml"
    CSV = "csv"
    FLATGEOBUF = "fgb"
    HTML = "html"
    XSD = "xsd"

    @property
    def media_types(self) -> tuple[str, ...]:
        """Names under which clients ask for it; the first is what a list of features is sent as."""
        return _MEDIA_TYPES[self]

    @property
    def label(self) -> str:
        """As links call it."""
        return _LABELS[self]


OF_DOCUMENT = (Format.JSON, Format.HTML)
OF_SCHEMA = (Format.JSON, Format.HTML, Format.XSD)
OF_ITEMS = (Format.JSON, Format.GML, Format.CSV, Format.FLATGEOBUF, Format.HTML)
OF_ITEM = (Format.JSON, Format.GML, Format.HTML)

_MEDIA_TYPES = {
    Format.JSON: ("application/geo+json", "application/json", "application/vnd.oai.openapi+json;version=3.0", "application/schema+json"),
    Format.GML: ("application/gml+xml; version=3.2", "application/gml+xml;version=3.2", "application/gml+xml"),
    Format.CSV: ("text/csv",),
    Format.FLATGEOBUF: ("application/flatgeobuf", "flatgeobuf"),
    Format.HTML: ("text/html", "application/xhtml+xml"),
    Format.XSD: ("application/xml", "text/xml"),
}
_LABELS = {
    Format.JSON: "GeoJSON",
    Format.GML: "GML 3.2",
    Format.CSV: "CSV",
    Format.FLATGEOBUF: "FlatGeobuf",
    Format.HTML: "HTML",
    Format.XSD: "XML Schema",
}


def negotiate(f: str | None, accept: str, offered: Sequence[Format]) -> Format:
    """The format; raises `BadParameter` for an `f` that is not offered. What Accept cannot get is given the first one offered.

    Clients of the Flemish service write the media type in `f` (`f=application/geo+json`), the plus sometimes decoded to a space.
    """
    if f is not None:
        wanted = f.strip().replace("geo json", "geo+json").replace("gml xml", "gml+xml").lower()
        for format_ in offered:
            if wanted in (format_, *format_.media_types):
                return format_
        raise BadParameter(f"f must be one of {', '.join(offered)}")
    return acceptable(accept, offered) or offered[0]


def acceptable(accept: str, offered: Sequence[Format]) -> Format | None:
    """The offered format that a client takes most gladly; null when it takes none of them (RFC 9110 §12.5.1)."""
    for range_ in _by_preference(accept):
        for format_ in offered:
            if any(range_ in (name, f"{name.partition('/')[0]}/*", "*/*") for name in format_.media_types):
                return format_
    return None


@lru_cache(maxsize=64)
def _by_preference(accept: str) -> tuple[str, ...]:
    """Media ranges of an Accept header, the most wanted first (RFC 9110 §12.5.1)."""
    weighed: list[tuple[float, str]] = []
    for part in accept.lower().split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
        try:
            weight = float(quality)
        except ValueError:
            weight = 0.0
        if weight > 0:
            weighed.append((weight, media_type))
    return tuple(media_type for _, media_type in sorted(weighed, key=lambda entry: -entry[0]))
