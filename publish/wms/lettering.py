"""Text in pictures, with the typeface that Pillow carries; it has the letters of English, so that others are written without marks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PIL import ImageFont

_PLAIN = {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "€": "EUR", "²": "2", "×": "x", "…": "...", "ø": "o", "ß": "ss"}


@lru_cache(maxsize=16)
def typeface(size: float) -> ImageFont.FreeTypeFont:
    """The typeface in a size in pixels."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)  # Pillow's wheels have FreeType
    return found


def plain(text: str) -> str:
    """The same text in letters that the typeface has: `é` as `e`, what has no such form as `?`."""
    spelled = "".join(_PLAIN.get(letter, letter) for letter in text)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))
    return bare.encode("ascii", "replace").decode()


def lines(text: str, size: float, width: float) -> list[str]:
    """A text in lines of at most a width, broken between words."""
    face, found = typeface(size), [""]
    for word in plain(text).split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and face.getlength(longer) > width:
            found.append(word)
        else:
            found[-1] = longer
    return found
