"""Refusals of the WFS as HTTP."""

from __future__ import annotations

from publish.replies import ROBOTS, raw
from publish.sending import Reply, Whole
from publish.wfs.errors import Unavailable, WfsError
from publish.wfs.reports import report
from publish.wfs.versions import Version

RETRY_SECONDS = 600


def refuse(error: WfsError, version: Version, head: bool = False) -> Reply:
    """An exception report; never kept in a cache."""
    body, media_type = report(error, version)
    headers = {"Content-Type": media_type, "Content-Length": str(len(body)), "Cache-Control": "no-store", **ROBOTS}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    return Reply(error.status, raw(headers), Whole() if head else Whole(body))
