"""Keyword-value pairs: the query of a GET, or a form that was posted (WFS 2.0 §6.2.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from publish.wfs.errors import InvalidParameter, ParsingFailed

MAX_LENGTH = 65_536
_MAX_PAIRS = 200
_BINDING = re.compile(r"xmlns\(([^()]*)\)", re.IGNORECASE)


class Kvp:
    """The pairs of a request; names in any case, unknown ones ignored, empty values as if they were absent."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Values by name in lower case."""
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.strip().lower(), []).append(value)

    @classmethod
    def parse(cls, query: bytes, limit: int = MAX_LENGTH) -> Kvp:
        """From a query string of at most `limit` bytes; raises `ParsingFailed`."""
        if len(query) > limit:
            raise ParsingFailed(f"the query is longer than {limit} bytes; send it by POST", "request")
        try:
            return cls(parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_PAIRS))
        except UnicodeError as error:
            raise ParsingFailed("the query is not percent-encoded UTF-8", "request") from error
        except ValueError as error:
            raise ParsingFailed(f"the query has more than {_MAX_PAIRS} parameters", "request") from error

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    @property
    def names(self) -> tuple[str, ...]:
        """The names that were given, in lower case."""
        return tuple(self._values)

    def get(self, *names: str) -> str | None:
        """The value under the first of these spellings that has one; raises `InvalidParameter` when it has two that differ."""
        for name in names:
            given = self._values.get(name.lower())
            if given is None:  # most: readers ask for every keyword that there is
                continue
            values = {value.strip() for value in given if value.strip()}
            if len(values) > 1:
                raise InvalidParameter(f"the parameter {name} is given more than once, with different values", name)
            if values:
                return values.pop()
        return None

    def last(self, name: str) -> str | None:
        """The last value of a name that frameworks are known to repeat (VERSION)."""
        values = [value.strip() for value in self._values.get(name.lower(), ()) if value.strip()]
        return values[-1] if values else None

    def listed(self, *names: str) -> tuple[str, ...]:
        """A comma-separated list; empty when it is absent."""
        return split(self.get(*names) or "")

    def number(self, *names: str) -> int | None:
        """A non-negative integer; raises `InvalidParameter`."""
        value = self.get(*names)
        return None if value is None else whole(value, names[0])

    def namespaces(self) -> Mapping[str, str]:
        """`xmlns(POI,https://…),xmlns(https://…)`: URI by prefix, the default under the empty text (WFS 2.0 §7.6.6).

        The WFS 1.1 form `xmlns(POI=https://…)` is read as well.
        """
        bindings = {}
        for binding in _BINDING.findall(self.get("NAMESPACES", "NAMESPACE") or ""):
            prefix, separator, uri = binding.partition("," if "," in binding else "=")
            bindings[prefix.strip() if separator else ""] = uri.strip() if separator else prefix.strip()
        return bindings

    def values(self) -> Mapping[str, str]:
        """The first value of every name, in lower case: the parameters of a stored query."""
        return {name: values[0].strip() for name, values in self._values.items()}


def split(text: str) -> tuple[str, ...]:
    """The items of a comma-separated list, trimmed, without empty ones."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def whole(text: str, locator: str) -> int:
    """A non-negative integer of at most 15 digits; raises `InvalidParameter`."""
    if not re.fullmatch(r"\+?[0-9]{1,15}", text.strip()):
        raise InvalidParameter(f"{locator} is not a non-negative integer", locator)
    return int(text)
