"""Keyword-value pairs: the query of a GET (WMS 1.3.0 §6.8)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from urllib.parse import parse_qsl

from publish.wms.errors import InvalidParameter, MissingParameter

MAX_LENGTH = 32_768
_MAX_PAIRS = 200


class Kvp:
    """The pairs of a request; names in any case, unknown ones ignored, empty values as if they were absent."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Values by name in lower case."""
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.strip().lower(), []).append(value.strip())

    @classmethod
    def parse(cls, query: bytes) -> Kvp:
        """From a query string; raises `InvalidParameter`."""
        if len(query) > MAX_LENGTH:
            raise InvalidParameter(f"the query is longer than {MAX_LENGTH} bytes")
        try:
            return cls(parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_PAIRS))
        except UnicodeError as error:
            raise InvalidParameter("the query is not percent-encoded UTF-8") from error
        except ValueError as error:
            raise InvalidParameter(f"the query has more than {_MAX_PAIRS} parameters") from error

    def get(self, *names: str) -> str | None:
        """The value under the first of these names that has one; raises `InvalidParameter` when it has two that differ."""
        for name in names:
            values = {value for value in self._values.get(name.lower(), ()) if value}
            if len(values) > 1:
                raise InvalidParameter(f"the parameter {name} is given more than once, with different values", name)
            if values:
                return values.pop()
        return None

    def last(self, *names: str) -> str | None:
        """The last value under the first of these names that has one: of VERSION, which programs are known to repeat."""
        for name in names:
            values = [value for value in self._values.get(name.lower(), ()) if value]
            if values:
                return values[-1]
        return None

    def require(self, *names: str) -> str:
        """The value; raises `MissingParameter`."""
        value = self.get(*names)
        if value is None:
            raise MissingParameter(names[0])
        return value

    def listed(self, name: str) -> tuple[str, ...]:
        """A comma-separated list whose items may be empty; no items when it is absent."""
        value = self.get(name)
        return () if value is None else tuple(item.strip() for item in value.split(","))

    def whole(self, name: str) -> int | None:
        """An integer, null when it is absent; raises `InvalidParameter`."""
        value = self.get(name)
        if value is None:
            return None
        if not value.lstrip("+-").isdecimal() or not value.isascii() or len(value) > 9:
            raise InvalidParameter(f"{name} is no whole number", name)
        return int(value)

    def flag(self, name: str) -> bool:
        """`TRUE` or `FALSE` in any case, false when it is absent; raises `InvalidParameter`."""
        match (self.get(name) or "false").lower():
            case "true":
                return True
            case "false":
                return False
            case _:
                raise InvalidParameter(f"{name} is TRUE or FALSE", name)


def number(text: str, name: str) -> float:
    """A finite number, with or without an exponent; raises `InvalidParameter`."""
    try:
        found = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise InvalidParameter(f"{name} holds something that is no number", name)
    return found
