"""An address, what an address register says of it, and when two spellings are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import dist
from typing import Protocol

APART = 50.0
"""Metres between positions of one address up to which they say the same."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Address:
    """An address as delivered. `niscode` may be of any time; without it the municipality's name decides. Its repr shows no value.

    `address_id` is the number of the address register; it only chooses among addresses that agree with the text.
    """

    street: str
    house: str
    postcode: str
    box: str | None = None
    municipality: str | None = None
    niscode: str | None = None
    address_id: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """What a register knows of an address: its own spelling of street and municipality, and the position.

    `position` is EPSG:31370, metres, two decimals; null when the register has none, or several that do not agree. It is as
    the register has it: let `Locator` compare it with the municipality, for registers err too. `words` are the words, case folded,
    in house and box numbers that the register knows at this house (CONTRACT A.4: `glvl`, `links`, or a name).
    """

    street: str
    municipality: str
    position: tuple[float, float] | None
    words: frozenset[str] = frozenset()


class Miss(StrEnum):
    """Why there is no match; the value is the code of the finding."""

    UNMATCHED = "address.unmatched"
    UNREACHABLE = "address.register-unreachable"


class AddressRegister(Protocol):
    """Something that knows the addresses of Flanders. It never raises for what an address holds."""

    def find(self, address: Address) -> Match | Miss:
        """The address, when municipality, postcode, street and house number agree in any spelling; else why not."""


# Written out before comparing; everything else that is abbreviated is another street.
_ABBREVIATIONS = (
    (re.compile(r"\bst[.\- ]+(?=\w)"), "sint "),
    (re.compile(r"str\.?$"), "straat"),
    (re.compile(r"st(?:een)?wg\.?$"), "steenweg"),
)
_HOMONYM = re.compile(r"_\w+$")
_WORD = re.compile(r"[^\W\d_]+")
_BLANK = re.compile(r"\s+")
_SEPARATOR = re.compile(r"[-_/]")


def street_spelling(text: str) -> str:
    """A street name without the suffix that tells namesakes apart in CRAB (`Kerkweg_01`, `Molenstraat_EK`)."""
    return _HOMONYM.sub("", text.strip())


@lru_cache(maxsize=100_000)
def street_key(text: str) -> str:
    """The same for spellings that differ in case, accents, blanks, hyphens, quotes, and the abbreviations St., str., stwg."""
    key = street_spelling(text).casefold()
    for pattern, long in _ABBREVIATIONS:
        key = pattern.sub(long, key)
    return "".join(letter for letter in unicodedata.normalize("NFKD", key) if letter.isalnum())


@lru_cache(maxsize=100_000)
def number_key(text: str) -> str:
    """The same for spellings of a house or box number that differ in case, blanks and separator: `9 A` is 9a, `79_1` is 79/1."""
    return "-".join(part for part in _SEPARATOR.split(_BLANK.sub("", text.casefold())) if part)


def agreed(points: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The first of an address's positions; null when another is too far from it, for that may be a namesake of the street."""
    if not points or any(dist(points[0], point) > APART for point in points[1:]):
        return None
    return points[0]


def words(*texts: str | None) -> frozenset[str]:
    """The words of house and box numbers, case folded: `12A bus Links` gives `a`, `bus`, `links`."""
    return frozenset(word.casefold() for text in texts if text for word in _WORD.findall(text))
