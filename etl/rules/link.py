"""Links that a source gives: made whole where the scheme is missing, dropped where they are bad (CONTRACT A.4)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

from etl.rules.personal import in_link

CHARACTERS, SCHEME, CREDENTIALS, HOST, LENGTH = "link.characters", "link.scheme", "link.credentials", "link.host", "link.length"
CODES = (CHARACTERS, SCHEME, CREDENTIALS, HOST, LENGTH)
"""Every code that `clean` gives, besides those of `etl.rules.personal.in_link`."""

LONGEST = 500

_SAFE = "%/?#[]@!$&'()*+,;=:~"  # RFC 3986 §2.2, §2.3: reserved and unreserved characters stay as they are
_scheme = re.compile(r"([A-Za-z][A-Za-z0-9+-]*):(?!\d)").match  # `www.stad.be:8080` is a host and a port
_host = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})").fullmatch


def clean(link: str) -> tuple[str | None, str | None]:
    """The link as it may be published and null, or null and the code of the finding that drops it.

    Only its form is judged, never whether a page answers there: a shortened path (`/.../`) is a link all the same.
    """
    text = link.strip()
    if fault := _bad_characters(text) or in_link(text):
        return None, fault
    try:
        parts = urlsplit(_with_scheme(text))
        fault = _bad_parts(parts)
        whole = parts._replace(netloc=_netloc(parts)).geturl() if fault is None else ""
    except ValueError:  # brackets, ports and host names that are none
        return None, HOST
    whole = quote(whole, safe=_SAFE)
    if fault is None and len(whole) > LONGEST:
        fault = LENGTH
    return (None, fault) if fault else (whole, None)


def _bad_characters(text: str) -> str | None:
    """White space and what does not print, also behind a percent sign, and what a browser or a page would read as markup."""
    bare = unquote(text)
    good = text.isprintable() and not any(sign in text for sign in ' "<>\\^`{|}') and bare.replace(" ", "").isprintable()
    return None if good else CHARACTERS


def _with_scheme(text: str) -> str:
    if text.startswith("//"):
        return f"https:{text}"
    return text if _scheme(text) else f"https://{text}"


def _bad_parts(parts: SplitResult) -> str | None:
    if parts.scheme not in ("http", "https"):
        return SCHEME
    if "@" in parts.netloc:
        return CREDENTIALS
    return None if _host(_ascii(parts)) else HOST


def _ascii(parts: SplitResult) -> str:
    """The host name in lower case and ASCII (RFC 3490); raises `ValueError` when it has no such form."""
    return (parts.hostname or "").encode("idna").decode("ascii")


def _netloc(parts: SplitResult) -> str:
    return f"{_ascii(parts)}:{parts.port}" if parts.port is not None else _ascii(parts)
