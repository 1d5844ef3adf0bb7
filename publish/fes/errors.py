"""What the errors of filters know more about FES."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from publish.filters.errors import FilterError, Unsupported


class Versioned(Unsupported):
    """An identifier asks for another version of a feature (FES 2.0 §7.11)."""


@contextmanager
def located(locator: str) -> Iterator[None]:
    """Tells a `FilterError` from inside where it was, unless it knows better."""
    try:
        yield
    except FilterError as error:
        error.locator = error.locator or locator
        raise
