"""Pictures as files: PNG, PNG with few colours, JPEG."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from publish.wms.errors import InvalidFormat
from publish.wms.requests import Colour
from publish.wms.sheets import Picture, Symbols

PNG, PNG8, JPEG = "image/png", "image/png; mode=8bit", "image/jpeg"
FORMATS = (PNG, PNG8, JPEG)
"""Media types of a map, as capabilities name them and answers carry them."""

_SPELLINGS = {
    PNG: PNG,
    "image/png; mode=24bit": PNG,
    "image/png24": PNG,
    "image/png32": PNG,
    PNG8: PNG8,
    "image/png8": PNG8,
    "image/png; mode=8": PNG8,
    JPEG: JPEG,
    "image/jpg": JPEG,
}

_LEVEL = 1
"""Of deflate: a map of 5,000 points takes 4 ms and 100 kB, at level 6 12 ms and 70 kB (measured)."""

_QUALITY = 88


@dataclass(frozen=True)
class Look:
    """The format, and what is where nothing is drawn; JPEG is never see-through."""

    format: str
    transparent: bool = False
    background: Colour = (255, 255, 255)


def format_of(text: str) -> str:
    """A format in any spelling that clients use; raises `InvalidFormat`."""
    plain = " ".join(text.lower().replace(";", "; ").split())
    found = _SPELLINGS.get(plain)
    if found is None:
        raise InvalidFormat(f"no format {text[:40]!r}; offered are {', '.join(FORMATS)}", "format")
    return found


def encoded(picture: Picture, look: Look) -> bytes:
    """The file."""
    if isinstance(picture, Symbols):
        if look.format != JPEG:
            return _numbered(picture, look)
        picture = picture.picture()
    if look.format == JPEG:
        return _file(_opaque(picture, look), "JPEG", quality=_QUALITY)
    if not look.transparent:
        picture = _opaque(picture, look)  # under its own name: a large map is not kept twice
    if look.format == PNG8:
        picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE)
    return _file(picture, "PNG", compress_level=_LEVEL)


def _numbered(symbols: Symbols, look: Look) -> bytes:
    """The numbers of a palette as they are: nothing is lost, and each pixel takes a byte."""
    image = Image.frombuffer("P", symbols.pixels.shape[::-1], symbols.pixels, "raw", "P", 0, 1)
    colours: NDArray[np.uint8] = symbols.palette.rgba if look.transparent else symbols.palette.on(look.background)
    image.putpalette(colours[:, :3].tobytes())
    if look.transparent:
        return _file(image, "PNG", compress_level=_LEVEL, transparency=colours[:, 3].tobytes())
    return _file(image, "PNG", compress_level=_LEVEL)


def _opaque(picture: Image.Image, look: Look) -> Image.Image:
    whole = Image.new("RGB", picture.size, look.background)
    whole.paste(picture, mask=picture)
    return whole


def _file(image: Image.Image, kind: str, **options: int | bytes) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
