"""What looks personal in a text that would become public, and words that nobody knows in a house or box number (CONTRACT A.4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from stdnum import iban
from stdnum.be import bis, nn, vat
from stdnum.exceptions import InvalidComponent, ValidationError

INSZ, BIS, KBO, IBAN = "personal.insz", "personal.bis", "personal.kbo", "personal.iban"
EMAIL, PHONE, DIGITS, FORMULA = "personal.email", "personal.phone", "personal.digits", "text.formula"
CODES = (INSZ, BIS, KBO, IBAN, EMAIL, PHONE, DIGITS, FORMULA)
"""Every code that `personal` gives; `in_link` gives the first five."""

# What separates groups of digits: anything but a letter or a sign that makes the number before or after it an amount.
_BETWEEN = r"[^\w€$£%]|_"
_FORMULA = r"[\s\"'`´‘’“”„«»]*+[=+@-]"

# Fewer than nine digits, no @ and no formula: nearly every street, house number and identifier leaves here.
_harmless = re.compile(rf"(?!{_FORMULA})(?:[^\d@]*+\d){{0,8}}+[^\d@]*+").fullmatch
_formula = re.compile(_FORMULA).match
_run = re.compile(rf"\d+(?:(?:{_BETWEEN}){{1,5}}\d+)*+")
_group = re.compile(r"\d+")
_long = re.compile(r"\d{11}").search
# YY.MM.DD-NNN.CC, whatever digits stand before or after it.
_notation = re.compile(r"(?=(\d\d)[\W_]{1,3}(\d\d)[\W_]{1,3}(\d\d)[\W_]{1,3}(\d{3})[\W_]{1,3}(\d\d))")
_date = re.compile(
    r"(?<!\d)(?:(?:1[89]|20)\d\d([-/.])(?:0?\d|1[0-2])\1(?:[0-2]?\d|3[01])|(?:[0-2]?\d|3[01])([-/.])(?:0?\d|1[0-2])\2(?:1[89]|20)\d\d)(?!\d)"
)
# `(0)` may stand after the country code, and a national number has eight digits after its 0, or nine for a mobile one.
_abroad = re.compile(rf"(?:\+|(?<!\d)00)(?:{_BETWEEN}){{0,3}}[1-9](?:(?:{_BETWEEN}){{0,3}}\d){{8,13}}(?!\d)").search
_national = re.compile(rf"(?<!\d)0(?:{_BETWEEN}){{0,3}}[1-9](?:(?:{_BETWEEN}){{0,3}}\d){{7,8}}(?!\d)").search
_account = re.compile(r"(?=([A-Za-z]{2}[\W_]{0,3}\d[\W_]{0,3}\d(?:[\W_]{0,3}[A-Za-z0-9]){11,30}))")
_email = re.compile(r"[\w.%+'-]\s*@\s*\w").search
_address = re.compile(r"[\w.%+-]@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2}").search
_word = re.compile(r"[^\W\d_]{2,}").findall


def personal(text: str) -> str | None:
    """The code of the first thing in a text that looks personal or would run in a spreadsheet, or null (CONTRACT A.4)."""
    if text.isascii() and _harmless(text):
        return None
    plain = _plain(text)
    if _harmless(plain):
        return None
    bare = _date.sub("x", plain)
    found = _account_code(plain) or (EMAIL if _email(plain) else None) or (PHONE if _abroad(bare) else None)
    return found or _number_code(bare) or _length_code(bare) or (FORMULA if _formula(plain) else None)


def in_link(link: str) -> str | None:
    """The code of a checksum-valid number or an e-mail address in a link, or null: nothing else counts there (CONTRACT A.4)."""
    plain = _plain(unquote(unquote(link)))
    return _account_code(plain) or (EMAIL if _address(plain) else None) or _number_code(_date.sub("x", plain))


def unknown_words(text: str, neutral: frozenset[str]) -> bool:
    """Whether a run of two or more letters is none of the neutral words; case does not count, accents do."""
    words = _word(text if text.isascii() else _plain(text))
    return bool(words) and not _folded(neutral).issuperset(word.casefold() for word in words)


@lru_cache(maxsize=16)
def _folded(neutral: frozenset[str]) -> frozenset[str]:
    return frozenset(word.casefold() for entry in neutral for word in _word(entry))


def _plain(text: str) -> str:
    """NFKC, every kind of digit as ASCII, one blank at a time, without what is not seen (zero width, soft hyphen, direction)."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(str(unicodedata.decimal(sign, sign)) for sign in normal if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split())


def _windows(bare: str, length: int) -> Iterator[str]:
    """Every `length` digits that fill whole groups, whatever separates these."""
    for run in _run.finditer(bare):
        groups = _group.findall(run[0])
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) >= length:
                    break
            if len(digits) == length:
                yield digits


def _candidates(bare: str) -> Iterator[str]:
    yield from _windows(bare, 11)
    for match in _notation.finditer(bare):
        yield "".join(match.groups())


def _number_code(bare: str) -> str | None:
    """The code of a checksum-valid INSZ, BIS or KBO number."""
    for digits in _candidates(bare):
        if code := _person_code(digits):
            return code
    return KBO if any(vat.is_valid(digits) for digits in _windows(bare, 10)) else None


def _person_code(digits: str) -> str | None:
    if bis.is_valid(digits):
        return BIS
    try:
        nn.validate(digits)
    except InvalidComponent:  # the check digits are right and the date is not: test registers number their persons so
        return INSZ
    except ValidationError:
        return None
    return INSZ


def _length_code(bare: str) -> str | None:
    """Numbers that strike by their length alone, and the KBO numbers of nine digits from before 2005."""
    if _long(bare) or any(_candidates(bare)):
        return DIGITS
    if _national(bare):
        return PHONE
    return KBO if any(vat.is_valid(digits) for digits in _windows(bare, 9)) else None


def _account_code(plain: str) -> str | None:
    for match in _account.finditer(plain):
        number = re.sub(r"[\W_]", "", match[1]).upper()
        # The bank's own check digits do not matter: a number that passes for an IBAN is enough.
        if any(iban.is_valid(number[:length], check_country=False) for length in range(15, len(number) + 1)):
            return IBAN
    return None
