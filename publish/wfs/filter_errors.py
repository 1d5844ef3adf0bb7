"""Errors of filters in the codes of the WFS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from publish.fes.errors import Versioned
from publish.filters.errors import FilterError, Unfit, Unreadable
from publish.wfs.errors import InvalidParameter, OptionNotSupported, ParsingFailed, ProcessingFailed, WfsError


@contextmanager
def told(locator: str) -> Iterator[None]:
    """Raises a `FilterError` from inside as the `WfsError` that it is to a client, at its own locator, else at this one."""
    try:
        yield
    except FilterError as error:
        raise _CODES.get(type(error), ProcessingFailed)(str(error), error.locator or locator) from error


_CODES: dict[type[FilterError], type[WfsError]] = {Unreadable: ParsingFailed, Unfit: InvalidParameter, Versioned: OptionNotSupported}
