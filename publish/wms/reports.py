"""Service exceptions: as XML, or where a map was asked for as a picture that says so, or that is empty."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw

from publish.wms.errors import Unavailable, WmsError
from publish.wms.images import PNG, Look, encoded, format_of
from publish.wms.keywords import MAX_SIDE, VERSION, colour
from publish.wms.kvp import Kvp
from publish.wms.lettering import lines, typeface
from publish.wms.versions import Version, spoken

_NOT_XML = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "�")
"""XML 1.0 §2.2: characters that no document may hold; a client's words may be quoted in a report."""

_LETTERS = 12.0
_PLAIN = Look(PNG)


class Manner(Enum):
    """How an exception is told; the value is its name in WMS 1.3.0 and 1.1.1."""

    XML = ("XML", "application/vnd.ogc.se_xml")
    IN_IMAGE = ("INIMAGE", "application/vnd.ogc.se_inimage")
    BLANK = ("BLANK", "application/vnd.ogc.se_blank")

    def name_in(self, version: Version) -> str:
        """Its name in a version."""
        return self.value[0 if version is Version.V1_3_0 else 1]


@dataclass(frozen=True)
class Telling:
    """How the client wants to be told: the size and the look of the picture matter where it is one."""

    version: Version = Version.V1_3_0
    manner: Manner = Manner.XML
    width: int = 0
    height: int = 0
    look: Look = _PLAIN

    @classmethod
    def of(cls, kvp: Kvp) -> Telling:
        """What the request says about it, as far as it can be read; else XML, as the standard has it."""
        version = spoken(kvp.last(*VERSION))
        try:
            manner = _manner(kvp.get("EXCEPTIONS") or "")
            if manner is Manner.XML or (kvp.get("REQUEST") or "").lower() not in ("getmap", "map"):
                return cls(version)
            width, height = (kvp.whole(name) or 0 for name in ("WIDTH", "HEIGHT"))
            look = Look(format_of(kvp.get("FORMAT") or ""), kvp.flag("TRANSPARENT"), colour(kvp.get("BGCOLOR")))
        except WmsError:
            return cls(version)
        return cls(version, manner, width, height, look) if 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE else cls(version)


@dataclass(frozen=True)
class Report:
    """A body, its media type and the status."""

    body: bytes
    media_type: str
    status: int


def report(error: WmsError, telling: Telling) -> Report:
    """The report of an error.

    A picture has status 200, or a browser would not show it as one; what is not there now is a 503 with words in any manner, because an
    empty map reads as "nothing here" (CONTRACT A.4).
    """
    if telling.manner is Manner.XML:
        media_type = "text/xml; charset=utf-8" if telling.version is Version.V1_3_0 else "application/vnd.ogc.se_xml"
        return Report(_document(error, telling.version), media_type, error.status)
    silent = telling.manner is Manner.BLANK and not isinstance(error, Unavailable)
    picture = Image.new("RGBA", (telling.width, telling.height))
    if not silent:
        _write(picture, error)
    return Report(encoded(picture, telling.look), telling.look.format, error.status if error.status >= 500 else 200)


def _write(picture: Image.Image, error: WmsError) -> None:
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines(f"{error.code}: {error.text}", _LETTERS, picture.width - 8)):
        draw.text((4, 4 + number * (_LETTERS + 4)), line, font=typeface(_LETTERS), fill=(160, 0, 0, 255))


def _document(error: WmsError, version: Version) -> bytes:
    """WMS 1.3.0 Annex E, WMS 1.1.1 Annex A.3."""
    text = escape(error.text.translate(_NOT_XML))
    code = "" if error.code == WmsError.code else f" code={quoteattr(error.code)}"
    if version is Version.V1_1_1:
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
            '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n'
            f'<ServiceExceptionReport version="1.1.1">\n<ServiceException{code}>{text}</ServiceException>\n</ServiceExceptionReport>\n'
        ).encode()
    locator = "" if error.locator is None else f" locator={quoteattr(error.locator.translate(_NOT_XML))}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd">\n'
        f"<ServiceException{code}{locator}>{text}</ServiceException>\n</ServiceExceptionReport>\n"
    ).encode()


def _manner(text: str) -> Manner:
    """The manner of a name in any version, XML for what is not known."""
    return next((manner for manner in Manner if text.lower() in (name.lower() for name in manner.value)), Manner.XML)
