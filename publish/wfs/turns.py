"""Whose turn it is: a request that is sure to be answered in a few milliseconds is answered at once, any other waits for a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from publish.haste import MOST, Lengthy, work
from publish.wfs.binding import Bound
from publish.wfs.file_formats import FileFormat
from publish.wfs.formats import OutputFormat
from publish.wfs.offer import Offer
from publish.wfs.requests import GetCapabilities, GetPropertyValue, Presentation, Request


def hurried(request: Request, offer: Offer) -> Offer:
    """The offer for a request in haste; raises `Lengthy` for the operations that are never quick."""
    if isinstance(request, GetCapabilities | GetPropertyValue):
        raise Lengthy
    return replace(offer, haste=True)


def require_quick(bounds: Sequence[Bound], form: OutputFormat, presentation: Presentation, offer: Offer) -> None:
    """Raise `Lengthy` when the answer is wanted in haste and is not sure to be quick; what is made while it is sent does not count."""
    if not offer.haste:
        return
    one_page = presentation.release is None or presentation.release == offer.view.token
    if len(bounds) > 1 or not one_page or isinstance(form, FileFormat):
        raise Lengthy
    if sum(work(offer.view, part.kind, part.predicate, part.sort) for part in bounds[0].parts) > MOST:
        raise Lengthy
