"""Errors of filters in the codes of the WFS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from publish.filters.errors import FilterError, Unfit, Unreadable
from publish.wfs.errors import InvalidParameter, ParsingFailed, ProcessingFailed, WfsError


@contextmanager
def told(locator: str) -> Iterator[None]:
    """Raises a `FilterError` from inside as the `WfsError` that it is to a client; `locator` is the parameter or element at fault."""
    try:
        yield
    except FilterError as error:
        raise _CODES.get(type(error), ProcessingFailed)(str(error), locator) from error


_CODES: dict[type[FilterError], type[WfsError]] = {Unreadable: ParsingFailed, Unfit: InvalidParameter}
